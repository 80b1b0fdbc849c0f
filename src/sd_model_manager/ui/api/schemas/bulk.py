"""What the user says of many models at once."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from sd_model_manager.domain.maturity import MatureLevel
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.ui.api.schemas.filters import FilterFields
from sd_model_manager.ui.api.schemas.user_data import OwnBaseModel, Rating, Tag, Tags

MAX_MODELS = 10_000
MAX_PREVIOUS = 1000

Key = Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)]
ModelIds = Annotated[tuple[Key, ...], Field(min_length=1, max_length=MAX_MODELS)]


class BulkChangeIn(BaseModel):
    """What is left out stays as it is; `null` takes back what was said before. Tags are your own; those of the source
    can be neither added to nor removed."""

    model_config = {"extra": "forbid"}

    # made by factories, so that the API's description tells of no default: none is ever written
    favorite: bool = Field(default_factory=bool, strict=True)
    rating: Rating = None
    own_type: ModelType | None = None
    own_base_model: OwnBaseModel = None
    own_mature_level: MatureLevel | None = None
    add_tags: Tags = Field(default_factory=tuple)
    remove_tags: Tags = Field(default_factory=tuple)
    add_to_collection: Key = Field(default_factory=int)
    remove_from_collection: Key = Field(default_factory=int)

    @model_validator(mode="after")
    def _refuse_nonsense(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("nothing_said", "A change should say at least one thing")
        if {tag.casefold() for tag in self.add_tags} & {tag.casefold() for tag in self.remove_tags}:
            raise PydanticCustomError("contradiction", "The same tag should not be added and removed")
        both = {"add_to_collection", "remove_from_collection"} <= self.model_fields_set
        if both and self.add_to_collection == self.remove_from_collection:
            raise PydanticCustomError("contradiction", "Models should not be added to and removed from one collection")
        return self


class BulkIn(BaseModel):
    """Either `model_ids` or `wanted`, all models that a list with this filter would show."""

    model_config = {"extra": "forbid"}

    model_ids: ModelIds | None = None
    wanted: FilterFields | None = None
    change: BulkChangeIn

    @model_validator(mode="after")
    def _refuse_both(self) -> Self:
        if (self.model_ids is None) == (self.wanted is None):
            raise PydanticCustomError("one_of", "Give either model_ids or wanted")
        return self


class MembershipBefore(BaseModel):
    """`added_at` is `null` where the model was not in the collection."""

    model_config = {"extra": "forbid"}

    collection_id: Key
    added_at: AwareDatetime | None


class PreviousValues(BaseModel):
    """What stood of a model before, as far as it was changed: a field that was not is left out."""

    model_config = {"extra": "forbid"}

    model_id: Key
    favorite: bool = Field(default_factory=bool, strict=True)
    rating: Rating = None
    own_type: ModelType | None = None
    own_base_model: OwnBaseModel = None
    own_mature_level: MatureLevel | None = None
    own_tags: Annotated[tuple[Tag, ...], Field(max_length=1000)] = Field(default_factory=tuple)
    memberships: Annotated[tuple[MembershipBefore, ...], Field(max_length=1000)] = Field(default_factory=tuple)


class RestoreIn(BaseModel):
    """What `POST /api/models/bulk` answered as `previous`, or a part of it."""

    model_config = {"extra": "forbid"}

    restore: Annotated[tuple[PreviousValues, ...], Field(min_length=1, max_length=MAX_PREVIOUS)]


class BulkFailureOut(BaseModel):
    model_id: int
    code: str
    error: str


class BulkOut(BaseModel):
    """`unchanged` models were so already. `previous` is what to send to `POST /api/models/bulk/restore` to undo it;
    `null` where more than 1,000 models were changed."""

    changed: int
    unchanged: int
    failures: list[BulkFailureOut]
    previous: list[PreviousValues] | None
