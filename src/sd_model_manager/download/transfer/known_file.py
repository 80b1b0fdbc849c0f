"""What is known of the file that is being fetched, and whether an answer is about the same bytes."""

from __future__ import annotations

import threading

from sd_model_manager.download.transfer.answer import (
    FileMark,
    parse_content_range,
    parse_disposition_name,
    parse_length,
    parse_unsatisfied_total,
)
from sd_model_manager.download.transfer.board import Board, Segment
from sd_model_manager.download.transfer.opening import Opened, Wanted
from sd_model_manager.download.transfer.outcomes import StartOver
from sd_model_manager.lib.errors import SourceBroken

_CHANGED = "The file changed at the source while it was downloaded, so the download started over."
_NO_RANGES = "The server cannot continue an interrupted download, so it started over."
_UNMARKED = "The server gives no way to tell whether the file is still the same, so the download started over."


class KnownFile:
    """The marks of one file, learned from the first answer or from a journal; every later answer must agree.

    Args:
        has_checksum: pieces from anywhere may be combined, because the whole is checked in the end.
        can_resume: whether to ask for parts of the file at all.
    """

    def __init__(
        self, mark: FileMark | None, suggested_filename: str | None, *, has_checksum: bool, can_resume: bool
    ) -> None:
        self._lock = threading.Lock()
        self.mark = mark
        self.suggested_filename = suggested_filename
        self._has_checksum = has_checksum
        self._can_resume = can_resume

    def want(self, start: int, end: int) -> Wanted:
        """The request for `[start, end)`."""
        mark = self.mark
        if mark is None:
            return Wanted(start, end, is_part=self._can_resume)
        return Wanted(start, end, self._can_resume, mark.strong_validator, mark.origin)

    def admit(self, opened: Opened, segment: Segment, board: Board) -> int | None:
        """Check an answer of 200 or 206 against what is known, and learn from it.

        Returns:
            How many bytes the body has; `None` when only its end tells.

        Raises:
            StartOver: it does not continue what is on the disk.
            SourceBroken: no sense can be made of it.
        """
        mark = FileMark.of(opened.route.origin, opened.headers)
        with self._lock:
            if opened.status == 206:
                return self._admit_part(opened, mark, segment, board)
            return self._admit_whole(opened, mark, segment, board)

    def admit_end(self, opened: Opened, segment: Segment, board: Board) -> None:
        """Learn from a 416 that the file, whose size was not known, ends where we stand.

        Raises:
            StartOver: it ends elsewhere.
        """
        total = parse_unsatisfied_total(opened.headers.get("content-range"))
        if board.total is not None or total is None or total != segment.position or total == 0:
            raise StartOver(_CHANGED)
        board.settle(segment, total, end=total)

    def _admit_part(self, opened: Opened, mark: FileMark, segment: Segment, board: Board) -> int:
        part = parse_content_range(opened.headers.get("content-range"))
        if part is None or part.total is None or part.start != segment.position:
            raise StartOver(_NO_RANGES, can_resume=False)
        if board.total is not None and board.total != part.total:
            raise StartOver(_CHANGED)
        has_bytes = board.finished.byte_count > 0
        self._compare(mark, has_bytes=has_bytes)
        if not self._has_checksum and not mark.is_comparable and part.end - part.start < part.total:
            raise StartOver(_UNMARKED if has_bytes else None, can_resume=False)
        self._learn(opened, mark)
        board.settle(segment, part.total, end=part.end)
        length = parse_length(opened.headers.get("content-length"))
        return part.end - part.start if length is None else min(length, part.end - part.start)

    def _admit_whole(self, opened: Opened, mark: FileMark, segment: Segment, board: Board) -> int | None:
        length = parse_length(opened.headers.get("content-length"))
        has_other_mark = self.mark is not None and self.mark.contradicts(mark)
        if has_other_mark or (board.total is not None and length is not None and length != board.total):
            raise StartOver(_CHANGED)
        if board.finished.byte_count > 0 or segment.position > 0:
            raise StartOver(_NO_RANGES, can_resume=False)
        if length == 0:
            raise SourceBroken("The server sent an empty file. Try again later, or report it there.")
        self._learn(opened, mark)
        board.forbid_splitting()
        if length is not None:
            board.settle(segment, length, end=length)
        return length

    def _compare(self, mark: FileMark, *, has_bytes: bool) -> None:
        if self.mark is None:
            return
        if self.mark.contradicts(mark):
            raise StartOver(_CHANGED)
        if has_bytes and not self._has_checksum and not self.mark.vouches_for(mark):
            raise StartOver(_UNMARKED, can_resume=mark.is_comparable)

    def _learn(self, opened: Opened, mark: FileMark) -> None:
        if self.mark is None or self.mark.origin != mark.origin:
            self.mark = mark
        if self.suggested_filename is None:
            self.suggested_filename = parse_disposition_name(opened.headers.get("content-disposition"))
