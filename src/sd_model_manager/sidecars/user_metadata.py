"""`<stem>.json` with what its user noted in A1111 or Forge; the Civitai browsers and Civitai Link write it as well."""

from __future__ import annotations

from typing import Any

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.domain.taxonomy import FAMILY_OF_BASE_MODEL
from sd_model_manager.sidecars.descriptions import to_html, to_text
from sd_model_manager.sidecars.format import ExportFacts, SidecarFile
from sd_model_manager.sidecars.json_values import (
    base_model_in,
    parse_object,
    sha256_in,
    split_words,
    text_in,
    texts_in,
    weight_in,
)
from sd_model_manager.sidecars.writing import (
    OWN_KEY,
    Wanted,
    is_empty,
    read_existing,
    refuse_shape,
    require_same_model,
    write_object,
)

_OWN_KEYS = {"activation text", "preferred weight", "negative text", "sd version", "sd_version_str", "vae_te"}
_ENGINE_FAMILIES = {"sd1": "SD1", "sd2": "SD2", "sdxl": "SDXL", "flux1": "Flux"}
_FAMILIES = frozenset(_ENGINE_FAMILIES.values())
"""What the engines themselves write as `sd version`. A header tells it finer; the browsers write Civitai's name."""


class UserMetadata:
    kind = "user_metadata"
    suffix = ".json"

    def read(self, file: SidecarFile) -> SidecarClaim | None:
        body = parse_object(file.raw)
        if not (_OWN_KEYS & body.keys() or {"description", "notes"} <= body.keys()):
            return None
        description = text_in(body, "description")
        base_model = base_model_in(body, "sd version")
        claim = SidecarClaim(
            sha256=sha256_in(body, "sha256"),
            trigger_words=_read_words(body),
            base_model=None if base_model in _FAMILIES else base_model,
            description_html=to_html(description) if description else None,
            notes=text_in(body, "notes"),
            preferred_weight=weight_in(body, "preferred weight"),
        )
        return claim if claim != SidecarClaim() else None

    def compose(self, existing: bytes | None, facts: ExportFacts) -> bytes | None:
        """SD.Next's file of the same name is another shape, and left alone."""
        body = read_existing(existing) if existing is not None else {}
        is_own = bool(_OWN_KEYS & body.keys()) or {"description", "notes"} <= body.keys()
        if body and ("modelVersions" in body or not is_own):
            raise refuse_shape()
        require_same_model(facts, version_id=body.get("modelVersionId"), sha256=sha256_in(body, "sha256"))
        own = {"notes": facts.own.notes, "sd version": _own_version(body, facts.own.base_model)}
        known = {
            "description": to_text(facts.description_html or ""),
            "activation text": _join_words(facts.trigger_words),
            "preferred weight": facts.preferred_weight,
            **_groups_of(body, facts.trigger_words),
        }
        said = {key: value for key, value in own.items() if value}
        if existing is None and not (said or facts.own.to_json() or any(known.values())):
            return None
        fresh = {
            "description": "",
            "sd version": _ENGINE_FAMILIES.get(facts.family or "", "Unknown"),
            "activation text": "",
            "preferred weight": 0,
            "negative text": "",
            "notes": "",
        }
        return write_object(existing, Wanted(fresh, known, said, block_path=("extensions", OWN_KEY)), facts)


def _own_version(body: dict[str, Any], base_model: str | None) -> str | None:
    """The engines offer families alone; a file in which Civitai's name stands gets one of those."""
    there = base_model_in(body, "sd version")
    if not base_model or (there and there not in _FAMILIES):
        return base_model
    return _ENGINE_FAMILIES.get(FAMILY_OF_BASE_MODEL.get(base_model, ""))


def _join_words(words: tuple[str, ...]) -> str:
    return (" || " if any("," in word for word in words) else ", ").join(words)


def _groups_of(body: dict[str, Any], words: tuple[str, ...]) -> dict[str, list[str]]:
    """Words with commas in them stand apart, too, for without that nobody could tell a single one from several."""
    if any("," in word for word in words) and is_empty(body.get("activation text")):
        return {"activation text groups": list(words)}
    return {}


def _read_words(body: dict[str, Any]) -> tuple[str, ...]:
    """Groups where they are kept. Civitai Helper joins with ` || ` where a word has a comma in it, else with commas."""
    if isinstance(body.get("activation text groups"), list) and (groups := texts_in(body, "activation text groups")):
        return groups
    text = text_in(body, "activation text") or ""
    return split_words(text, "||" if "||" in text else ",")
