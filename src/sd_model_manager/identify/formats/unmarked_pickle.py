"""Recognises pickles that do not say they are: the protocol mark is optional to those who load them.

Torch writes none of these, so nobody loses a model by it; but a file that begins at once with an import and a call is
what an attacker would write to pass for text. Nothing is read of them but what they import.
"""

from __future__ import annotations

import pickletools
import re
from collections.abc import Iterator
from typing import BinaryIO

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.formats.pickle_walk import make_unsafe
from sd_model_manager.identify.formats.reader import START_BYTES
from sd_model_manager.identify.header import Header

FORMAT = FileFormat.PICKLE

SEARCHED_BYTES = 1 << 16

_INSTANCE, _MARK = b"i", b"("
_NAMED_IMPORTS = (b"c", _INSTANCE)
_IMPORTS = (*_NAMED_IMPORTS, b"\x93")
_CALLS = (b"R", b"o", b"b", b"\x81", b"\x92")
_NAMES = re.compile(rb"[A-Za-z_][\w.]*\r?\n[A-Za-z_][\w.]*\r?\n")
"""A module and what is in it, a line each: other text begins with these letters too."""

_OPCODES = {opcode.code: opcode for opcode in pickletools.opcodes}
_LENGTH_BYTES = {
    pickletools.TAKEN_FROM_ARGUMENT1: 1,
    pickletools.TAKEN_FROM_ARGUMENT4: 4,
    pickletools.TAKEN_FROM_ARGUMENT4U: 4,
    pickletools.TAKEN_FROM_ARGUMENT8U: 8,
}


def recognises(start: bytes, size_bytes: int) -> bool:
    """By an import and a later call, or by nothing but opcodes in all of a full start."""
    seen: set[bytes] = set()
    is_full = False
    try:
        for code, argument, runs_out in _iterate_opcodes(start):
            if code in _NAMED_IMPORTS and not runs_out and not _NAMES.fullmatch(argument):
                return False
            if code in _CALLS and not seen.isdisjoint(_IMPORTS):
                return True
            if code == _INSTANCE and _MARK in seen:
                return True
            seen.add(code)
            is_full = runs_out
    except ValueError:
        return False
    return is_full and size_bytes > START_BYTES


def read(file: BinaryIO, size_bytes: int) -> Header:
    file.seek(0)
    content = file.read(min(size_bytes, SEARCHED_BYTES))
    found: dict[str, None] = {}
    try:
        for code, argument, _ in _iterate_opcodes(content):
            if code in _IMPORTS:
                name = argument.decode(errors="replace").replace("\n", ".").strip(".") or "a name made while loading"
                found[f"the import {name[:200]}"] = None
    except ValueError:
        found["what is no opcode"] = None
    return Header(FORMAT, problems=(make_unsafe(("a pickle without its mark", *found)),))


def _iterate_opcodes(content: bytes) -> Iterator[tuple[bytes, bytes, bool]]:
    """Each opcode with its argument, and whether it runs to the end of the content or beyond.

    Raises:
        ValueError: a byte is no opcode.
    """
    at = 0
    while at < len(content):
        code = content[at : at + 1]
        opcode = _OPCODES.get(code.decode("latin-1"))
        if opcode is None:
            raise ValueError(f"{code!r} is no opcode")
        end = at + 1 + _measure_argument(opcode, content, at + 1)
        yield code, content[at + 1 : end], end >= len(content)
        if code == b".":
            return
        at = end


def _measure_argument(opcode: pickletools.OpcodeInfo, content: bytes, at: int) -> int:
    if opcode.arg is None:
        return 0
    if opcode.arg.n >= 0:
        return opcode.arg.n
    if width := _LENGTH_BYTES.get(opcode.arg.n):
        return width + int.from_bytes(content[at : at + width], "little")
    end = at - 1
    for _ in range(2 if opcode.code in "ci" else 1):
        end = content.find(b"\n", end + 1)
        if end < 0:
            return len(content) - at
    return end + 1 - at
