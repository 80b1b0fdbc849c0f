"""Collections of models."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from sd_model_manager.ui.api.schemas.bulk import ModelIds
from sd_model_manager.ui.api.schemas.user_data import Name, refuse_nul

_Notes = Annotated[str, Field(max_length=100_000), AfterValidator(refuse_nul)]


class CollectionIn(BaseModel):
    model_config = {"extra": "forbid"}

    name: Name
    notes: _Notes = ""


class CollectionChangeIn(BaseModel):
    """What is left out stays as it is."""

    model_config = {"extra": "forbid"}

    name: Name | None = None
    notes: _Notes | None = None


class MembersIn(BaseModel):
    model_config = {"extra": "forbid"}

    model_ids: ModelIds


class CoverPictureOut(BaseModel):
    url: str
    media: Literal["image", "video"]


class CollectionOut(BaseModel):
    """`models` and `size_bytes` count missing models too; `cover` are previews of the first members, at most four."""

    id: int
    name: str
    notes: str
    created_at: datetime
    models: int
    size_bytes: int
    cover: list[CoverPictureOut]


class CollectionDetailOut(CollectionOut):
    """`model_ids` stand in the order in which they were added."""

    model_ids: list[int]
