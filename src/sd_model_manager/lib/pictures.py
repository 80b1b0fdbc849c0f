"""Tells by their first bytes which files are pictures or films that a browser can show."""

from __future__ import annotations

from pathlib import Path

_HEAD_BYTES = 32
MEDIA_TYPE_OF_SUFFIX = {
    ".png": "image/png",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".avif": "image/avif",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
}
FILM_SUFFIXES = (".mp4", ".webm")

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", ".png"),
    (0, b"\xff\xd8\xff", ".jpeg"),
    (0, b"GIF87a", ".gif"),
    (0, b"GIF89a", ".gif"),
    (8, b"WEBP", ".webp"),
    (4, b"ftypavif", ".avif"),
    (4, b"ftypavis", ".avif"),
    (4, b"ftyp", ".mp4"),
    (0, b"\x1a\x45\xdf\xa3", ".webm"),
)
"""Offset, bytes, suffix; the first that fits counts."""


def find_picture_suffix(path: Path) -> str | None:
    """`.png`, `.jpeg`, `.webp`, `.gif`, `.avif`, `.mp4` or `.webm`; `None` for anything else. Raises OSError."""
    with path.open("rb") as file:
        return find_suffix_of_head(file.read(_HEAD_BYTES))


def find_suffix_of_head(head: bytes) -> str | None:
    """The same of a file's first 32 bytes."""
    return next((suffix for offset, magic, suffix in _MAGIC if head[offset:].startswith(magic)), None)


def media_of(name: str) -> str:
    """`video` or `image`, by the suffix of a name that was given by content."""
    return "video" if name.endswith(FILM_SUFFIXES) else "image"
