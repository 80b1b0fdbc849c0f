"""Where a content lies, derived from its locations and kept with it, so that a list needs no join."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, bindparam, case, select, update

from sd_model_manager.db.tables import contents, locations, previews
from sd_model_manager.domain.taxonomy import Category, Presence

CHUNK = 500
"""Ids per statement; SQLite allows 32,766 variables, PostgreSQL plans shorter lists better."""

BEST_FIRST = (
    case({Presence.PRESENT.value: 0, Presence.OFFLINE.value: 1}, value=locations.c.state, else_=2),
    case({Category.ACTIVE.value: 0}, value=locations.c.category, else_=1),
    locations.c.found_at,
    locations.c.id,
)


def refresh_placement(connection: Connection, content_ids: Sequence[int]) -> list[int]:
    """Bring state, category, path, preview and number of locations of these contents up to date.

    A content shows the place of its best location: present before offline before missing, active before archived. One
    that has no location any more is missing and keeps its last path. Returns those whose path has changed.
    """
    moved: list[int] = []
    for start in range(0, len(content_ids), CHUNK):
        moved += _refresh(connection, content_ids[start : start + CHUNK])
    return moved


def parent_of(relative_path: str) -> str:
    """The folder a relative path is in; empty for the library folder itself."""
    return relative_path.rpartition("/")[0]


def update_many(connection: Connection, key: Column[Any], rows: Sequence[dict[str, Any]]) -> None:
    """Update the rows of a table that `key` finds: each of `rows` has its value as `"key"` and the same new columns."""
    if rows:
        columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "key"}
        connection.execute(update(key.table).where(key == bindparam("key")).values(columns), rows)


def _refresh(connection: Connection, content_ids: Sequence[int]) -> list[int]:
    query = select(locations).where(locations.c.content_id.in_(content_ids)).order_by(*BEST_FIRST)
    rows_of: dict[int, list[Row[Any]]] = {content_id: [] for content_id in content_ids}
    for row in connection.execute(query):
        rows_of[row.content_id].append(row)
    preview_of = _first_previews(connection, content_ids)
    paths = select(contents.c.id, contents.c.relative_path).where(contents.c.id.in_(content_ids))
    path_of = {row.id: row.relative_path for row in connection.execute(paths)}
    placed = [{"key": content_id, **_placement(rows, preview_of)} for content_id, rows in rows_of.items() if rows]
    update_many(connection, contents.c.id, placed)
    lost = [content_id for content_id, rows in rows_of.items() if not rows]
    if lost:
        values = {
            "state": Presence.MISSING.value,
            "location_count": 0,
            "folder_id": None,
            "preview_id": None,
            "preview_media": None,
        }
        connection.execute(update(contents).where(contents.c.id.in_(lost)).values(values))
    return [row["key"] for row in placed if row["relative_path"] != path_of.get(row["key"])]


def _first_previews(connection: Connection, content_ids: Sequence[int]) -> dict[int, Any]:
    query = (
        select(previews.c.location_id, previews.c.id, previews.c.media)
        .where(previews.c.content_id.in_(content_ids))
        .order_by(previews.c.position.desc(), previews.c.id.desc())
    )
    found: dict[int, Any] = {}
    for row in connection.execute(query):
        found[row.location_id] = row
    return found


def _placement(rows: list[Row[Any]], preview_of: dict[int, Any]) -> dict[str, Any]:
    best = rows[0]
    preview = next((preview_of[row.id] for row in rows if row.id in preview_of), None)
    return {
        "state": best.state,
        "category": best.category,
        "folder_id": best.folder_id,
        "relative_path": best.relative_path,
        "folder": parent_of(best.relative_path),
        "modified_at": datetime.fromtimestamp(best.mtime_ns / 1e9, UTC),
        "location_count": sum(row.state != Presence.MISSING.value for row in rows),
        "preview_id": preview.id if preview else None,
        "preview_media": preview.media if preview else None,
    }
