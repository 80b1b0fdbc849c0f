"""All words of a model in one text, and the index of them, which is filled behind the writing."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import search_texts
from sd_model_manager.registry.changes import Counted, count_up
from sd_model_manager.registry.listing import KnownFacts

_MAX_DESCRIPTION = 4000
_BATCH = 500


def compose_text(facts: KnownFacts, listing: Mapping[str, Any]) -> str:
    """What free words are looked for in, case folded, a line for each name, word and description."""
    published = facts.published
    parts: list[str | None] = [listing["name"], *(claim.model_name for claim in facts.claims)]
    parts.append(PurePosixPath(facts.relative_path).name)
    parts += [*listing["trigger_words"], *listing["tags"]]
    if published:
        parts += [published.model_name, published.version_name, published.creator]
        parts += map(_plain, (published.description_html, published.version_description_html))
    parts.append(facts.notes)
    for claim in facts.claims:
        parts += [claim.notes, _plain(claim.description_html)]
    return "\n".join(dict.fromkeys(part.casefold().replace("\0", "") for part in parts if part))


def insert_texts(connection: Connection, text_of: Mapping[int, str]) -> None:
    """Keep the texts of contents that have none yet."""
    if text_of:
        connection.execute(insert(search_texts), [{"content_id": key, "text": text} for key, text in text_of.items()])


def replace_texts(connection: Connection, text_of: Mapping[int, str]) -> None:
    """Keep texts that may have changed; what did not stays in the index as it is."""
    keys = list(text_of)
    query = select(search_texts.c.content_id, search_texts.c.text).where(search_texts.c.content_id.in_(keys))
    known = {row.content_id: row.text for row in connection.execute(query)}
    insert_texts(connection, {key: text for key, text in text_of.items() if key not in known})
    changed = [{"key": key, "new": text} for key, text in text_of.items() if known.get(key, text) != text]
    if changed:
        statement = update(search_texts).where(search_texts.c.content_id == bindparam("key"))
        connection.execute(statement.values(text=bindparam("new"), indexed_in=None), changed)


def index_texts(database: Database) -> bool:
    """Put a few more texts into the index of words; `False` where all are in it. Short, so that nobody who wants to
    write waits for it; until it is done, what is missing is looked through one by one."""
    if not database.is_sqlite:
        return False
    pending = select(search_texts.c.content_id).where(search_texts.c.indexed_in.is_(None)).limit(_BATCH)
    with database.read() as connection:
        keys = list(connection.scalars(pending))
    if keys:
        with database.write() as connection:
            batch = count_up(connection, Counted.INDEXED_BATCHES)
            indexed = update(search_texts).where(search_texts.c.content_id.in_(keys))
            connection.execute(indexed.values(indexed_in=batch))
    return bool(keys)


def _plain(html_text: str | None) -> str:
    """The words of a description, without its tags."""
    return html.unescape(re.sub(r"<[^>]*>", " ", html_text or ""))[:_MAX_DESCRIPTION]
