"""Which source said each thing that is shown of a model, and what is claimed of it but shown nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sd_model_manager.domain.catalogue import ClaimedNotes
from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.domain.taxonomy import ModelType, find_type_of_folder
from sd_model_manager.registry.listing import KnownFacts, derive_listing

USER, HEADER, FOLDER, FILE_NAME = "user", "header", "folder", "file_name"
"""Origins beside the names of sources (`civitai`) and kinds of sidecars (`lora_manager`)."""

_Said = list[tuple[str, Any]]
"""Who said something, and what, in the order in which they are believed; what is empty was not said."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What one model's detail shows beside its listing.

    `provenance` names for each field its origin, joined with commas where several made it; a field that nobody filled
    has none. `description_html` is what sidecars say where no source describes the model.
    """

    provenance: dict[str, str]
    description_html: str | None
    claimed_notes: tuple[ClaimedNotes, ...]
    preferred_weight: float | None


def explain(facts: KnownFacts, kinds: Sequence[str]) -> Explained:
    """`kinds` are those of `facts.claims`, in the same order. Follows `derive_listing`, for one model at a time."""
    claims = list(zip(kinds, facts.claims, strict=True))
    weights = _claimed(claims, lambda claim: claim.preferred_weight)
    is_described = facts.published and (facts.published.description_html or facts.published.version_description_html)
    descriptions = [] if is_described else _claimed(claims, lambda claim: claim.description_html)
    notes = tuple(ClaimedNotes(kind, text) for kind, text in _claimed(claims, lambda claim: claim.notes))
    said = {
        "name": [*_name(facts, claims), (FILE_NAME, True)][:1],
        "type": _type(facts, claims)[:1],
        "base_model": _base_model(facts, claims)[:1],
        "trigger_words": _trigger_words(facts, claims)[:1],
        "tags": _tags(facts, claims),
        "description": [(facts.published.source, True)] if facts.published and is_described else descriptions[:1],
        "notes": [(USER, True)] if facts.notes else [(note.kind, True) for note in notes],
        "preferred_weight": weights[:1],
    }
    return Explained(
        provenance={field: _join(origins) for field, origins in said.items() if origins},
        description_html=next((text for _, text in descriptions), None),
        claimed_notes=notes,
        preferred_weight=next((weight for _, weight in weights), None),
    )


def _join(origins: _Said) -> str:
    return ",".join(dict.fromkeys(who for who, _ in origins))


def _name(facts: KnownFacts, claims: Sequence[tuple[str, SidecarClaim]]) -> _Said:
    published = _published(facts, lambda version: version.model_name)
    return _filled([(USER, facts.own_name), *published, *_claimed(claims, lambda claim: claim.model_name)])


def _type(facts: KnownFacts, claims: Sequence[tuple[str, SidecarClaim]]) -> _Said:
    folder = find_type_of_folder(str(PurePosixPath(facts.relative_path).parent))
    said = [(USER, facts.own_type), (HEADER, facts.identity.type)]
    said += _published(facts, lambda version: version.model_type)
    said += [*_claimed(claims, lambda claim: claim.model_type), (FOLDER, folder)]
    return [(who, value) for who, value in _filled(said) if value is not ModelType.UNKNOWN or who == USER]


def _base_model(facts: KnownFacts, claims: Sequence[tuple[str, SidecarClaim]]) -> _Said:
    """A source's name is finer than the header's, which counts where they contradict each other."""
    shown = derive_listing(facts)["base_model"]
    said = [(USER, facts.own_base_model), *_published(facts, lambda version: version.base_model)]
    said += [*_claimed(claims, lambda claim: claim.base_model)[:1], (HEADER, facts.identity.base_model)]
    return [(who, value) for who, value in _filled(said) if value == shown]


def _trigger_words(facts: KnownFacts, claims: Sequence[tuple[str, SidecarClaim]]) -> _Said:
    said = [*_published(facts, lambda version: version.trigger_words)]
    said += [*_claimed(claims, lambda claim: claim.trigger_words), (HEADER, facts.identity.trigger_words)]
    return _filled(said)


def _tags(facts: KnownFacts, claims: Sequence[tuple[str, SidecarClaim]]) -> _Said:
    said = [(USER, facts.own_tags), *_claimed(claims, lambda claim: claim.tags)]
    return _filled([*said, *_published(facts, lambda version: version.tags)])


def _published(facts: KnownFacts, get: Callable[[Any], Any]) -> _Said:
    return _filled([(facts.published.source, get(facts.published))] if facts.published else [])


def _claimed(claims: Sequence[tuple[str, SidecarClaim]], get: Callable[[SidecarClaim], Any]) -> _Said:
    return _filled([(kind, get(claim)) for kind, claim in claims])


def _filled(said: _Said) -> _Said:
    return [(who, value) for who, value in said if value]
