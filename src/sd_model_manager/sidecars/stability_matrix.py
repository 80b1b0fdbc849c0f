"""`<stem>.cm-info.json` of StabilityMatrix, as of its `ConnectedModelInfo.cs` in 2026-08."""

from __future__ import annotations

from typing import Any

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.lib.html import sanitise
from sd_model_manager.sidecars.format import SidecarFile, parse_version
from sd_model_manager.sidecars.json_values import (
    base_model_in,
    hashes_in,
    object_in,
    parse_object,
    sha256_in,
    text_in,
    texts_in,
)

_FROM_CIVITAI = (0, None)
"""`Source` is a number: 1 OpenModelDb, 2 CivArchive, 3 another; older files do not have it."""


class StabilityMatrix:
    kind = "stability_matrix"
    suffix = ".cm-info.json"

    def read(self, file: SidecarFile) -> SidecarClaim | None:
        body = parse_object(file.raw)
        if not {"ModelName", "ModelType"} <= body.keys():
            return None
        description = text_in(body, "ModelDescription")
        return SidecarClaim(
            published=_read_version(file, body),
            sha256=sha256_in(object_in(body, "Hashes"), "SHA256"),
            hashes=hashes_in(object_in(body, "Hashes")),
            trigger_words=texts_in(body, "TrainedWords"),
            tags=texts_in(body, "Tags"),
            model_name=text_in(body, "UserTitle", "ModelName"),
            base_model=base_model_in(body, "BaseModel"),
            description_html=sanitise(description) if description else None,
        )


def _read_version(file: SidecarFile, body: dict[str, Any]) -> PublishedVersion | None:
    """What the tool kept, in the shape of Civitai's answer, from which it comes."""
    model_id, version_id = body.get("ModelId"), body.get("VersionId")
    if not model_id or not version_id or body.get("Source") not in _FROM_CIVITAI:
        return None
    return parse_version(
        file,
        {
            "id": version_id,
            "modelId": model_id,
            "name": text_in(body, "VersionName") or "",
            "description": text_in(body, "VersionDescription"),
            "baseModel": text_in(body, "BaseModel"),
            "trainedWords": list(texts_in(body, "TrainedWords")),
            "model": {
                "name": text_in(body, "ModelName"),
                "type": text_in(body, "ModelType"),
                "nsfw": body.get("Nsfw") is True,
                "description": text_in(body, "ModelDescription"),
                "tags": list(texts_in(body, "Tags")),
                "creator": {"username": text_in(body, "AuthorUsername")},
            },
            "files": [
                {
                    "id": body.get("RemoteFileId"),
                    "name": text_in(body, "RemoteFileName"),
                    "type": "Model",
                    "metadata": object_in(body, "FileMetadata"),
                    "hashes": object_in(body, "Hashes"),
                    "primary": True,
                }
            ],
        },
    )
