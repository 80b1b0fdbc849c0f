"""From what the registry knows of a model to what is written beside one of its files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sd_model_manager.domain.catalogue import Location, ModelDetail
from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.shards import find_stem
from sd_model_manager.sidecars.format import ExportFacts, OwnFacts

_JUST_BEFORE = timedelta(seconds=1)
"""A file made of what is known is no news, also where times are kept to the second."""

AnswerOf = Callable[[PublishedVersion], dict[str, Any] | None]
"""Finds the source's own answer that is kept with a version."""


def stem_of(detail: ModelDetail, name: str) -> str:
    """What files beside a model are called, from the name of its file or folder."""
    return name if detail.identity.format is FileFormat.DIFFUSERS else find_stem(name)


def gather_facts(detail: ModelDetail, location: Location, path: str, answer_of: AnswerOf) -> ExportFacts:
    """`path` is absolute. A source is believed before other tools' files."""
    published = detail.published
    name = path.rpartition("/")[2]

    def first(get_published: Callable[[PublishedVersion], Any], get_claimed: Callable[[SidecarClaim], Any]) -> Any:
        said = get_published(published) if published else None
        return said or next((value for _, claim in detail.claims if (value := get_claimed(claim))), None)

    return ExportFacts(
        stem=stem_of(detail, name),
        path=path,
        size_bytes=location.size_bytes,
        modified_at=location.modified_at.timestamp(),
        type=detail.listing.type,
        sha256=detail.hashes.sha256,
        autov3=detail.hashes.autov3,
        family=detail.identity.family,
        own=OwnFacts(
            name=detail.own_name,
            type=detail.own_type,
            base_model=detail.own_base_model,
            tags=detail.own_tags,
            notes=detail.notes,
            favorite=detail.listing.favorite,
            rating=detail.listing.rating,
        ),
        name=first(lambda version: version.model_name, lambda claim: claim.model_name),
        base_model=first(lambda version: version.base_model, lambda claim: claim.base_model),
        trigger_words=first(lambda version: version.trigger_words, lambda claim: claim.trigger_words) or (),
        tags=first(lambda version: version.tags, lambda _: ()) or (),
        description_html=first(lambda version: version.description_html, lambda claim: claim.description_html),
        preferred_weight=detail.preferred_weight,
        published=published,
        answer=answer_of(published) if published else None,
        said_at=detail.published_fetched_at - _JUST_BEFORE if detail.published_fetched_at else None,
    )
