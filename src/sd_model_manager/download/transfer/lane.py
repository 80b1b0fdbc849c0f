"""One connection at work: it takes pieces from the board and writes them where they belong."""

from __future__ import annotations

import http.client
import queue
import threading
from io import FileIO
from pathlib import Path

from sd_model_manager.download.transfer.board import Board, Segment
from sd_model_manager.download.transfer.connection import Connection
from sd_model_manager.download.transfer.disk import disk_failures_explained
from sd_model_manager.download.transfer.fence import Fence
from sd_model_manager.download.transfer.known_file import KnownFile
from sd_model_manager.download.transfer.opening import Opened, Opener, Route
from sd_model_manager.download.transfer.outcomes import Interrupted, Stopped
from sd_model_manager.download.transfer.refusals import (
    SNIFFED_BYTES,
    explain_status,
    explain_storage_status,
    is_page,
    looks_like_page,
)
from sd_model_manager.download.transfer.request import NICENESS, TransferRequest, TransferSettings
from sd_model_manager.lib.errors import AppError, SourceBroken, SourceOffline
from sd_model_manager.lib.priority import step_back

BUFFER_BYTES = 512 * 1024
_WRITE_FROM_BYTES = 256 * 1024
_HOLD_BACK_SECONDS = 0.02
_DISK_PAUSE_SECONDS = 0.005
_RESOLVE_AGAIN = frozenset({400, 401, 403, 404, 410})
_SIZE_TOLERANCE_BYTES = 1024


class Body:
    """The bytes of an answer, read as they come into a buffer of ours."""

    def __init__(self, response: http.client.HTTPResponse, length: int | None) -> None:
        self._response = response
        self._is_chunked = bool(response.chunked)
        self._left = None if self._is_chunked else length

    @property
    def is_whole(self) -> bool:
        """Whether all the bytes that were announced have been read."""
        return self._left == 0

    def read_into(self, view: memoryview) -> int:
        """One read from the network; 0 at the end, be it the right one or not."""
        if self._is_chunked:
            chunk = self._response.read1(len(view))
            view[: len(chunk)] = chunk
            return len(chunk)
        # HTTPResponse.readinto would wait until the whole buffer is full, and lose it when the connection breaks.
        limit = len(view) if self._left is None else min(len(view), self._left)
        count = self._response.fp.readinto1(view[:limit]) if limit else 0
        if self._left is not None:
            self._left -= count
        return count

    @property
    def was_cut_off(self) -> bool:
        """Once `read_into` gave 0: whether bytes that were announced never came."""
        return self._left is not None and self._left > 0


class Lane(threading.Thread):
    """Fetches pieces until there are none or something goes wrong, then puts itself into `ended`.

    Attributes:
        cause: why it ended; `None` when there was nothing more to do.
        received_bytes: what it wrote to the disk.
        unfinished: the piece it failed at; whoever judges the cause gives it back to the board, so that nobody takes it
            before.
    """

    def __init__(
        self,
        request: TransferRequest,
        settings: TransferSettings,
        board: Board,
        known: KnownFile,
        opener: Opener,
        fence: Fence,
        first: Segment,
        ended: queue.SimpleQueue[Lane],
    ) -> None:
        super().__init__(name=f"fetch-{request.part_path.name[:40]}", daemon=True)
        self._request = request
        self._settings = settings
        self._board = board
        self._known = known
        self._opener = opener
        self._fence = fence
        self._first = first
        self._ended = ended
        self._writing = threading.Lock()
        self._connection: Connection | None = None
        self._idle: tuple[Connection, Route] | None = None
        self.cause: BaseException | None = None
        self.received_bytes = 0
        self.unfinished: Segment | None = None

    def abort(self) -> None:
        """Break off the connection, after the fence was shut; for other threads. Nothing is written after this."""
        if (connection := self._connection) is not None:
            connection.abort()
        with self._writing:
            pass

    def run(self) -> None:
        step_back(NICENESS)
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - the edge of a thread: whoever started it judges the cause
            self.cause = error
        finally:
            if self._connection is not None:
                self._connection.close()
            self._ended.put(self)

    def _work(self) -> None:
        segment: Segment | None = self._first
        buffer = memoryview(bytearray(BUFFER_BYTES))
        while segment is not None:
            self.unfinished = segment
            self._fetch(segment, buffer)
            self._board.release(segment)
            self.unfinished = None
            segment = self._board.take()

    def _fetch(self, segment: Segment, buffer: memoryview) -> None:
        while self._board.room(segment) != 0:
            opened, before = self._open(segment), segment.position
            body = None
            try:
                body = self._admit(opened, segment)
                if body is not None:
                    with _open_for_writing(self._request.part_path) as file:
                        file.seek(segment.position)
                        self._stream(body, segment, file, buffer)
            except (OSError, http.client.HTTPException) as error:
                self._opener.forget(opened.route)
                raise _interrupted_by(error, opened.route.target.host) from error
            except Interrupted:
                self._opener.forget(opened.route)
                raise
            finally:
                self._put_aside(opened, body)
            if segment.position == before and self._board.room(segment) != 0:
                raise Interrupted(SourceBroken("The server sends none of the bytes that it was asked for."))

    def _open(self, segment: Segment) -> Opened:
        self._fence.pass_through()
        end = segment.end or segment.position + self._board.suggest_bytes(self._request.expected_size_bytes or 0)
        wanted = self._known.want(segment.position, end)
        idle, self._idle = self._idle, None
        if idle is not None and not self._opener.is_current(idle[1]):
            idle[0].close()
            idle = None
        try:
            return self._opener.open(wanted, self._watch, idle)
        except (OSError, http.client.HTTPException) as error:
            raise _interrupted_by(error, None) from error

    def _watch(self, connection: Connection) -> None:
        self._connection = connection
        if self._fence.is_shut:
            raise Stopped

    def _put_aside(self, opened: Opened, body: Body | None) -> None:
        opened.response.close()
        if body is not None and body.is_whole and opened.connection.can_be_used_again:
            self._idle = (opened.connection, opened.route)
        else:
            opened.connection.close()

    def _admit(self, opened: Opened, segment: Segment) -> Body | None:
        if opened.status == 416:
            self._known.admit_end(opened, segment, self._board)
            return None
        if opened.status not in {200, 206}:
            raise self._refusal(opened)
        encoding = opened.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in {"", "identity"}:
            raise SourceBroken(f"The server sent the file packed ('{encoding}') although it was asked not to.")
        if self._request.is_model_file and is_page(opened.headers.get("content-type")):
            raise self._refusal(opened)
        return Body(opened.response, self._known.admit(opened, segment, self._board))

    def _refusal(self, opened: Opened) -> Interrupted | AppError:
        status, route, start = opened.status, opened.route, opened.read_start()
        explain = self._request.explain_refusal if route.is_first_origin else explain_storage_status
        error = explain(status, opened.headers, start)
        has_served = self._known.mark is not None and self._known.mark.origin == route.origin
        if status in _RESOLVE_AGAIN and (has_served or not route.is_first_origin):
            return Interrupted(error, is_refusal=True)
        if error.can_retry:
            return Interrupted(error, retry_after_seconds=error.details.get("retry_after_seconds"))
        return error

    def _stream(self, body: Body, segment: Segment, file: FileIO, buffer: memoryview) -> None:
        pace = Pace(self._settings, self._fence)
        filled, written_at = 0, self._settings.clock.now()
        try:
            while (limit := self._read_limit(segment, filled)) > 0:
                self._wait_for_disk()
                count = body.read_into(buffer[filled : filled + limit])
                if count == 0:
                    break
                filled += count
                now = pace.note(count)
                if filled >= _WRITE_FROM_BYTES or (now - written_at > _HOLD_BACK_SECONDS and filled >= SNIFFED_BYTES):
                    self._write(buffer[:filled], segment, file)
                    filled, written_at = 0, now
        except (OSError, http.client.HTTPException, Interrupted):
            self._write(buffer[:filled], segment, file)
            raise
        self._write(buffer[:filled], segment, file)
        self._check_end(body, segment)

    def _wait_for_disk(self) -> None:
        while self._board.is_too_far_ahead:
            self._fence.pass_through()
            self._fence.pause(_DISK_PAUSE_SECONDS)

    def _read_limit(self, segment: Segment, filled: int) -> int:
        room = self._board.room(segment)
        free = self._settings.bandwidth.suggest_read_bytes(BUFFER_BYTES - filled)
        return free if room is None else min(free, max(0, room - filled))

    def _write(self, content: memoryview, segment: Segment, file: FileIO) -> None:
        if segment.position == 0 and self._request.is_model_file and looks_like_page(bytes(content[:SNIFFED_BYTES])):
            raise explain_status(200, {}, b"")
        with self._writing:
            while content := content[: self._board.room(segment)]:
                self._fence.pass_through()
                with disk_failures_explained(self._request.part_path):
                    count = file.write(content)
                self._board.advance(segment, count)
                self.received_bytes += count
                content = content[count:]

    def _check_end(self, body: Body, segment: Segment) -> None:
        room = self._board.room(segment)
        if room == 0 or (room is not None and body.is_whole):
            return
        expected = self._request.expected_size_bytes or 0
        if room is not None or segment.position + _SIZE_TOLERANCE_BYTES < expected:
            raise Interrupted(SourceOffline("The connection ended before the whole file had arrived."))
        if segment.position == 0:
            raise SourceBroken("The server sent an empty file. Try again later, or report it there.")
        self._board.settle(segment, segment.position, end=segment.position)


class Pace:
    """Watches how fast one body comes in: not faster than the limit, not so slow that it has as good as stopped."""

    def __init__(self, settings: TransferSettings, fence: Fence) -> None:
        self._settings = settings
        self._fence = fence
        self._window_from = settings.clock.now()
        self._window_bytes = 0

    def note(self, byte_count: int) -> float:
        """So many bytes were read; waits if that was too fast. Returns the time.

        Raises:
            Interrupted: it has been too slow for a whole stall timeout.
        """
        pause = self._settings.bandwidth.take(byte_count)
        if pause > 0:
            self._fence.pause(pause)
        now = self._settings.clock.now()
        self._window_bytes += byte_count
        window_seconds, stall_seconds = now - self._window_from, self._settings.stall_timeout_seconds
        if window_seconds >= stall_seconds:
            if not pause and self._window_bytes < self._settings.min_bytes_per_second * window_seconds:
                raise Interrupted(SourceOffline("The server has almost stopped sending."))
            self._window_from, self._window_bytes = now, 0
        return now


def _open_for_writing(path: Path) -> FileIO:
    with disk_failures_explained(path):
        return path.open("r+b", buffering=0)


def _interrupted_by(error: Exception, host: str | None) -> Interrupted:
    reason = str(error).strip() or type(error).__name__
    where = f" to {host}" if host else ""
    return Interrupted(SourceOffline(f"The connection{where} failed: {reason}."))
