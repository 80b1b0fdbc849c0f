"""Values of the domain as JSON columns, and back."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from sd_model_manager.domain.local import Identity, ModelPart, SidecarClaim
from sd_model_manager.domain.published import PublishedVersion

_IDENTITY = TypeAdapter(Identity)
_PUBLISHED = TypeAdapter(PublishedVersion)
_CLAIM = TypeAdapter(SidecarClaim)


def identity_to_json(identity: Identity) -> dict[str, Any]:
    return dict(_IDENTITY.dump_python(identity, mode="json"))


def identity_from_json(body: dict[str, Any]) -> Identity:
    return _IDENTITY.validate_python(body)


def parts_to_json(parts: Sequence[ModelPart]) -> dict[str, Any]:
    """Goes into the JSON of the identity, whose own reader passes over it; empty for a model of one file."""
    named = [{"filename": part.filename, "size_bytes": part.size_bytes} for part in parts]
    return {"parts": named} if parts else {}


def parts_from_json(body: dict[str, Any]) -> tuple[ModelPart, ...]:
    """From the JSON of an identity."""
    return tuple(ModelPart(part["filename"], part["size_bytes"]) for part in body.get("parts", ()))


def published_to_json(version: PublishedVersion) -> dict[str, Any]:
    """Without `raw`, which has a column of its own."""
    return dict(_PUBLISHED.dump_python(version, mode="json", exclude={"raw"}))


def published_from_json(body: dict[str, Any], raw: bytes | None) -> PublishedVersion:
    return _PUBLISHED.validate_python({**body, "raw": raw or b""})


def claim_to_json(claim: SidecarClaim) -> dict[str, Any]:
    """Without the published version, which has a row of its own."""
    return dict(_CLAIM.dump_python(claim, mode="json", exclude={"published"}))


def claim_from_json(body: dict[str, Any]) -> SidecarClaim:
    return _CLAIM.validate_python(body)


def pack(raw: bytes) -> bytes:
    return zlib.compress(raw, 6)


def unpack(packed: bytes) -> bytes:
    return zlib.decompress(packed)
