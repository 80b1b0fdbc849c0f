"""From a filter to SQL: which models a list shows, and in what order."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, or_, select

from sd_model_manager.db.tables import UtcDateTime, content_tags, contents
from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.lib.errors import BadInput

SORT_COLUMNS: dict[str, Column[Any]] = {
    "name": contents.c.sort_name,
    "added_at": contents.c.added_at,
    "size_bytes": contents.c.size_bytes,
    "modified_at": contents.c.modified_at,
}
_UNKNOWN = "unknown"
_MAX_WORDS = 20


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


def conditions(wanted: ModelFilter) -> list[ColumnElement[bool]]:
    """Each word must be found somewhere in the names, trigger words and tags, in any order and case."""
    found: list[ColumnElement[bool]] = [
        contents.c.search_text.contains(word, autoescape=True) for word in wanted.text.casefold().split()[:_MAX_WORDS]
    ]
    if wanted.types:
        found.append(contents.c.type.in_(wanted.types))
    if wanted.base_models:
        found.append(_any_base_model(wanted.base_models))
    if wanted.tags:
        tagged = select(content_tags.c.content_id).where(content_tags.c.tag.in_(wanted.tags))
        found.append(contents.c.id.in_(tagged))
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
