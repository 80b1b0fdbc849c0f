"""`<stem>.json` with what its user noted in A1111 or Forge; the Civitai browsers and Civitai Link write it as well."""

from __future__ import annotations

from typing import Any

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.sidecars.descriptions import to_html
from sd_model_manager.sidecars.format import SidecarFile
from sd_model_manager.sidecars.json_values import (
    base_model_in,
    parse_object,
    sha256_in,
    split_words,
    text_in,
    texts_in,
    weight_in,
)

_OWN_KEYS = {"activation text", "preferred weight", "negative text", "sd version", "sd_version_str", "vae_te"}
_FAMILIES = {"SD1", "SD2", "SDXL", "Flux"}
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


def _read_words(body: dict[str, Any]) -> tuple[str, ...]:
    """Groups where they are kept. Civitai Helper joins with ` || ` where a word has a comma in it, else with commas."""
    if isinstance(body.get("activation text groups"), list) and (groups := texts_in(body, "activation text groups")):
        return groups
    text = text_in(body, "activation text") or ""
    return split_words(text, "||" if "||" in text else ",")
