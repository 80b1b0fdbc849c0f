"""`<stem>.metadata.json` of ComfyUI-Lora-Manager, as of its `docs/metadata-json-schema.md` in 2026-08."""

from __future__ import annotations

import json
from typing import Any

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.taxonomy import ModelType
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
    weight_in,
)

_TYPES = {
    "checkpoint": ModelType.CHECKPOINT,
    "diffusion_model": ModelType.DIFFUSION_MODEL,
    "embedding": ModelType.EMBEDDING,
}


class LoraManager:
    kind = "lora_manager"
    suffix = ".metadata.json"

    def read(self, file: SidecarFile) -> SidecarClaim | None:
        """Until it knows a name the tool takes the file's."""
        body = parse_object(file.raw)
        if not {"file_name", "sha256"} <= body.keys():
            return None
        description = text_in(body, "modelDescription")
        name = text_in(body, "model_name")
        return SidecarClaim(
            published=_read_version(file, body),
            sha256=sha256_in(body, "sha256"),
            hashes=hashes_in(body),
            trigger_words=texts_in(body, "trainedWords") or texts_in(object_in(body, "civitai"), "trainedWords"),
            tags=texts_in(body, "tags"),
            model_name=None if name == file.stem else name,
            base_model=base_model_in(body, "base_model"),
            model_type=_TYPES.get(text_in(body, "sub_type", "model_type") or ""),
            description_html=sanitise(description) if description else None,
            notes=text_in(body, "notes"),
            preferred_weight=_read_strength(body),
        )


def _read_version(file: SidecarFile, body: dict[str, Any]) -> PublishedVersion | None:
    """Civitai's answer, with what the tool keeps outside of it put back. It is empty where Civitai knew nothing."""
    version = object_in(body, "civitai")
    if not {"id", "modelId"} <= version.keys():
        return None
    model = object_in(version, "model")
    known = {
        "name": text_in(body, "model_name"),
        "description": text_in(body, "modelDescription"),
        "tags": list(texts_in(body, "tags")),
        "creator": object_in(version, "creator"),
    }
    about_model = {**model, **{key: value for key, value in known.items() if value and not model.get(key)}}
    return parse_version(file, {"files": [], **version, "model": about_model})


def _read_strength(body: dict[str, Any]) -> float | None:
    """The tips are JSON in a text."""
    try:
        tips = parse_object((text_in(body, "usage_tips") or "{}").encode())
    except json.JSONDecodeError:
        return None
    return weight_in(tips, "strength")
