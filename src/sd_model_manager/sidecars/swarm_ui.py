"""`<stem>.swarm.json` of SwarmUI: ModelSpec's keys, with or without their prefix, as of 2026-08."""

from __future__ import annotations

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.sidecars.descriptions import to_html, to_text
from sd_model_manager.sidecars.format import ExportFacts, SidecarFile, SidecarRefused
from sd_model_manager.sidecars.json_values import hashes_in, parse_object, text_in, texts_in, weight_in
from sd_model_manager.sidecars.writing import Wanted, is_empty, read_existing, refuse_shape, write_object

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

    def compose(self, existing: bytes | None, facts: ExportFacts) -> bytes | None:
        """Keys are written with their prefix, or without where the file has them without."""
        body = read_existing(existing) if existing is not None else {}
        is_prefixed = any(key.startswith(_PREFIX) for key in body)
        if existing is not None and not (is_prefixed or {"title", "architecture"} <= body.keys()):
            raise refuse_shape()
        prefix = _PREFIX if is_prefixed or existing is None else ""
        _require_same_tensors(facts, body.get(f"{prefix}hash_sha256"))
        own = {"title": facts.own.name, "usage_hint": facts.own.notes}
        known = {
            "title": facts.name,
            "description": to_text(facts.description_html or ""),
            "trigger_phrase": ", ".join(facts.trigger_words),
            "lora_default_weight": str(facts.preferred_weight) if facts.preferred_weight else None,
            "tags": list(facts.tags),
        }
        said = {f"{prefix}{key}": value for key, value in own.items() if value}
        filling = {f"{prefix}{key}": value for key, value in known.items() if not is_empty(value)}
        if existing is None and not (said or filling or facts.own.to_json()):
            return None
        return write_object(existing, Wanted(filling, filling, said, tags_key=f"{prefix}tags"), facts)


def _require_same_tensors(facts: ExportFacts, written: object) -> None:
    """The tool's hash covers the tensors alone, as AutoV3 does."""
    digits = written.lower().removeprefix("0x") if isinstance(written, str) else ""
    if facts.autov3 and len(digits) == len(facts.autov3) and digits != facts.autov3:
        raise SidecarRefused("The file there names the hash of another model.", code="OTHER_MODEL")
