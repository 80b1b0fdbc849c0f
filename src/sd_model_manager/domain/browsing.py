"""Looking around at a source: what can be asked there, what is asked, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sd_model_manager.domain.published import Caution, PublishedImage
from sd_model_manager.domain.taxonomy import ModelType


class BrowseSort(StrEnum):
    """Orders that sources offer; each offers some of them."""

    TRENDING = "trending"
    RATING = "rating"
    DOWNLOADS = "downloads"
    LIKES = "likes"
    DISCUSSED = "discussed"
    COLLECTED = "collected"
    IMAGES = "images"
    NEWEST = "newest"
    UPDATED = "updated"
    OLDEST = "oldest"


class BrowsePeriod(StrEnum):
    """How far back a model's newest version may lie."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"


class NamedField(StrEnum):
    """What is narrowed by exactly one name, which a source may help to spell."""

    TAG = "tag"
    CREATOR = "creator"


@dataclass(frozen=True, slots=True)
class FoundName:
    """A tag or a creator. `models` is how many models it has, where the source tells."""

    name: str
    models: int | None = None


@dataclass(frozen=True, slots=True)
class BrowseOffer:
    """What one source lets one ask; what it does not offer is empty or off.

    `sorts` has the usual order first. `sorts_words`: whether an order holds for a search by words, too, which the
    source otherwise answers by relevance. `has_levels`: whether it rates its models' maturity.
    """

    title: str
    sorts: tuple[BrowseSort, ...]
    types: tuple[ModelType, ...] = ()
    base_models: tuple[str, ...] = ()
    periods: tuple[BrowsePeriod, ...] = ()
    has_tags: bool = False
    has_creators: bool = False
    has_levels: bool = False
    sorts_words: bool = True


@dataclass(frozen=True, slots=True)
class BrowseWish:
    """What is looked for; what is left out does not narrow. `max_level` is as in `allowed_levels`."""

    words: str = ""
    types: tuple[ModelType, ...] = ()
    base_models: tuple[str, ...] = ()
    tag: str | None = None
    creator: str | None = None
    period: BrowsePeriod = BrowsePeriod.ALL
    sort: BrowseSort | None = None
    max_level: int = 3
    limit: int = 30
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A published model as a source lists it.

    `version_id` is the version that is fetched unless another is chosen, `None` where the list does not tell; `link` is
    what a download of it is asked with. `version_of_sha256` has all its files that are listed. `warnings` are of that
    version. `downloads` and `likes` are `None` where the source keeps them to itself.
    """

    source: str
    model_id: str
    version_id: str | None
    name: str
    model_type: ModelType
    link: str
    creator: str | None = None
    base_models: tuple[str, ...] = ()
    images: tuple[PublishedImage, ...] = ()
    nsfw_level: int = 0
    version_of_sha256: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()
    downloads: int | None = None
    likes: int | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BrowsePage:
    """A page may hold few models or none, and more may follow all the same."""

    models: tuple[FoundModel, ...]
    next_cursor: str | None


ALL_LEVELS = 31
"""Civitai's bits: PG 1, PG-13 2, R 4, X 8, XXX 16. A picture has one of them, a model those of all its pictures."""

TAME_LEVELS = 3


def allowed_levels(max_level: int) -> int:
    """The bits up to a bound: 3 and 2 are PG and PG-13, 4 to 7 those and R, 16 and more are all."""
    return ((1 << max_level.bit_length()) - 1) & ALL_LEVELS


def may_list(nsfw_level: int, max_level: int) -> bool:
    """Whether a model has anything to show within the bound; an unrated one (0) only where there is no bound."""
    allowed = allowed_levels(max_level)
    return bool(nsfw_level & allowed) or allowed == ALL_LEVELS


def may_show(nsfw_level: int, max_level: int) -> bool:
    """Whether a picture lies within the bound; an unrated one (0) only where there is no bound."""
    allowed = allowed_levels(max_level)
    return allowed == ALL_LEVELS or (nsfw_level != 0 and not nsfw_level & ~allowed)
