"""Which models a request is about."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.query import MAX_CHARACTERS
from sd_model_manager.ui.api.schemas.bulk import ModelIds
from sd_model_manager.ui.api.schemas.filters import FilterFields
from sd_model_manager.ui.api.schemas.user_data import refuse_nul


class MeantModels(BaseModel):
    """`q`: only the models that this query means; `wanted`: that a list with this filter would show; `model_ids`: that
    have these numbers; one of the three at most."""

    model_config = {"extra": "forbid"}

    q: Annotated[str, Field(max_length=MAX_CHARACTERS), AfterValidator(refuse_nul)] = ""
    wanted: FilterFields | None = None
    model_ids: ModelIds | None = None

    @model_validator(mode="after")
    def _refuse_several(self) -> Self:
        if sum((self.q != "", self.wanted is not None, self.model_ids is not None)) > 1:
            raise PydanticCustomError("one_of", "Give one of q, wanted and model_ids")
        return self

    def to_filter(self) -> ModelFilter:
        return self.wanted.to_filter() if self.wanted else ModelFilter(text=self.q)

    def to_ids(self) -> tuple[ModelId, ...] | None:
        return tuple(ModelId(key) for key in self.model_ids) if self.model_ids else None
