"""Reads a file forward in small steps, never further than its end and never more than was asked for at once."""

from __future__ import annotations

from typing import BinaryIO

from sd_model_manager.lib.errors import DamagedFile

MAX_READ_BYTES = 100_000_000
"""Of one header, as safetensors allows. What is skipped does not count."""

_CHUNK_BYTES = 1 << 16


class Cursor:
    """A place in a file. Callers bound what they take; memory is what they take plus one chunk."""

    def __init__(self, file: BinaryIO, size_bytes: int, start: int = 0) -> None:
        self._file = file
        self._size_bytes = size_bytes
        self._buffer = b""
        self._at = 0
        self._buffer_start = start
        self._left_to_read = MAX_READ_BYTES

    @property
    def position(self) -> int:
        return self._buffer_start + self._at

    @property
    def remaining_bytes(self) -> int:
        return self._size_bytes - self.position

    def take(self, count: int) -> bytes:
        """The next bytes.

        Raises:
            DamagedFile: `truncated`, the file ends before; `header_too_large`, beyond `MAX_READ_BYTES`.
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
        if self._at + count <= len(self._buffer):
            self._at += count
            return
        self._buffer_start = self.position + count
        self._buffer, self._at = b"", 0

    def take_line(self, limit: int) -> bytes:
        """Up to the next newline, without it; longer lines than `limit` are `invalid_header`."""
        if self._at + limit >= len(self._buffer):
            self._fill(min(limit + 1, self.remaining_bytes))
        end = self._buffer.find(b"\n", self._at, self._at + limit + 1)
        if end < 0:
            raise DamagedFile("A name in the header has no end. Download the file again.", code="invalid_header")
        line = self._buffer[self._at : end]
        self._at = end + 1
        return line

    def _fill(self, count: int) -> None:
        if count > self.remaining_bytes:
            raise self._cut_short(count)
        start = self.position
        wanted = min(max(count, _CHUNK_BYTES), self._size_bytes - start)
        self._left_to_read -= wanted
        if self._left_to_read < 0:
            raise DamagedFile(
                f"The header is larger than {MAX_READ_BYTES:,} bytes. It is damaged or made to harm; "
                "do not use the file, download it again.",
                code="header_too_large",
            )
        self._file.seek(start)
        self._buffer = self._file.read(wanted)
        self._buffer_start, self._at = start, 0
        if len(self._buffer) < count:
            raise self._cut_short(count)

    def _cut_short(self, count: int) -> DamagedFile:
        return DamagedFile(
            f"The file ends at {self._size_bytes:,} bytes, within its header: at least {self.position + count:,} are "
            "expected, as after an unfinished download. Download it again or resume the download.",
            code="truncated",
            expected_bytes=self.position + count,
            found_bytes=self._size_bytes,
        )
