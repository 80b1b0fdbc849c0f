"""Walks a pickle opcode by opcode and notes what it would make. Nothing is imported, called or unpickled.

An allow-list, not a deny-list: every opcode that the tables do not name, every import that `pickle_imports` does not
know and every odd use of them is a refusal. After a refused import the walk goes on with an object that stands for
it, so that the tensors of an unsafe file can still be told. Opcodes: pickle protocols 2 to 5 (`pickletools`).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sd_model_manager.domain.local import Problem
from sd_model_manager.identify.formats.clean_text import clean_text
from sd_model_manager.identify.formats.cursor import Cursor
from sd_model_manager.identify.formats.pickle_imports import Unexpected, call, is_allowed, make_storage
from sd_model_manager.identify.formats.pickle_values import Import, PickledDict, PickledObject, Storage
from sd_model_manager.lib.errors import DamagedFile

MAX_OPCODES = 2_000_000
"""Of one pickle: enough for 40,000 tensors, and some 300 MB when all of them make something."""

MAX_TEXT_BYTES = 1 << 26
"""Of all texts in a pickle together; in memory they may take four times as much."""

MAX_NAME_BYTES = 1024
"""Of a line that names a module or what is in it."""

MAX_REFUSALS = 500
"""After so many different ones the walk ends. A detector saved whole, with all its classes, has some fifty."""

_STOP = ord(".")


@dataclass(frozen=True, slots=True)
class PickleContent:
    """`value` is what would be made (of a walk that broke off: what there is so far), `refusals` why not to load it.

    `is_complete` tells whether the walk came to STOP.
    """

    value: Any
    storages: dict[str, Storage]
    refusals: tuple[str, ...]
    is_complete: bool


def walk_pickle(cursor: Cursor, *, has_storages: bool = True) -> PickleContent:
    """Walk one pickle and leave the cursor behind its STOP, or where the walk broke off."""
    return _Walk(cursor, has_storages=has_storages).run()


class _Broken(Exception):
    """The walk cannot go on; the text is the refusal."""


class _Walk:
    def __init__(self, cursor: Cursor, *, has_storages: bool) -> None:
        self._take = cursor.take
        self._cursor = cursor
        self._has_storages = has_storages
        self._stack: list[Any] = []
        self._outer: list[list[Any]] = []
        self._memo: dict[int, Any] = {}
        self._storages: dict[str, Storage] = {}
        self._refusals: dict[str, None] = {}
        self._text_left = MAX_TEXT_BYTES
        self._opcodes = self._make_opcodes()

    def run(self) -> PickleContent:
        is_complete = False
        try:
            self._run_opcodes()
            is_complete = True
        except _Broken as error:
            self._refuse(str(error))
        except DamagedFile as error:
            is_cut = error.error_code == "truncated"
            self._refuse("no end: the file stops within it" if is_cut else "more than a pickle of weights needs")
        except (IndexError, KeyError):
            self._refuse("an opcode that takes what is not there")
        stack = self._outer[0] if self._outer else self._stack
        if is_complete and (self._outer or len(stack) != 1):
            self._refuse("more or less than one object")
        return PickleContent(stack[0] if stack else None, self._storages, tuple(self._refusals), is_complete)

    def _run_opcodes(self) -> None:
        take, opcodes = self._take, self._opcodes
        for _ in range(MAX_OPCODES):
            code = take(1)[0]
            if code == _STOP:
                return
            act = opcodes.get(code)
            if act is None:
                raise _Broken(f"the opcode {bytes([code])!r}")
            act()
            if len(self._refusals) > MAX_REFUSALS:
                raise _Broken("no end of these")
        raise _Broken(f"more than {MAX_OPCODES:,} opcodes")

    def _refuse(self, what: str) -> None:
        self._refusals[what] = None

    def _make_opcodes(self) -> dict[int, Callable[[], None]]:
        table: dict[bytes, Callable[[], None]] = {
            b"\x80": self._protocol,
            b"\x95": lambda: self._drop(8),
            b"N": lambda: self._stack.append(None),
            b"\x88": lambda: self._stack.append(True),
            b"\x89": lambda: self._stack.append(False),
            b"K": lambda: self._stack.append(self._take(1)[0]),
            b"M": lambda: self._stack.append(self._length(2)),
            b"J": lambda: self._stack.append(struct.unpack("<i", self._take(4))[0]),
            b"\x8a": lambda: self._stack.append(int.from_bytes(self._take(self._length(1)), "little", signed=True)),
            b"G": lambda: self._stack.append(struct.unpack(">d", self._take(8))[0]),
            b"X": lambda: self._text(4, "utf-8"),
            b"\x8c": lambda: self._text(1, "utf-8"),
            b"\x8d": lambda: self._text(8, "utf-8"),
            b"U": lambda: self._text(1, "latin-1"),
            b"T": lambda: self._text(4, "latin-1"),
            b"B": lambda: self._skip_bytes(4),
            b"C": lambda: self._skip_bytes(1),
            b"\x8e": lambda: self._skip_bytes(8),
            b"\x96": lambda: self._skip_bytes(8),
            b"(": self._mark,
            b")": lambda: self._stack.append(()),
            b"]": lambda: self._stack.append([]),
            b"}": lambda: self._stack.append(PickledDict()),
            b"\x8f": lambda: self._stack.append([]),
            b"\x85": lambda: self._tuple(1),
            b"\x86": lambda: self._tuple(2),
            b"\x87": lambda: self._tuple(3),
            b"t": lambda: self._replace_marked(tuple),
            b"\x91": lambda: self._replace_marked(list),
            b"a": lambda: self._extend([self._stack.pop()]),
            b"e": lambda: self._extend(self._pop_mark()),
            b"\x90": lambda: self._extend(self._pop_mark()),
            b"s": self._set_item,
            b"u": lambda: self._set_items(self._pop_mark()),
            b"0": self._pop,
            b"1": lambda: self._forget(self._pop_mark()),
            b"2": lambda: self._stack.append(self._stack[-1]),
            b"q": lambda: self._memo.__setitem__(self._take(1)[0], self._stack[-1]),
            b"r": lambda: self._memo.__setitem__(self._length(4), self._stack[-1]),
            b"\x94": lambda: self._memo.__setitem__(len(self._memo), self._stack[-1]),
            b"h": lambda: self._stack.append(self._memo[self._take(1)[0]]),
            b"j": lambda: self._stack.append(self._memo[self._length(4)]),
            b"c": lambda: self._import(self._line(), self._line()),
            b"\x93": self._stack_import,
            b"Q": self._persistent,
            b"R": self._reduce,
            b"b": self._build,
            b"\x81": lambda: self._new_object(self._stack.pop()),
            b"\x92": self._new_object_with_names,
            b"o": self._object_of_marked,
            b"i": self._instance,
            b"\x82": lambda: self._extension(1),
            b"\x83": lambda: self._extension(2),
            b"\x84": lambda: self._extension(4),
        }
        return {code[0]: act for code, act in table.items()}

    def _length(self, width: int) -> int:
        return int.from_bytes(self._take(width), "little")

    def _drop(self, count: int) -> None:
        self._take(count)

    def _protocol(self) -> None:
        if (version := self._take(1)[0]) > 5:
            raise _Broken(f"the pickle protocol {version}")

    def _text(self, width: int, encoding: str) -> None:
        length = self._length(width)
        self._text_left -= length
        if self._text_left < 0:
            raise _Broken(f"a text of {length:,} bytes")
        self._stack.append(self._take(length).decode(encoding, "replace"))

    def _skip_bytes(self, width: int) -> None:
        self._cursor.skip(self._length(width))
        self._stack.append(PickledObject("bytes"))

    def _line(self) -> str:
        return self._cursor.take_line(MAX_NAME_BYTES).decode(errors="replace")

    def _mark(self) -> None:
        self._outer.append(self._stack)
        self._stack = []

    def _pop_mark(self) -> list[Any]:
        marked, self._stack = self._stack, self._outer.pop()
        return marked

    def _forget(self, _values: list[Any]) -> None:
        """POP_MARK: what stood above the mark is gone."""

    def _pop(self) -> None:
        if self._stack:
            self._stack.pop()
        else:
            self._pop_mark()

    def _tuple(self, count: int) -> None:
        values = tuple(self._stack.pop() for _ in range(count))
        self._stack.append(values[::-1])

    def _replace_marked(self, make: Callable[[list[Any]], Any]) -> None:
        values = self._pop_mark()
        self._stack.append(make(values))

    def _extend(self, values: list[Any]) -> None:
        target = self._stack[-1]
        if type(target) is list:
            target.extend(values)
        elif isinstance(target, PickledObject):
            target.arguments = (target.arguments, values)
        else:
            raise _Broken("an item for what is no list")

    def _set_item(self) -> None:
        value, key = self._stack.pop(), self._stack.pop()
        self._set_items([key, value])

    def _set_items(self, flat: list[Any]) -> None:
        target = self._stack[-1]
        if len(flat) % 2:
            raise _Broken("a key without a value")
        pairs = list(zip(flat[::2], flat[1::2], strict=True))
        if isinstance(target, PickledDict):
            target.pairs += pairs
        elif isinstance(target, PickledObject):
            target.arguments = (target.arguments, PickledDict(pairs))
        else:
            raise _Broken("an item for what is no dictionary")

    def _import(self, module: str, name: str) -> None:
        imported = Import(module, name)
        if not is_allowed(imported):
            self._refuse(f"the import {imported}")
        self._stack.append(imported)

    def _stack_import(self) -> None:
        name, module = self._stack.pop(), self._stack.pop()
        if type(name) is not str or type(module) is not str or max(len(name), len(module)) > MAX_NAME_BYTES:
            raise _Broken("an import without a name")
        self._import(module, name)

    def _persistent(self) -> None:
        identity = self._stack.pop()
        if not self._has_storages:
            self._refuse("a persistent id outside a torch file")
        try:
            storage = make_storage(identity)
        except Unexpected as error:
            self._refuse(str(error))
            self._stack.append(PickledObject("persistent id"))
            return
        if self._storages.setdefault(storage.key, storage) != storage:
            self._refuse("two storages under one key")
        self._stack.append(storage)

    def _reduce(self) -> None:
        arguments, function = self._stack.pop(), self._stack.pop()
        self._stack.append(self._call(function, arguments))

    def _call(self, function: Any, arguments: Any) -> Any:
        if isinstance(function, Import) and not is_allowed(function):
            return PickledObject(str(function), arguments)
        try:
            return call(function, arguments)
        except Unexpected as error:
            self._refuse(str(error))
            return PickledObject("refused call", arguments)

    def _build(self) -> None:
        """Torch's dictionaries carry their module versions as an attribute, which says nothing of the weights."""
        state, target = self._stack.pop(), self._stack[-1]
        if isinstance(target, PickledObject):
            target.state = state
        if not isinstance(target, PickledDict) or not isinstance(state, PickledDict):
            self._refuse("attributes for what has none")

    def _new_object(self, arguments: Any) -> None:
        made_by = self._stack.pop()
        self._refuse(f"an object of {made_by}" if isinstance(made_by, Import) else "an object of no class")
        self._stack.append(PickledObject(str(made_by) if isinstance(made_by, Import) else "?", arguments))

    def _new_object_with_names(self) -> None:
        named, arguments = self._stack.pop(), self._stack.pop()
        self._new_object((arguments, named))

    def _object_of_marked(self) -> None:
        made_by, *arguments = self._pop_mark() or [None]
        self._stack.append(made_by)
        self._new_object(tuple(arguments))

    def _instance(self) -> None:
        self._import(self._line(), self._line())
        made_by, arguments = self._stack.pop(), tuple(self._pop_mark())
        self._stack.append(made_by)
        self._new_object(arguments)

    def _extension(self, width: int) -> None:
        self._refuse(f"the extension {self._length(width)}, which may stand for any import")
        self._stack.append(PickledObject("extension"))


def make_unsafe(refusals: tuple[str, ...]) -> Problem:
    shown = "; ".join(clean_text(refusal[:200]) for refusal in refusals[:5])
    more = f"; and {len(refusals) - 5} more" if len(refusals) > 5 else ""
    return Problem(
        "unsafe_pickle",
        f"Loading this file could run code on your computer. It contains {shown}{more}. "
        "Look for a safetensors version of this model; load this one only if you trust its publisher fully.",
        {"contents": shown.replace("the import ", "")},
    )
