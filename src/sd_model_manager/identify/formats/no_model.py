"""Knows what is often found under a model's name and is none: pages, pointers, archives, nothing at all."""

from __future__ import annotations

import re
from typing import BinaryIO

from sd_model_manager.domain.local import Problem
from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.formats.reader import START_BYTES
from sd_model_manager.identify.header import Header
from sd_model_manager.lib.codes import ProblemCode

FORMAT = FileFormat.UNKNOWN

_MAGICS: tuple[tuple[bytes, int, ProblemCode, str], ...] = (
    (b"7z\xbc\xaf\x27\x1c", 0, "archive", "a 7z archive"),
    (b"Rar!\x1a\x07", 0, "archive", "a RAR archive"),
    (b"\x1f\x8b", 0, "archive", "a gzip archive"),
    (b"\xfd7zXZ\x00", 0, "archive", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", 0, "archive", "a zstd archive"),
    (b"ustar", 257, "archive", "a tar archive, perhaps of a torch version before 0.4"),
    (b"\x89PNG", 0, "image_file", "a PNG picture"),
    (b"\xff\xd8\xff", 0, "image_file", "a JPEG picture"),
    (b"\x93NUMPY", 0, "numpy_file", "a NumPy array"),
)

_ADVICE: dict[ProblemCode, str] = {
    "archive": "Unpack it and look at what is in it before you use any of it.",
    "empty_file": "The download never began or the disk was full; download it again.",
    "blank_file": "The download reserved its space and did not finish; download it again or resume the download.",
    "html_page": "The site answered with a page instead of the file, often to ask for a login; download it again, "
    "with your API key if the model needs one.",
    "lfs_pointer": "The repository was copied without Git LFS; fetch it with 'git lfs pull' or download the file.",
    "json_text": "It may be an error message of the site; look into it, and download the model again.",
    "text_file": "Look into it, and download the model again.",
    "image_file": "It was given a model's name by mistake; rename it or download the model again.",
    "numpy_file": "It is not a file that image programs load as a model.",
}


def recognises(start: bytes, size_bytes: int) -> bool:
    return _find_kind(start, size_bytes) is not None


def read(file: BinaryIO, size_bytes: int) -> Header:
    file.seek(0)
    kind = _find_kind(file.read(START_BYTES), size_bytes)
    if kind is None:
        return Header(FORMAT)
    code, what = kind
    return Header(FORMAT, problems=(Problem(code, f"This is not a model but {what}. {_ADVICE[code]}"),))


def _find_kind(start: bytes, size_bytes: int) -> tuple[ProblemCode, str] | None:
    if not size_bytes:
        return "empty_file", "an empty file"
    if not any(start):
        return "blank_file", "a file of zeros"
    for magic, offset, code, what in _MAGICS:
        if start.startswith(magic, offset):
            return code, what
    return _find_text_kind(start)


def _find_text_kind(start: bytes) -> tuple[ProblemCode, str] | None:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"version https://git-lfs"):
        return "lfs_pointer", "a Git LFS pointer, a note on where the file lies"
    if re.match(rb"<(!doctype|html|head|\?xml|script|body|!--)", text, re.IGNORECASE):
        return "html_page", "a web page"
    is_text = not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", start) and _is_utf8(start)
    if not is_text:
        return None
    return ("json_text", "JSON text") if text[:1] in (b"{", b"[") else ("text_file", "a text")


def _is_utf8(start: bytes) -> bool:
    """A character may be cut at the end of what was read."""
    for cut in range(4):
        try:
            start[: len(start) - cut].decode()
        except UnicodeDecodeError:
            continue
        return True
    return False
