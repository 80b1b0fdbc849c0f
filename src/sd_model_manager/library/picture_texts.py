"""What a preview says of how it was made, from its first mebibyte: nothing of its pixels is decoded."""

from __future__ import annotations

import io
import logging
from pathlib import Path

from sd_model_manager.domain.infotext import PictureText, parse_picture_text
from sd_model_manager.library.covers import read_cover

log = logging.getLogger(__name__)

_MAX_BYTES = 1024 * 1024
_FORMATS = ("PNG", "JPEG", "WEBP")
_EXIF_IFD, _USER_COMMENT = 0x8769, 0x9286
_KEYS = ("parameters", "prompt", "workflow")


def read_picture_text(path: Path, *, is_in_model: bool) -> PictureText:
    """`is_in_model` asks for the cover that the model file carries. Empty for what says nothing or cannot be read."""
    try:
        return parse_picture_text(_read_texts(_read_start(path, is_in_model=is_in_model)))
    except Exception as error:  # the edge of one file: decoders raise anything when it is broken
        log.info("no text in %s", path, exc_info=error)
        return PictureText()


def _read_start(path: Path, *, is_in_model: bool) -> bytes:
    if is_in_model:
        return read_cover(path)[0][:_MAX_BYTES]
    with path.open("rb") as file:
        return file.read(_MAX_BYTES)


def _read_texts(start: bytes) -> dict[str, str]:
    """By keyword as in a PNG; in a JPEG or WebP the comment of its EXIF stands for `parameters`."""
    from PIL import Image

    with Image.open(io.BytesIO(start), formats=_FORMATS) as picture:
        texts = {key: text for key in _KEYS if isinstance(text := picture.info.get(key), str)}
        comment = picture.getexif().get_ifd(_EXIF_IFD).get(_USER_COMMENT) if picture.format != "PNG" else None
    return {"parameters": _decode_comment(comment), **texts} if isinstance(comment, bytes) else texts


def _decode_comment(comment: bytes) -> str:
    """Its first eight bytes name the encoding (EXIF 2.32, 4.6.5)."""
    encoding = "utf-16-be" if comment.startswith(b"UNICODE") else "utf-8"
    return comment[8:].decode(encoding, "replace")
