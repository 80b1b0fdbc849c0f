"""Saves the picture a source shows of a model beside it, under the name that every engine reads."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from sd_model_manager.domain.published import PublishedImage, PublishedVersion
from sd_model_manager.download.place import place
from sd_model_manager.download.transfer import FileUrl, Transfer, TransferRequest, TransferSettings, discard
from sd_model_manager.download.transfer.opening import Guard
from sd_model_manager.lib.errors import AppError, FileExists
from sd_model_manager.lib.pictures import find_picture_suffix
from sd_model_manager.tasks.running import RunningTask

log = logging.getLogger(__name__)

MAX_PICTURE_BYTES = 32 * 1024 * 1024


class PreviewKeeper:
    """`is_wanted` is the user's setting, asked each time."""

    def __init__(self, guard: Guard, settings: Callable[[], TransferSettings], is_wanted: Callable[[], bool]) -> None:
        self._guard = guard
        self._settings = settings
        self._is_wanted = is_wanted

    def __call__(self, model_path: Path, version: PublishedVersion, running: RunningTask) -> None:
        """A picture that cannot be had is logged and no reason for a download to fail.

        Raises TaskStopped.
        """
        image = choose_image(version)
        if image is None or not self._is_wanted() or _has_preview(model_path):
            return
        part = model_path.with_name(f"{model_path.stem}.preview.part")
        try:
            self._fetch(image, part, running)
            if suffix := find_picture_suffix(part):
                place(part, model_path.with_name(f"{model_path.stem}.preview{suffix}"))
        except FileExists:
            log.info("%s has a preview already", model_path.name)
        except AppError as error:
            log.warning("no preview for %s: %s", model_path.name, error.message)
        finally:
            discard(part)

    def _fetch(self, image: PublishedImage, part: Path, running: RunningTask) -> None:
        def stop_when_too_large(count: int, total: int | None) -> None:
            if max(count, total or 0) > MAX_PICTURE_BYTES:
                raise AppError("it is too large for a preview", code="TOO_LARGE")

        request = TransferRequest(resolve=lambda: FileUrl(image.url), part_path=part, is_model_file=False)
        Transfer(request, self._settings(), self._guard).run(stop_when_too_large, running.checkpoint)


def choose_image(version: PublishedVersion) -> PublishedImage | None:
    """The tamest still picture, of equals the first."""
    stills = [image for image in version.images if image.media == "image" and image.url]
    return min(stills, key=lambda image: image.nsfw_level, default=None)


def _has_preview(model_path: Path) -> bool:
    stem = model_path.stem
    return any(model_path.parent.glob(f"{_escape(stem)}.preview.*")) or any(
        model_path.with_name(f"{stem}{suffix}").exists() for suffix in (".png", ".jpg", ".jpeg", ".webp")
    )


def _escape(stem: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in stem)
