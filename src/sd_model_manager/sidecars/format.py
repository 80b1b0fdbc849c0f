"""What a sidecar format has to offer."""

from __future__ import annotations

from typing import Protocol

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.domain.published import PublishedVersion


class VersionParser(Protocol):
    """Reads a source's own JSON of a version, which some tools keep as it is. `None`: it is not one."""

    def __call__(self, raw: bytes) -> PublishedVersion | None: ...


class SidecarFormat(Protocol):
    """One tool's format. `suffix` is what its name has behind the model's stem, in lower case."""

    kind: str
    suffix: str

    def read(self, raw: bytes, parse_version: VersionParser) -> SidecarClaim | None:
        """What it says; `None` where it says nothing of a model. Raises ValueError where it cannot be read."""
