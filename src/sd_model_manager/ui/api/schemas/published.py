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


class ResourceOut(BaseModel):
    """A model that took part in a picture; `version_id` is its version's number on Civitai."""

    type: str | None
    name: str | None
    weight: float | None
    version_id: str | None


class GenerationOut(BaseModel):
    """How a picture was made, besides its prompt. `seed` is digits, for it may be larger than JavaScript can count;
    `size` such as `832x1216`."""

    negative_prompt: str | None
    sampler: str | None
    scheduler: str | None
    steps: int | None
    cfg_scale: float | None
    seed: str | None
    size: str | None
    clip_skip: int | None
    model: str | None
    resources: list[ResourceOut]


class PictureTextOut(BaseModel):
    """What a picture says of itself. `has_workflow`: it carries a graph that ComfyUI opens."""

    prompt: str | None
    generation: GenerationOut | None
    has_workflow: bool


class Caution(BaseModel):
    """Something to know before fetching: `EARLY_ACCESS`, `PICKLE`, `LICENCE`, `NO_SPACE`, `OTHER_BASE_MODEL`, ..."""

    code: str
    message: str
    details: dict[str, Any] = {}
