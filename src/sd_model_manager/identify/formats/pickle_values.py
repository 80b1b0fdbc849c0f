"""What a pickle says it would make, without making it.

Text, numbers, `None`, lists and tuples stand for themselves, tensors are the header's `Tensor`. Dictionaries are
lists of pairs: hashing a hostile key is not safe (a tuple nested a million times overflows the C stack).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Import:
    """A global the pickle names. Nothing is imported."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(slots=True, eq=False)
class PickledDict:
    pairs: list[tuple[Any, Any]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class PickledObject:
    """Whatever else would be made: by which call, with what, and the state it would be given."""

    made_by: str
    arguments: Any = ()
    state: Any = None


@dataclass(frozen=True, slots=True)
class Storage:
    """Where torch keeps the numbers of tensors. `elements` counts bytes where `dtype` is `None` (untyped)."""

    key: str
    dtype: str | None
    elements: int
    size_bytes: int
