"""What models are filtered, sorted and counted by, in memory: an array for each column, indexed by content id."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_T = TypeVar("_T", bound=np.generic)
Mask = NDArray[np.bool_]
"""For each content id whether it is meant."""
Ids = NDArray[np.int64]

NUMBERS = ("size_bytes", "added_at", "modified_at", "rating", "rank", "copies", "mature_bits", "name_hash")
"""Bytes, microseconds since 1970, stars, ...; -1 where it is not known. `name_hash` tells whether a name changed."""
FLAGS = ("favorite", "hashed", "published", "preview", "trigger", "notes", "problems")
WORDS = (
    "type",
    "base_model",
    "folder",
    "category",
    "state",
    "format",
    "precision",
    "network",
    "creator",
    "source",
)


class WordColumn:
    """Texts of which there are few, as numbers; 0 is unknown."""

    def __init__(self) -> None:
        self.values: list[str | None] = [None]
        self.codes: NDArray[np.int32] = np.zeros(0, np.int32)
        self._code_of: dict[str | None, int] = {None: 0}

    def encode(self, values: Sequence[str | None]) -> list[int]:
        for value in set(values) - self._code_of.keys():
            self._code_of[value] = len(self.values)
            self.values.append(value)
        return list(map(self._code_of.__getitem__, values))

    def where(self, is_meant: Callable[[str], bool]) -> Mask:
        """The rows whose text is known and meant."""
        meant = np.array([value is not None and is_meant(value) for value in self.values], np.bool_)
        return meant[self.codes]

    def ranks(self) -> Ids:
        """The place of each row's text in the alphabet; -1 where it is not known."""
        rank_of = {text: rank for rank, text in enumerate(self._alphabet())}
        return np.array([-1 if value is None else rank_of[value] for value in self.values], np.int64)[self.codes]

    def rank_of(self, text: str) -> float:
        """The place of a text in the alphabet; between two places where no row ever had it."""
        alphabet = self._alphabet()
        place = bisect_left(alphabet, _in_alphabet(text), key=_in_alphabet)
        return place if text in alphabet[place : place + 1] else place - 0.5

    def _alphabet(self) -> list[str]:
        return sorted((value for value in self.values if value is not None), key=_in_alphabet)

    def count(self, rows: Ids) -> Counter[str | None]:
        return self._name(self._count(rows))

    def count_most(self, rows: Ids, most: int) -> list[tuple[str | None, int]]:
        """The texts that most rows have, and how many each."""
        return _name_largest(self.values, self._count(rows), most)

    def _count(self, rows: Ids) -> NDArray[np.int64]:
        return np.bincount(self.codes[rows], minlength=len(self.values))

    def add_up(self, rows: Ids, weights: NDArray[np.int64]) -> Counter[str | None]:
        """The sum of `weights`, one for each row, by text. Exact up to 2^53."""
        return self._name(np.bincount(self.codes[rows], weights[rows], len(self.values)))

    def _name(self, numbers: NDArray[np.generic]) -> Counter[str | None]:
        return Counter({value: int(n) for value, n in zip(self.values, numbers.tolist(), strict=True) if n})


def _in_alphabet(text: str) -> tuple[str, str]:
    return text.casefold(), text


def _name_largest(names: Sequence[str | None], numbers: NDArray[np.int64], most: int) -> list[tuple[str | None, int]]:
    """Those that are not zero, the largest first; of equals the one that was known first."""
    order = np.argsort(-numbers, kind="stable")[:most]
    return [(names[index], int(numbers[index])) for index in order if numbers[index]]


class TagColumn:
    """Several texts for each row, in whatever case: pairs of row and tag. A pair that no longer holds has tag 0."""

    def __init__(self) -> None:
        self.spellings: list[str] = [""]
        self._code_of: dict[str, int] = {}
        self._code_of_spelling: dict[str, int] = {}
        self._rows: NDArray[np.int32] = np.zeros(1024, np.int32)
        self._codes: NDArray[np.int32] = np.zeros(1024, np.int32)
        self._length = 0

    @property
    def rows(self) -> NDArray[np.int32]:
        return self._rows[: self._length]

    @property
    def codes(self) -> NDArray[np.int32]:
        return self._codes[: self._length]

    def put(self, ids: Ids, tags_of: Sequence[Sequence[str]], known: Mask, row_count: int) -> None:
        """Give rows their tags; `known` says which of the ids may have had some."""
        if known.any():
            is_old = np.zeros(row_count, np.bool_)
            is_old[ids[known]] = True
            self.codes[is_old[self.rows]] = 0
        codes = np.array(self._encode(list(chain.from_iterable(tags_of))), np.int32)
        self._append(np.repeat(ids.astype(np.int32), list(map(len, tags_of))), codes)

    def having(self, folded: Collection[str], row_count: int) -> Mask:
        """The rows with one of these tags, which are given in case-folded spelling."""
        return self._having([self._code_of[tag] for tag in folded if tag in self._code_of], row_count)

    def having_any(self, row_count: int) -> Mask:
        return self._having(slice(1, None), row_count)

    def _having(self, codes: list[int] | slice, row_count: int) -> Mask:
        meant = np.zeros(len(self.spellings), np.bool_)
        meant[codes] = True
        mask = np.zeros(row_count, np.bool_)
        mask[self.rows[meant[self.codes]]] = True
        return mask

    def count(self, mask: Mask) -> Counter[str | None]:
        return Counter(dict(self.count_most(mask, len(self.spellings))))

    def count_most(self, mask: Mask, most: int) -> list[tuple[str | None, int]]:
        """The tags that most of these rows have, and how many each."""
        numbers = np.bincount(self.codes[mask[self.rows]], minlength=len(self.spellings))
        numbers[0] = 0
        return _name_largest(self.spellings, numbers, most)

    def _encode(self, tags: Sequence[str]) -> list[int]:
        for tag in dict.fromkeys(tags):  # in order: the first spelling is shown
            if tag in self._code_of_spelling:
                continue
            code = self._code_of.setdefault(tag.casefold(), len(self.spellings))
            self._code_of_spelling[tag] = code
            if code == len(self.spellings):
                self.spellings.append(tag)
        return list(map(self._code_of_spelling.__getitem__, tags))

    def _append(self, rows: NDArray[np.int32], codes: NDArray[np.int32]) -> None:
        if self._length + len(rows) > len(self._rows):
            self._make_room(self._length + len(rows))
        end = self._length + len(rows)
        self._rows[self._length : end], self._codes[self._length : end] = rows, codes
        self._length = end

    def _make_room(self, wanted: int) -> None:
        holds = self.codes != 0
        rows, codes = self.rows[holds], self.codes[holds]
        self._length = len(rows)
        self._rows, self._codes = np.zeros(wanted * 3 // 2, np.int32), np.zeros(wanted * 3 // 2, np.int32)
        self._rows[: self._length], self._codes[: self._length] = rows, codes


class Columns:
    """All columns as of `revision`. Content ids are counted up by the database, so that few places stay empty."""

    def __init__(self) -> None:
        self.revision = -1
        self.alive: Mask = np.zeros(0, np.bool_)
        self.numbers: dict[str, NDArray[np.int64]] = {name: np.zeros(0, np.int64) for name in NUMBERS}
        self.flags: dict[str, Mask] = {name: np.zeros(0, np.bool_) for name in FLAGS}
        self.words = {name: WordColumn() for name in WORDS}
        self.tags = TagColumn()
        self.name_ranks: NDArray[np.int64] | None = None
        """The place of each name among all; `None` where names changed since it was asked for."""

    def __len__(self) -> int:
        return len(self.alive)

    def put(
        self,
        ids: Ids,
        numbers: Sequence[NDArray[np.int64]],
        flags: Sequence[Mask],
        words: Sequence[Sequence[str | None]],
        tags: Sequence[Sequence[str]],
    ) -> None:
        """Insert or replace rows; every sequence stands in the order of NUMBERS, FLAGS or WORDS."""
        self._grow(int(ids.max()) + 1)
        known = self.alive[ids]
        names = dict(zip(NUMBERS, numbers, strict=True))["name_hash"]
        if not known.all() or (self.numbers["name_hash"][ids] != names).any():
            self.name_ranks = None
        self.alive[ids] = True
        for name, values in zip(NUMBERS, numbers, strict=True):
            self.numbers[name][ids] = values
        for name, given in zip(FLAGS, flags, strict=True):
            self.flags[name][ids] = given
        for name, texts in zip(WORDS, words, strict=True):
            self.words[name].codes[ids] = self.words[name].encode(texts)
        self.tags.put(ids, tags, known, len(self))

    def remove(self, ids: Ids) -> None:
        self.alive[ids[ids < len(self)]] = False

    def select(self, ids: Ids) -> Mask:
        """The mask of some ids; what is not known here is left out."""
        mask = np.zeros(len(self), np.bool_)
        mask[ids[ids < len(self)]] = True
        return mask

    def _grow(self, wanted: int) -> None:
        if wanted <= len(self):
            return
        length = max(wanted, len(self) * 5 // 4)
        self.alive = _grown(self.alive, length)
        for name in NUMBERS:
            self.numbers[name] = _grown(self.numbers[name], length)
        for name in FLAGS:
            self.flags[name] = _grown(self.flags[name], length)
        for column in self.words.values():
            column.codes = _grown(column.codes, length)


def _grown(values: NDArray[_T], length: int) -> NDArray[_T]:
    grown = np.zeros(length, values.dtype)
    grown[: len(values)] = values
    return grown
