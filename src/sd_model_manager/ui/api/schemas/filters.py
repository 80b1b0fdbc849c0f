"""A filter of models as a body carries it; in an address it is spelt out, a parameter for each field."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.query import MAX_CHARACTERS
from sd_model_manager.domain.taxonomy import Category, ModelType
from sd_model_manager.ui.api.schemas.user_data import refuse_nul

_Value = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(refuse_nul)]
_Values = Annotated[tuple[_Value, ...], Field(max_length=100)]


class FilterFields(BaseModel):
    """Which models; what is left out does not narrow. Several values of one field mean any of them."""

    model_config = {"extra": "forbid"}

    q: Annotated[str, Field(max_length=MAX_CHARACTERS)] = ""
    types: Annotated[tuple[ModelType, ...], Field(max_length=100)] = ()
    base_models: _Values = ()
    tags: _Values = ()
    category: Category | None = None
    folder: Annotated[str, Field(max_length=4096), AfterValidator(refuse_nul)] | None = None

    def to_filter(self) -> ModelFilter:
        return ModelFilter(
            text=self.q,
            types=tuple(type_.value for type_ in self.types),
            base_models=self.base_models,
            tags=self.tags,
            category=self.category,
            folder=self.folder,
        )
