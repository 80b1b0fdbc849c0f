"""What a source publishes, as downloads and discovery show it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from sd_model_manager.domain.taxonomy import ModelType


class PublishedFileOut(BaseModel):
    """One file of a version."""

    file_id: str
    name: str
    kind: str
    type: ModelType
    size_bytes: int | None
    format: str | None
    precision: str | None
    sha256: str | None
    is_primary: bool
    is_pickle: bool


class Caution(BaseModel):
    """Something to know before fetching: `EARLY_ACCESS`, `PICKLE`, `LICENCE`, `NO_SPACE`, `OTHER_BASE_MODEL`, ..."""

    code: str
    message: str
    details: dict[str, Any] = {}
