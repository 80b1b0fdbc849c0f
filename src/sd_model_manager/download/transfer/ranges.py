"""Which bytes of a file are there: pure bookkeeping of half-open ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranges:
    """A set of byte offsets as `[start, end)` pairs: sorted, not empty, not touching each other."""

    pairs: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> Ranges:
        """Any pairs, in any order, overlapping or empty.

        Raises:
            ValueError: a pair starts below zero or ends before it starts.
        """
        merged: list[tuple[int, int]] = []
        for start, end in sorted(pairs):
            if start < 0 or end < start:
                raise ValueError(f"[{start}, {end}) is not a range of bytes")
            if start == end:
                continue
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return cls(tuple(merged))

    def add(self, start: int, end: int) -> Ranges:
        return Ranges.of((*self.pairs, (start, end)))

    def cut(self, size_bytes: int) -> Ranges:
        """Without what lies at or behind `size_bytes`."""
        return Ranges(tuple((start, min(end, size_bytes)) for start, end in self.pairs if start < size_bytes))

    def gaps(self, size_bytes: int) -> Iterator[tuple[int, int]]:
        """What is missing of the first `size_bytes` bytes, in order."""
        position = 0
        for start, end in self.cut(size_bytes).pairs:
            if position < start:
                yield position, start
            position = end
        if position < size_bytes:
            yield position, size_bytes

    @property
    def byte_count(self) -> int:
        return sum(end - start for start, end in self.pairs)

    @property
    def frontier(self) -> int:
        """The first byte that is missing: everything before it is there."""
        return self.pairs[0][1] if self.pairs and self.pairs[0][0] == 0 else 0

    def covers(self, size_bytes: int) -> bool:
        return self.frontier >= size_bytes
