"""Saved searches."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from sd_model_manager.domain.shelves import SearchedFor
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.ui.api.schemas.filters import FilterFields
from sd_model_manager.ui.api.schemas.models import Sort
from sd_model_manager.ui.api.schemas.user_data import Name


class SearchedForIn(FilterFields):
    """The query, the filters beside it, and the order; without `sort` it is the list's own."""

    sort: Sort | None = None

    def to_domain(self) -> SearchedFor:
        return SearchedFor(self.to_filter(), self.sort)


class SearchIn(BaseModel):
    model_config = {"extra": "forbid"}

    name: Name
    wanted: SearchedForIn


class SearchChangeIn(BaseModel):
    """What is left out stays as it is. `position` counts from 0; those behind it move on."""

    model_config = {"extra": "forbid"}

    name: Name | None = None
    wanted: SearchedForIn | None = None
    position: Annotated[int, Field(strict=True, ge=0, le=100_000)] | None = None


class SearchedForOut(BaseModel):
    q: str
    types: list[str]
    base_models: list[str]
    tags: list[str]
    category: Category | None
    folder: str | None
    sort: str | None


class SearchOut(BaseModel):
    id: int
    name: str
    wanted: SearchedForOut
    position: int
    created_at: datetime
