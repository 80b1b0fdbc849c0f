"""Pictures that a safetensors file carries in its own header.

Facts: ComfyUI shows `ssmd_cover_images`, a JSON list of base64; ModelSpec 1.0.1 names `modelspec.thumbnail`, a data
URL; SwarmUI writes `modelspec.preview_image`.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.reading import read_header_of
from sd_model_manager.lib.errors import NotFound
from sd_model_manager.lib.pictures import find_suffix_of_head

_LIST_KEY = "ssmd_cover_images"
_URL_KEYS = ("modelspec.thumbnail", "modelspec.preview_image")
COVER_SUFFIXES = frozenset({".png", ".jpeg", ".webp", ".gif"})
_DATA_URL = re.compile(r"data:image/[a-z+.-]{1,20};base64,")
_MAX_TEXT = 32 * 1024 * 1024
_HEAD_TEXT = 64


def has_cover(metadata: Mapping[str, str]) -> bool:
    """Whether one of the values begins as a picture does; the rest of it is looked at when it is shown."""
    return next(_find_texts(metadata), None) is not None


def read_cover(path: Path) -> tuple[bytes, str]:
    """The picture in a model file as it is, and its suffix by content. Raises NotFound where there is none."""
    header = read_header_of(path)
    if header.format is FileFormat.SAFETENSORS:
        for text in _find_texts(header.metadata):
            if (content := _decode(text)) and (suffix := find_suffix_of_head(content)):
                return content, suffix
    raise NotFound(f"'{path.name}' carries no picture any more. Scan the library to refresh it.")


def _find_texts(metadata: Mapping[str, str]) -> Iterator[str]:
    """Base64 that begins like a picture."""
    for text in _list_candidates(metadata):
        plain = text[url.end() :] if (url := _DATA_URL.match(text)) else text
        head = _decode(plain[:_HEAD_TEXT])
        if head and find_suffix_of_head(head) in COVER_SUFFIXES:
            yield plain


def _list_candidates(metadata: Mapping[str, str]) -> Iterator[str]:
    stored = metadata.get(_LIST_KEY, "")
    if 0 < len(stored) <= _MAX_TEXT:
        try:
            covers = json.loads(stored)
        except (ValueError, RecursionError):
            covers = []
        yield from (cover for cover in covers if isinstance(cover, str)) if isinstance(covers, list) else ()
    for key in _URL_KEYS:
        if (text := metadata.get(key, "")) and len(text) <= _MAX_TEXT:
            yield text


def _decode(text: str) -> bytes:
    """Empty for what is no base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
