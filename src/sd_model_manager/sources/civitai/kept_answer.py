"""Reads an answer of Civitai's that some tool kept in a file."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.sources.civitai.payloads import ModelPayload, VersionPayload
from sd_model_manager.sources.civitai.references import SOURCE_NAME
from sd_model_manager.sources.civitai.translate import translate_version

_ONLY_IN_AN_ANSWER = {"id", "modelId", "files", "images", "downloadUrl"}
"""What a tool that kept the rest in a shape of its own leaves out."""


def parse_version_body(raw: bytes, base_url: str = "https://civitai.com") -> PublishedVersion | None:
    """The version in the JSON of `/model-versions/{id}` or `/by-hash/{hash}`; `None` where it is none.

    Tools add what they know of the model (description, tags, creator) to the `model` object; it is used. Raises
    ValueError where it is no JSON.
    """
    body = json.loads(raw)
    if not isinstance(body, dict) or "modelId" not in body or "files" not in body:
        return None
    about_model = body.get("model")
    try:
        version = VersionPayload.model_validate(body)
        model = ModelPayload.model_validate(about_model if isinstance(about_model, dict) else {})
    except ValidationError as error:
        raise ValueError("it is not an answer of Civitai") from error
    if not version.id:
        return None
    return translate_version(version, model, base_url=base_url, now=datetime.now(UTC), raw=body)


def find_version_body(version: PublishedVersion) -> dict[str, Any] | None:
    """The whole answer of `/model-versions/{id}` that is kept with a version; `None` where there is none, or where it
    was put together from what a tool had kept."""
    if version.source != SOURCE_NAME or not version.raw:
        return None
    kept = json.loads(zlib.decompress(version.raw))
    body = kept.get("version", kept) if isinstance(kept, dict) else None
    is_answer = isinstance(body, dict) and body.keys() >= _ONLY_IN_AN_ANSWER and bool(body["files"])
    return body if is_answer else None
