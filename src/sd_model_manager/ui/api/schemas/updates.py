"""Looking files up at their source, and newer versions of what is here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from sd_model_manager.domain.lookups import AskedHash, LookupOutcome
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.domain.updates import Access, IgnoredKind
from sd_model_manager.library.enrichment_wish import EnrichmentWish
from sd_model_manager.ui.api.schemas.meant_models import MeantModels
from sd_model_manager.ui.api.schemas.user_data import refuse_nul

Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(refuse_nul)]
SourceName = Annotated[str, StringConstraints(min_length=1, max_length=32), AfterValidator(refuse_nul)]


class EnrichIn(MeantModels):
    """Without any of `q`, `wanted` and `model_ids` it is the whole library. `again`: also what is known, and what was
    not found lately. `full`: with creator, tags and description, another
    request per hundred models. `weights`: also by BLAKE3 and AutoV3 where SHA-256 finds nothing, at most 50 questions
    each time. `civarchive`: what Civitai does not know is asked for at CivArchive, too, which remembers models that
    were removed: one by one, at most 100 each time."""

    again: bool = False
    full: bool = False
    weights: bool = False
    civarchive: bool = False

    def to_wish(self) -> EnrichmentWish:
        return EnrichmentWish(
            wanted=self.to_filter(),
            model_ids=self.to_ids(),
            again=self.again,
            full=self.full,
            weights=self.weights,
            civarchive=self.civarchive,
        )


class OwnMatchIn(BaseModel):
    """`url`: any link that can be downloaded from."""

    model_config = {"extra": "forbid"}

    url: str = Field(min_length=1, max_length=4000)


class LookupOut(BaseModel):
    """What a source said when it was last asked for this file by its hash. `is_provisional`: the hash was another
    tool's word. `again_at`: when it is asked again, if ever."""

    source: str
    outcome: LookupOutcome
    hash_kind: AskedHash
    is_provisional: bool
    looked_up_at: datetime
    again_at: datetime | None


class VersionOut(BaseModel):
    """`available_from` is when early access ends, `null` where that is not known."""

    version_id: str
    name: str
    base_model: str | None
    published_at: datetime | None
    access: Access
    available_from: datetime | None
    url: str


class SiblingVersionOut(VersionOut):
    """`model_ids` are the models of the library that are this version; `is_update`: an update of one that is here."""

    model_ids: list[int]
    is_update: bool


class UpdateOut(BaseModel):
    """A model of the library (`id`), the version it is, and the newer ones, the newest first. The preview is as in
    lists of models."""

    id: int
    name: str
    source: str
    published_model_id: str
    published_model_name: str
    creator: str | None
    type: ModelType
    preview_url: str | None
    preview_media: Literal["image", "video"] | None
    is_blurred: bool
    installed: VersionOut
    versions: list[VersionOut]


class UpdatePage(BaseModel):
    items: list[UpdateOut]
    total: int
    next_cursor: str | None


class IgnoreIn(BaseModel):
    """One of `version` and `model`, ids at the source, and `creator`, a name."""

    model_config = {"extra": "forbid"}

    version: Key | None = None
    model: Key | None = None
    creator: Key | None = None
    source: SourceName = "civitai"

    @model_validator(mode="after")
    def _refuse_several(self) -> Self:
        if sum(key is not None for key in (self.version, self.model, self.creator)) != 1:
            raise PydanticCustomError("one_of", "Give one of version, model and creator")
        return self


class IgnoredOut(BaseModel):
    """`model_name` and `version_name` are what the id in `key` stands for, where that is known."""

    source: str
    kind: IgnoredKind
    key: str
    model_name: str | None
    version_name: str | None
