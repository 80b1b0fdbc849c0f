"""The order of a list, the page of it that follows a cursor, and what the cursor holds."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, or_

from sd_model_manager.db.tables import UtcDateTime, contents
from sd_model_manager.lib.errors import BadInput

SORT_COLUMNS: dict[str, Column[Any]] = {
    "name": contents.c.sort_name,
    "added_at": contents.c.added_at,
    "size_bytes": contents.c.size_bytes,
    "modified_at": contents.c.modified_at,
    "rating": contents.c.rating,
    "type": contents.c.type,
    "base_model": contents.c.base_model,
}
_INDEXED = frozenset({"name", "added_at", "size_bytes", "modified_at"})


class Order:
    """A sort such as `name` or `-added_at` (descending), with the cursor that continues a list in it."""

    def __init__(self, sort: str) -> None:
        self.is_descending = sort.startswith("-")
        self.name = sort.removeprefix("-")
        column = SORT_COLUMNS.get(self.name)
        if column is None:
            known = ", ".join(sorted(SORT_COLUMNS))
            raise BadInput(f"Models cannot be sorted by '{sort}'. Use one of {known}, with '-' for descending.")
        self.column = column

    @property
    def is_indexed(self) -> bool:
        """Whether the database has the order ready; the others are sorted by the columns in memory."""
        return self.name in _INDEXED

    @property
    def has_unknown(self) -> bool:
        """Whether some models may have no such value. They come last, whatever the direction."""
        return bool(self.column.nullable)

    def columns(self) -> tuple[ColumnElement[Any], ...]:
        pair = (self.column, contents.c.id)
        return tuple(column.desc() for column in pair) if self.is_descending else pair

    def cursor_of(self, row: Any) -> str:
        value = getattr(row, self.column.name)
        shown = value.isoformat() if isinstance(value, datetime) else value
        return base64.urlsafe_b64encode(json.dumps([shown, row.id]).encode()).decode().rstrip("=")

    def after(self, cursor: str) -> ColumnElement[bool]:
        """What comes behind the cursor in an order that is indexed. Raises BadInput where it is not one of ours."""
        value, content_id = self.parse(cursor)
        if self.is_descending:
            return or_(self.column < value, and_(self.column == value, contents.c.id < content_id))
        return or_(self.column > value, and_(self.column == value, contents.c.id > content_id))

    def parse(self, cursor: str) -> tuple[Any, int]:
        """The value, `None` where it is not known, and the id of the last row that was seen. Raises BadInput."""
        try:
            value, content_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if isinstance(self.column.type, UtcDateTime):
                value = datetime.fromisoformat(value).astimezone(UTC)
            elif not (isinstance(value, self.column.type.python_type) or (value is None and self.has_unknown)):
                raise TypeError(value)
            return value, int(content_id)
        except (ValueError, TypeError, OverflowError, binascii.Error) as error:
            raise BadInput(
                "This cursor is not one this server gave for this sort. Ask for the first page again.",
                code="BAD_CURSOR",
            ) from error
