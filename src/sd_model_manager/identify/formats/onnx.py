"""Recognises ONNX, whose file is one protobuf message, by walking its outermost fields.

Facts: onnx.proto3, `ModelProto`: 1 ir_version, 2 producer_name, 3 producer_version, 7 graph, 8 opset_import.
"""

from __future__ import annotations

from typing import BinaryIO

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.formats.clean_text import clean_text
from sd_model_manager.identify.formats.cursor import Cursor
from sd_model_manager.identify.formats.reader import make_truncated
from sd_model_manager.identify.header import Header
from sd_model_manager.lib.errors import DamagedFile

FORMAT = FileFormat.ONNX

MAX_FIELDS = 100
MAX_TEXT_BYTES = 1024
_IR_VERSIONS = range(1, 32)
_FIELDS_OF_MODEL = frozenset({2, 3, 4, 5, 6, 7, 8, 14, 20, 25})
_TEXTS = {2: "onnx.producer_name", 3: "onnx.producer_version", 4: "onnx.domain"}
_VARINT, _LENGTH_DELIMITED = 0, 2


def recognises(start: bytes, size_bytes: int) -> bool:
    """By an IR version first, as all known writers place it, and a field of the model behind it."""
    if size_bytes < 8 or start[0] != 0x08 or start[1] not in _IR_VERSIONS:
        return False
    field, wire = start[2] >> 3, start[2] & 7
    return field in _FIELDS_OF_MODEL and wire in (_VARINT, _LENGTH_DELIMITED)


def read(file: BinaryIO, size_bytes: int) -> Header:
    cursor = Cursor(file, size_bytes)
    metadata: dict[str, str] = {}
    try:
        for _ in range(MAX_FIELDS):
            if not cursor.remaining_bytes:
                break
            tag = _varint(cursor)
            if tag & 7 == _VARINT:
                value = _varint(cursor)
                if tag >> 3 == 1:
                    metadata["onnx.ir_version"] = str(value)
                continue
            if tag & 7 != _LENGTH_DELIMITED:
                break
            length = _varint(cursor)
            if length > cursor.remaining_bytes:
                problem = make_truncated(cursor.position + length, size_bytes)
                return Header(FORMAT, metadata=metadata, problems=(problem,))
            name = _TEXTS.get(tag >> 3)
            if name and length <= MAX_TEXT_BYTES:
                metadata[name] = clean_text(cursor.take(length).decode(errors="replace"))
            else:
                cursor.skip(length)
    except DamagedFile:
        return Header(FORMAT, metadata=metadata, problems=(make_truncated(size_bytes + 1, size_bytes),))
    return Header(FORMAT, metadata=metadata)


def _varint(cursor: Cursor) -> int:
    value = 0
    for shift in range(0, 70, 7):
        byte = cursor.take(1)[0]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return value
