"""Small pictures of previews, films and covers in model files, made when first asked for, kept in a bounded folder."""

from __future__ import annotations

import io
import logging
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sd_model_manager.lib.errors import AppError, NotFound
from sd_model_manager.lib.pictures import FILM_SUFFIXES, find_picture_suffix
from sd_model_manager.library.covers import read_cover
from sd_model_manager.library.video_frame import can_read_films, read_first_frame

if TYPE_CHECKING:
    from PIL import Image

log = logging.getLogger(__name__)

MEDIA_TYPE = "image/webp"
_RECIPE = 1
"""Part of every key: a thumbnail made in another way gets another name."""

_EFFORT = 2
"""WebP's method: half the time of Pillow's default of 4, for files of the same size within a few percent."""

_AT_ONCE = 2
_MAX_SOURCE_BYTES = 64 * 1024 * 1024
_MAX_PROFILE_BYTES = 1024 * 1024
_MAX_REMEMBERED_FAILURES = 1_000
_TALLEST = 4
"""How many times its width a thumbnail may be tall; WebP itself ends at 16,383 pixels."""

_FORMAT_OF_SUFFIX = {".png": "PNG", ".jpeg": "JPEG", ".webp": "WEBP", ".gif": "GIF", ".avif": "AVIF"}
_IN_MODEL = ".model"
"""Stands for the suffix of a cover, which is not known before the header of its model is read."""
_BLURRED = "blurred 1"
_BLURRED_PIXELS = 8
"""Across a blurred picture: what is left of it are colours."""


class ThumbnailSize(StrEnum):
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"

    @property
    def width(self) -> int:
        """Pixels at most."""
        return {"small": 256, "medium": 512, "large": 1024}[self.value]


@dataclass(frozen=True, slots=True)
class Original:
    """A picture as it is now. `key` names its thumbnail of one size and changes whenever the file does. `name` is for
    messages."""

    path: Path
    suffix: str
    size: ThumbnailSize
    size_bytes: int
    key: str
    name: str
    is_blurred: bool = False

    @property
    def is_film(self) -> bool:
        return self.suffix in FILM_SUFFIXES


class Thumbnails:
    """WebP, never larger than the original, one frame. Safe to share between threads and processes.

    The folder keeps at most `max_bytes`, the oldest go first. At most two pictures are decoded at once: a large one
    takes 360 MB while it is. `reads_films` is by default whether `av` is installed.
    """

    def __init__(self, folder: Path, *, max_bytes: int = 1024**3, reads_films: bool | None = None) -> None:
        self._folder = folder
        self._reads_films = can_read_films() if reads_films is None else reads_films
        self._max_bytes = max_bytes
        self._slack_bytes = max_bytes // 20
        self._unswept_bytes = self._slack_bytes
        self._changed = threading.Condition()
        self._being_made: set[str] = set()
        self._failures: dict[str, str] = {}

    def find_original(
        self,
        path: Path,
        size: ThumbnailSize,
        *,
        is_in_model: bool = False,
        is_blurred: bool = False,
        name: str = "",
    ) -> Original | None:
        """`None` for films where no decoder is installed: they are shown as they are. `is_in_model` asks for the cover
        that the model file at `path` carries, `is_blurred` for colours alone. Raises NotFound where it is gone or no
        picture at all."""
        try:
            suffix = _IN_MODEL if is_in_model else find_picture_suffix(path)
            status = path.stat()
        except OSError as error:
            raise NotFound("The preview is gone from the disk. Scan the library to refresh it.") from error
        if suffix is None:
            raise NotFound("This file is no picture, whatever its name says.")
        if suffix in FILM_SUFFIXES and not self._reads_films:
            return None
        facts = (_RECIPE, str(path.absolute()), status.st_size, status.st_mtime_ns, size.width)
        marks = (*((_IN_MODEL,) if is_in_model else ()), *((_BLURRED,) if is_blurred else ()))
        key = sha256(repr((*facts, *marks)).encode()).hexdigest()[:32]
        return Original(path, suffix, size, status.st_size, key, name or path.name, is_blurred)

    def find_kept(self, original: Original) -> bytes:
        """The thumbnail that was made before; empty where there is none."""
        return _read_if_there(self._path_of(original))

    def get(self, original: Original) -> bytes:
        """The thumbnail, made now if it is not there. Raises NotFound where the picture is broken or too large."""
        if content := self.find_kept(original):
            return content
        with self._making(original.key):
            if content := self.find_kept(original):
                return content
            content = self._make(original)
            self._keep(self._path_of(original), content)
            return content

    def check(self, original: Original) -> None:
        """Make it and keep nothing. Raises NotFound like `get`."""
        with self._making(original.key):
            make_thumbnail(original)

    def _path_of(self, original: Original) -> Path:
        return self._folder / original.key[:2] / f"{original.key}.webp"

    def _make(self, original: Original) -> bytes:
        """A film that failed is not tried again while it stays as it is: it may take its 15 seconds each time."""
        if reason := self._failures.get(original.key):
            raise NotFound(reason)
        try:
            return make_thumbnail(original)
        except NotFound as error:
            if original.is_film and len(self._failures) < _MAX_REMEMBERED_FAILURES:
                self._failures[original.key] = error.message
            raise

    @contextmanager
    def _making(self, key: str) -> Iterator[None]:
        """Wait for one of the places; and for the other one who makes the same, rather than make it twice."""
        with self._changed:
            self._changed.wait_for(lambda: key not in self._being_made and len(self._being_made) < _AT_ONCE)
            self._being_made.add(key)
        try:
            yield
        finally:
            with self._changed:
                self._being_made.discard(key)
                self._changed.notify_all()

    def _keep(self, path: Path, content: bytes) -> None:
        """Without a place to keep it, a thumbnail is made each time: slow, but shown."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._changed:
                self._unswept_bytes += len(content)
                is_sweep_due = self._unswept_bytes > self._slack_bytes
                if is_sweep_due:
                    self._unswept_bytes = len(content)
            if is_sweep_due:
                self._sweep(max(self._slack_bytes, len(content)))
            _write_whole(path, content)
        except OSError as error:
            log.warning("a thumbnail cannot be kept in %s: %s", self._folder, error)

    def _sweep(self, room_bytes: int) -> None:
        """Remove the oldest until there is room for what may be written before the next sweep."""
        files = sorted(_list_files(self._folder))
        too_many = sum(size for _, size, _ in files) - (self._max_bytes - room_bytes)
        for _, size, path in files:
            if too_many <= 0:
                return
            Path(path).unlink(missing_ok=True)
            too_many -= size


def make_thumbnail(original: Original) -> bytes:
    """Decode, turn upright, shrink. Raises NotFound, with the reason, for a picture that cannot be shown."""
    from PIL import Image

    try:
        return _make(original)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotFound(f"'{original.name}' has more pixels than a picture of a model needs.") from error
    except AppError as error:
        raise NotFound(error.message) from error
    except FileNotFoundError as error:
        raise NotFound("The preview is gone from the disk. Scan the library to refresh it.") from error
    except Exception as error:  # the edge of one file: decoders raise anything when it is broken
        log.info("no thumbnail of %s", original.path, exc_info=error)
        raise NotFound(f"'{original.name}' cannot be read as a picture; it seems to be damaged.") from error


def _make(original: Original) -> bytes:
    from PIL import Image, ImageOps

    source, kind = _open_source(original)
    with Image.open(source, formats=[kind]) as image:
        if image.width * image.height > (Image.MAX_IMAGE_PIXELS or 0):
            raise Image.DecompressionBombError(f"{image.width} x {image.height} pixels")
        is_sideways = image.getexif().get(0x0112, 1) in {5, 6, 7, 8}
        profile = image.info.get("icc_profile", b"") if image.mode.startswith("RGB") else b""
        # A JPEG is shrunk while it is decoded; for the others colours have to come before shrinking.
        small: Image.Image = image if kind == "JPEG" else _to_colours(image)
        box = _box_of(original)
        small.thumbnail(box[::-1] if is_sideways else box)
        upright = ImageOps.exif_transpose(_to_colours(small))
        if original.is_blurred:
            upright = _blur(upright)
    return _encode(upright, profile if len(profile or b"") <= _MAX_PROFILE_BYTES else b"")


def _open_source(original: Original) -> tuple[Path | io.BytesIO, str]:
    """What holds the picture, and Pillow's name of the one format that it may have."""
    if original.is_film:
        return io.BytesIO(read_first_frame(original.path, original.suffix, _box_of(original))), "PPM"
    if original.suffix == _IN_MODEL:
        content, suffix = read_cover(original.path)
        return io.BytesIO(content), _FORMAT_OF_SUFFIX[suffix]
    if original.size_bytes > _MAX_SOURCE_BYTES:
        raise NotFound(f"'{original.name}' is too large for a picture ({original.size_bytes:,} bytes).")
    return original.path, _FORMAT_OF_SUFFIX[original.suffix]


def _box_of(original: Original) -> tuple[int, int]:
    return original.size.width, original.size.width * _TALLEST


def _blur(image: Image.Image) -> Image.Image:
    """Nothing can be told from it by making it larger or sharper: what was there is thrown away, not covered."""
    from PIL import Image, ImageFilter

    few = image.convert("RGB")
    few.thumbnail((_BLURRED_PIXELS, _BLURRED_PIXELS))
    return few.resize(image.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(image.width / 16))


def _to_colours(image: Image.Image) -> Image.Image:
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _encode(image: Image.Image, profile: bytes) -> bytes:
    """With the colours it was made in, without prompts and places: they are nobody's business in a cache."""
    image.info = {}
    target = io.BytesIO()
    image.save(target, "WEBP", quality=80, method=_EFFORT, icc_profile=profile)
    return target.getvalue()


def _read_if_there(path: Path) -> bytes:
    """Empty where there is none, or one that a crash has left empty."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _write_whole(path: Path, content: bytes) -> None:
    """Another process that makes the same writes the same, so that the last may win."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".new")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _list_files(folder: Path) -> Iterator[tuple[int, int, str]]:
    """Time of writing in nanoseconds, size in bytes, path."""
    for parent in [entry.path for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)]:
        for entry in os.scandir(parent):
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            yield status.st_mtime_ns, status.st_size, entry.path
