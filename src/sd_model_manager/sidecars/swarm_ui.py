"""`<stem>.swarm.json` of SwarmUI: ModelSpec's keys, with or without their prefix, as of 2026-08."""

from __future__ import annotations

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.sidecars.descriptions import to_html
from sd_model_manager.sidecars.format import SidecarFile
from sd_model_manager.sidecars.json_values import hashes_in, parse_object, text_in, texts_in, weight_in

_PREFIX = "modelspec."
_TYPE_OF_ENDING = {
    "lora": ModelType.LORA,
    "controlnet": ModelType.CONTROLNET,
    "vae": ModelType.VAE,
    "textual-inversion": ModelType.EMBEDDING,
}


class SwarmUi:
    kind = "swarm_ui"
    suffix = ".swarm.json"

    def read(self, file: SidecarFile) -> SidecarClaim | None:
        """Its `hash_sha256` is ModelSpec's: of what stands behind the header, with `0x` before it."""
        written = parse_object(file.raw)
        body = {key.removeprefix(_PREFIX): value for key, value in written.items()}
        if not (any(key.startswith(_PREFIX) for key in written) or {"title", "architecture"} <= body.keys()):
            return None
        description, title = text_in(body, "description"), text_in(body, "title")
        claim = SidecarClaim(
            trigger_words=texts_in(body, "trigger_phrase"),
            tags=texts_in(body, "tags"),
            model_name=None if title == file.stem else title,
            model_type=_TYPE_OF_ENDING.get((text_in(body, "architecture") or "").rpartition("/")[2].lower()),
            description_html=to_html(description) if description else None,
            notes=text_in(body, "usage_hint"),
            preferred_weight=weight_in(body, "lora_default_weight"),
            hashes=hashes_in({"autov3": (text_in(body, "hash_sha256") or "").lower().removeprefix("0x")}),
        )
        return claim if claim != SidecarClaim() else None
