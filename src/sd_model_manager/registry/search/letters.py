"""One character, which is what every search begins with: nearly all texts have it, so that neither an index nor the
texts themselves are quick to ask. Which of the usual characters a text has fits into one number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from sd_model_manager.registry.search.columns import Ids

_USUAL = "abcdefghijklmnopqrstuvwxyz0123456789_-.,:;!?()[]{}<>+*/\\&%#@'\"=~"
_BITS = {character: np.uint64(1 << place) for place, character in enumerate(_USUAL)}
_OF_BYTE = np.zeros(256, np.uint64)
for _character, _bit in _BITS.items():
    _OF_BYTE[ord(_character)] = _bit

_CHUNK_TEXTS = 2_000
_SINCE = "SELECT content_id, text, indexed_in FROM search_texts WHERE indexed_in > ?"


class Letters:
    """The usual characters of each text that was indexed up to a batch, read when they are first asked for.

    Costs eight bytes a model, and about three seconds of reading for a million of them.
    """

    def __init__(self) -> None:
        self._batch = -1
        self._sets = np.zeros(0, np.uint64)

    def find(self, connection: Connection, character: str) -> Ids | None:
        """The ids of the indexed texts that have it; `None` for a character that is not among the usual ones."""
        if character not in _BITS:
            return None
        self._catch_up(connection)
        return np.flatnonzero(self._sets & _BITS[character])

    def _catch_up(self, connection: Connection) -> None:
        cursor = connection.connection.cursor()
        cursor.execute(_SINCE, (self._batch,))
        while rows := cursor.fetchmany(_CHUNK_TEXTS):
            ids, texts, batches = zip(*rows, strict=True)
            self._make_room_for(max(ids))
            self._sets[list(ids)] = _sets_of(texts)
            self._batch = max(self._batch, *batches)

    def _make_room_for(self, most: int) -> None:
        if most >= len(self._sets):
            self._sets = np.concatenate((self._sets, np.zeros(most + 1 + most // 4 - len(self._sets), np.uint64)))


def _sets_of(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    pieces = [text.encode() + b"\0" for text in texts]  # never empty, as the sums below need it
    starts = np.cumsum([0, *map(len, pieces[:-1])])
    return np.bitwise_or.reduceat(_OF_BYTE[np.frombuffer(b"".join(pieces), np.uint8)], starts)
