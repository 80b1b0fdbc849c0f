"""Looking around on Hugging Face: from a wish to the words of its list, and from the list to found models. Pure.

The parameters are those that huggingface_hub 1.29 sends (`HfApi.list_models`); a `Link` header names the next page.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from sd_model_manager.domain.browsing import BrowseOffer, BrowseSort, BrowseWish, FoundModel
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.sources.huggingface.payloads import RepositoryPayload
from sd_model_manager.sources.huggingface.references import SOURCE_NAME
from sd_model_manager.sources.huggingface.translate import find_type_by_tag, is_offered, list_warnings

_SORTS = {
    BrowseSort.TRENDING: "trendingScore",
    BrowseSort.DOWNLOADS: "downloads",
    BrowseSort.LIKES: "likes",
    BrowseSort.NEWEST: "createdAt",
    BrowseSort.UPDATED: "lastModified",
}
_PG, _X = 1, 8
_NOT_FOR_ALL = "not-for-all-audiences"
"""The one tag for mature repositories; nothing else is rated there."""

_NEXT = re.compile(r'<([^>]+)>\s*;\s*rel="?next"?')
_BASE_MODEL = re.compile(r"base_model:(?:[a-z]+:)?[^/:]+/([^/:]+)")

OFFER = BrowseOffer(title="Hugging Face", sorts=tuple(_SORTS), has_tags=True, has_creators=True)


def compose_query(wish: BrowseWish) -> dict[str, str]:
    """The parameters of `GET /api/models`. Who looks for nothing in particular is shown what makes pictures, for most
    of what lies there are language models."""
    is_open = not (wish.words.strip() or wish.tag or wish.creator)
    query = {
        "search": wish.words.strip(),
        "author": wish.creator or "",
        "filter": wish.tag or "",
        "pipeline_tag": "text-to-image" if is_open else "",
        "sort": _SORTS[wish.sort if wish.sort in _SORTS else BrowseSort.TRENDING],
        "direction": "-1",
        "limit": str(wish.limit),
        "full": "true",
        "cursor": wish.cursor or "",
    }
    return {key: value for key, value in query.items() if value}


def translate_found(repository: RepositoryPayload, *, base_url: str) -> FoundModel | None:
    """`None` for a repository with no file that could be fetched as a model."""
    repo = repository.id
    if not repo or repository.disabled or not any(is_offered(sibling) for sibling in repository.siblings):
        return None
    return FoundModel(
        source=SOURCE_NAME,
        model_id=repo,
        version_id=f"{repo}@{repository.sha}" if repository.sha else None,
        name=repo.rpartition("/")[2],
        model_type=find_type_by_tag(repository.tags) or ModelType.UNKNOWN,
        link=f"{base_url}/{repo}",
        creator=repository.author or repo.rpartition("/")[0] or None,
        base_models=tuple(dict.fromkeys(found[1] for tag in repository.tags if (found := _BASE_MODEL.fullmatch(tag)))),
        nsfw_level=_X if _NOT_FOR_ALL in repository.tags else _PG,
        warnings=list_warnings(repository, base_url, repo),
        downloads=repository.downloads,
        likes=repository.likes,
        published_at=repository.last_modified,
    )


def find_next_cursor(link: str) -> str | None:
    """The cursor in a `Link` header's address of the next page; the address itself is not followed."""
    found = _NEXT.search(link)
    return parse_qs(urlsplit(found[1]).query).get("cursor", [None])[0] if found else None
