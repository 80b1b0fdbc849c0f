"""`<stem>.metadata.json` of ComfyUI-Lora-Manager, as of its `docs/metadata-json-schema.md` in 2026-08."""

from __future__ import annotations

import json
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
    weight_in,
)
from sd_model_manager.sidecars.writing import Wanted, read_existing, refuse_shape, require_same_model, write_object

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

    def compose(self, existing: bytes | None, facts: ExportFacts) -> bytes:
        """The tool finds its models by their hash, so there is no new file before it is computed."""
        if existing is not None:
            body = read_existing(existing)
            if not {"file_name", "sha256"} <= body.keys():
                raise refuse_shape()
            require_same_model(facts, version_id=object_in(body, "civitai").get("id"), sha256=sha256_in(body, "sha256"))
        elif facts.sha256 is None:
            raise SidecarRefused("The file's hash is not computed yet.", code="NOT_ENOUGH_KNOWN")
        own = {
            "model_name": facts.own.name,
            "base_model": facts.own.base_model,
            "notes": facts.own.notes,
            "favorite": facts.own.favorite,
        }
        known = {"modelDescription": facts.description_html, "tags": list(facts.tags)}
        said = {key: value for key, value in own.items() if value}
        return write_object(existing, Wanted(_make_fresh(facts), known, said, tags_key="tags"), facts)


def _make_fresh(facts: ExportFacts) -> dict[str, Any]:
    kind = next((name for name, model_type in _TYPES.items() if model_type is facts.type), None)
    words = {"trainedWords": list(facts.trigger_words)} if facts.trigger_words else {}
    tips = {"strength": facts.preferred_weight} if facts.preferred_weight else {}
    return {
        "file_name": facts.stem,
        "model_name": facts.name or facts.stem,
        "file_path": facts.path,
        "size": facts.size_bytes,
        "modified": facts.modified_at,
        "sha256": facts.sha256,
        "base_model": facts.base_model or "Unknown",
        "preview_url": "",
        "preview_nsfw_level": 0,
        "notes": "",
        "from_civitai": facts.answer is not None,
        "civitai": dict(facts.answer or words),
        "tags": list(facts.tags),
        "modelDescription": facts.description_html or "",
        "civitai_deleted": False,
        "favorite": False,
        "exclude": False,
        "db_checked": False,
        "skip_metadata_refresh": False,
        **({"sub_type": kind} if kind else {"usage_tips": json.dumps(tips)}),
    }


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
