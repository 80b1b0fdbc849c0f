"""What the user says of a model."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from pydantic_core import PydanticCustomError

from sd_model_manager.domain.maturity import MatureLevel
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.domain.user_data import MAX_OWN_TAGS


def refuse_nul(text: str) -> str:
    """PostgreSQL keeps none."""
    if "\0" in text:
        raise PydanticCustomError("nul_character", "Text should not contain the character NUL")
    return text


def to_line(text: str) -> str:
    return " ".join(refuse_nul(text).split())


def _to_name(text: str) -> str:
    if not (line := to_line(text)):
        raise PydanticCustomError("blank", "A name should have at least one character")
    return line


def _blank_to_none(text: str | None) -> str | None:
    return text or None


_ModelName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), AfterValidator(to_line)]
_BaseModelName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), AfterValidator(to_line)]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(to_line)]
Name = Annotated[str, StringConstraints(max_length=200), AfterValidator(_to_name)]
"""What something the user makes is called."""

Tags = Annotated[tuple[Tag, ...], Field(max_length=MAX_OWN_TAGS)]
OwnBaseModel = Annotated[_BaseModelName | None, AfterValidator(_blank_to_none)]
Rating = Annotated[int, Field(strict=True, ge=0, le=5)] | None


class UserChangeIn(BaseModel):
    """What is left out stays as it is; `null` takes back what was said before, and the file and its source are believed
    again. `tags` are your own and replace those you gave before; the source's stay."""

    model_config = {"extra": "forbid"}

    # made by factories, so that the API's description tells of no default: none is ever written
    favorite: bool = Field(default_factory=bool, strict=True)
    rating: Rating = None
    notes: Annotated[str, Field(max_length=100_000), AfterValidator(refuse_nul)] = Field(default_factory=str)
    tags: Tags = Field(default_factory=tuple)
    own_name: Annotated[_ModelName | None, AfterValidator(_blank_to_none)] = None
    own_type: ModelType | None = None
    own_base_model: OwnBaseModel = None
    own_mature_level: MatureLevel | None = None
