"""The conductor of one transfer: hires connections, keeps the journal, decides what to do when something fails."""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from sd_model_manager.download.transfer.board import Board
from sd_model_manager.download.transfer.connection import Connector
from sd_model_manager.download.transfer.disk import disk_failures_explained
from sd_model_manager.download.transfer.fence import Fence
from sd_model_manager.download.transfer.hasher import FrontierHasher
from sd_model_manager.download.transfer.journal import (
    Journal,
    discard,
    flush_to_disk,
    read_journal,
    write_journal,
)
from sd_model_manager.download.transfer.known_file import KnownFile
from sd_model_manager.download.transfer.lane import Lane
from sd_model_manager.download.transfer.opening import Guard, Opener
from sd_model_manager.download.transfer.outcomes import Interrupted, StartOver
from sd_model_manager.download.transfer.request import Fetched, TransferRequest, TransferSettings, find_checksum
from sd_model_manager.download.transfer.retries import Retries
from sd_model_manager.lib.errors import AppError, DamagedFile, SourceBroken, TaskStateConflict

Progress = Callable[[int, int | None], None]
"""Bytes on the disk and the size of the file, `None` while unknown; called in the thread of `run`."""

ShouldStop = Callable[[], None]
"""Raises whatever stops the transfer (pause, cancel, a lost lease); called several times a second."""

StillOurs = Callable[[], bool]
"""Whether the file is still ours to write to: asks whoever knows for sure, about once a second."""

log = logging.getLogger(__name__)

_BEAT_SECONDS = 0.02
"""So short that what is reported ten times a second is never older than a fiftieth."""

_FAREWELL_SECONDS = 2.0

_GROWTH_BYTES = 16 * 1024 * 1024
"""Room is made in such steps for a file whose size nobody tells."""

_JOURNALS_PER_FILE = 40
_MIN_JOURNALLED_BYTES = 4 * 1024 * 1024
"""On a fast line a second is much of a file, so that the journal follows the bytes, too: a crash loses a part of so
many, and what comes while the disk takes in what came before."""


class Transfer:
    """Brings one file to the disk, whatever happens on the way; can be repeated until it succeeds.

    What has arrived stays beside the journal when `run` raises, and the next `run` continues there, in this process or
    another. Blocks its thread; uses `settings.connections` further threads and half a mebibyte of memory for each.
    """

    def __init__(self, request: TransferRequest, settings: TransferSettings, guard: Guard) -> None:
        self._request = request
        self._settings = settings
        self._guard = guard

    def run(self, progress: Progress, should_stop: ShouldStop, still_ours: StillOurs = lambda: True) -> Fetched:
        """Fetch, or continue to fetch.

        `still_ours` guards against a twin: a process that was suspended wakes up when another has taken over its task.
        Once it says no, nothing of the file is touched any more.

        Raises:
            AppError: it cannot be had: of `resolve`, of the guard, of `explain_refusal`; SourceOffline and
                SourceUnavailable after too many attempts; SourceBroken when what comes is not a file; NoSpace;
                FileExists when a file that is not ours lies under the partial name; TaskStateConflict when it is not
                ours any more.
            Exception: what `should_stop` raised.
        """
        notes: list[str] = []
        can_resume = True
        for _ in range(self._settings.max_restarts + 1):
            attempt = _Attempt(self._request, self._settings, self._guard, still_ours, can_resume=can_resume)
            try:
                return attempt.run(progress, should_stop, notes)
            except StartOver as again:
                log.info("%s: %s", self._request.part_path.name, again.reason or "one stream from now on")
                with disk_failures_explained(self._request.part_path):
                    discard(self._request.part_path)
                can_resume = can_resume and again.can_resume
                notes.extend([again.reason] if again.reason else [])
        times = self._settings.max_restarts + 1
        raise SourceBroken(" ".join([*notes[-1:], f"That happened {times} times in a row; try again later."]))


class _Attempt:
    """One try to complete the file from what is on the disk; ends early when that has to be thrown away."""

    def __init__(
        self,
        request: TransferRequest,
        settings: TransferSettings,
        guard: Guard,
        still_ours: StillOurs,
        *,
        can_resume: bool,
    ) -> None:
        self._request = request
        self._settings = settings
        self._still_ours = still_ours
        self._clock = settings.clock
        self._fence = Fence(settings.clock, settings.fence_seconds)
        self._retries = Retries(settings)
        self._lanes: list[Lane] = []
        self._scout: Lane | None = None
        self._ended: queue.SimpleQueue[Lane] = queue.SimpleQueue()
        connector = Connector(settings.find_proxy, settings.connect_timeout_seconds, settings.stall_timeout_seconds)
        self._opener = Opener(request.resolve, request.explain_refusal, guard, connector, settings.user_agent)
        self._checksum = find_checksum(request.expected_sha256)
        with disk_failures_explained(request.part_path):
            journal = self._prepare_part()
        self._journalled = journal
        self._has_room_for = 0
        self._journal_due_at = self._clock.now() + settings.journal_interval_seconds
        self._disk_rests_until = self._clock.now()
        # Progress does not wait for the disk.
        self._journal_writer = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._writing: Future[None] | None = None
        self._board = Board(
            journal.ranges,
            journal.total,
            connections=settings.connections,
            min_segment_bytes=settings.min_segment_bytes,
            max_segment_bytes=settings.max_segment_bytes,
            may_split=can_resume,
        )
        self._known = KnownFile(
            journal.mark,
            journal.suggested_filename,
            has_checksum=self._checksum is not None,
            can_resume=can_resume,
        )

    def run(self, progress: Progress, should_stop: ShouldStop, notes: list[str]) -> Fetched:
        with FrontierHasher(self._request.part_path) as self._hasher:
            try:
                sha256 = self._fetch_and_hash(progress, should_stop)
            except StartOver:
                self._dismiss_lanes()
                self._make_sure_it_is_ours()
                raise
            except BaseException:
                self._dismiss_lanes()
                self._keep_what_is_good()
                raise
            self._dismiss_lanes()
        return self._describe(sha256, notes)

    def _prepare_part(self) -> Journal:
        part = self._request.part_path
        part.parent.mkdir(parents=True, exist_ok=True)
        journal = read_journal(part)
        if self._checksum and journal.expected_sha256 and self._checksum != journal.expected_sha256:
            journal = Journal()
        if not journal.ranges.pairs:
            journal = Journal(expected_sha256=self._checksum)
            # The journal comes first: a partial file without one would not be known as ours.
            write_journal(part, journal)
            # A new file, not the old one emptied: whoever still holds that cannot write into this.
            part.unlink(missing_ok=True)
            part.touch(exist_ok=False)
        return journal

    def _fetch_and_hash(self, progress: Progress, should_stop: ShouldStop) -> str:
        while not self._board.is_complete:
            self._beat(progress, should_stop)
            self._hire_lanes()
            self._await_lanes()
        while True:
            self._beat(progress, should_stop)
            if (sha256 := self._hasher.wait(_BEAT_SECONDS)) is not None:
                return sha256

    def _beat(self, progress: Progress, should_stop: ShouldStop) -> None:
        should_stop()
        if self._fence.is_overdue:
            self._make_sure_it_is_ours()
        self._fence.hear()
        finished = self._board.finished
        self._make_room(finished.byte_count)
        self._hasher.advance(finished.frontier)
        progress(finished.byte_count, self._board.total)
        self._keep_journal(finished.byte_count)

    def _make_room(self, byte_count: int) -> None:
        size = self._board.total or (byte_count + _GROWTH_BYTES - 1) // _GROWTH_BYTES * _GROWTH_BYTES
        if size > self._has_room_for:
            self._request.make_room(size)
            self._has_room_for = size

    def _keep_journal(self, byte_count: int) -> None:
        if self._writing is not None:
            if not self._writing.done():
                return
            self._writing.result()
            self._writing = None
        if self._is_journal_due(byte_count):
            self._writing = self._journal_writer.submit(self._write_journal_if_ours)

    def _is_journal_due(self, byte_count: int) -> bool:
        now = self._clock.now()
        if now >= self._journal_due_at or self._board.is_too_far_ahead:
            return True
        step = max(_MIN_JOURNALLED_BYTES, (self._board.total or 0) // _JOURNALS_PER_FILE)
        return byte_count - self._journalled.ranges.byte_count >= step and now >= self._disk_rests_until

    def _write_journal_if_ours(self) -> None:
        self._make_sure_it_is_ours()
        self._write_journal()

    def _make_sure_it_is_ours(self) -> None:
        if not self._still_ours():
            raise TaskStateConflict("Another process has taken over this download; this one has stopped.")

    def _write_journal(self) -> None:
        begun_at, unsaved_bytes = self._clock.now(), self._board.unsaved_bytes
        journal = Journal(
            self._board.finished, self._board.total, self._known.mark, self._known.suggested_filename, self._checksum
        )
        if journal != self._journalled:
            with disk_failures_explained(self._request.part_path):
                flush_to_disk(self._request.part_path)
                write_journal(self._request.part_path, journal)
            self._journalled = journal
        self._board.note_saved(unsaved_bytes)
        now = self._clock.now()
        # A slow disk is not kept busy with this alone.
        self._disk_rests_until = now + (now - begun_at)
        self._journal_due_at = max(now + self._settings.journal_interval_seconds, self._disk_rests_until)

    def _hire_lanes(self) -> None:
        while self._retries.may_open(self._clock.now(), len(self._lanes)):
            # One connection finds the way; the others follow it.
            is_finding = self._scout in self._lanes and not self._opener.has_route
            segment = None if is_finding else self._board.take()
            if segment is None:
                return
            lane = Lane(
                self._request, self._settings, self._board, self._known, self._opener, self._fence, segment, self._ended
            )
            self._scout = lane
            self._lanes.append(lane)
            lane.start()

    def _await_lanes(self) -> None:
        if not self._lanes:
            self._clock.sleep(min(_BEAT_SECONDS, max(0.0, self._retries.not_before - self._clock.now())))
            return
        try:
            self._judge(self._ended.get(timeout=_BEAT_SECONDS))
            while True:
                self._judge(self._ended.get_nowait())
        except queue.Empty:
            return

    def _judge(self, lane: Lane) -> None:
        self._lanes.remove(lane)
        if lane.unfinished is not None:
            self._board.release(lane.unfinished)
        if lane.cause is None:
            self._retries.note_success()
        elif isinstance(lane.cause, AppError) and lane.cause.can_retry:
            pause = lane.cause.details.get("retry_after_seconds")
            self._note_interruption(lane, Interrupted(lane.cause, retry_after_seconds=pause))
        elif isinstance(lane.cause, Interrupted):
            self._note_interruption(lane, lane.cause)
        else:
            raise lane.cause

    def _note_interruption(self, lane: Lane, cause: Interrupted) -> None:
        self._retries.note_interruption(
            cause,
            received_bytes=lane.received_bytes,
            others=len(self._lanes),
            finished_bytes=self._board.finished.byte_count,
        )

    def _dismiss_lanes(self) -> None:
        self._fence.shut()
        for lane in self._lanes:
            lane.abort()
        for lane in self._lanes:
            lane.join(_FAREWELL_SECONDS)
        self._journal_writer.shutdown()

    def _keep_what_is_good(self) -> None:
        """Called while an error is on its way up, which nothing in here may hide."""
        try:
            if not self._still_ours():
                return
            if self._board.finished.byte_count == 0:
                discard(self._request.part_path)
            else:
                self._write_journal()
        except (AppError, OSError) as error:
            log.warning("%s: the journal stays at its last state: %s", self._request.part_path.name, error)

    def _describe(self, sha256: str, notes: list[str]) -> Fetched:
        part, mark, total = self._request.part_path, self._known.mark, self._board.total or 0
        if part.stat().st_size != total:
            raise DamagedFile(f"'{part}' was changed by another program while it was downloaded. Remove it, try again.")
        expected = self._request.expected_size_bytes
        if expected is not None and expected != total:
            notes = [*notes, f"The file has {total:,} bytes; its source announces {expected:,}."]
        etag = mark.etag if mark else None
        return Fetched(part, total, sha256, etag, self._known.suggested_filename, tuple(notes))
