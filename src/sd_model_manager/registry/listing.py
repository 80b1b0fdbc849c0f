"""What a list shows of a content, derived from all that is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

from sd_model_manager.domain.local import Identity, SidecarClaim
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.taxonomy import FileFormat, ModelType, choose_base_model, find_type_of_folder
from sd_model_manager.identify.shards import find_stem
from sd_model_manager.registry.tags import distinct_tags
from sd_model_manager.sources.civitai.kept_answer import join_kept_answers


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """Everything a listing is derived from. The user is believed before the header, the header before the source, the
    source before the folder.

    `claims` stand in the order in which they are believed.
    """

    identity: Identity
    relative_path: str
    published: PublishedVersion | None = None
    own_name: str | None = None
    own_type: ModelType | None = None
    own_base_model: str | None = None
    own_tags: tuple[str, ...] = ()
    notes: str = ""
    claims: tuple[SidecarClaim, ...] = ()


def derive_listing(facts: KnownFacts) -> dict[str, Any]:
    """The columns of `contents` that a list shows."""
    published, identity = facts.published, facts.identity
    filename = PurePosixPath(facts.relative_path).name
    stem = filename if identity.format is FileFormat.DIFFUSERS else find_stem(filename)
    claimed_names = [claim.model_name for claim in facts.claims if claim.model_name]
    name = facts.own_name or (published.model_name if published else "") or next(iter(claimed_names), stem)
    claimed_base = next((claim.base_model for claim in facts.claims if claim.base_model), None)
    claimed_words = next((claim.trigger_words for claim in facts.claims if claim.trigger_words), ())
    trigger_words = (published.trigger_words if published else ()) or claimed_words or identity.trigger_words
    claimed_tags = chain.from_iterable(claim.tags for claim in facts.claims)
    tags = distinct_tags([*facts.own_tags, *claimed_tags, *(published.tags if published else ())])
    return {
        "name": name,
        "sort_name": name.casefold(),
        "type": _choose_type(facts).value,
        "base_model": facts.own_base_model
        or choose_base_model(
            header_family=identity.family,
            header_name=identity.base_model,
            published_name=(published.base_model if published else None) or claimed_base,
        ),
        "trigger_words": list(trigger_words),
        "tags": tags,
    }


def choose_published(claims: Sequence[SidecarClaim]) -> PublishedVersion | None:
    """The version that the first claim to name one names, completed from other claims of the same version.

    Of files and images the longest list counts, and with it the fullest answer of the source.
    """
    versions = [claim.published for claim in claims if claim.published]
    if not versions:
        return None
    first = versions[0]
    same = [v for v in versions if (v.source, v.version_id) == (first.source, first.version_id)]
    if len(same) == 1:
        return first
    completed = {
        field.name: next((value for v in same if (value := getattr(v, field.name))), getattr(first, field.name))
        for field in fields(first)
    }
    fullest = {name: max((getattr(v, name) for v in same), key=len) for name in ("files", "images", "raw")}
    types = (v.model_type for v in same if v.model_type is not ModelType.UNKNOWN)
    return replace(first, **{**completed, **fullest, "model_type": next(types, ModelType.UNKNOWN)})


def keep_model_facts(known: PublishedVersion, new: PublishedVersion) -> PublishedVersion:
    """The new answer, with what an older one told of the whole model where this one tells nothing of that: a lookup by
    hash names no author. What the source said of it then is kept, too."""
    if new.creator or new.tags or new.description_html or new.licence:
        return new
    if not (known.creator or known.tags or known.description_html or known.licence):
        return new
    return replace(
        new,
        creator=known.creator,
        tags=known.tags,
        description_html=known.description_html,
        licence=known.licence,
        licence_terms=known.licence_terms,
        images=max(new.images, known.images, key=len),
        raw=join_kept_answers(known.raw, new.raw),
    )


def _choose_type(facts: KnownFacts) -> ModelType:
    if facts.own_type is not None:
        return facts.own_type
    if facts.identity.type is not ModelType.UNKNOWN:
        return facts.identity.type
    if facts.published and facts.published.model_type is not ModelType.UNKNOWN:
        return facts.published.model_type
    if claimed := next((claim.model_type for claim in facts.claims if claim.model_type), None):
        return claimed
    return find_type_of_folder(str(PurePosixPath(facts.relative_path).parent)) or ModelType.UNKNOWN
