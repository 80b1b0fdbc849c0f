"""Tags as rows, for filters and counts."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert

from sd_model_manager.db.tables import content_tags

MAX_TAG_CHARACTERS = 200


def replace_tags(connection: Connection, content_id: int, tags: Iterable[str]) -> None:
    connection.execute(delete(content_tags).where(content_tags.c.content_id == content_id))
    if rows := tag_rows(content_id, tags):
        connection.execute(insert(content_tags), rows)


def tag_rows(content_id: int, tags: Iterable[str]) -> list[dict[str, object]]:
    """One row per tag, case folded together; the first spelling counts."""
    distinct = {tag.casefold(): tag[:MAX_TAG_CHARACTERS] for tag in reversed(list(tags)) if tag.strip()}
    return [{"content_id": content_id, "tag": tag, "origin": "source"} for tag in dict.fromkeys(distinct.values())]
