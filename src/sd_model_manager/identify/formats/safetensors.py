"""Reads safetensors: 8 bytes little-endian length, a JSON object, the weights.

Facts: safetensors 0.8 (`safetensors/src/tensor.rs`), whose reader refuses a file at the first fault. This one still
says what it can and names each fault.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice
from math import prod
from typing import Any, BinaryIO, NamedTuple

from sd_model_manager.domain.local import Problem
from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.formats.clean_text import clean_text
from sd_model_manager.identify.formats.limits import MAX_DIMENSIONS, MAX_SIZE, MAX_TENSORS
from sd_model_manager.identify.formats.reader import list_some, make_damaged, make_truncated, name_some, to_problem
from sd_model_manager.identify.header import Header, Tensor
from sd_model_manager.identify.recent import Recent
from sd_model_manager.lib.codes import ProblemCode
from sd_model_manager.lib.errors import DamagedFile

FORMAT = FileFormat.SAFETENSORS

MAX_HEADER_BYTES = 100_000_000
"""The specification's own limit."""

MAX_VALUES = 2_500_000
"""Of JSON, counted by what separates them: enough for 220,000 tensors, and some 300 MB when all are hostile."""

MAX_WIDE_HEADER_BYTES = 32_000_000
"""Of a header with more than ASCII: one wide character makes Python store all of them in four bytes each."""

BITS_OF_DTYPE: Mapping[str, int] = {
    **dict.fromkeys(("F64", "I64", "U64", "C64"), 64),
    **dict.fromkeys(("F32", "I32", "U32"), 32),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 16),
    **dict.fromkeys(("F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "I8", "U8", "BOOL"), 8),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    "F4": 4,
}

_MAX_SEEN_BYTES = 256 * 1024

_TEXT = rb'"(?:[^"\\]|\\.)*+"'
_PLAIN_METADATA = re.compile(
    rb'\{"__metadata__":\{(?:%(text)s:%(text)s(?:,%(text)s:%(text)s)*+)?\}(?=,)' % {b"text": _TEXT}, re.DOTALL
)
"""As the reference library writes it: first, without spaces, strings to strings."""

_HARMLESS_BYTES = 1 << 20
"""A header below this is parsed without counting: the worst of them takes some 100 MB."""

_LENGTH_BYTES = 8
_HEADER_STARTS = (b"{", b" ", b"\t", b"\n", b"\r", b"")
_METADATA = "__metadata__"
_Entries = dict[str, Any]
_Span = tuple[int, int, str]


def recognises(start: bytes, size_bytes: int) -> bool:
    """By a length below 2^40 that is not zero: no text has NUL bytes there, no other model format but pickles.

    A length such as 640 begins like a pickle (`80 02`), and a pickle's frame has zeros where a length has: then only
    a length that can be and a `{` where the header begins make it safetensors.
    """
    if size_bytes < _LENGTH_BYTES or start[5:8] != b"\0\0\0" or not any(start[:5]):
        return False
    looks_like_pickle = start[0] == 0x80 and 2 <= start[1] <= 5
    length = int.from_bytes(start[:_LENGTH_BYTES], "little")
    return not looks_like_pickle or (length <= MAX_HEADER_BYTES and start[8:9] in _HEADER_STARTS)


def read(file: BinaryIO, size_bytes: int) -> Header:
    file.seek(0)
    length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
    data_start = _LENGTH_BYTES + length
    try:
        text = _read_text(file, length, size_bytes)
        seen = _find_seen(text, size_bytes - data_start)
        entries, duplicates = ({}, []) if seen else _parse(text)
    except DamagedFile as error:
        return Header(FORMAT, problems=(to_problem(error),))
    layout = _Layout(size_bytes - data_start)
    if seen:
        metadata = _read_metadata(seen.metadata, layout.problems)
        return Header(FORMAT, seen.tensors, metadata, data_start, tuple(layout.problems))
    metadata = _read_metadata(entries.pop(_METADATA, None), layout.problems)
    tensors = layout.read(entries)
    layout.check(duplicates, size_bytes)
    if not layout.problems:
        _remember(text, size_bytes - data_start, tensors)
    return Header(FORMAT, tensors, metadata, data_start, tuple(layout.problems))


class _Seen(NamedTuple):
    metadata: object
    tensors: dict[str, Tensor]


_SEEN: Recent[tuple[int, bytes], dict[str, Tensor]] = Recent(128)
"""Sound layouts by the length of the weights and the text that lists them.

A trainer writes the same list of tensors into each of its adapters; only the metadata before it and the padding behind
it differ. So most headers of most libraries need not be parsed again.
"""


def _find_seen(text: bytes, data_bytes: int) -> _Seen | None:
    """What is known of this very list of tensors, with the metadata before it, which alone has to be parsed."""
    if len(text) > _MAX_SEEN_BYTES:
        return None
    start = _find_list(text)
    tensors = _SEEN.get((data_bytes, text[start:].rstrip()))
    if tensors is None:
        return None
    if start == 0:
        return _Seen(None, tensors)
    return _Seen(_parse_object(text[:start] + b"}", None)[_METADATA], tensors)


def _remember(text: bytes, data_bytes: int, tensors: dict[str, Tensor]) -> None:
    if len(text) <= _MAX_SEEN_BYTES:
        _SEEN.put((data_bytes, text[_find_list(text) :].rstrip()), tensors)


def _find_list(text: bytes) -> int:
    """Where the list of tensors begins behind metadata that comes first and holds plain text alone; else 0."""
    found = _PLAIN_METADATA.match(text)
    return found.end() if found else 0


def _read_text(file: BinaryIO, length: int, size_bytes: int) -> bytes:
    if length > MAX_HEADER_BYTES:
        raise _too_large(f"{length:,} bytes, where safetensors allows {MAX_HEADER_BYTES:,}")
    available = size_bytes - _LENGTH_BYTES
    text = file.read(min(length, available))
    if text[:1] not in _HEADER_STARTS:
        raise _invalid("its header does not begin with '{'")
    if length > available:
        raise make_damaged(make_truncated(length + _LENGTH_BYTES, size_bytes))
    return text


def _parse(text: bytes) -> tuple[_Entries, list[str]]:
    """The header's object, and which keys stand in it twice."""
    _check_cost(text)
    entries = _parse_object(text, None)
    tensor_count = len(entries) - (_METADATA in entries)
    if text.count(b'"data_offsets"') == text.count(b'"dtype"') == text.count(b'"shape"') == tensor_count:
        return entries, []
    del entries
    duplicates: list[str] = []
    return _parse_object(text, partial(_make_object, duplicates)), duplicates


def _parse_object(text: bytes, make_object: Callable[[list[tuple[str, Any]]], _Entries] | None) -> _Entries:
    try:
        entries = json.loads(text.decode(), object_pairs_hook=make_object)
    except RecursionError as error:
        raise _invalid("its header is nested too deeply") from error
    except ValueError as error:
        raise _invalid("its header is not JSON in UTF-8") from error
    if not isinstance(entries, dict):
        raise _invalid("its header is not a JSON object")
    return entries


def _make_object(duplicates: list[str], pairs: list[tuple[str, Any]]) -> _Entries:
    made = dict(pairs)
    if len(made) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        duplicates.extend(key for key, count in counts.items() if count > 1)
    return made


def _check_cost(text: bytes) -> None:
    """Refuse, before it is parsed, what would take too much memory; counting takes a tenth of the parser's time."""
    if len(text) < _HARMLESS_BYTES:
        return
    values = text.count(b",") + text.count(b"[") + text.count(b":")
    if values > MAX_VALUES:
        raise _too_large(f"{values:,} values, where {MAX_VALUES:,} are allowed")
    is_wide = not text.isascii() or rb"\u" in text
    if is_wide and len(text) > MAX_WIDE_HEADER_BYTES:
        raise _too_large(f"{len(text):,} bytes of text, where {MAX_WIDE_HEADER_BYTES:,} are allowed beyond ASCII")


def _read_metadata(stored: object, problems: list[Problem]) -> dict[str, str]:
    """Keep the text; other values, which the specification forbids, as JSON."""
    if stored is None:
        return {}
    entries = stored if isinstance(stored, dict) else {_METADATA: stored}
    metadata = {clean_text(key): clean_text(_as_text(value)) for key, value in entries.items()}
    if entries is not stored or not all(isinstance(value, str) for value in entries.values()):
        problems.append(
            Problem(
                "bad_metadata",
                "The metadata holds values that are not text, so some programs will refuse the file. "
                "Its weights are not affected; saving it again with another tool mends it.",
            )
        )
    return metadata


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "null"


class _Layout:
    """Where each tensor says its weights are, and whether that can be."""

    def __init__(self, data_bytes: int) -> None:
        self.problems: list[Problem] = []
        self._data_bytes = data_bytes
        self._spans: list[_Span] = []
        self._malformed: list[str] = []
        self._unknown: list[str] = []
        self._mismatched: list[str] = []

    def read(self, entries: _Entries) -> dict[str, Tensor]:
        """Equal tensors share one object: headers repeat a few shapes thousands of times."""
        if len(entries) > MAX_TENSORS:
            self._say("header_too_large", f"It lists more than {MAX_TENSORS:,} tensors; the rest is left out.")
        tensors: dict[str, Tensor] = {}
        made: dict[tuple[Any, ...], tuple[Tensor, int | None]] = {}
        for name, entry in islice(entries.items(), MAX_TENSORS):
            try:
                dtype, shape, (begin, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
                key = (dtype, *shape, *map(type, shape), type(shape))
                tensor, size_bits = made.get(key) or made.setdefault(key, _make_tensor(dtype, shape))
            except (TypeError, KeyError, ValueError):
                self._malformed.append(name)
                continue
            if type(begin) is not int or type(end) is not int:
                self._malformed.append(name)
                continue
            if size_bits is None:
                self._unknown.append(name)
            elif (end - begin) << 3 != size_bits:
                self._mismatched.append(name)
            self._spans.append((begin, end, name))
            tensors[name] = tensor
        return tensors if all(map(str.isascii, tensors)) else {clean_text(name): tensors[name] for name in tensors}

    def check(self, duplicates: list[str], size_bytes: int) -> None:
        """Add the problems; a file whose layout is sound but whose end is missing is merely unfinished."""
        self._say_of(self._malformed, "invalid_header", "entries that are no tensors", "Download it again.")
        self._say_of(duplicates, "duplicate_tensor", "entries that appear twice, so programs disagree on them")
        self._say_of(
            self._unknown,
            "unknown_dtype",
            "weights of a number type that safetensors does not define",
            "Programs may refuse it; look for a newer version of the program or another file of this model.",
        )
        self._say_of(self._mismatched, "size_mismatch", "weights whose place is not as long as their shape asks for")
        self._check_spans(size_bytes)

    def _check_spans(self, size_bytes: int) -> None:
        overlapping: list[str] = []
        after_hole: list[str] = []
        outside: list[str] = []
        reached = 0
        self._spans.sort()
        for begin, end, name in self._spans:
            if begin < 0 or end < begin or end > MAX_SIZE:
                outside.append(name)
                continue
            if begin < reached:
                overlapping.append(name)
            elif begin > reached:
                after_hole.append(name)
            reached = max(reached, end)
        is_sound = not (overlapping or after_hole or outside or self._mismatched)
        if reached > self._data_bytes and not is_sound:
            outside += [name for _, end, name in self._spans if self._data_bytes < end <= MAX_SIZE]
        self._say_of(overlapping, "overlapping_offsets", "weights that lie on the bytes of others")
        self._say_of(after_hole, "holes", "unused bytes before weights")
        self._say_of(outside, "offsets_out_of_range", "weights that lie outside the file")
        self._check_end(reached, size_bytes, is_sound=is_sound)

    def _check_end(self, reached: int, size_bytes: int, *, is_sound: bool) -> None:
        excess = self._data_bytes - reached
        if excess < 0 and is_sound:
            self.problems.append(make_truncated(size_bytes - excess, size_bytes))
        elif excess > 0 and not self._malformed:
            self._say(
                "trailing_bytes",
                f"{excess:,} bytes follow the weights. Something was appended to the file, or the download went wrong; "
                "compare its hash with the published one, or download it again.",
                {"excess_bytes": excess},
            )

    def _say(self, code: ProblemCode, message: str, details: Mapping[str, object] | None = None) -> None:
        self.problems.append(Problem(code, message, details or {}))

    def _say_of(self, names: list[str], code: ProblemCode, what: str, advice: str = "") -> None:
        if names:
            advice = advice or "Do not use it; download it again, from its own publisher."
            self._say(code, f"The header names {what}: {name_some(names)}. {advice}", list_some(names))


def _make_tensor(dtype: object, shape: object) -> tuple[Tensor, int | None]:
    """The tensor and its size in bits, `None` where the dtype is unknown; ValueError where neither can be."""
    if type(dtype) is not str or type(shape) is not list or len(shape) > MAX_DIMENSIONS:
        raise ValueError("not a dtype and a shape")
    if not all(type(size) is int and 0 <= size <= MAX_SIZE for size in shape):
        raise ValueError("not a shape")
    bits = BITS_OF_DTYPE.get(dtype)
    return Tensor(clean_text(dtype), tuple(shape)), None if bits is None else prod(shape) * bits


def _too_large(what: str) -> DamagedFile:
    return DamagedFile(
        f"The header announces {what}. It is damaged or made to harm; do not use the file, download it again.",
        code="header_too_large",
    )


def _invalid(why: str) -> DamagedFile:
    return DamagedFile(
        f"This is not a usable safetensors file: {why}. Download it again.",
        code="invalid_header",
    )
