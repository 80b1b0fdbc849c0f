"""Tags as rows, for filters and counts."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert

from sd_model_manager.db.tables import content_tags

MAX_TAG_CHARACTERS = 200


def distinct_tags(tags: Iterable[str]) -> list[str]:
    """In their order, each once, case folded together; the first spelling counts."""
    distinct: dict[str, str] = {}
    for tag in tags:
        if tag.strip():
            distinct.setdefault(tag.casefold(), tag)
    return list(distinct.values())


def replace_tags(connection: Connection, content_id: int, tags: Iterable[str], *, own: Iterable[str]) -> None:
    """`tags` are all that the content has; `own` says which of them the user gave."""
    connection.execute(delete(content_tags).where(content_tags.c.content_id == content_id))
    if rows := tag_rows(content_id, tags, own=own):
        connection.execute(insert(content_tags), rows)


def tag_rows(content_id: int, tags: Iterable[str], *, own: Iterable[str] = ()) -> list[dict[str, object]]:
    """One row per tag; one that both the user and the source gave is the user's."""
    of_user = {tag.casefold() for tag in own}
    origin_of = {
        tag[:MAX_TAG_CHARACTERS]: "user" if tag.casefold() in of_user else "source"
        for tag in reversed(distinct_tags(tags))
    }
    return [{"content_id": content_id, "tag": tag, "origin": origin} for tag, origin in origin_of.items()]
