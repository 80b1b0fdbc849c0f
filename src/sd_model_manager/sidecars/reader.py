"""Reads whatever sidecars a model has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sd_model_manager.domain.local import Companion, Sidecar
from sd_model_manager.sidecars.civitai_info import CivitaiAnswer, CivitaiInfo
from sd_model_manager.sidecars.format import SidecarFile, SidecarFormat, VersionParser, WritableFormat
from sd_model_manager.sidecars.lora_manager import LoraManager
from sd_model_manager.sidecars.model_page import ModelPage
from sd_model_manager.sidecars.sdnext import SdNext
from sd_model_manager.sidecars.stability_matrix import StabilityMatrix
from sd_model_manager.sidecars.swarm_ui import SwarmUi
from sd_model_manager.sidecars.text_description import TextDescription
from sd_model_manager.sidecars.user_metadata import UserMetadata
from sd_model_manager.sidecars.writing import read_said_at

FORMATS: tuple[SidecarFormat, ...] = (
    LoraManager(),
    StabilityMatrix(),
    CivitaiInfo(),
    CivitaiAnswer("api_info", ".api_info.json"),
    UserMetadata(),
    SdNext(),
    SwarmUi(),
    ModelPage(),
    TextDescription("description", ".description.txt"),
    TextDescription("text", ".txt"),
)
"""In the order in which they are believed, field by field."""

WRITABLE: dict[str, WritableFormat] = {
    sidecar_format.kind: sidecar_format for sidecar_format in FORMATS if isinstance(sidecar_format, WritableFormat)
}
"""Those that can be written, by kind."""

MAX_SIDECAR_BYTES = 16 * 1024 * 1024


def _group_by_suffix() -> Mapping[str, tuple[SidecarFormat, ...]]:
    """Longer suffixes first: `lantern.metadata.json` belongs to `lantern`."""
    groups: dict[str, list[SidecarFormat]] = defaultdict(list)
    for sidecar_format in FORMATS:
        groups[sidecar_format.suffix].append(sidecar_format)
    return {suffix: tuple(groups[suffix]) for suffix in sorted(groups, key=len, reverse=True)}


_BY_SUFFIX = _group_by_suffix()
SIDECAR_EXTENSIONS = frozenset(suffix[suffix.rfind(".") :] for suffix in _BY_SUFFIX)
"""No file that ends otherwise is a sidecar."""

_RANKS = {sidecar_format.kind: rank for rank, sidecar_format in enumerate(FORMATS)}


def find_kind(name: str) -> tuple[str, str] | None:
    """For a file name the kind of sidecar it is and the stem of the model it belongs to.

    Where formats share the name's suffix it is the first of them; reading the file tells which it is.
    """
    suffix = _find_suffix(name)
    return (_BY_SUFFIX[suffix][0].kind, name[: -len(suffix)]) if suffix else None


def rank_of(kind: str) -> int:
    """How early a kind of sidecar is believed, 0 first; one that no format reads any more comes last."""
    return _RANKS.get(kind, len(FORMATS))


def _find_suffix(name: str) -> str | None:
    return next((suffix for suffix in _BY_SUFFIX if name.lower().endswith(suffix)), None)


class SidecarReader:
    def __init__(self, parse_version: VersionParser) -> None:
        self._parse_version = parse_version

    def read(self, path: Path, companion: Companion) -> Sidecar | None:
        """The sidecar with the kind that its shape tells; `None` where it says nothing of a model.

        Raises:
            ValueError: it is not what its name says, or larger than any real one.
            OSError: it cannot be read.
        """
        if companion.stat.size_bytes > MAX_SIDECAR_BYTES:
            raise ValueError(f"it is larger than {MAX_SIDECAR_BYTES} bytes")
        suffix = _find_suffix(path.name)
        if suffix is None:
            return None
        file = SidecarFile(path.read_bytes(), path.name[: -len(suffix)], self._parse_version)
        for sidecar_format in _BY_SUFFIX[suffix]:
            if claim := sidecar_format.read(file):
                companion = replace(companion, kind=sidecar_format.kind)
                return Sidecar(companion, file.raw, claim, read_said_at(file.raw))
        return None
