"""Free words: whose texts have them, by the index of trigrams or, where it cannot tell, by looking through all."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection, func, select, text

from sd_model_manager.db.tables import search_texts
from sd_model_manager.registry.search.columns import Ids

_TRIGRAM = 3


def find_texts(connection: Connection, words: str) -> Ids:
    """The ids of the models whose text has these characters somewhere, in whatever case."""
    folded = words.casefold()
    if connection.dialect.name != "sqlite":
        column = func.string_agg(text("content_id::text"), ",")
        found = select(column).select_from(search_texts).where(search_texts.c.text.contains(folded, autoescape=True))
        return _to_ids(connection.scalar(found))
    ids = func.group_concat(search_texts.c.content_id)
    here = func.instr(search_texts.c.text, folded) > 0
    if len(folded) < _TRIGRAM:
        return _to_ids(connection.scalar(select(ids).where(here)))
    indexed = text("SELECT group_concat(rowid) FROM search_index WHERE search_index MATCH :phrase")
    phrase = '"' + folded.replace('"', '""') + '"'
    pending = select(ids).where(~search_texts.c.is_indexed, here)
    return np.concatenate(
        (_to_ids(connection.scalar(indexed, {"phrase": phrase})), _to_ids(connection.scalar(pending)))
    )


def _to_ids(joined: str | None) -> Ids:
    """Joined by the database and read at once: half a million rows would take longer than the search."""
    return np.fromstring(str(joined), np.int64, sep=",") if joined else np.zeros(0, np.int64)
