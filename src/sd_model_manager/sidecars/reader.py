"""Reads whatever sidecars a model has."""

from __future__ import annotations

from pathlib import Path

from sd_model_manager.domain.local import Companion, Sidecar
from sd_model_manager.sidecars.civitai_info import CivitaiInfo
from sd_model_manager.sidecars.format import SidecarFormat, VersionParser

FORMATS: tuple[SidecarFormat, ...] = (CivitaiInfo(),)

MAX_SIDECAR_BYTES = 16 * 1024 * 1024


def find_kind(name: str) -> tuple[str, str] | None:
    """For a file name the kind of sidecar it is and the stem of the model it belongs to."""
    for sidecar_format in FORMATS:
        if name.lower().endswith(sidecar_format.suffix):
            return sidecar_format.kind, name[: -len(sidecar_format.suffix)]
    return None


class SidecarReader:
    def __init__(self, parse_version: VersionParser) -> None:
        self._parse_version = parse_version
        self._formats = {sidecar_format.kind: sidecar_format for sidecar_format in FORMATS}

    def read(self, path: Path, companion: Companion) -> Sidecar | None:
        """`None` where it says nothing of a model.

        Raises:
            ValueError: it is not what its name says, or larger than any real one.
            OSError: it cannot be read.
        """
        if companion.stat.size_bytes > MAX_SIDECAR_BYTES:
            raise ValueError(f"it is larger than {MAX_SIDECAR_BYTES} bytes")
        raw = path.read_bytes()
        claim = self._formats[companion.kind].read(raw, self._parse_version)
        return Sidecar(companion, raw, claim) if claim else None
