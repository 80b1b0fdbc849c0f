"""`<stem>.civitai.info`: Civitai's answer for a version as it came, written by the Civitai Helper extensions."""

from __future__ import annotations

import json

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.sidecars.format import VersionParser


class CivitaiInfo:
    kind = "civitai_info"
    suffix = ".civitai.info"

    def read(self, raw: bytes, parse_version: VersionParser) -> SidecarClaim | None:
        body = json.loads(raw)
        if not isinstance(body, dict) or _is_placeholder(body):
            return None
        version = parse_version(raw)
        if version is None:
            return None
        hashes = [file.sha256 for file in version.files if file.is_primary] or [file.sha256 for file in version.files]
        return SidecarClaim(published=version, sha256=hashes[0] if len(hashes) == 1 else None)


def _is_placeholder(body: dict[str, object]) -> bool:
    """The forks write a skeleton where Civitai knew nothing, so as not to ask again."""
    extensions = body.get("extensions")
    helper = extensions.get("sd_civitai_helper") if isinstance(extensions, dict) else None
    return isinstance(helper, dict) and helper.get("skeleton_file") is True
