"""What a family file says: signs made of facts, each of them readable beside the model's own source code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.names import PACKED, Names


class Fact(Protocol):
    """One thing that is or is not so in a file."""

    def holds(self, names: Names) -> bool: ...


@dataclass(frozen=True)
class Has:
    """All of these patterns are there (`identify/names.py` says how a pattern is written)."""

    patterns: tuple[str, ...]

    def holds(self, names: Names) -> bool:
        return all(names.has(pattern) for pattern in self.patterns)


@dataclass(frozen=True)
class Lacks:
    """None of these patterns is there."""

    patterns: tuple[str, ...]

    def holds(self, names: Names) -> bool:
        return not any(names.has(pattern) for pattern in self.patterns)


@dataclass(frozen=True)
class Dim:
    """A tensor is there and its length along `axis` is one of `lengths`, or the header does not tell it (packed).

    Of several patterns the first that is there and tells its length decides.
    """

    patterns: tuple[str, ...]
    axis: int
    lengths: tuple[int, ...]
    packed_fits: bool = True

    def holds(self, names: Names) -> bool:
        untold = False
        for pattern in self.patterns:
            shape = names.shape(pattern)
            if shape is not None and -len(shape) <= self.axis < len(shape):
                length = shape[self.axis]
                if length > 0:
                    return length in self.lengths
                untold = untold or (length == PACKED and self.packed_fits)
        return untold


@dataclass(frozen=True)
class Dims:
    """A tensor is there and has this many dimensions (a 2-D `proj_in` is a linear layer, a 4-D one a convolution)."""

    pattern: str
    count: int

    def holds(self, names: Names) -> bool:
        shape = names.shape(self.pattern)
        return shape is not None and len(shape) == self.count


@dataclass(frozen=True)
class Blocks:
    """The number of blocks, counted at the `#` of the pattern, lies within these bounds."""

    pattern: str
    at_least: int
    at_most: int

    def holds(self, names: Names) -> bool:
        return self.at_least <= names.blocks(self.pattern) <= self.at_most


def has(*patterns: str) -> Has:
    return Has(patterns)


def lacks(*patterns: str) -> Lacks:
    return Lacks(patterns)


def dim(pattern: str, axis: int, *lengths: int) -> Dim:
    return Dim(tuple(pattern.split("|")), axis, lengths)


def width(pattern: str, *lengths: int) -> Dim:
    """What a linear layer takes in: the second length of its weight, and what an adapter of it has to fit."""
    return dim(pattern, 1, *lengths)


def told_width(pattern: str, *lengths: int) -> Dim:
    """As `width`, where a packed weight is not enough: another family's files have the same names."""
    return Dim(tuple(pattern.split("|")), 1, lengths, packed_fits=False)


def dims(pattern: str, count: int) -> Dims:
    return Dims(pattern, count)


def blocks(pattern: str, at_least: int, at_most: int | None = None) -> Blocks:
    """`blocks("layers.#", 30)` is exactly 30; `blocks("layers.#", 1, 30)` is up to 30."""
    return Blocks(pattern, at_least, at_least if at_most is None else at_most)


@dataclass(frozen=True, init=False)
class Sign:
    """Facts that together mean something; `says` is how the user is told. All of them have to hold.

    `variant` and `base_model` are what the sign tells beyond the family. `certainty` is 0 to 1; `candidates` are the
    families between which the sign leaves the choice.
    """

    says: str
    facts: tuple[Fact, ...]
    variant: str | None
    base_model: str | None
    certainty: float
    candidates: tuple[str, ...]

    def __init__(
        self,
        says: str,
        *facts: Fact,
        variant: str | None = None,
        base_model: str | None = None,
        certainty: float = 0.97,
        candidates: tuple[str, ...] = (),
    ) -> None:
        object.__setattr__(self, "says", says)
        object.__setattr__(self, "facts", facts)
        object.__setattr__(self, "variant", variant)
        object.__setattr__(self, "base_model", base_model)
        object.__setattr__(self, "certainty", certainty)
        object.__setattr__(self, "candidates", candidates)

    def holds(self, names: Names) -> bool:
        return all(fact.holds(names) for fact in self.facts)


@dataclass(frozen=True)
class MetadataName:
    """A word of a file's metadata that names one of several structurally equal models.

    `words` are lower-case fragments; the first entry that is found decides.
    """

    words: tuple[str, ...]
    variant: str | None = None
    base_model: str | None = None


@dataclass(frozen=True)
class Family:
    """One architecture: how to know its files and what they are called.

    `signs` say which files of a type belong to it, most telling first; `lora` is asked of the modules an adapter
    changes, `text_lora` of those of its text encoder part. `variants` and `lora_variants` tell more once the family
    is known, the first that holds. `base_model` is Civitai's display name for the plain case. `architectures` are
    the words by which metadata names the family (whole values, lower case, or with a trailing `*` their beginnings).
    `lora_spelt` is asked of the module names as written. `may_be` are families that metadata may name instead, since
    the structure of that type of file is the same; `lookalikes` are what the header cannot tell from it, to be shown.
    """

    id: str
    title: str
    base_model: str | None = None
    signs: Mapping[ModelType, tuple[Sign, ...]] = field(default_factory=dict)
    lora: tuple[Sign, ...] = ()
    lora_spelt: tuple[Sign, ...] = ()
    text_lora: tuple[Sign, ...] = ()
    variants: tuple[Sign, ...] = ()
    lora_variants: tuple[Sign, ...] = ()
    architectures: tuple[str, ...] = ()
    metadata_names: tuple[MetadataName, ...] = ()
    may_be: Mapping[ModelType, tuple[str, ...]] = field(default_factory=dict)
    lookalikes: Mapping[ModelType, tuple[str, ...]] = field(default_factory=dict)
