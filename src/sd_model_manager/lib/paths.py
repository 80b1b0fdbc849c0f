"""Names that are safe on Windows, macOS and Linux, the one join that cannot leave its folder, and atomic writes."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import unicodedata
from pathlib import Path, PurePosixPath

from sd_model_manager.lib.errors import BadInput, NotAllowed

MAX_NAME_BYTES = 200
"""Of the 255 that file systems allow, so that `.part` files and sidecars beside it still fit."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$")


def make_safe_name(name: str, *, fallback: str = "model") -> str:
    """Turn any text (an API's file name, a Content-Disposition) into one plain file name, its extension kept.

    Control and direction characters vanish, separators and what Windows forbids become `_`, reserved device names and
    leading dots or dashes are defused, and the length is cut to `MAX_NAME_BYTES` of UTF-8.
    """
    text = unicodedata.normalize("NFC", name)
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    text = _FORBIDDEN.sub("_", text).strip().rstrip(". ").lstrip(".- ")
    if not text.strip("_. "):
        text = fallback
    if _RESERVED.match(text):
        text = f"_{text}"
    return _cut(text)


def _cut(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix.encode()) > 20:
        stem, suffix = name, ""
    room = MAX_NAME_BYTES - len(f"{dot}{suffix}".encode()) if suffix else MAX_NAME_BYTES
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return f"{stem}.{suffix}" if suffix else stem


def join_within(folder: Path, relative: str) -> Path:
    """Join a relative path to a folder, and refuse whatever would end outside it, through links as well.

    Raises:
        BadInput: the path is absolute, has a drive, a NUL or a `..` in it.
        NotAllowed: a link on the way leads out of the folder.
    """
    text = relative.replace("\\", "/")
    pure = PurePosixPath(text)
    if "\0" in text or pure.is_absolute() or ".." in pure.parts or re.match(r"^[A-Za-z]:", text):
        raise BadInput(f"'{relative}' is not a path below a library folder.", code="BAD_PATH")
    target = folder / pure
    if not target.resolve().is_relative_to(folder.resolve()):
        raise NotAllowed(f"'{relative}' leads out of its library folder through a link.", code="BAD_PATH")
    return target


def write_atomically(path: Path, content: bytes) -> None:
    """Write a small file so that a crash leaves either the old content or the new one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
