"""From a filter to the models it means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from sqlalchemy import ColumnElement, Connection, and_, or_, select

from sd_model_manager.db.tables import (
    claimed_hashes,
    collection_models,
    contents,
    lookups,
)
from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.lookups import LookupOutcome
from sd_model_manager.domain.maturity import MatureLevel
from sd_model_manager.domain.query import AnyOf, Between, Clause, Field, Part, Period, Query, Trait, Words
from sd_model_manager.domain.query_values import Age
from sd_model_manager.domain.taxonomy import Category, Presence, fits_folder
from sd_model_manager.registry.collections import find_collection
from sd_model_manager.registry.search.columns import Columns, Mask
from sd_model_manager.registry.search.words import Vocabulary
from sd_model_manager.registry.updates import find_updates

_UNKNOWN = "unknown"
_MAX_NUMBER = 2**63 - 1


class Matching:
    """Asks the columns, and the database for what they do not hold; ages count back from `now`."""

    def __init__(self, columns: Columns, vocabulary: Vocabulary, connection: Connection, now: datetime) -> None:
        self._columns = columns
        self._vocabulary = vocabulary
        self._connection = connection
        self._now = now
        self._having_words: dict[str, Mask] = {}

    def match(self, wanted: ModelFilter, query: Query) -> Mask:
        """A value that is not known does not match, so that the negation does."""
        mask = self._columns.alive.copy()
        for narrow in self._filters(wanted):
            mask &= narrow
        for term in query.terms:
            if mask.any():
                found = self._match(term.clause)
                mask &= ~found if term.is_negated else found
        return mask

    def _filters(self, wanted: ModelFilter) -> list[Mask]:
        words, narrow = self._columns.words, []
        if wanted.types:
            narrow.append(words["type"].where(wanted.types.__contains__))
        if wanted.base_models:
            known = words["base_model"].where(wanted.base_models.__contains__)
            narrow.append(known | (words["base_model"].codes == 0) if _UNKNOWN in wanted.base_models else known)
        if wanted.tags:
            narrow.append(self._having_tag(wanted.tags))
        if wanted.category:
            narrow.append(words["category"].where(wanted.category.value.__eq__))
        if wanted.folder is not None:
            folder = wanted.folder.strip("/").replace("\\", "/")
            narrow.append(words["folder"].where(lambda known: known == folder or _is_below(known, folder)))
        if wanted.mature_below is not None:
            narrow.append(self._columns.numbers["mature_bits"] < wanted.mature_below)
        return narrow

    def _match(self, clause: Clause) -> Mask:
        match clause:
            case Words(text):
                return self._having(text)
            case AnyOf(Field.TAG, values):
                return self._having_tag(values)
            case AnyOf(field, values):
                mask = np.zeros(len(self._columns), np.bool_)
                for value in values:
                    mask |= self._match_value(field, value)
                return mask
            case Between(field, low, high):
                return self._between(_NUMBERS[field], low, high)
            case Period(field, since, until):
                first, end = self._to_micros(since), self._to_micros(until)
                return self._between(_NUMBERS[field], first, None if end is None else end - 1)

    def _match_value(self, field: Field, value: str) -> Mask:
        columns = self._columns
        if field is Field.BASE and value.lower() == _UNKNOWN:
            return np.equal(columns.words["base_model"].codes, 0)
        if field is Field.MATURE:
            level = MatureLevel(value)
            return self._between("mature_bits", level.bit, level.highest_bits)
        if field in _MEANING_OF:
            name, meaning = _MEANING_OF[field]
            return columns.words[name].where(meaning(value))
        if field in (Field.IS, Field.HAS) and value in _MARKS:
            return _MARKS[value](columns)
        found = _LOOKED_UP[value if field in (Field.IS, Field.HAS) else field](self._connection, value)
        return columns.select(np.array(found, np.int64))

    def _having(self, words: str) -> Mask:
        """Looked up once: counts ask for the same words in several filters."""
        if words not in self._having_words:
            found = self._vocabulary.find(self._connection, words, len(self._columns))
            self._having_words[words] = self._columns.select(found)
        return self._having_words[words]

    def _having_tag(self, tags: Sequence[str]) -> Mask:
        return self._columns.tags.having({tag.casefold() for tag in tags}, len(self._columns))

    def _between(self, name: str, low: int | None, high: int | None) -> Mask:
        numbers = self._columns.numbers[name]
        return (numbers >= max(low or 0, 0)) & (numbers <= (_MAX_NUMBER if high is None else high))

    def _to_micros(self, bound: date | Age | None) -> int | None:
        """Before the year 1 there is nothing: such an age is no bound below, and no model is older."""
        if isinstance(bound, Age):
            try:
                return round((self._now - timedelta(hours=bound.hours)).timestamp() * 1_000_000)
            except OverflowError:
                return -_MAX_NUMBER
        return round(datetime.combine(bound, time(), UTC).timestamp() * 1_000_000) if bound else None


def find_by_hash(connection: Connection, start: str) -> Sequence[int]:
    """As a range, which an index can serve, and not as a pattern; `g` follows every digit."""
    columns = (contents.c.sha256, contents.c.claimed_sha256, contents.c.autov3, contents.c.blake3)
    begins: list[ColumnElement[bool]] = [and_(column >= start, column < start + "g") for column in columns]
    claimed = select(claimed_hashes.c.content_id).where(
        claimed_hashes.c.digest >= start, claimed_hashes.c.digest < start + "g"
    )
    return [*connection.scalars(select(contents.c.id).where(or_(*begins))), *connection.scalars(claimed)]


def find_in_collection(connection: Connection, name: str) -> Sequence[int]:
    collection = find_collection(connection, name)
    members = select(collection_models.c.content_id).where(collection_models.c.collection_id == collection)
    return connection.scalars(members).all()


def find_with_update(connection: Connection, _value: str = "") -> Sequence[int]:
    """Models of which the registry knows a later version that is not here, unless the user wants to hear of none."""
    return [model_id for model_id, _ in find_updates(connection)]


def find_not_found(connection: Connection, _value: str = "") -> Sequence[int]:
    """Models that a source was asked for and does not know; those that none was asked for are not among them."""
    answers = (LookupOutcome.NOT_FOUND.value, LookupOutcome.GONE.value)
    asked = select(lookups.c.content_id).where(lookups.c.outcome.in_(answers))
    unknown = select(contents.c.id).where(contents.c.id.in_(asked), contents.c.published_id.is_(None))
    return connection.scalars(unknown).all()


def find_misplaced(columns: Columns) -> Mask:
    """Models in a folder that is for other types; folders of no type have none, and what is missing lies nowhere."""
    folders, types = columns.words["folder"], columns.words["type"]
    fits = np.array([[fits_folder(folder or "", type_) for type_ in types.values] for folder in folders.values])
    missing = columns.words["state"].where(Presence.MISSING.value.__eq__)
    return ~fits[folders.codes, types.codes] & ~missing


def _is_below(known: str, folder: str) -> bool:
    return bool(folder) and known.startswith(f"{folder}/")


def _plain(name: str) -> str:
    """`sdxl` is part of `SDXL 1.0`, and `sd15` is `SD 1.5`: spaces, dots, dashes and underscores do not count."""
    return name.casefold().translate(_WITHOUT_SIGNS)


def _same(value: str) -> Callable[[str], bool]:
    return value.casefold().__eq__


def _in_folder(path: str) -> Callable[[str], bool]:
    """A folder of this name at any depth, or what lies below it; `/` is the library folder itself."""
    parts = path.replace("\\", "/").strip("/").casefold()
    return (lambda known: f"/{parts}/" in f"/{known}/".casefold()) if parts else (lambda known: known == "")


_WITHOUT_SIGNS = str.maketrans("", "", " .-_")
_NUMBERS = {
    Field.SIZE: "size_bytes",
    Field.RATING: "rating",
    Field.RANK: "rank",
    Field.ADDED: "added_at",
    Field.MODIFIED: "modified_at",
}
_MEANING_OF: dict[Field, tuple[str, Callable[[str], Callable[[str], bool]]]] = {
    Field.TYPE: ("type", lambda value: value.__eq__),
    Field.FORMAT: ("format", lambda value: value.__eq__),
    Field.BASE: ("base_model", lambda value: lambda known: _plain(value) in _plain(known)),
    Field.FOLDER: ("folder", _in_folder),
    Field.PRECISION: ("precision", lambda value: lambda known: known.casefold().startswith(value.casefold())),
    Field.NETWORK: ("network", lambda value: lambda known: known.casefold() == value.casefold()),
    Field.CREATOR: ("creator", lambda value: lambda known: value.casefold() in known.casefold()),
    Field.SOURCE: ("source", _same),
}
"""The column, and when a text in it has the value."""

_MARKS: dict[str, Callable[[Columns], Mask]] = {
    Trait.FAVORITE: lambda columns: columns.flags["favorite"],
    Trait.DUPLICATE: lambda columns: columns.numbers["copies"] > 1,
    Trait.PRESENT: lambda columns: columns.words["state"].where(Presence.PRESENT.value.__eq__),
    Trait.MISSING: lambda columns: columns.words["state"].where(Presence.MISSING.value.__eq__),
    Trait.OFFLINE: lambda columns: columns.words["state"].where(Presence.OFFLINE.value.__eq__),
    Trait.ACTIVE: lambda columns: columns.words["category"].where(Category.ACTIVE.value.__eq__),
    Trait.ARCHIVED: lambda columns: columns.words["category"].where(Category.ARCHIVE.value.__eq__),
    Trait.UNMATCHED: lambda columns: ~columns.flags["published"],
    Trait.MISPLACED: find_misplaced,
    Trait.HASHED: lambda columns: columns.flags["hashed"],
    Trait.BROKEN: lambda columns: columns.flags["problems"],
    Part.PREVIEW: lambda columns: columns.flags["preview"],
    Part.TRIGGER: lambda columns: columns.flags["trigger"],
    Part.NOTES: lambda columns: columns.flags["notes"],
    Part.RATING: lambda columns: columns.numbers["rating"] >= 0,
    Part.TAG: lambda columns: columns.tags.having_any(len(columns)),
}
_LOOKED_UP: dict[str, Callable[[Connection, str], Sequence[int]]] = {
    Field.SHA256: find_by_hash,
    Field.COLLECTION: find_in_collection,
    Part.UPDATE: find_with_update,
    Trait.NOT_FOUND: find_not_found,
}
