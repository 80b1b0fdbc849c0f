"""Looking around at sources: what can be asked there, and what is found."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from sd_model_manager.domain.browsing import BrowsePeriod, BrowseSort, BrowseWish, NamedField
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.ui.api.schemas.published import Caution, GenerationOut, PublishedFileOut
from sd_model_manager.ui.api.schemas.user_data import refuse_nul

Level = Annotated[int, Field(ge=1, le=31)]
"""How mature, by Civitai's bits: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX. All up to the highest that is set."""

_Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(refuse_nul)]


class BrowseIn(BaseModel):
    """Several values of one field mean any of them; what the source does not offer is left out."""

    model_config = {"extra": "forbid"}

    q: _Word = ""
    type: Annotated[list[ModelType], Field(max_length=20)] = []
    base_model: Annotated[list[_Word], Field(max_length=100)] = []
    tag: _Word = ""
    creator: _Word = ""
    period: BrowsePeriod = BrowsePeriod.ALL
    sort: BrowseSort | None = None
    max_level: Level | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30
    cursor: Annotated[str, StringConstraints(max_length=2000), AfterValidator(refuse_nul)] | None = None

    def to_wish(self, max_level: int) -> BrowseWish:
        return BrowseWish(
            words=self.q,
            types=tuple(self.type),
            base_models=tuple(self.base_model),
            tag=self.tag or None,
            creator=self.creator or None,
            period=self.period,
            sort=self.sort,
            max_level=max_level,
            limit=self.limit,
            cursor=self.cursor,
        )


class NamesIn(BaseModel):
    """`part`: what was typed so far of the name of a tag or a creator."""

    model_config = {"extra": "forbid"}

    field: NamedField
    part: Annotated[_Word, Field(min_length=1)]


class FoundNameOut(BaseModel):
    """`models`: how many it has there, where that is told."""

    name: str
    models: int | None


class BrowsableOut(BaseModel):
    """What a source lets one ask; lists are empty where it has no such choice. `sorts` begins with the usual order.
    `sorts_words`: whether an order holds for a search by words, too, which otherwise comes by relevance. `completes`:
    whether it tells of tags and creators by a part of their name."""

    source: str
    title: str
    types: list[ModelType]
    base_models: list[str]
    sorts: list[BrowseSort]
    periods: list[BrowsePeriod]
    has_tags: bool
    has_creators: bool
    has_levels: bool
    sorts_words: bool
    completes: bool


class RemoteImageOut(BaseModel):
    """`url` and `thumbnail_url`, a still picture, lie at the source."""

    url: str
    thumbnail_url: str
    media: Literal["image", "video"]
    width: int | None
    height: int | None
    nsfw_level: int
    prompt: str | None
    generation: GenerationOut | None


class HereOut(BaseModel):
    """A model of the library (`id`), and which version it is at the source."""

    id: int
    version_id: str


class FoundOut(BaseModel):
    """`link` is what a download is asked with: of `version_id`, the version that the model's creator puts first. `here`
    is what the library has of any of its versions."""

    source: str
    model_id: str
    version_id: str | None
    name: str
    type: ModelType
    link: str
    creator: str | None
    base_models: list[str]
    nsfw_level: int
    picture: RemoteImageOut | None
    warnings: list[Caution]
    downloads: int | None
    likes: int | None
    published_at: datetime | None
    here: list[HereOut]


class FoundPage(BaseModel):
    """A page can be short or empty while `next_cursor` says that more follows."""

    items: list[FoundOut]
    next_cursor: str | None


class RemoteFileOut(PublishedFileOut):
    """`here` is the number of the model of the library that is this very file."""

    here: int | None


class RemoteVersionOut(BaseModel):
    """`link` and a `file_id` are what a download is asked with. Descriptions are sanitised HTML."""

    version_id: str
    name: str
    type: ModelType
    base_model: str | None
    link: str
    published_at: datetime | None
    available_from: datetime | None
    description_html: str | None
    trigger_words: list[str]
    files: list[RemoteFileOut]
    images: list[RemoteImageOut]
    warnings: list[Caution]
    here: list[HereOut]


class RemoteModelOut(BaseModel):
    """A published model with all its versions, the one its creator puts first before the others."""

    source: str
    model_id: str
    name: str
    type: ModelType
    creator: str | None
    description_html: str | None
    tags: list[str]
    licence: str | None
    licence_terms: list[str]
    versions: list[RemoteVersionOut]
