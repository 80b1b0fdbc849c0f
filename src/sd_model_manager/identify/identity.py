"""From a header to an identity: which type of file, of which family, told from names, shapes and metadata alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sd_model_manager.domain.local import Identity
from sd_model_manager.domain.taxonomy import FileFormat, ModelType, find_type_of_folder
from sd_model_manager.identify.adapters import Adapter, adapter_share, read_adapter
from sd_model_manager.identify.families import FAMILIES, UNKNOWN_FAMILIES
from sd_model_manager.identify.families.family import Family, Sign
from sd_model_manager.identify.header import Header, Tensor
from sd_model_manager.identify.metadata import (
    find_metadata_name,
    find_named_family,
    find_prediction_word,
    read_trigger_words,
)
from sd_model_manager.identify.names import Names
from sd_model_manager.identify.precision import read_storage

RULES_VERSION = 1
"""Grows whenever the same header may get another identity, so that a library knows what to identify again."""

_ROOTS: Mapping[ModelType, tuple[str, ...]] = {
    ModelType.CONTROLNET: ("", "control_model.", "controlnet.", "model.diffusion_model.", "module.", "module.controlnet."),
    ModelType.MOTION_MODULE: ("", "module.", "animatediff.", "unet."),
    ModelType.IP_ADAPTER: ("", "ip_adapter.", "state_dict."),
    ModelType.DIFFUSION_MODEL: (
        "model.diffusion_model.", "model.model.", "net.", "diffusion_model.", "transformer.", "unet.", "dit.",
        "module.", "model.", "",
    ),
    ModelType.VAE: ("first_stage_model.", "vae.", "autoencoder.", "pretransform.model.", "model.", ""),
    ModelType.CLIP_VISION: ("", "vision_model.", "clip_vision_model.vision_model.", "image_encoder.", "embedder.model."),
    ModelType.TEXT_ENCODER: (
        "", "text_model.", "model.language_model.", "language_model.model.", "model.", "language_model.", "transformer.",
        "transformer.text_model.", "text_encoder.", "text_encoder.text_model.", "text_encoder.model.",
        "cond_stage_model.transformer.text_model.", "cond_stage_model.model.", "clip_l.transformer.text_model.",
        "clip_g.transformer.text_model.", "t5xxl.transformer.", "text_encoders.t5xxl.transformer.",
        "text_encoders.clip_l.transformer.text_model.", "text_encoders.clip_g.transformer.text_model.",
    ),
    ModelType.UPSCALER: ("", "params_ema.", "params.", "model.", "generator.", "model_g."),
    ModelType.FACE_RESTORE: ("", "params_ema.", "params."),
}  # fmt: skip
"""Where below the top of a file each type of model may begin. The first that fits is taken."""

_ORDER = (
    ModelType.CONTROLNET, ModelType.T2I_ADAPTER, ModelType.IP_ADAPTER, ModelType.STYLE_MODEL, ModelType.MOTION_MODULE,
    ModelType.EMBEDDING, ModelType.HYPERNETWORK, ModelType.DIFFUSION_MODEL, ModelType.VAE, ModelType.CLIP_VISION,
    ModelType.TEXT_ENCODER, ModelType.UPSCALER, ModelType.FACE_RESTORE, ModelType.OTHER,
)  # fmt: skip
"""A control net contains most of a UNet and a checkpoint a text encoder: the more special type is asked first."""

_BEFORE_ADAPTERS = (ModelType.CONTROLNET, ModelType.IP_ADAPTER)
"""Types that may carry low-rank parts of their own."""

_PARTS = {
    "autoencoder": "first_stage_model. | vae. | pretransform. | autoencoder. | audio_vae.",
    "text encoder": "cond_stage_model. | conditioner. | text_encoders. | text_encoder. | text_encoder_2. | clip_l.",
    "averaged weights": "model_ema.",
}
_ADAPTER_MAJORITY = 0.5


@dataclass(frozen=True)
class _Verdict:
    """What the structure says. `names` are the tensors from the verdict's root on."""

    type: ModelType
    family: Family | None
    signs: tuple[Sign, ...]
    names: Names
    evidence: tuple[str, ...] = ()
    adapter: Adapter | None = None


def identify_header(header: Header, *, filename: str = "", folder: str = "") -> Identity:
    """Say what a file is. Pure and cheap; never raises for odd headers, it then knows less.

    `filename` and `folder` (relative to the library folder) are the weakest hints: they speak only where the tensors
    and the metadata are silent.
    """
    tensors = _with_true_shapes(header)
    if not tensors:
        return _without_tensors(header, folder)
    names = Names(tensors)
    verdict = _judge(names, header.metadata)
    return _describe(header, names, verdict, folder)


def _with_true_shapes(header: Header) -> Mapping[str, Tensor]:
    """Names with dots alone, also where a pickle nests dictionaries."""
    if any("/" in name for name in header.tensors):
        return {name.replace("/", "."): tensor for name, tensor in header.tensors.items()}
    return header.tensors


def _without_tensors(header: Header, folder: str) -> Identity:
    unreadable = header.format in {FileFormat.TORCH_ZIP, FileFormat.TORCH_LEGACY, FileFormat.PICKLE, FileFormat.ONNX}
    hint = find_type_of_folder(folder) if unreadable else None
    nothing = ModelType.UNKNOWN if header.format is FileFormat.UNKNOWN else ModelType.OTHER
    return Identity(
        type=hint or nothing,
        format=header.format,
        confidence=0.2 if hint else 0.0,
        evidence=(f"folder: files here are usually of type {hint.value}",) if hint else ("no tensors in the header",),
        problems=header.problems,
    )


def _judge(names: Names, metadata: Mapping[str, str]) -> _Verdict:
    share = adapter_share(names)
    first = _BEFORE_ADAPTERS if share else ()
    for type_ in first:
        if verdict := _find_by_signs(type_, names):
            return verdict
    if share > _ADAPTER_MAJORITY:
        return _judge_adapter(names, metadata)
    for type_ in _ORDER:
        if verdict := _find_by_signs(type_, names):
            return verdict
    if token := _find_lone_token(names):
        return token
    for type_ in _ORDER:
        if verdict := _find_by_signs(type_, names, UNKNOWN_FAMILIES):
            return verdict
    return _Verdict(ModelType.OTHER, None, (), names, ("no known model has such tensors",))


def _find_by_signs(type_: ModelType, names: Names, families: Sequence[Family] = FAMILIES) -> _Verdict | None:
    for root in _ROOTS.get(type_, ("",)):
        if root and not names.has(root):
            continue
        below = names.under(root)
        if found := _best_sign(((family, family.signs.get(type_, ())) for family in families), below):
            family, sign = found
            return _with_parts(_Verdict(type_, family, (sign,), below), names)
    return None


def _best_sign(offers: Iterable[tuple[Family, tuple[Sign, ...]]], names: Names) -> tuple[Family, Sign] | None:
    """The surest sign that holds; of equally sure ones the first."""
    best: tuple[Family, Sign] | None = None
    for family, signs in offers:
        for sign in signs:
            if (best is None or sign.certainty > best[1].certainty) and sign.holds(names):
                best = family, sign
    return best


def _with_parts(verdict: _Verdict, names: Names) -> _Verdict:
    if verdict.type is not ModelType.DIFFUSION_MODEL:
        return verdict
    parts = [part for part, roots in _PARTS.items() if names.has(roots)]
    if not {"autoencoder", "text encoder"} & set(parts):
        return verdict
    return replace(
        verdict, type=ModelType.CHECKPOINT, evidence=(f"contains besides the diffusion model: {', '.join(parts)}",)
    )


def _judge_adapter(names: Names, metadata: Mapping[str, str]) -> _Verdict:
    adapter = read_adapter(names, metadata)
    found = (
        _best_sign(((family, family.lora_spelt) for family in FAMILIES), adapter.spelt)
        or _best_sign(((family, family.lora) for family in FAMILIES), adapter.backbone)
        or _best_sign(((family, family.text_lora) for family in FAMILIES), adapter.text)
    )
    if found is None:
        return _Verdict(ModelType.LORA, None, (), adapter.backbone, ("adapter weights in nearly all tensors",), adapter)
    return _Verdict(ModelType.LORA, found[0], (found[1],), adapter.backbone, (), adapter)


def _find_lone_token(names: Names) -> _Verdict | None:
    """One tensor of a text encoder's width under a name of the user's choice: a textual inversion of diffusers."""
    if len(names) != 1:
        return None
    name, tensor = next(iter(names.tensors.items()))
    if len(tensor.shape) > 2 or not tensor.shape or tensor.shape[-1] not in _TOKEN_WIDTHS:
        return None
    family = next((family for family in FAMILIES if family.id == _TOKEN_WIDTHS[tensor.shape[-1]]), None)
    sign = Sign(f"one vector of width {tensor.shape[-1]} named {name}", certainty=0.8)
    return _Verdict(ModelType.EMBEDDING, family, (sign,), names)


_TOKEN_WIDTHS = {768: "sd1", 1024: "sd2", 1280: "sdxl"}


def _describe(header: Header, names: Names, verdict: _Verdict, folder: str) -> Identity:
    metadata = header.metadata
    family, doubt = _settle_family(verdict, metadata)
    storage = read_storage(header, names)
    adapter = verdict.adapter
    identity = Identity(
        type=verdict.type,
        format=header.format,
        precision=storage.precision,
        prediction=_prediction(verdict, names, metadata),
        network=adapter.network if adapter else None,
        rank=adapter.rank if adapter else None,
        parameters=storage.parameters,
        trigger_words=_trigger_words(verdict, names, metadata),
        confidence=verdict.signs[0].certainty if verdict.signs else 0.3,
        evidence=verdict.evidence,
        problems=header.problems,
    )
    if family is None:
        return _from_folder(identity, folder)
    return _name_variant(replace(identity, family=family.id or None), family, verdict, metadata, doubt)


def _settle_family(verdict: _Verdict, metadata: Mapping[str, str]) -> tuple[Family | None, str | None]:
    """Structure decides; metadata does among structurally equal families, and where the structure is silent."""
    if verdict.type is ModelType.OTHER:
        return None, None
    named = find_named_family(metadata, FAMILIES)
    if verdict.family is None:
        return (named, f"{named.title}: named by the metadata") if named else (None, None)
    if named and named is not verdict.family:
        if named.id in verdict.family.may_be.get(verdict.type, ()):
            return named, f"{named.title}: named by the metadata, and fits what the tensors tell"
        if not _kin(named, verdict.family):
            return verdict.family, f"the metadata says {named.title}, the tensors say otherwise"
    return verdict.family, None


def _kin(one: Family, other: Family) -> bool:
    return one.id.split("-")[0].rstrip("0123456789.") == other.id.split("-")[0].rstrip("0123456789.")


def _name_variant(
    identity: Identity, family: Family, verdict: _Verdict, metadata: Mapping[str, str], doubt: str | None
) -> Identity:
    lines = [f"{family.title}: {sign.says}" for sign in verdict.signs if family is verdict.family]
    offered = _variants_of(family, verdict)
    told = verdict.names.telling_lengths()
    held = next((sign for sign in offered if sign.holds(told)), None)
    named = find_metadata_name(metadata, family.metadata_names) if _is_named(verdict.type) else None
    if held:
        lines.append(f"{held.variant}: {held.says}")
    if named:
        lines.append(f"{named.base_model or named.variant}: named by the metadata")
    if doubt:
        lines.append(doubt)
    sure = verdict.signs[0] if verdict.signs and family is verdict.family else None
    variant = (named and named.variant) or (sure and sure.variant) or (held and held.variant)
    base_model = (named and named.base_model) or (sure and sure.base_model) or (held and held.base_model)
    lookalikes = (sure and sure.candidates) or family.lookalikes.get(verdict.type, ())
    candidates = () if named and named.base_model else lookalikes
    return replace(
        identity,
        variant=variant or None,
        base_model=base_model or _plain_base_model(family, verdict.type),
        evidence=(*lines, *identity.evidence),
        candidates=candidates,
        confidence=min(identity.confidence, 0.7) if doubt and not sure else identity.confidence,
    )


def _is_named(type_: ModelType) -> bool:
    return type_ in {ModelType.CHECKPOINT, ModelType.DIFFUSION_MODEL, ModelType.LORA, ModelType.CONTROLNET}


def _variants_of(family: Family, verdict: _Verdict) -> tuple[Sign, ...]:
    if verdict.type is ModelType.LORA:
        return family.lora_variants
    if verdict.type in {ModelType.CHECKPOINT, ModelType.DIFFUSION_MODEL}:
        return family.variants
    return ()


def _plain_base_model(family: Family, type_: ModelType) -> str | None:
    """An autoencoder that fits several base models is not said to be of one."""
    return None if type_ is ModelType.VAE and family.lookalikes.get(type_) else family.base_model


def _from_folder(identity: Identity, folder: str) -> Identity:
    hint = find_type_of_folder(folder)
    if identity.type is not ModelType.OTHER or hint is None:
        return identity
    return replace(
        identity,
        type=hint,
        confidence=0.2,
        evidence=(*identity.evidence, f"folder: files here are usually of type {hint.value}"),
    )


def _prediction(verdict: _Verdict, names: Names, metadata: Mapping[str, str]) -> str | None:
    """What a UNet predicts. Marker tensors decide for SDXL; the header of an SD 2 model alone cannot tell."""
    if verdict.type not in {ModelType.CHECKPOINT, ModelType.DIFFUSION_MODEL, ModelType.LORA} or verdict.family is None:
        return None
    if verdict.family.id not in {"sd1", "sd2", "sdxl", "sdxl-refiner", "ssd-1b", "segmind-vega"}:
        return None
    if names.has("v_pred"):
        return "v"
    if names.has("edm_vpred.sigma_max"):
        return "edm_v"
    if names.has("edm_mean"):
        return "edm"
    spoken = find_prediction_word(metadata)
    if spoken or verdict.family.id == "sd2" or verdict.type is ModelType.LORA:
        return spoken
    return "epsilon"


def _trigger_words(verdict: _Verdict, names: Names, metadata: Mapping[str, str]) -> tuple[str, ...]:
    if words := read_trigger_words(metadata):
        return words
    if verdict.type is not ModelType.EMBEDDING:
        return ()
    if len(names) == 1 and not names.has("emb_params | string_to_param."):
        return (next(iter(names.tensors)),)
    return (name,) if (name := metadata.get("name", "").strip() or metadata.get("pickle.name", "").strip()) else ()
