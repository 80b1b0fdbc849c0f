"""`<stem>.json` of SD.Next: Civitai's answer for the whole model, with all its versions."""

from __future__ import annotations

from typing import Any

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.lib.html import sanitise
from sd_model_manager.sidecars.format import SidecarFile, find_own_file, parse_version
from sd_model_manager.sidecars.json_values import hashes_of_file, parse_object, text_in, texts_in


class SdNext:
    kind = "sdnext"
    suffix = ".json"

    def read(self, file: SidecarFile) -> SidecarClaim | None:
        body = parse_object(file.raw)
        versions = body.get("modelVersions")
        if not isinstance(versions, list) or not text_in(body, "name"):
            return None
        body_of_own = _find_own_version([version for version in versions if isinstance(version, dict)], file.stem)
        model = {key: value for key, value in body.items() if key != "modelVersions"}
        whole = {"files": [], **body_of_own, "modelId": body.get("id"), "model": model} if body_of_own else {}
        version = parse_version(file, whole)
        own = find_own_file(version, file.stem) if version else None
        description = text_in(body, "description")
        return SidecarClaim(
            published=version,
            sha256=own.sha256 if own else None,
            hashes=hashes_of_file(whole, own.file_id) if own else {},
            tags=texts_in(body, "tags"),
            model_name=text_in(body, "name"),
            description_html=sanitise(description) if description else None,
        )


def _find_own_version(versions: list[dict[str, Any]], stem: str) -> dict[str, Any] | None:
    """The version with a file of this name, or the only one; a guess among several would be worse than none."""
    named = [version for version in versions if stem.lower() in _list_stems(version)]
    candidates = named or versions
    return candidates[0] if len(candidates) == 1 else None


def _list_stems(version: dict[str, Any]) -> set[str]:
    files = version.get("files")
    names = (
        [text_in(entry, "name") or "" for entry in files if isinstance(entry, dict)] if isinstance(files, list) else []
    )
    return {name.rpartition(".")[0].lower() for name in names}
