"""Writes torch's two containers without torch: the pickle opcode by opcode, the storages as holes in the file."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO

STORAGES = {
    "F64": ("DoubleStorage", 8),
    "F32": ("FloatStorage", 4),
    "F16": ("HalfStorage", 2),
    "BF16": ("BFloat16Storage", 2),
    "I64": ("LongStorage", 8),
    "I32": ("IntStorage", 4),
    "I16": ("ShortStorage", 2),
    "I8": ("CharStorage", 1),
    "U8": ("ByteStorage", 1),
    "BOOL": ("BoolStorage", 1),
}
"""The class in `torch` and the bytes of one element."""

DTYPES_WITHOUT_STORAGE = {
    "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2",
    "U16": "uint16",
    "U32": "uint32",
}
"""What torch saves as untyped bytes through `_rebuild_tensor_v3`, naming the dtype."""

_LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
_LEGACY_SYSTEM = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}
_ALIGNMENT = 64
_ZIP32_LIMIT = 0xFFFFFFFF


@dataclass(frozen=True)
class StoredTensor:
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class _Storage:
    key: str
    elements: int
    element_bytes: int

    @property
    def size_bytes(self) -> int:
        return self.elements * self.element_bytes


class TorchPickle:
    """A protocol 2 pickle of plain values and tensors, as torch's pickler writes it."""

    def __init__(self, *, legacy: bool = False) -> None:
        self.storages: list[_Storage] = []
        self._legacy = legacy
        self._bytes = bytearray(b"\x80\x02")

    def dump(self, value: object) -> bytes:
        self._value(value)
        return bytes(self._bytes) + b"."

    def _value(self, value: object) -> None:
        match value:
            case StoredTensor():
                self._tensor(value)
            case None | True | False:
                self._bytes += {None: b"N", True: b"\x88", False: b"\x89"}[value]
            case int():
                self._int(value)
            case float():
                self._bytes += b"G" + struct.pack(">d", value)
            case str():
                self._bytes += b"X" + struct.pack("<I", len(value.encode())) + value.encode()
            case list():
                self._bytes += b"]("
                self._values(value)
                self._bytes += b"e"
            case tuple():
                self._tuple(value)
            case dict():
                self._bytes += b"}("
                self._values(part for item in value.items() for part in item)
                self._bytes += b"u"
            case _:
                raise TypeError(f"A model file holds no {type(value).__name__}.")

    def _values(self, values: Iterable[object]) -> None:
        for value in values:
            self._value(value)

    def _tuple(self, values: Iterable[object]) -> None:
        self._bytes += b"("
        self._values(values)
        self._bytes += b"t"

    def _int(self, number: int) -> None:
        if 0 <= number < 1 << 8:
            self._bytes += b"K" + bytes([number])
        elif 0 <= number < 1 << 16:
            self._bytes += b"M" + struct.pack("<H", number)
        elif -(1 << 31) <= number < 1 << 31:
            self._bytes += b"J" + struct.pack("<i", number)
        else:
            encoded = number.to_bytes((number.bit_length() + 8) // 8, "little", signed=True)
            self._bytes += b"\x8a" + bytes([len(encoded)]) + encoded

    def _global(self, module: str, name: str) -> None:
        self._bytes += f"c{module}\n{name}\n".encode()

    def _tensor(self, tensor: StoredTensor) -> None:
        typed = tensor.dtype in STORAGES
        self._global("torch._utils", "_rebuild_tensor_v2" if typed else "_rebuild_tensor_v3")
        self._bytes += b"("
        self._storage(tensor)
        self._int(0)
        self._tuple(tensor.shape)
        self._tuple(_strides(tensor.shape))
        self._bytes += b"\x89"
        self._global("collections", "OrderedDict")
        self._bytes += b")R"
        if not typed:
            self._global("torch", DTYPES_WITHOUT_STORAGE[tensor.dtype])
        self._bytes += b"tR"

    def _storage(self, tensor: StoredTensor) -> None:
        storage_class, element_bytes = STORAGES.get(tensor.dtype, ("", 0))
        elements = prod(tensor.shape)
        if not storage_class:
            element_bytes, elements = 1, elements * (1 if tensor.dtype.startswith("F8") else int(tensor.dtype[1:]) // 8)
        storage = _Storage(str(len(self.storages)), elements, element_bytes)
        self.storages.append(storage)
        self._bytes += b"("
        self._value("storage")
        if storage_class:
            self._global("torch", storage_class)
        else:
            self._global("torch.storage", "UntypedStorage")
        self._values((storage.key, "cpu", storage.elements))
        if self._legacy:
            self._bytes += b"N"
        self._bytes += b"tQ"


def _strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    strides: list[int] = []
    step = 1
    for size in reversed(shape):
        strides.append(step)
        step *= max(size, 1)
    return tuple(reversed(strides))


def write_legacy_object(path: Path, value: object) -> None:
    pickle = TorchPickle(legacy=True)
    body = pickle.dump(value)
    with path.open("wb") as file:
        for part in (_LEGACY_MAGIC, 1001, _LEGACY_SYSTEM):
            file.write(TorchPickle().dump(part))
        file.write(body + TorchPickle().dump([storage.key for storage in pickle.storages]))
        for storage in pickle.storages:
            file.write(struct.pack("<q", storage.elements))
            file.truncate(file.tell() + storage.size_bytes)
            file.seek(storage.size_bytes, 1)


def write_zip_object(path: Path, value: object, *, root: str = "archive") -> None:
    pickle = TorchPickle()
    body = pickle.dump(value)
    with path.open("wb") as file:
        archive = _StoredZip(file)
        archive.add(f"{root}/data.pkl", body)
        archive.add(f"{root}/byteorder", b"little")
        for storage in pickle.storages:
            archive.add_zeros(f"{root}/data/{storage.key}", storage.size_bytes)
        archive.add(f"{root}/version", b"3\n")
        archive.finish()


@dataclass(frozen=True)
class _Entry:
    name: bytes
    crc: int
    size_bytes: int
    offset: int


class _StoredZip:
    """A zip of uncompressed entries whose data starts at multiples of 64 bytes, with zip64 where sizes ask for it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._entries: list[_Entry] = []

    def add(self, name: str, content: bytes) -> None:
        self._begin(name, zlib.crc32(content), len(content))
        self._file.write(content)

    def add_zeros(self, name: str, size_bytes: int) -> None:
        self._begin(name, crc_of_zeros(size_bytes), size_bytes)
        self._file.truncate(self._file.tell() + size_bytes)
        self._file.seek(size_bytes, 1)

    def _begin(self, name: str, crc: int, size_bytes: int) -> None:
        offset, encoded = self._file.tell(), name.encode()
        large = size_bytes >= _ZIP32_LIMIT
        extra = struct.pack("<HHQQ", 1, 16, size_bytes, size_bytes) if large else b""
        padding = -(offset + 30 + len(encoded) + len(extra) + 4) % _ALIGNMENT
        extra += struct.pack("<HH", 0x4246, padding) + b"Z" * padding
        size = min(size_bytes, _ZIP32_LIMIT)
        fields = (0x04034B50, 45 if large else 20, 0, 0, 0, 0, crc, size, size, len(encoded), len(extra))
        self._file.write(struct.pack("<I5H3I2H", *fields) + encoded + extra)
        self._entries.append(_Entry(encoded, crc, size_bytes, offset))

    def finish(self) -> None:
        start = self._file.tell()
        for entry in self._entries:
            self._file.write(_central_record(entry))
        size, count = self._file.tell() - start, len(self._entries)
        if start >= _ZIP32_LIMIT or count >= 0xFFFF:
            end = self._file.tell()
            self._file.write(struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, count, count, size, start))
            self._file.write(struct.pack("<IIQI", 0x07064B50, 0, end, 1))
        short_count = min(count, 0xFFFF)
        fields = (0x06054B50, 0, 0, short_count, short_count, size, min(start, _ZIP32_LIMIT), 0)
        self._file.write(struct.pack("<I4HIIH", *fields))


def _central_record(entry: _Entry) -> bytes:
    large = b""
    if entry.size_bytes >= _ZIP32_LIMIT:
        large += struct.pack("<QQ", entry.size_bytes, entry.size_bytes)
    if entry.offset >= _ZIP32_LIMIT:
        large += struct.pack("<Q", entry.offset)
    extra = struct.pack("<HH", 1, len(large)) + large if large else b""
    size, offset = min(entry.size_bytes, _ZIP32_LIMIT), min(entry.offset, _ZIP32_LIMIT)
    version = 45 if large else 20
    fields = (0x02014B50, version, version, 0, 0, 0, 0, entry.crc, size, size, len(entry.name), len(extra))
    return struct.pack("<I6H3I2H", *fields) + struct.pack("<3HII", 0, 0, 0, 0, offset) + entry.name + extra


def crc_of_zeros(count: int) -> int:
    """CRC-32 of so many zero bytes in logarithmic time: a zero byte is a matrix over GF(2), squared by doubling."""
    step = [0xEDB88320] + [1 << bit for bit in range(31)]
    for _ in range(3):
        step = [_times(step, column) for column in step]
    state = 0xFFFFFFFF
    while count:
        if count & 1:
            state = _times(step, state)
        step = [_times(step, column) for column in step]
        count >>= 1
    return state ^ 0xFFFFFFFF


def _times(matrix: list[int], vector: int) -> int:
    result = 0
    for column in matrix:
        if vector & 1:
            result ^= column
        vector >>= 1
    return result
