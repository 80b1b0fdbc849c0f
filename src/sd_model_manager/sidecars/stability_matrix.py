"""`<stem>.cm-info.json` of StabilityMatrix, as of its `ConnectedModelInfo.cs` in 2026-08."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.lib.html import sanitise
from sd_model_manager.sidecars.format import ExportFacts, SidecarFile, SidecarRefused, parse_version
from sd_model_manager.sidecars.json_values import (
    base_model_in,
    hashes_in,
    object_in,
    parse_object,
    sha256_in,
    text_in,
    texts_in,
)
from sd_model_manager.sidecars.writing import Wanted, read_existing, refuse_shape, require_same_model, write_object

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

    def compose(self, existing: bytes | None, facts: ExportFacts) -> bytes:
        """The tool knows a model by its ids at Civitai, so there is no new file without them. It has no place for
        notes, and drops our own block when it writes the file anew."""
        if existing is not None:
            body = read_existing(existing)
            if not {"ModelName", "ModelType"} <= body.keys():
                raise refuse_shape()
            sha256 = sha256_in(object_in(body, "Hashes"), "SHA256")
            require_same_model(facts, version_id=body.get("VersionId"), sha256=sha256)
        own = {"UserTitle": facts.own.name, "BaseModel": facts.own.base_model}
        said = {key: value for key, value in own.items() if value}
        known = {
            "BaseModel": facts.base_model,
            "TrainedWords": list(facts.trigger_words),
            "Tags": list(facts.tags),
            "ModelDescription": facts.description_html,
        }
        fresh = _make_fresh(facts) if existing is None else {}
        return write_object(existing, Wanted(fresh, known, said, tags_key="Tags"), facts)


_OWN_TYPES = {
    ModelType.CHECKPOINT: "Checkpoint",
    ModelType.DIFFUSION_MODEL: "Checkpoint",
    ModelType.LORA: "LORA",
    ModelType.EMBEDDING: "TextualInversion",
    ModelType.HYPERNETWORK: "Hypernetwork",
    ModelType.CONTROLNET: "Controlnet",
    ModelType.VAE: "VAE",
    ModelType.UPSCALER: "Upscaler",
}
"""The tool's words for a type, for where Civitai's own is not kept; they are Civitai's."""


def _make_fresh(facts: ExportFacts) -> dict[str, Any]:
    version = facts.published
    if version is None or version.source != "civitai" or not (version.model_id + version.version_id).isdigit():
        raise SidecarRefused("The model is not known to Civitai.", code="NOT_ENOUGH_KNOWN")
    answer = facts.answer or {}
    kind = text_in(object_in(answer, "model"), "type") or _OWN_TYPES.get(facts.type)
    if kind is None:
        raise SidecarRefused("The tool has no word for this type of model.", code="NOT_ENOUGH_KNOWN")
    file = next((f for f in version.files if f.sha256 and f.sha256 == facts.sha256), None)
    meta = {"fp": file.precision, "size": file.size_label, "format": file.format} if file else {}
    return {
        "ModelId": int(version.model_id),
        "ModelName": version.model_name,
        "ModelDescription": facts.description_html or "",
        "Nsfw": object_in(answer, "model").get("nsfw") is True,
        "Tags": list(facts.tags),
        "ModelType": kind,
        "VersionId": int(version.version_id),
        "VersionName": version.version_name,
        "VersionDescription": version.version_description_html or "",
        "AuthorUsername": version.creator,
        "BaseModel": facts.base_model,
        "RemoteFileName": file.name if file else None,
        "RemoteFileId": int(file.file_id) if file and file.file_id.isdigit() else None,
        "FileMetadata": {key: value for key, value in meta.items() if value},
        "ImportedAt": datetime.fromtimestamp(facts.modified_at, UTC).isoformat(),
        "Hashes": {"SHA256": facts.sha256.upper()} if facts.sha256 else {},
        "TrainedWords": list(facts.trigger_words),
        "Source": 0,
    }


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
