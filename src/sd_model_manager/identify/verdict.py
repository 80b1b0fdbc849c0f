"""What the tensors alone say of a file: its type, its family, and by which signs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.adapters import Adapter, adapter_share, read_adapter
from sd_model_manager.identify.families import FAMILIES, UNKNOWN_FAMILIES
from sd_model_manager.identify.families.family import Family, Sign
from sd_model_manager.identify.names import Names

_ROOTS: Mapping[ModelType, tuple[str, ...]] = {
    ModelType.CONTROLNET: (
        "", "control_model.", "controlnet.", "model.diffusion_model.", "module.", "module.controlnet.",
    ),
    ModelType.T2I_ADAPTER: ("", "adapter.", "model."),
    ModelType.MOTION_MODULE: ("", "module.", "animatediff.", "unet."),
    ModelType.IP_ADAPTER: ("", "ip_adapter.", "state_dict."),
    ModelType.DIFFUSION_MODEL: (
        "model.diffusion_model.", "model.model.", "net.", "diffusion_model.", "transformer.", "unet.", "dit.",
        "module.", "prior.", "model.", "",
    ),
    ModelType.VAE: ("first_stage_model.", "vae.", "autoencoder.", "pretransform.model.", "model.", ""),
    ModelType.CLIP_VISION: (
        "", "vision_model.", "clip_vision_model.vision_model.", "image_encoder.", "embedder.model.",
    ),
    ModelType.TEXT_ENCODER: (
        "", "text_model.", "model.language_model.", "language_model.model.", "model.", "language_model.",
        "transformer.", "transformer.text_model.", "text_encoder.", "text_encoder.text_model.", "text_encoder.model.",
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
class Verdict:
    """What the structure says. `names` are the tensors from the verdict's root on."""

    type: ModelType
    family: Family | None
    signs: tuple[Sign, ...]
    names: Names
    evidence: tuple[str, ...] = ()
    adapter: Adapter | None = None


def judge(names: Names, metadata: Mapping[str, str]) -> Verdict:
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
    return Verdict(ModelType.OTHER, None, (), names, ("no known model has such tensors",))


def _find_by_signs(type_: ModelType, names: Names, families: Sequence[Family] = FAMILIES) -> Verdict | None:
    for root in _ROOTS.get(type_, ("",)):
        if root and not names.has(root):
            continue
        below = names.under(root)
        if found := _best_sign(((family, family.signs.get(type_, ())) for family in families), below):
            family, sign = found
            return _with_parts(Verdict(type_, family, (sign,), below), names)
    return None


def _best_sign(offers: Iterable[tuple[Family, tuple[Sign, ...]]], names: Names) -> tuple[Family, Sign] | None:
    """The first sign that holds and is sure enough to end the question, else the surest of the others."""
    best: tuple[Family, Sign] | None = None
    for family, signs in offers:
        for sign in signs:
            if (best is None or sign.certainty > best[1].certainty) and sign.holds(names):
                if sign.certainty >= _DECISIVE:
                    return family, sign
                best = family, sign
    return best


_DECISIVE = 0.7
"""From this certainty on the order of the families decides and no later one is asked."""


def _with_parts(verdict: Verdict, names: Names) -> Verdict:
    if verdict.type is not ModelType.DIFFUSION_MODEL:
        return verdict
    parts = [part for part, roots in _PARTS.items() if names.has(roots)]
    if not {"autoencoder", "text encoder"} & set(parts):
        return verdict
    return replace(
        verdict, type=ModelType.CHECKPOINT, evidence=(f"contains besides the diffusion model: {', '.join(parts)}",)
    )


def _judge_adapter(names: Names, metadata: Mapping[str, str]) -> Verdict:
    adapter = read_adapter(names, metadata)
    found = (
        _best_sign(((family, family.lora_spelt) for family in FAMILIES), adapter.spelt)
        or _best_sign(((family, family.lora) for family in FAMILIES), adapter.backbone)
        or _best_sign(((family, family.text_lora) for family in FAMILIES), adapter.text)
    )
    if found is None:
        return Verdict(ModelType.LORA, None, (), adapter.backbone, ("adapter weights in nearly all tensors",), adapter)
    return Verdict(ModelType.LORA, found[0], (found[1],), adapter.backbone, (), adapter)


def _find_lone_token(names: Names) -> Verdict | None:
    """One tensor of a text encoder's width under a name of the user's choice: a textual inversion of diffusers."""
    if len(names) != 1:
        return None
    name, tensor = next(iter(names.tensors.items()))
    if len(tensor.shape) > 2 or not tensor.shape or tensor.shape[-1] not in _TOKEN_WIDTHS:
        return None
    family = next((family for family in FAMILIES if family.id == _TOKEN_WIDTHS[tensor.shape[-1]]), None)
    sign = Sign(f"one vector of width {tensor.shape[-1]} named {name}", certainty=0.8)
    return Verdict(ModelType.EMBEDDING, family, (sign,), names)


_TOKEN_WIDTHS = {768: "sd1", 1024: "sd2", 1280: "sdxl"}
