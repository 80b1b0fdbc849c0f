"""Reads GGUF versions 1 to 3 in either byte order: key-values, then tensor places, then aligned weights.

Facts: the GGUF specification of ggml and gguf 0.19. Version 1 counts in 32 bits; a file of big-endian machines is
known by its swapped version. Dimensions are stored innermost first and reversed here.
"""

from __future__ import annotations

import json
import struct
from math import prod
from typing import Any, BinaryIO

from sd_model_manager.domain.local import Problem
from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.formats.clean_text import clean_text
from sd_model_manager.identify.formats.cursor import Cursor
from sd_model_manager.identify.formats.ggml_types import GGML_TYPES
from sd_model_manager.identify.formats.limits import MAX_DIMENSIONS, MAX_SIZE, MAX_TENSORS
from sd_model_manager.identify.formats.reader import list_some, make_truncated, name_some, to_problem
from sd_model_manager.identify.header import Header, Tensor
from sd_model_manager.lib.codes import ProblemCode
from sd_model_manager.lib.errors import DamagedFile

FORMAT = FileFormat.GGUF

MAX_KEYS = 65_536
MAX_NAME_BYTES = 65_535
"""Of keys and tensor names; the specification's own limit for keys."""

MAX_TEXT_BYTES = 1 << 20
"""Of a text value that is kept; a longer one is skipped and counted."""

MAX_ARRAY_ITEMS = 1024
"""Of an array that is kept; of a longer one (vocabularies) only its type and count are."""

MAX_KEPT_ITEMS = 262_144
"""Of all arrays that are kept together."""

MAX_STRINGS = 2_000_000
"""Of all string arrays together: the largest vocabularies have some 300,000."""

_MAGIC = b"GGUF"
_ORIGINAL_SHAPE = "comfy.gguf.orig_shape."
_ALIGNMENT_KEY = "general.alignment"
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9


def recognises(start: bytes, size_bytes: int) -> bool:
    del size_bytes
    return start.startswith(_MAGIC)


def read(file: BinaryIO, size_bytes: int) -> Header:
    reading = _Reading(Cursor(file, size_bytes, len(_MAGIC)))
    try:
        reading.read()
    except DamagedFile as error:
        reading.problems.append(to_problem(error))
        return reading.as_header(None)
    data_start = reading.find_data_start()
    reading.check_places(data_start, size_bytes)
    return reading.as_header(data_start)


class _Reading:
    def __init__(self, cursor: Cursor) -> None:
        self.problems: list[Problem] = []
        self._cursor = cursor
        self._order = "<"
        self._count_format = "Q"
        self._values: dict[str, Any] = {}
        self._tensors: dict[str, Tensor] = {}
        self._spans: list[tuple[int, int, str]] = []
        self._unknown: list[str] = []
        self._strings_left = MAX_STRINGS
        self._items_left = MAX_KEPT_ITEMS

    def read(self) -> None:
        self._read_version()
        tensor_count, key_count = self._number(self._count_format), self._number(self._count_format)
        if tensor_count > MAX_TENSORS or key_count > MAX_KEYS:
            raise _too_large(f"{tensor_count:,} tensors and {key_count:,} keys")
        for _ in range(key_count):
            key = self._name()
            self._values[key] = self._value(self._number("I"))
        for _ in range(tensor_count):
            self._read_tensor()

    def as_header(self, data_start: int | None) -> Header:
        if self._unknown:
            self._say("unknown_dtype", self._unknown, "weights of a type newer than this program knows")
        metadata = {key: value if isinstance(value, str) else json.dumps(value) for key, value in self._values.items()}
        return Header(FORMAT, self._tensors, metadata, data_start, tuple(self.problems))

    def find_data_start(self) -> int:
        position, alignment = self._cursor.position, self._alignment()
        return position + -position % alignment

    def check_places(self, data_start: int, size_bytes: int) -> None:
        overlapping: list[str] = []
        reached = 0
        for begin, end, name in sorted(self._spans):
            if begin < reached:
                overlapping.append(name)
            reached = max(reached, end)
        if overlapping:
            self._say("overlapping_offsets", overlapping, "weights that lie on the bytes of others")
        if data_start + reached > size_bytes and self._spans:
            self.problems.append(make_truncated(data_start + reached, size_bytes))

    def _read_version(self) -> None:
        version = self._number("I")
        if version & 0xFFFF == 0:
            self._order = ">"
            version = int.from_bytes(version.to_bytes(4, "little"), "big")
        if version not in (1, 2, 3):
            raise _invalid(f"its version is {version}, and 1 to 3 are known")
        self._count_format = "I" if version == 1 else "Q"

    def _alignment(self) -> int:
        stored = self._values.get(_ALIGNMENT_KEY, 32)
        if type(stored) is int and 0 < stored <= 1 << 20 and stored & (stored - 1) == 0:
            return stored
        self.problems.append(
            Problem("bad_metadata", f"{_ALIGNMENT_KEY} is {stored!r:.40}, not a power of two; 32 is taken for it.")
        )
        return 32

    def _number(self, letter: str) -> Any:
        layout = self._order + letter
        return struct.unpack(layout, self._cursor.take(struct.calcsize(layout)))[0]

    def _name(self) -> str:
        length = self._number(self._count_format)
        if length > MAX_NAME_BYTES:
            raise _too_large(f"a name of {length:,} bytes")
        return clean_text(self._cursor.take(length).decode(errors="replace"))

    def _value(self, kind: int) -> Any:
        if kind == _ARRAY:
            return self._array(self._number("I"), self._number(self._count_format))
        if kind == _STRING:
            return self._text()
        if kind not in _SCALARS:
            raise _invalid(f"it has a value of the unknown kind {kind}")
        return self._number(_SCALARS[kind])

    def _text(self) -> Any:
        length = self._number(self._count_format)
        if length > MAX_TEXT_BYTES:
            self._cursor.skip(length)
            return {"type": "text", "bytes": length}
        return clean_text(self._cursor.take(length).decode(errors="replace"))

    def _array(self, kind: int, count: int) -> Any:
        if kind == _STRING:
            return self._strings(count)
        if kind not in _SCALARS:
            raise _invalid(f"it has an array of the unknown kind {kind}")
        letter = _SCALARS[kind]
        if self._keeps(count):
            layout = f"{self._order}{count}{letter}"
            return list(struct.unpack(layout, self._cursor.take(struct.calcsize(layout))))
        self._cursor.skip(count * struct.calcsize(self._order + letter))
        return {"type": letter, "count": count}

    def _keeps(self, count: int) -> bool:
        if count > MAX_ARRAY_ITEMS or count > self._items_left:
            return False
        self._items_left -= count
        return True

    def _strings(self, count: int) -> Any:
        self._strings_left -= count
        if self._strings_left < 0:
            raise _too_large(f"lists of more than {MAX_STRINGS:,} words")
        if self._keeps(count):
            return [self._text() for _ in range(count)]
        for _ in range(count):
            length = self._number(self._count_format)
            if length > MAX_NAME_BYTES:
                self._cursor.skip(length)
            else:
                self._cursor.take(length)
        return {"type": "text", "count": count}

    def _read_tensor(self) -> None:
        name, dimension_count = self._name(), self._number("I")
        if dimension_count > MAX_DIMENSIONS:
            raise _invalid(f"'{name}' has {dimension_count:,} dimensions")
        stored_shape = tuple(self._number(self._count_format) for _ in range(dimension_count))
        number, begin = self._number("I"), self._number("Q")
        elements = prod(stored_shape)
        if elements > MAX_SIZE or begin > MAX_SIZE:
            raise _invalid(f"'{name}' has an impossible size")
        if name in self._tensors:
            self._say("duplicate_tensor", [name], "weights that appear twice")
        known = GGML_TYPES.get(number)
        if known is None:
            self._unknown.append(name)
            self._tensors[name] = Tensor(f"GGML_{number}", stored_shape[::-1])
            return
        self._tensors[name] = Tensor(known.name, self._true_shape(name, stored_shape[::-1], elements))
        self._spans.append((begin, begin + -(-elements // known.block_elements) * known.block_bytes, name))

    def _true_shape(self, name: str, shape: tuple[int, ...], elements: int) -> tuple[int, ...]:
        """ComfyUI-GGUF flattens convolutions to rows of 256 and keeps their shape beside."""
        original = self._values.get(_ORIGINAL_SHAPE + name)
        if not isinstance(original, list) or not all(type(size) is int and size >= 0 for size in original):
            return shape
        return tuple(original) if original and prod(original) == elements else shape

    def _say(self, code: ProblemCode, names: list[str], what: str) -> None:
        if sum(problem.code == code for problem in self.problems) < 3:
            message = f"The header names {what}: {name_some(names)}. Download the file again from its publisher."
            self.problems.append(Problem(code, message, list_some(names)))


def _too_large(what: str) -> DamagedFile:
    return DamagedFile(
        f"The header announces {what}. It is damaged or made to harm; do not use the file, download it again.",
        code="header_too_large",
    )


def _invalid(why: str) -> DamagedFile:
    return DamagedFile(f"This is not a usable GGUF file: {why}. Download it again.", code="invalid_header")
