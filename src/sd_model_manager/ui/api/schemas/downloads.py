"""What a download is asked with, and what is known of it before it starts."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from sd_model_manager.domain.taxonomy import Category, ModelType
from sd_model_manager.ui.api.schemas.models import ModelOut, PublishedOut


class DownloadIn(BaseModel):
    """`url` is anything a user pastes: a Civitai page, an API download link, an AIR, a plain https link.

    `file_id` is one of those that inspecting offers: a number at Civitai, a path at Hugging Face.
    `folder` is relative to the library folder or the absolute path of a folder inside one.
    """

    model_config = {"extra": "forbid"}

    url: str = Field(min_length=1, max_length=4000)
    file_id: int | Annotated[str, Field(max_length=2000)] | None = None
    folder: str | None = Field(default=None, max_length=2000)
    filename: str | None = Field(default=None, min_length=1, max_length=300)
    category: Category = Category.ACTIVE


class OfferedFile(BaseModel):
    """One file of the version. `is_chosen` marks the one that would be fetched."""

    file_id: str
    name: str
    kind: str
    size_bytes: int | None
    format: str | None
    precision: str | None
    sha256: str | None
    is_primary: bool
    is_chosen: bool


class Caution(BaseModel):
    """Something to know before fetching: `EARLY_ACCESS`, `PICKLE`, `LICENCE`, `NO_HASH`, `NO_SPACE`, ..."""

    code: str
    message: str


class InspectOut(BaseModel):
    published: PublishedOut
    type: ModelType
    base_model: str | None
    description_html: str | None
    trigger_words: list[str]
    images: list[str]
    files: list[OfferedFile]
    path: str
    size_bytes: int | None
    free_bytes: int
    on_disk: ModelOut | None
    warnings: list[Caution]
