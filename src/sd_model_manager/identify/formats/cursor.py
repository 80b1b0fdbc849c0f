"""Reads a file forward in small steps, never further than its end and never more than was asked for at once."""

from __future__ import annotations

from typing import BinaryIO

from sd_model_manager.lib.errors import DamagedFile

_CHUNK_BYTES = 1 << 16


class Cursor:
    """A place in a file. Callers bound what they take; memory is what they take plus one chunk."""

    def __init__(self, file: BinaryIO, size_bytes: int, start: int = 0) -> None:
        self._file = file
        self._size_bytes = size_bytes
        self._buffer = b""
        self._at = 0
        self._buffer_start = start

    @property
    def position(self) -> int:
        return self._buffer_start + self._at

    @property
    def remaining_bytes(self) -> int:
        return self._size_bytes - self.position

    def take(self, count: int) -> bytes:
        """The next bytes.

        Raises:
            DamagedFile: `truncated`, the file ends before.
        """
        end = self._at + count
        if end > len(self._buffer):
            self._fill(count)
            end = count
        taken = self._buffer[self._at : end]
        self._at = end
        return taken

    def skip(self, count: int) -> None:
        if count > self.remaining_bytes:
            raise self._cut_short(count)
        self._buffer_start = self.position + count
        self._buffer, self._at = b"", 0

    def take_line(self, limit: int) -> bytes:
        """Up to the next newline, without it; longer lines than `limit` are `invalid_header`."""
        line = bytearray()
        while len(line) <= limit:
            byte = self.take(1)
            if byte == b"\n":
                return bytes(line)
            line += byte
        raise DamagedFile("A name in the header has no end. Download the file again.", code="invalid_header")

    def _fill(self, count: int) -> None:
        if count > self.remaining_bytes:
            raise self._cut_short(count)
        start = self.position
        self._file.seek(start)
        self._buffer = self._file.read(min(max(count, _CHUNK_BYTES), self._size_bytes - start))
        self._buffer_start, self._at = start, 0
        if len(self._buffer) < count:
            raise self._cut_short(count)

    def _cut_short(self, count: int) -> DamagedFile:
        return DamagedFile(
            f"The file ends at {self._size_bytes:,} bytes, within its header: at least {self.position + count:,} are "
            "expected, as after an unfinished download. Download it again or resume the download.",
            code="truncated",
        )
