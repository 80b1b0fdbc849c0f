"""Edits one value in a JSON text and leaves every other character as it is: spelling, order, spaces, duplicates."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object: where its key begins, and from where to where its value stands."""

    key: str
    key_start: int
    value_start: int
    value_end: int


@dataclass(frozen=True, slots=True)
class _Style:
    """How a text is laid out: what ends its lines, what one level is indented by, and whether it escapes letters."""

    newline: str
    indent: str
    is_ascii: bool


def set_value(text: str, path: Sequence[str], value: Any) -> str:
    """The text with the value at this path of keys set. Objects on the way are made where they are absent or `null`.

    Where a key stands twice the last one counts, as it does for readers. Raises ValueError: the text is no JSON object,
    a value on the path is something else than an object, or the value has no spelling in JSON; RecursionError: it is
    nested too deeply.
    """
    start = _skip(text, 0)
    members, _ = find_members(text, start)
    return _set(text, start, path, value, _style_of(text, start, members))


def find_members(text: str, start: int) -> tuple[list[Member], int]:
    """The members of the object that begins at `start`, in their order, and the index behind its brace.

    Raises ValueError where there is none."""
    if text[start : start + 1] != "{":
        raise ValueError("it is no JSON object")
    members: list[Member] = []
    at = _skip(text, start + 1)
    if text[at : at + 1] == "}":
        return members, at + 1
    while True:
        member = _read_member(text, at)
        members.append(member)
        at = _skip(text, member.value_end)
        if text[at : at + 1] == "}":
            return members, at + 1
        at = _skip(text, _expect(text, at, ","))


def _read_member(text: str, at: int) -> Member:
    if text[at : at + 1] != '"':
        raise ValueError("a key is missing in its JSON")
    key, end = _DECODER.raw_decode(text, at)
    value_start = _skip(text, _expect(text, _skip(text, end), ":"))
    _, value_end = _DECODER.raw_decode(text, value_start)
    return Member(key, at, value_start, value_end)


def _expect(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise ValueError(f"a '{sign}' is missing in its JSON")
    return at + 1


def _set(text: str, start: int, path: Sequence[str], value: Any, style: _Style) -> str:
    members, _ = find_members(text, start)
    key, *rest = path
    known = next((member for member in reversed(members) if member.key == key), None)
    if known is None:
        for step in reversed(rest):
            value = {step: value}
        return _add(text, start, members, key, value, style)
    old = text[known.value_start : known.value_end]
    if rest and old != "null":
        return _set(text, known.value_start, rest, value, style)
    for step in reversed(rest):
        value = {step: value}
    spelled = _spell(value, style, _line_indent(text, known.key_start))
    return text[: known.value_start] + spelled + text[known.value_end :]


def _add(text: str, start: int, members: list[Member], key: str, value: Any, style: _Style) -> str:
    """Behind the last member, laid out as that is."""
    if not members:
        outer = _line_indent(text, start)
        inner = f"{style.newline}{outer}{style.indent}" if style.indent else ""
        close = f"{style.newline}{outer}" if style.indent else ""
        spelled = f"{inner}{_spell(key, style, '')}: {_spell(value, style, outer + style.indent)}{close}"
        return text[: start + 1] + spelled + text[_skip(text, start + 1) :]
    last = members[-1]
    before = text[start + 1 : last.key_start] if len(members) == 1 else text[members[-2].value_end : last.key_start]
    lead = before.rpartition(",")[2] or ("" if len(members) > 1 else " ")
    spelled = f",{lead}{_spell(key, style, '')}: {_spell(value, style, _line_indent(text, last.key_start))}"
    return text[: last.value_end] + spelled + text[last.value_end :]


def _style_of(text: str, start: int, members: list[Member]) -> _Style:
    lead = text[start + 1 : members[0].key_start] if members else ""
    newline = "\r\n" if "\r\n" in text else "\n"
    indent = lead.rpartition("\n")[2] if "\n" in lead else ""
    return _Style(newline, indent, is_ascii=text.isascii() and "\\u" in text)


def _line_indent(text: str, at: int) -> str:
    """The spaces at the beginning of the line that this index is in."""
    line_start = text.rfind("\n", 0, at) + 1
    found = _SPACE.match(text, line_start, at)
    return found[0] if found else ""


def _spell(value: Any, style: _Style, indent: str) -> str:
    text = json.dumps(value, indent=style.indent or None, ensure_ascii=style.is_ascii, allow_nan=False)
    if any("\ud800" <= character <= "\udfff" for character in text):
        text = json.dumps(value, indent=style.indent or None, allow_nan=False)
    return text.replace("\n", style.newline + indent)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
