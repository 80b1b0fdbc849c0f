"""Looking around on Civitai: from a wish to the words of its list, and from the list to found models. Pure.

The list is that of `src/pages/api/v1/models/index.ts` of 2026-08: an unknown tag does not narrow it, types are repeated
rather than joined, and a search by words comes by relevance, whatever order is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sd_model_manager.domain.browsing import (
    TAME_LEVELS,
    BrowseOffer,
    BrowsePeriod,
    BrowseSort,
    BrowseWish,
    FoundModel,
    allowed_levels,
)
from sd_model_manager.domain.published import PublishedImage
from sd_model_manager.sources.civitai.kinds import BASE_MODELS, KINDS_OF_TYPE
from sd_model_manager.sources.civitai.payloads import ModelPayload
from sd_model_manager.sources.civitai.references import SOURCE_NAME
from sd_model_manager.sources.civitai.translate import hash_in, translate_version

_SORTS = {
    BrowseSort.RATING: "Highest Rated",
    BrowseSort.DOWNLOADS: "Most Downloaded",
    BrowseSort.LIKES: "Most Liked",
    BrowseSort.DISCUSSED: "Most Discussed",
    BrowseSort.COLLECTED: "Most Collected",
    BrowseSort.IMAGES: "Most Images",
    BrowseSort.NEWEST: "Newest",
    BrowseSort.OLDEST: "Oldest",
}
_PERIODS = {
    BrowsePeriod.DAY: "Day",
    BrowsePeriod.WEEK: "Week",
    BrowsePeriod.MONTH: "Month",
    BrowsePeriod.YEAR: "Year",
    BrowsePeriod.ALL: "AllTime",
}
_PG = 1
_X = 8
_CDN_OPTIONS = re.compile(r"/(?:original=true|width=\d+)(?:,[^/]*)?/(?=[^/]*$)")

OFFER = BrowseOffer(
    title="Civitai",
    types=tuple(KINDS_OF_TYPE),
    base_models=BASE_MODELS,
    sorts=tuple(_SORTS),
    periods=tuple(_PERIODS),
    has_tags=True,
    has_creators=True,
    has_levels=True,
    sorts_words=False,
)


def compose_query(wish: BrowseWish) -> dict[str, str | Sequence[str]]:
    """The parameters of `GET /api/v1/models`. Without `nsfw` it leaves out whatever has nothing rated PG."""
    query: dict[str, str | Sequence[str]] = {
        "limit": str(wish.limit),
        "sort": _SORTS[wish.sort if wish.sort in _SORTS else BrowseSort.RATING],
        "period": _PERIODS[wish.period],
        "nsfw": "true" if allowed_levels(wish.max_level) & ~_PG else "false",
        "types": [kind for model_type in wish.types for kind in KINDS_OF_TYPE.get(model_type, ())],
        "baseModels": wish.base_models,
        "query": wish.words.strip(),
        "tag": wish.tag or "",
        "username": wish.creator or "",
        "cursor": wish.cursor or "",
    }
    return {key: value for key, value in query.items() if value}


def is_tag_unknown(wish: BrowseWish, models: Sequence[ModelPayload]) -> bool:
    """Whether the list is not narrowed by the tag: Civitai leaves out the filter rather than the models then."""
    wanted = (wish.tag or "").strip().lower()
    return bool(wanted and models) and not any(wanted == tag.lower() for model in models for tag in model.tags)


def translate_found(model: ModelPayload, *, base_url: str, now: datetime) -> FoundModel | None:
    """`None` for a model that lists no version, of which nothing could be fetched."""
    if not model.versions or model.id is None:
        return None
    first = translate_version(model.versions[0], model, base_url=base_url, now=now, raw=None)
    return FoundModel(
        source=SOURCE_NAME,
        model_id=first.model_id,
        version_id=first.version_id,
        name=first.model_name,
        model_type=first.model_type,
        link=first.page_url,
        creator=first.creator,
        base_models=tuple(dict.fromkeys(v.base_model for v in model.versions if v.base_model)),
        images=first.images,
        nsfw_level=_level_of(model),
        version_of_sha256=_list_files(model),
        warnings=first.warnings,
        downloads=model.stats.downloads,
        likes=model.stats.likes,
        published_at=first.published_at,
    )


def make_thumbnail_url(image: PublishedImage) -> str:
    """A still of 450 pixels from its picture server, which takes options in the last folder of the address."""
    options = "anim=false,transcode=true,width=450" if image.media == "video" else "width=450,optimized=true"
    small, count = _CDN_OPTIONS.subn(f"/{options}/", image.url)
    if count and image.media == "video":
        small = re.sub(r"\.\w+$", ".jpeg", small)
    return small


def _list_files(model: ModelPayload) -> dict[str, str]:
    """The version of each SHA-256; of several with the same file the one that comes first."""
    versions = reversed(model.versions)
    return {
        digits: str(version.id)
        for version in versions
        for file in version.files
        if (digits := hash_in(file, "sha256", 64))
    }


def _level_of(model: ModelPayload) -> int:
    """A model that its creator marks as mature is so, however tame some of its pictures are."""
    level = model.nsfw_level
    for version in model.versions:
        level |= version.nsfw_level
    return (level & ~TAME_LEVELS or _X) if model.nsfw else level
