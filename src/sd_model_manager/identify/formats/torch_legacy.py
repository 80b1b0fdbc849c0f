"""Reads what `torch.save` wrote before 1.6: five pickles in a row, then each storage with its element count.

The pickles: a magic number, the protocol version, facts on the machine, the object, the keys of the storages.
"""

from __future__ import annotations

from typing import BinaryIO

from sd_model_manager.domain.local import Problem
from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.formats.cursor import Cursor
from sd_model_manager.identify.formats.pickle_contents import name_contents
from sd_model_manager.identify.formats.pickle_walk import PickleContent, make_unsafe, walk_pickle
from sd_model_manager.identify.formats.reader import make_truncated
from sd_model_manager.identify.header import Header

FORMAT = FileFormat.TORCH_LEGACY

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
_MAGIC_PICKLE = b"\x8a\x0a" + MAGIC.to_bytes(10, "little") + b"."
_COUNT_BYTES = 8


def recognises(start: bytes, size_bytes: int) -> bool:
    """By the magic number behind the pickle's protocol, and behind a frame in protocol 4."""
    del size_bytes
    return start[:1] == b"\x80" and (start[2:].startswith(_MAGIC_PICKLE) or start[11:].startswith(_MAGIC_PICKLE))


def read(file: BinaryIO, size_bytes: int) -> Header:
    cursor = Cursor(file, size_bytes)
    refusals: list[str] = []
    contents: list[PickleContent] = []
    for place in range(5):
        content = walk_pickle(cursor, has_storages=place == 3)
        contents.append(content)
        refusals += content.refusals
        if not content.is_complete:
            break
    if len(contents) > 1 and (contents[0].value != MAGIC or contents[1].value != PROTOCOL):
        refusals.append("another magic number or version than torch's")
    problems = [make_unsafe(tuple(dict.fromkeys(refusals)))] if refusals else []
    if len(contents) < 4:
        return Header(FORMAT, problems=tuple(problems))
    tensors, metadata = name_contents(contents[3].value)
    if len(contents) == 5 and contents[4].is_complete:
        problems += _check_weights(contents[3], contents[4].value, cursor.position, size_bytes)
    return Header(FORMAT, tensors, metadata, problems=tuple(problems))


def _check_weights(content: PickleContent, keys: object, position: int, size_bytes: int) -> list[Problem]:
    if not isinstance(keys, list) or not all(type(key) is str and key in content.storages for key in keys):
        return [make_unsafe(("a list of storages that does not fit its tensors",))]
    expected = position + sum(_COUNT_BYTES + content.storages[key].size_bytes for key in keys)
    if expected > size_bytes:
        return [make_truncated(expected, size_bytes)]
    if expected < size_bytes:
        return [make_unsafe((f"{size_bytes - expected:,} bytes after its weights",))]
    return []
