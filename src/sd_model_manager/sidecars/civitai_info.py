"""Civitai's answer for a version as it came: `<stem>.civitai.info` of the Civitai Helper extensions, and
`<stem>.api_info.json` of sd-civitai-browser-plus and its kin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.sidecars.format import SidecarFile, find_own_file, parse_version
from sd_model_manager.sidecars.json_values import hashes_of_file, object_in, parse_object


@dataclass(frozen=True, slots=True)
class CivitaiInfo:
    kind: str = "civitai_info"
    suffix: str = ".civitai.info"

    def read(self, file: SidecarFile) -> SidecarClaim | None:
        body = parse_object(file.raw)
        version = None if is_placeholder(body) else parse_version(file, body)
        if version is None:
            return None
        own = find_own_file(version, file.stem)
        hashes = hashes_of_file(body, own.file_id) if own else {}
        return SidecarClaim(published=version, sha256=own.sha256 if own else None, hashes=hashes)


def is_placeholder(body: dict[str, Any]) -> bool:
    """The forks write a skeleton where Civitai knew nothing, so as not to ask again."""
    return object_in(object_in(body, "extensions"), "sd_civitai_helper").get("skeleton_file") is True
