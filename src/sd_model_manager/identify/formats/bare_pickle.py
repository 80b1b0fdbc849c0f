"""Reads a pickle without a container around it. Torch writes none, but old tools and other programs do."""

from __future__ import annotations

from typing import BinaryIO

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.formats.cursor import Cursor
from sd_model_manager.identify.formats.pickle_contents import name_contents
from sd_model_manager.identify.formats.pickle_walk import make_unsafe, walk_pickle
from sd_model_manager.identify.header import Header

FORMAT = FileFormat.PICKLE


def recognises(start: bytes, size_bytes: int) -> bool:
    """By the opcode that tells the protocol, 2 to 5; older protocols cannot be told from other bytes."""
    return size_bytes > 2 and start[:1] == b"\x80" and 2 <= start[1] <= 5


def read(file: BinaryIO, size_bytes: int) -> Header:
    cursor = Cursor(file, size_bytes)
    content = walk_pickle(cursor, has_storages=False)
    refusals = content.refusals
    if content.is_complete and cursor.remaining_bytes:
        refusals += (f"{cursor.remaining_bytes:,} bytes after its end",)
    tensors, metadata = name_contents(content.value)
    problems = (make_unsafe(refusals),) if refusals else ()
    return Header(FORMAT, tensors, metadata, problems=problems)
