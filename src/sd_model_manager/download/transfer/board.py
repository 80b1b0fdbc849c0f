"""Who fetches which bytes: pieces are handed out from the front, and at the end the largest one is shared."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from sd_model_manager.download.transfer.ranges import Ranges

_MAX_UNSAVED_PART = 16
_MIN_UNSAVED_BYTES = 16 * 1024 * 1024
"""A crash loses this, or the sixteenth part of the file: a line may be much quicker than the disk."""


@dataclass(eq=False, slots=True)
class Segment:
    """A piece one connection is fetching: `[start, position)` is on the disk, `[position, end)` is to come.

    `end` is `None` while the size of the file is unknown. Only the board changes it.
    """

    start: int
    position: int
    end: int | None


class Board:
    """The pieces of one file, shared by the connections that fetch it.

    Pieces are handed out in order, so that the contiguous front (which is hashed meanwhile) follows closely; once all
    are given out, an idle connection takes half of what the slowest still has to do.

    Args:
        finished: what is on the disk already.
        total: the size of the file, `None` until an answer tells.
        may_split: whether several connections may work on the file.
    """

    def __init__(
        self,
        finished: Ranges,
        total: int | None,
        *,
        connections: int,
        min_segment_bytes: int,
        max_segment_bytes: int,
        may_split: bool = True,
    ) -> None:
        self._lock = threading.Lock()
        self._finished = finished
        self._total = total
        self._connections = connections
        self._min_bytes = min_segment_bytes
        self._max_bytes = max_segment_bytes
        self._may_split = may_split
        self._unsaved_bytes = 0
        self._live: list[Segment] = []
        self._free: list[tuple[int, int]] = list(finished.gaps(total)) if total is not None else []

    @property
    def total(self) -> int | None:
        return self._total

    @property
    def finished(self) -> Ranges:
        """All that is on the disk, pieces under way included."""
        with self._lock:
            return Ranges.of((*self._finished.pairs, *((s.start, s.position) for s in self._live)))

    @property
    def is_complete(self) -> bool:
        return self._total is not None and self.finished.covers(self._total)

    def take(self) -> Segment | None:
        """The next piece to fetch; `None` when there is none to give now."""
        with self._lock:
            if self._live and not self._may_split:
                return None
            if self._total is None:
                return None if self._live else self._begin(self._finished.frontier, None)
            if self._free:
                return self._take_next()
            return self._take_half_of_largest()

    def room(self, segment: Segment) -> int | None:
        """Bytes still to come for this piece; `None` when it ends where the server ends."""
        with self._lock:
            # A piece may be cut while its next bytes are being written; it is a little further than its end then.
            return None if segment.end is None else max(0, segment.end - segment.position)

    def advance(self, segment: Segment, byte_count: int) -> None:
        """So many more bytes of this piece are on the disk."""
        with self._lock:
            segment.position += byte_count
            self._unsaved_bytes += byte_count

    @property
    def unsaved_bytes(self) -> int:
        """What a crash would lose now: bytes that came since the journal was begun that is on the disk."""
        return self._unsaved_bytes

    @property
    def is_too_far_ahead(self) -> bool:
        """Whether a crash would lose so much that the disk has to catch up first."""
        total = self._total
        return total is not None and self._unsaved_bytes > max(_MIN_UNSAVED_BYTES, total // _MAX_UNSAVED_PART)

    def note_saved(self, byte_count: int) -> None:
        with self._lock:
            self._unsaved_bytes -= byte_count

    def release(self, segment: Segment) -> None:
        """Nobody works on this piece any more; what is missing of it can be taken again."""
        with self._lock:
            self._live.remove(segment)
            self._finished = self._finished.add(segment.start, segment.position)
            if segment.end is not None and segment.position < segment.end:
                self._free = sorted([*self._free, (segment.position, segment.end)])

    def settle(self, segment: Segment, total: int, *, end: int) -> None:
        """An answer told the size of the file; the piece it belongs to ends at `end`, the rest may be taken."""
        with self._lock:
            if self._total is not None:
                return
            self._total = total
            segment.end = max(end, segment.position)
            held = Ranges.of((*self._finished.pairs, (segment.start, segment.end)))
            self._free = list(held.gaps(total))

    def forbid_splitting(self) -> None:
        """From now on one connection alone works on the file."""
        with self._lock:
            self._may_split = False

    def suggest_bytes(self, size_bytes: int) -> int:
        """How large the next piece should be when so many bytes are to be given out."""
        return min(self._max_bytes, max(self._min_bytes, size_bytes // (2 * self._connections)))

    def _begin(self, start: int, end: int | None) -> Segment:
        segment = Segment(start, start, end)
        self._live.append(segment)
        return segment

    def _take_next(self) -> Segment:
        start, end = self._free[0]
        size = self.suggest_bytes(sum(b - a for a, b in self._free)) if self._may_split else end - start
        if end - start < size + self._min_bytes:
            self._free.pop(0)
            return self._begin(start, end)
        self._free[0] = (start + size, end)
        return self._begin(start, start + size)

    def _take_half_of_largest(self) -> Segment | None:
        largest = max(self._live, key=_still_to_come, default=None)
        if largest is None or largest.end is None or _still_to_come(largest) < 2 * self._min_bytes:
            return None
        end, middle = largest.end, largest.end - _still_to_come(largest) // 2
        largest.end = middle
        return self._begin(middle, end)


def _still_to_come(segment: Segment) -> int:
    return 0 if segment.end is None else segment.end - segment.position
