"""Collections and saved searches as the API shows them."""

from __future__ import annotations

from typing import Any

from sd_model_manager.domain.maturity import SEES_ALL, Viewing
from sd_model_manager.domain.shelves import Collection, CoverPicture, SavedSearch
from sd_model_manager.ui.api.presenters.models import address_as_seen, preview_url
from sd_model_manager.ui.api.schemas.collections import CollectionOut, CoverPictureOut
from sd_model_manager.ui.api.schemas.searches import SearchedForOut, SearchOut


def collection_fields(collection: Collection, viewing: Viewing = SEES_ALL) -> dict[str, Any]:
    """The fields of CollectionOut."""
    return {
        "id": collection.collection_id,
        "name": collection.name,
        "notes": collection.notes,
        "created_at": collection.created_at,
        "models": collection.model_count,
        "size_bytes": collection.size_bytes,
        "cover": [_present_picture(picture, viewing) for picture in collection.cover],
    }


def present_collection(collection: Collection, viewing: Viewing = SEES_ALL) -> CollectionOut:
    return CollectionOut(**collection_fields(collection, viewing))


def present_search(search: SavedSearch) -> SearchOut:
    wanted = search.searched.wanted
    return SearchOut(
        id=search.search_id,
        name=search.name,
        wanted=SearchedForOut(
            q=wanted.text,
            types=list(wanted.types),
            base_models=list(wanted.base_models),
            tags=list(wanted.tags),
            category=wanted.category,
            folder=wanted.folder,
            sort=search.searched.sort,
        ),
        position=search.position,
        created_at=search.created_at,
    )


def _present_picture(picture: CoverPicture, viewing: Viewing) -> CoverPictureOut:
    url = address_as_seen(preview_url(picture.model_id, picture.preview_id), picture.mature_bits, viewing)
    is_film = picture.media == "video" and not viewing.blurs(picture.mature_bits)
    return CoverPictureOut(url=url, media="video" if is_film else "image")
