"""From a filter to SQL: which models a list shows, and in what order."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Text, and_, cast, false, func, not_, or_, select, true

from sd_model_manager.db.tables import UtcDateTime, contents, published_versions, search_texts
from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.query import AnyOf, Between, Clause, Field, Part, Period, Term, Trait, Words, parse_query
from sd_model_manager.domain.query_values import Age
from sd_model_manager.domain.taxonomy import Category, Presence
from sd_model_manager.lib.errors import BadInput

SORT_COLUMNS: dict[str, Column[Any]] = {
    "name": contents.c.sort_name,
    "added_at": contents.c.added_at,
    "size_bytes": contents.c.size_bytes,
    "modified_at": contents.c.modified_at,
}
_UNKNOWN = "unknown"


class Order:
    """A sort such as `name` or `-added_at` (descending), with the cursor that continues a list in it."""

    def __init__(self, sort: str) -> None:
        self.is_descending = sort.startswith("-")
        column = SORT_COLUMNS.get(sort.removeprefix("-"))
        if column is None:
            known = ", ".join(sorted(SORT_COLUMNS))
            raise BadInput(f"Models cannot be sorted by '{sort}'. Use one of {known}, with '-' for descending.")
        self.column = column

    def columns(self) -> tuple[ColumnElement[Any], ...]:
        pair = (self.column, contents.c.id)
        return tuple(column.desc() for column in pair) if self.is_descending else pair

    def cursor_of(self, row: Any) -> str:
        value = getattr(row, self.column.name)
        shown = value.isoformat() if isinstance(value, datetime) else value
        return base64.urlsafe_b64encode(json.dumps([shown, row.id]).encode()).decode().rstrip("=")

    def after(self, cursor: str) -> ColumnElement[bool]:
        """What comes behind the cursor. Raises BadInput where it is not one of ours."""
        value, content_id = self._parse(cursor)
        if self.is_descending:
            return or_(self.column < value, and_(self.column == value, contents.c.id < content_id))
        return or_(self.column > value, and_(self.column == value, contents.c.id > content_id))

    def _parse(self, cursor: str) -> tuple[Any, int]:
        try:
            value, content_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if isinstance(self.column.type, UtcDateTime):
                value = datetime.fromisoformat(value)
            elif not isinstance(value, self.column.type.python_type):
                raise TypeError(value)
            return value, int(content_id)
        except (ValueError, TypeError, binascii.Error) as error:
            raise BadInput(
                "This cursor is not one this server gave for this sort. Ask for the first page again.",
                code="BAD_CURSOR",
            ) from error


def choose_order(wanted: ModelFilter, sort: str) -> Order:
    """The order that the query asks for, otherwise `sort`. Raises BadInput for an unknown sort or a wrong query."""
    return Order(parse_query(wanted.text).sort or sort)


def conditions(wanted: ModelFilter, *, now: datetime) -> list[ColumnElement[bool]]:
    """What a model has to meet; ages count back from `now`. Raises BadInput for a query that cannot be read."""
    found = [_condition(term, now) for term in parse_query(wanted.text).terms]
    if wanted.types:
        found.append(contents.c.type.in_(wanted.types))
    if wanted.base_models:
        found.append(_any_base_model(wanted.base_models))
    if wanted.tags:
        found.append(_has_tag(wanted.tags))
    if wanted.category:
        found.append(contents.c.category == wanted.category.value)
    if wanted.folder is not None:
        folder = wanted.folder.strip("/").replace("\\", "/")
        inside = contents.c.folder.startswith(f"{folder}/", autoescape=True)
        found.append(or_(contents.c.folder == folder, inside) if folder else contents.c.folder == "")
    return found


def without(wanted: ModelFilter, field: str) -> ModelFilter:
    """The filter a facet is counted in: all but its own choice, so that the alternatives show what they would give."""
    empty: dict[str, ModelFilter] = {
        "type": replace(wanted, types=()),
        "base_model": replace(wanted, base_models=()),
        "tag": replace(wanted, tags=()),
        "category": replace(wanted, category=None),
        "folder": replace(wanted, folder=None),
    }
    return empty[field]


def _any_base_model(names: tuple[str, ...]) -> ColumnElement[bool]:
    known = contents.c.base_model.in_([name for name in names if name != _UNKNOWN])
    return or_(known, contents.c.base_model.is_(None)) if _UNKNOWN in names else known


def _condition(term: Term, now: datetime) -> ColumnElement[bool]:
    """A value that is not known does not match, so that the negation does."""
    condition = _match(term.clause, now)
    return not_(func.coalesce(condition, false())) if term.is_negated else condition


def _match(clause: Clause, now: datetime) -> ColumnElement[bool]:
    match clause:
        case Words(text):
            found = search_texts.c.text.contains(text.casefold(), autoescape=True)
            return contents.c.id.in_(select(search_texts.c.content_id).where(found))
        case AnyOf(Field.TAG, values):
            return _has_tag(values)
        case AnyOf(field, values):
            return or_(*(_MATCH_OF_FIELD[field](value) for value in values))
        case Between(field, low, high):
            column = _COLUMNS[field]
            return and_(true(), *_if_bound(column.__ge__, low), *_if_bound(column.__le__, high))
        case Period(field, since, until):
            column, first, end = _COLUMNS[field], _to_moment(since, now), _to_moment(until, now)
            return and_(true(), *_if_bound(column.__ge__, first), *_if_bound(column.__lt__, end))


def _if_bound(compare: Callable[[Any], ColumnElement[bool]], bound: Any) -> list[ColumnElement[bool]]:
    return [] if bound is None else [compare(bound)]


def _to_moment(bound: date | Age | None, now: datetime) -> datetime | None:
    if isinstance(bound, Age):
        return now - timedelta(hours=bound.hours)
    return datetime.combine(bound, time(), UTC) if bound else None


def _match_base(name: str) -> ColumnElement[bool]:
    """`sdxl` is part of `SDXL 1.0`, and `sd15` is `SD 1.5`: spaces, dots and dashes do not count."""
    if name.lower() == _UNKNOWN:
        return contents.c.base_model.is_(None)
    plain: ColumnElement[str] = func.lower(contents.c.base_model)
    for sign in _SIGNS_IN_NAMES:
        plain = func.replace(plain, sign, "")
    return plain.contains(name.lower().translate(str.maketrans("", "", _SIGNS_IN_NAMES)), autoescape=True)


def _has_tag(tags: tuple[str, ...]) -> ColumnElement[bool]:
    """All tags in one subquery, which walks the index of tags once: no index knows them without their case."""
    spelt = func.lower(cast(contents.c.tags, Text))
    return or_(*(spelt.contains(json.dumps(tag.lower()), autoescape=True) for tag in tags))


def _match_folder(path: str) -> ColumnElement[bool]:
    """A folder of this name at any depth, or what lies below it; `/` is the library folder itself."""
    parts = path.replace("\\", "/").strip("/")
    return _slashed(contents.c.folder).icontains(f"/{parts}/", autoescape=True) if parts else contents.c.folder == ""


def _slashed(column: Column[str]) -> ColumnElement[str]:
    return "/" + column + "/"


def _match_hash(start: str) -> ColumnElement[bool]:
    """As a range, which an index can serve, and not as a pattern; `g` follows every digit."""
    columns = (contents.c.sha256, contents.c.claimed_sha256, contents.c.autov3, contents.c.blake3)
    return or_(*(and_(column >= start, column < start + "g") for column in columns))


def _match_published(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return contents.c.published_id.in_(select(published_versions.c.id).where(condition))


def _is_filled(column: Column[Any]) -> ColumnElement[bool]:
    """Whether a list kept as JSON has anything in it."""
    return cast(column, Text) != "[]"


_SIGNS_IN_NAMES = " .-_"
_COLUMNS: dict[Field, Column[Any]] = {
    Field.SIZE: contents.c.size_bytes,
    Field.RATING: contents.c.rating,
    Field.ADDED: contents.c.added_at,
    Field.MODIFIED: contents.c.modified_at,
}
_MATCH_OF_TRAIT: dict[str, ColumnElement[bool]] = {
    Trait.FAVORITE: contents.c.favorite.is_(True),
    Trait.DUPLICATE: contents.c.location_count > 1,
    Trait.PRESENT: contents.c.state == Presence.PRESENT.value,
    Trait.MISSING: contents.c.state == Presence.MISSING.value,
    Trait.OFFLINE: contents.c.state == Presence.OFFLINE.value,
    Trait.ACTIVE: contents.c.category == Category.ACTIVE.value,
    Trait.ARCHIVED: contents.c.category == Category.ARCHIVE.value,
    Trait.UNMATCHED: contents.c.published_id.is_(None),
    Trait.HASHED: contents.c.sha256.is_not(None),
}
_MATCH_OF_PART: dict[str, ColumnElement[bool]] = {
    Part.PREVIEW: contents.c.preview_id.is_not(None),
    Part.TRIGGER: _is_filled(contents.c.trigger_words),
    Part.NOTES: contents.c.notes != "",
    Part.RATING: contents.c.rating.is_not(None),
    Part.TAG: _is_filled(contents.c.tags),
}
_MATCH_OF_FIELD: dict[Field, Callable[[str], ColumnElement[bool]]] = {
    Field.TYPE: lambda type_: contents.c.type == type_,
    Field.BASE: _match_base,
    Field.FOLDER: _match_folder,
    Field.FORMAT: lambda format_: contents.c.format == format_,
    Field.PRECISION: lambda name: contents.c.precision.istartswith(name, autoescape=True),
    Field.CREATOR: lambda name: _match_published(published_versions.c.creator.icontains(name, autoescape=True)),
    Field.SOURCE: lambda name: _match_published(published_versions.c.source == name.lower()),
    Field.SHA256: _match_hash,
    Field.IS: _MATCH_OF_TRAIT.__getitem__,
    Field.HAS: _MATCH_OF_PART.__getitem__,
}
