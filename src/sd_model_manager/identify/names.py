"""The tensors of a header, found by name. Names are read once and folded by their block numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from sd_model_manager.identify.header import Tensor

_NUMBER = re.compile(r"(?<![A-Za-z0-9])\d+(?![A-Za-z0-9])")

_MOST_DIGITS = 6
"""No model has more blocks than that; a longer number in a name is none of a block."""

Shape = tuple[int, ...]
"""In torch order, outermost first, with these in place of lengths that the header does not tell:"""

PACKED = 0
"""The weights are packed; whatever the model needs may be in there."""

UNTOLD = -1
"""An adapter of this kind says nothing of this side of the layer."""


def fold(name: str) -> str:
    """Put `*` for every number that stands alone: `blocks.11.ff.0.weight` becomes `blocks.*.ff.*.weight`."""
    return _NUMBER.sub("*", name)


class _Pattern(NamedTuple):
    """`literal` is set where the numbers of a prefix are meant as they stand."""

    match: Literal["exact", "folded", "prefix", "start", "suffix"]
    text: str
    literal: str = ""


@lru_cache(maxsize=8192)
def _parse(pattern: str, separator: str) -> tuple[_Pattern, ...]:
    return tuple(_parse_one(part.strip().replace(".", separator), separator) for part in pattern.split("|"))


def _parse_one(pattern: str, separator: str) -> _Pattern:
    ellipsis = separator * 3
    if pattern.startswith(ellipsis):
        return _Pattern("suffix", fold(separator + pattern.removeprefix(ellipsis)))
    if pattern.endswith(ellipsis):
        return _Pattern("start", fold(pattern.removesuffix(ellipsis)))
    if pattern.endswith(separator):
        folded = fold(pattern)
        return _Pattern("prefix", folded, "" if folded == pattern or "*" in pattern else pattern)
    if "*" in pattern:
        return _Pattern("folded", fold(pattern))
    return _Pattern("exact", pattern)


class Names:
    """The tensors below one root, such as `model.diffusion_model.`, asked for by pattern.

    Patterns: `img_in.weight` is one tensor; `blocks.*.ff.0.weight` is one of any block (all its numbers are then
    wildcards); `guidance_in.` (ending in a dot) is anything below, its numbers as they stand; `...attn2.to_k.weight`
    is anything that ends so, `lllite_unet_...` anything that begins so; `a | b` is either.

    Adapters are asked in the same words: their module names are joined by `_` and the patterns are translated, because
    trainers write `lora_unet_double_blocks_0_img_attn_qkv` without telling the two apart.
    """

    def __init__(self, tensors: Mapping[str, Tensor], *, separator: str = ".") -> None:
        groups: dict[str, list[str]] = {}
        for name in tensors:
            groups.setdefault(_NUMBER.sub("*", name), []).append(name)
        self._hold(tensors, groups, "", separator)

    @classmethod
    def folded(cls, tensors: Mapping[str, Tensor], groups: dict[str, list[str]], *, separator: str) -> Names:
        """Names that are already known by their folded forms."""
        view = cls.__new__(cls)
        view._hold(tensors, groups, "", separator)
        return view

    def _hold(self, tensors: Mapping[str, Tensor], groups: dict[str, list[str]], root: str, separator: str) -> None:
        self.tensors = tensors
        self.groups = groups
        self.root = root
        self.separator = separator
        self._packed_length = PACKED
        self._suffixes: dict[str, str | None] = {}

    def under(self, root: str) -> Names:
        """The same tensors below `root`, whose name the patterns then leave out."""
        if not root:
            return self
        folded, full_root = fold(root), self.root + root
        groups = {}
        for key, names in self.groups.items():
            if key.startswith(folded):
                below = names if folded == root else [name for name in names if name.startswith(full_root)]
                if below:
                    groups[key[len(folded) :]] = below
        view = Names.__new__(Names)
        view._hold(self.tensors, groups, full_root, self.separator)
        return view

    def telling_lengths(self) -> Names:
        """The same tensors, of which packed ones no longer pass for whatever length is asked for."""
        view = Names.__new__(Names)
        view._hold(self.tensors, self.groups, self.root, self.separator)
        view._packed_length = UNTOLD
        return view

    def __bool__(self) -> bool:
        return bool(self.groups)

    def __len__(self) -> int:
        return sum(len(names) for names in self.groups.values())

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        found = set()
        for key in self.groups:
            at = key.find(self.separator)
            while at != -1:
                found.add(key[: at + 1])
                at = key.find(self.separator, at + 1)
        return frozenset(found)

    def has(self, pattern: str) -> bool:
        return any(self._has_one(one) for one in _parse(pattern, self.separator))

    def _has_one(self, pattern: _Pattern) -> bool:
        if pattern.match == "prefix" and not pattern.literal:
            return pattern.text in self._prefixes
        return self._find_one(pattern) is not None

    def find(self, pattern: str) -> str | None:
        """The full name of the first tensor in file order that fits, or `None`."""
        for one in _parse(pattern, self.separator):
            if found := self._find_one(one):
                return found
        return None

    def _find_one(self, pattern: _Pattern) -> str | None:
        match pattern.match:
            case "exact":
                name = self.root + pattern.text
                return name if name in self.tensors else None
            case "folded":
                names = self.groups.get(pattern.text)
                return names[0] if names else None
            case "suffix":
                if pattern.text not in self._suffixes:
                    self._suffixes[pattern.text] = self._find_suffix(pattern.text)
                return self._suffixes[pattern.text]
            case "prefix" if pattern.text not in self._prefixes:
                return None
            case "prefix" if pattern.literal:
                return self._find_literal(pattern)
            case "prefix" | "start":
                return next((names[0] for key, names in self.groups.items() if key.startswith(pattern.text)), None)

    def _find_literal(self, prefix: _Pattern) -> str | None:
        start = self.root + prefix.literal
        below = (names for key, names in self.groups.items() if key.startswith(prefix.text))
        return next((name for names in below for name in names if name.startswith(start)), None)

    def _find_suffix(self, suffix: str) -> str | None:
        whole = suffix[1:]
        last = self.separator.join(whole.split(self.separator)[-2:])
        keys = self._endings.get(last, ())
        return next((self.groups[key][0] for key in keys if key.endswith(suffix) or key == whole), None)

    @cached_property
    def _endings(self) -> dict[str, list[str]]:
        """The folded names by their last part and by their last two."""
        found: dict[str, list[str]] = {}
        for key in self.groups:
            parts = key.rsplit(self.separator, 2)
            found.setdefault(parts[-1], []).append(key)
            if len(parts) > 1:
                found.setdefault(self.separator.join(parts[-2:]), []).append(key)
        return found

    def shape(self, pattern: str) -> Shape | None:
        name = self.find(pattern)
        return None if name is None else logical_shape(self.tensors[name], self._packed_length)

    def blocks(self, pattern: str) -> int:
        """How many blocks there are: one more than the highest number found in the place of `#`."""
        return 1 + max(
            (
                number
                for one in pattern.split("|")
                for number in self._numbers(one.strip().replace(".", self.separator))
            ),
            default=-1,
        )

    def _numbers(self, pattern: str) -> Iterator[int]:
        before, after = pattern.split("#")
        ordinal = fold(before).count("*") + len(_NUMBER.findall(self.root))
        prefix = fold(before + "0") + fold(after)
        for key, names in self.groups.items():
            if key.startswith(prefix):
                numbers = (_NUMBER.findall(name)[ordinal] for name in names)
                yield from (int(number) for number in numbers if len(number) <= _MOST_DIGITS)


def logical_shape(tensor: Tensor, packed_length: int = PACKED) -> Shape:
    """The shape as stored, except that of packed weights: two in a byte along the rows, or all in one column."""
    if tensor.dtype not in {"U8", "I8", "I32"} or len(tensor.shape) != 2:
        return tensor.shape
    if tensor.dtype == "I32" or tensor.shape[1] == 1:
        return (packed_length, packed_length)
    return (tensor.shape[0], packed_length) if tensor.dtype == "U8" else tensor.shape
