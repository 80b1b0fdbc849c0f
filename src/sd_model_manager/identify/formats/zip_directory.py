"""Reads a zip's central directory, bounded, and holds it against the entries themselves.

Programs disagree on which of several contradicting records they believe; scanners have been fooled that way. So every
contradiction is a fault here. Facts: PKWARE APPNOTE 6.3.10 (sections 4.3.7 to 4.3.16, zip64 in 4.5.3).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sd_model_manager.identify.formats.clean_text import clean_text
from sd_model_manager.lib.errors import DamagedFile

MAX_DIRECTORY_BYTES = 64_000_000
MAX_ENTRIES = 300_000
_END_BYTES = 22
_MAX_COMMENT_BYTES = 65_535
_LIMIT32, _LIMIT16 = 0xFFFFFFFF, 0xFFFF
_ENCRYPTED = 0x2041
_SIZES_FOLLOW = 0x0008


@dataclass(frozen=True, slots=True)
class ZipEntry:
    name: str
    flags: int
    method: int
    crc: int
    stored_bytes: int
    size_bytes: int
    offset: int

    @property
    def is_plain(self) -> bool:
        """Neither compressed nor encrypted, as torch writes all it needs."""
        return self.method == 0 and not self.flags & _ENCRYPTED and self.stored_bytes == self.size_bytes


def read_directory(file: BinaryIO, size_bytes: int) -> tuple[ZipEntry, ...]:
    """All entries in their own order.

    Raises:
        DamagedFile: `truncated` where the end record is missing, `odd_zip` where it makes no sense.
    """
    tail_bytes = min(size_bytes, _END_BYTES + _MAX_COMMENT_BYTES)
    file.seek(size_bytes - tail_bytes)
    tail = file.read(tail_bytes)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END_BYTES:
        raise DamagedFile("The zip's directory, which stands at its end, is missing.", code="truncated")
    disk, first_disk, _, count, length, offset, comment_bytes = struct.unpack_from("<4H2IH", tail, at + 4)
    end = size_bytes - tail_bytes + at
    if end + _END_BYTES + comment_bytes != size_bytes or disk or first_disk:
        raise make_odd("something follows its end, or it is one of several parts")
    if _LIMIT16 in (count, disk) or _LIMIT32 in (length, offset):
        count, length, offset = _read_zip64(file, end)
    if length > MAX_DIRECTORY_BYTES or count > MAX_ENTRIES or offset + length > end:
        raise make_odd("its directory is larger than can be")
    file.seek(offset)
    return tuple(_parse_directory(file.read(length), count))


def _read_zip64(file: BinaryIO, end: int) -> tuple[int, int, int]:
    locator_at = end - 20
    if locator_at < 0:
        raise make_odd("its 64-bit directory is missing")
    file.seek(locator_at)
    locator = file.read(20)
    if locator[:4] != b"PK\x06\x07":
        raise make_odd("its 64-bit directory is missing")
    (record_at,) = struct.unpack_from("<Q", locator, 8)
    if record_at > locator_at - 56:
        raise make_odd("its 64-bit directory lies outside")
    file.seek(record_at)
    record = file.read(56)
    if record[:4] != b"PK\x06\x06" or len(record) < 56:
        raise make_odd("its 64-bit directory is no directory")
    count, length, offset = struct.unpack_from("<3Q", record, 32)
    return count, length, offset


def _parse_directory(directory: bytes, count: int) -> Iterator[ZipEntry]:
    at = 0
    for _ in range(count):
        if directory[at : at + 4] != b"PK\x01\x02" or len(directory) - at < 46:
            raise make_odd("its directory is shorter than its end says")
        fields = struct.unpack_from("<6H3I5H2I", directory, at + 4)
        flags, method, crc, stored, size = fields[2], fields[3], fields[6], fields[7], fields[8]
        name_bytes, extra_bytes, comment_bytes, offset = fields[9], fields[10], fields[11], fields[15]
        name = directory[at + 46 : at + 46 + name_bytes]
        extra = directory[at + 46 + name_bytes : at + 46 + name_bytes + extra_bytes]
        size, stored, offset = _widen(extra, size, stored, offset)
        at += 46 + name_bytes + extra_bytes + comment_bytes
        yield ZipEntry(clean_text(name.decode(errors="replace")), flags, method, crc, stored, size, offset)
    if at != len(directory):
        raise make_odd("its directory is longer than its end says")


def _widen(extra: bytes, *short: int) -> tuple[int, ...]:
    """Replace each number that did not fit 32 bits by the next one of the zip64 field."""
    wide = iter(())
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            field = extra[at + 4 : at + 4 + length]
            wide = iter(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
            break
        at += 4 + length
    try:
        return tuple(next(wide) if number == _LIMIT32 else number for number in short)
    except RuntimeError as error:
        raise make_odd("a 64-bit size is missing") from error


def find_content_start(file: BinaryIO, entry: ZipEntry) -> int:
    """Where the entry's bytes begin, by its own record, which must not contradict the directory.

    Raises:
        DamagedFile: `odd_zip`.
    """
    file.seek(entry.offset)
    record = file.read(30)
    if len(record) < 30 or record[:4] != b"PK\x03\x04":
        raise make_odd(f"'{entry.name[:100]}' is not where the directory says")
    fields: tuple[int, ...] = struct.unpack_from("<5H3I2H", record, 4)
    _, flags, method, _, _, crc, stored, size, name_bytes, extra_bytes = fields
    name = clean_text(file.read(name_bytes).decode(errors="replace"))
    says = (name, flags, method)
    if says != (entry.name, entry.flags, entry.method):
        raise make_odd(f"the directory and the entry '{entry.name[:100]}' contradict each other")
    deferred = flags & _SIZES_FOLLOW and not (crc or stored or size)
    sizes = {entry.stored_bytes, _LIMIT32}
    if not deferred and (crc != entry.crc or stored not in sizes or size not in sizes):
        raise make_odd(f"the directory and the entry '{entry.name[:100]}' contradict each other")
    return entry.offset + 30 + name_bytes + extra_bytes


def has_right_checksum(file: BinaryIO, start: int, entry: ZipEntry) -> bool:
    """Read all of an uncompressed entry; the caller bounds its size."""
    file.seek(start)
    crc, left = 0, entry.size_bytes
    while left and (chunk := file.read(min(left, 1 << 20))):
        crc = zlib.crc32(chunk, crc)
        left -= len(chunk)
    return not left and crc == entry.crc


def make_odd(why: str) -> DamagedFile:
    return DamagedFile(
        f"This zip is not as torch writes one: {why}. Programs may read it differently than scanners do; "
        "do not load it, download it again from its publisher or look for a safetensors version.",
        code="odd_zip",
    )
