"""The sources with the addresses and keys of the settings."""

from __future__ import annotations

import threading

from sd_model_manager.sources.civarchive.source import CivArchiveSource
from sd_model_manager.sources.civitai.source import CivitaiSource
from sd_model_manager.sources.registry import SourceSettings, build_sources
from sd_model_manager.sources.source import Source
from sd_model_manager.wiring.live_settings import LiveSettings


class SourceShelf:
    """The sources as the settings have them now. Old ones stay open: a download may be using them."""

    def __init__(self, settings: LiveSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._made: dict[SourceSettings, tuple[Source, ...]] = {}

    def __call__(self) -> tuple[Source, ...]:
        wanted = SourceSettings(
            civitai_base_url=self._settings.get("civitai_base_url"),
            civitai_api_key=self._settings.get("civitai_api_key"),
            huggingface_base_url=self._settings.get("huggingface_base_url"),
            huggingface_token=self._settings.get("huggingface_token"),
            civarchive_base_url=self._settings.get("civarchive_base_url"),
        )
        with self._lock:
            if wanted not in self._made:
                self._made[wanted] = build_sources(wanted)
            return self._made[wanted]

    def civitai(self) -> CivitaiSource:
        return next(source for source in self() if isinstance(source, CivitaiSource))

    def civarchive(self) -> CivArchiveSource:
        return next(source for source in self() if isinstance(source, CivArchiveSource))

    def close(self) -> None:
        for source in (source for sources in self._made.values() for source in sources):
            source.close()
