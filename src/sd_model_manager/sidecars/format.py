"""What a sidecar format has to offer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.domain.published import PublishedFile, PublishedVersion


class VersionParser(Protocol):
    """Reads a source's own JSON of a version, which some tools keep as it is. `None`: it is not one."""

    def __call__(self, raw: bytes) -> PublishedVersion | None: ...


@dataclass(frozen=True, slots=True)
class SidecarFile:
    """A sidecar's bytes, and the name of the model beside it without its extension."""

    raw: bytes
    stem: str
    parse_version: VersionParser


class SidecarFormat(Protocol):
    """One tool's format. `suffix` is what its name has behind the model's stem, in lower case; formats can share it."""

    @property
    def kind(self) -> str: ...

    @property
    def suffix(self) -> str: ...

    def read(self, file: SidecarFile) -> SidecarClaim | None:
        """What it says; `None` where it has another shape or says nothing. Raises ValueError where it is unreadable."""


def parse_version(file: SidecarFile, body: Mapping[str, Any]) -> PublishedVersion | None:
    """The version that a body in the shape of Civitai's answer describes. Raises ValueError."""
    try:
        return file.parse_version(json.dumps(body).encode())
    except OverflowError as error:
        raise ValueError("it names a date that no calendar has") from error


def find_own_file(version: PublishedVersion, stem: str) -> PublishedFile | None:
    """Which of a version's files lies beside the sidecar: the one of this name, else the one to fetch."""
    same_name = [file for file in version.files if file.name.rpartition(".")[0].lower() == stem.lower()]
    primary = [file for file in version.files if file.is_primary]
    for files in (same_name, primary, version.files):
        if len(files) == 1:
            return files[0]
    return None
