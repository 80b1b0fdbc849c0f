"""What the user puts together: collections of models, and searches worth keeping."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.ids import CollectionId, ModelId, PreviewId, SearchId

MAX_COVER_PICTURES = 4


@dataclass(frozen=True, slots=True)
class CoverPicture:
    """The preview of a member. `media` is `image` or `video`, `mature_bits` is of the member."""

    model_id: ModelId
    preview_id: PreviewId
    media: str
    mature_bits: int = 0


@dataclass(frozen=True, slots=True)
class Collection:
    """A named set of models in the order in which they were added. `cover` are the first members' previews, at most
    `MAX_COVER_PICTURES`; `size_bytes` counts each content once, missing ones too."""

    collection_id: CollectionId
    name: str
    notes: str
    created_at: datetime
    model_count: int = 0
    size_bytes: int = 0
    cover: tuple[CoverPicture, ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionChange:
    """What is to be otherwise; `None` stays as it is."""

    name: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class SearchedFor:
    """What a saved search finds, and in what order: `sort` is such as `-added_at`, `None` for the list's own."""

    wanted: ModelFilter
    sort: str | None = None


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """What is searched for, under a name. `position` counts from 0."""

    search_id: SearchId
    name: str
    searched: SearchedFor
    position: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SearchChange:
    """What is to be otherwise; `None` stays as it is. `position` counts from 0, and one beyond the end is the end."""

    name: str | None = None
    searched: SearchedFor | None = None
    position: int | None = None
