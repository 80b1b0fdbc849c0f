"""Free words: whose texts have them.

On SQLite an index knows which texts have which whole word. What is looked for may be a part of one, so all words there
are, the vocabulary, stand in memory, and those that have it are looked up. What the index cannot tell is looked for in
the texts themselves: signs, parts of very many words, and texts that are not indexed yet.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

import numpy as np
from sqlalchemy import ColumnElement, Connection, func, or_, select, text

from sd_model_manager.db.tables import search_texts
from sd_model_manager.registry.changes import Counted, read_count
from sd_model_manager.registry.search.columns import Ids
from sd_model_manager.registry.search.letters import Letters

_PIECE = re.compile(r"[^\W_]+")
_LOOK_UP_COSTS_TEXTS = 40
"""Looking one word up takes about as long as looking through so many texts."""
_MANY_TEXTS = 2_000
"""Texts indexed since the vocabulary was read, that it is quicker to read it again than to look through."""

_TERMS = text("SELECT group_concat(term, char(10)) FROM search_index_terms")
_LOOK_UP = "SELECT group_concat(rowid) FROM search_index WHERE search_index MATCH ?"


class Vocabulary:
    """All words of the index as of a batch of texts."""

    def __init__(self) -> None:
        self._batch = -1
        self._joined = "\n"
        self._letters = Letters()
        self._words_of_length: dict[int, list[str]] = defaultdict(list)

    def of_length(self, least: int, most: int) -> Iterator[str]:
        """The words that have so many characters, other than numbers."""
        if not self._words_of_length:
            for word in self._joined.split():
                if not word.isdecimal():
                    self._words_of_length[len(word)].append(word)
        return chain.from_iterable(self._words_of_length.get(length, ()) for length in range(least, most + 1))

    def catch_up(self, connection: Connection) -> None:
        """Read the words again where many texts were indexed since."""
        if connection.dialect.name != "sqlite":
            return
        since = select(search_texts.c.content_id).where(search_texts.c.indexed_in > self._batch).limit(_MANY_TEXTS)
        count = connection.scalar(select(func.count()).select_from(since.subquery())) or 0
        if count == _MANY_TEXTS or (count and self._batch < 0):
            self._batch = read_count(connection, Counted.INDEXED_BATCHES)
            self._joined = f"\n{connection.scalar(_TERMS) or ''}\n"
            self._words_of_length.clear()

    def find(self, connection: Connection, words: str, text_count: int) -> Ids:
        """The ids of the models whose text has these characters somewhere, in whatever case."""
        folded = words.casefold()
        if connection.dialect.name != "sqlite":
            return _look_through(connection, search_texts.c.text.contains(folded, autoescape=True))
        here = func.instr(search_texts.c.text, folded) > 0
        if (found := self._letters.find(connection, folded)) is not None:
            unread = search_texts.c.indexed_in.is_(None)
            if len(changing := _look_through(connection, unread)):
                found = np.setdiff1d(found, changing)
            return np.concatenate((found, _look_through(connection, unread, here)))
        pieces = _PIECE.findall(folded)
        longest = max(pieces, key=len, default="")
        found = self._look_up(connection, longest, text_count // _LOOK_UP_COSTS_TEXTS) if longest else None
        if found is None or (not len(found) and not folded.isascii()):  # it may divide unusual letters otherwise
            return _look_through(connection, here)
        if longest != folded:
            found = found[np.isin(found, _look_through(connection, here))]
        pending = or_(search_texts.c.indexed_in.is_(None), search_texts.c.indexed_in > self._batch)
        return np.concatenate((found, _look_through(connection, pending, here)))

    def _look_up(self, connection: Connection, piece: str, most: int) -> Ids | None:
        """Whose texts have a word with this in it; `None` where more words than `most` do."""
        found = [np.zeros(0, np.int64)]
        execute = connection.connection.cursor().execute  # the toolkit's own work would be twice that of a look-up
        for number, word in enumerate(self._having(piece)):
            if number > most:
                return None
            found.append(_to_ids(execute(_LOOK_UP, (f'"{word}"',)).fetchone()[0]))
        return np.concatenate(found)

    def _having(self, piece: str) -> Iterator[str]:
        end = 0
        while (at := self._joined.find(piece, end)) >= 0:
            end = self._joined.index("\n", at)
            yield self._joined[self._joined.rindex("\n", 0, at) + 1 : end]


def _look_through(connection: Connection, *where: ColumnElement[bool]) -> Ids:
    """Joined by the database and read at once: half a million rows would take longer than the search."""
    ids = search_texts.c.content_id
    if connection.dialect.name == "sqlite":
        joined: ColumnElement[str] = func.group_concat(ids)
    else:
        joined = func.string_agg(text("content_id::text"), ",")
    return _to_ids(connection.scalar(select(joined).select_from(search_texts).where(*where)))


def _to_ids(joined: str | None) -> Ids:
    return np.fromstring(str(joined), np.int64, sep=",") if joined else np.zeros(0, np.int64)
