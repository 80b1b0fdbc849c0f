"""What an adapter (LoRA and its kin) changes: modules, widths, network and rank, in one naming for all trainers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isqrt

from sd_model_manager.identify.header import Tensor
from sd_model_manager.identify.names import UNTOLD, Names, Shape

_PART = (
    r"lora_down|lora_up|lora_mid|lora_[AB]|lora_embedding_[AB]|lora_magnitude_vector|lora_linear_layer\.(?:down|up)"
    r"|lora\d*\.(?:down|up)|hada_[wt][12](?:_[ab])?|lokr_[wt][12](?:_[ab])?"
    r"|oft_blocks|oft_diag|oft_R|boft_\w+|[ab][12](?=\.weight$)|ia3_l|on_input"
    r"|dora_scale|diff|diff_b|diff_m|set_weight|w_norm|b_norm|alpha|scalar|rescale|reshape_weight"
)
_ENDING = re.compile(rf"[._](?P<part>{_PART})(?P<adapter>\.(?!weight$|bias$)[^.]+)?(?P<kind>\.weight|\.bias)?$")
_COMPANIONS = frozenset(
    {"alpha", "scalar", "rescale", "reshape_weight", "dora_scale", "lora_magnitude_vector"},
)
"""Parts that accompany an adapter but do not make one."""

_ONE_NAME = {
    "lora_A": "down", "lora_down": "down", "lora_embedding_A": "down", "lora_linear_layer.down": "down",
    "lora_B": "up", "lora_up": "up", "lora_embedding_B": "up", "lora_linear_layer.up": "up", "lora_mid": "mid",
}  # fmt: skip

_BACKBONE_ROOTS = (
    "base_model.model.", "lora_unet__", "lora_unet_", "lora_prior_unet_", "lora_transformer_", "lora_dit_", "lycoris_",
    "model.diffusion_model.", "diffusion_model.", "transformer.", "unet.", "dit.", "net.", "model.",
)  # fmt: skip
"""What trainers write before a module of the diffusion model; removed one after the other."""

_TEXT_ROOT = re.compile(
    r"(?:base_model\.model\.|lycoris_|lora_)?(?:prior_)?"
    r"(?:(?:text_encoders?|te)[._]?(?P<number>\d?)[._]|(?P<name>clip_[lgh]|t5xxl|t5|llama|qwen\w*?|gemma\w*?)\.)"
    r"|(?=text_model[._])",
)

_FLATTENED = (UNTOLD,)
"""Stands for a kernel: these networks flatten one into the widths, so whether there is one is not told."""

_SQUARE = re.compile(
    r"(?:attn1?[._]to_[qkv]|attn2[._]to_q|to_out[._]0|self_attn[._](?:[qkvo]|[qkv]_proj|out_proj|output_proj)|attn[._]proj"
    r"|add_[qkv]_proj|attn[._]w[qo]|self_attention[._]to_[qkv]|attention[._](?:out|to_[qkv]|o))$",
)
"""Modules that give out what they take in, by the customs of all families."""

UNRANKED = frozenset({"lokr", "oft", "boft", "full", "ia3"})
"""Networks for which one rank says nothing, or that have none."""


@dataclass(frozen=True)
class Adapter:
    """An adapter's modules as if they were the layers it changes, each with the shape (out, in, *kernel).

    `backbone` and `text` name them joined by `_` and without the trainer's prefix; text modules begin with `te`,
    `te1`, `te2` or `te3`. `spelt` names the backbone's as written, for the cases in which dot or underscore decides.
    What a trainer wrote before the modules is kept as a module of its own, such as `@lora_prior_unet_`.
    `ranks` are the lowest and highest.
    """

    backbone: Names
    text: Names
    spelt: Names
    network: str
    rank: int | None
    ranks: tuple[int, int] | None


def adapter_share(names: Names) -> float:
    """The share of tensors, 0 to 1, whose names end as parts of an adapter do."""
    total = found = parts = 0
    for key, group in names.groups.items():
        total += len(group)
        if ending := _ENDING.search(key):
            found += len(group) * (2 if ending["part"] == "on_input" else 1)
            parts += 0 if ending["part"] in _COMPANIONS else len(group)
    return found / total if parts else 0.0


def read_adapter(names: Names, metadata: Mapping[str, str]) -> Adapter:
    modules = _collect_modules(names)
    backbone: dict[str, Tensor] = {}
    text: dict[str, Tensor] = {}
    spelt: dict[str, Tensor] = {}
    for written, parts in modules.items():
        layer = Tensor("", _square(written, _layer_shape(parts)))
        if match := _TEXT_ROOT.match(written):
            text[_text_module(written, match)] = layer
        else:
            name, root = _strip_roots(written)
            spelt[name] = layer
            backbone[name.replace(".", "_")] = layer
            backbone.setdefault("@" + root.replace(".", "_"), Tensor("", ()))
    network = _network(modules.values(), metadata)
    ranks = Counter(rank for parts in modules.values() if (rank := _rank(parts)) > 0 and network not in UNRANKED)
    return Adapter(
        backbone=Names(backbone, separator="_"),
        text=Names(text, separator="_"),
        spelt=Names(spelt),
        network=network,
        rank=ranks.most_common(1)[0][0] if ranks else None,
        ranks=(min(ranks), max(ranks)) if ranks else None,
    )


def _collect_modules(names: Names) -> dict[str, dict[str, Shape]]:
    """Module as written -> its parts' shapes; modules of companions alone are left out."""
    modules: dict[str, dict[str, Shape]] = {}
    for key, group in names.groups.items():
        ending = _ENDING.search(key)
        if not ending or ending["kind"] == ".bias":
            continue
        part = _ONE_NAME.get(ending["part"]) or re.sub(r"^lora\d*\.", "", ending["part"])
        for name in group:
            module = name[: -len(ending[0])] if "*" not in ending[0] else _module_of(name)
            parts = modules.setdefault(module, {})
            parts.setdefault(part, names.tensors[name].shape)
            if part == "on_input" and (scale := names.tensors.get(f"{module}.weight")):
                parts["ia3_l"] = scale.shape
    return {
        module.replace(".processor.", "."): parts
        for module, parts in modules.items()
        if not parts.keys() <= _COMPANIONS
    }


def _module_of(name: str) -> str:
    ending = _ENDING.search(name)
    return name[: ending.start()] if ending else name


def _strip_roots(written: str) -> tuple[str, str]:
    name = written
    while root := next((root for root in _BACKBONE_ROOTS if name.startswith(root)), ""):
        name = name.removeprefix(root)
    return name, written[: len(written) - len(name)]


def _text_module(written: str, root: re.Match[str]) -> str:
    number = root["number"] or ""
    if root[0].endswith("text_encoder.") or (not number and "clip_l" in root[0]):
        number = "1"
    elif "text_encoder" in root[0] and number:
        number = str(int(number))
    elif root["name"] == "clip_g":
        number = "2"
    elif root["name"] == "t5xxl":
        number = "3"
    return f"te{number}_" + written[root.end() :].replace(".", "_")


def _layer_shape(parts: Mapping[str, Shape]) -> Shape:
    """(out, in, *kernel) of the layer that these parts change."""
    if "down" in parts or "up" in parts:
        down, up = parts.get("down", ()), parts.get("up", ())
        return (up[0] if up else UNTOLD, down[1] if len(down) > 1 else UNTOLD, *down[2:])
    if any(part.startswith("hada") for part in parts):
        kernel = parts.get("hada_t1", ())[2:] or _FLATTENED
        return (_far_side(parts, "hada_w1_a", 0, tucker="hada_t1"), _length(parts, "hada_w1_b", 1), *kernel)
    if any(part.startswith("lokr") for part in parts):
        return _kronecker_shape(parts)
    if "b1" in parts:
        return (_length(parts, "b1", 0), _length(parts, "a2", 1))
    if changed := parts.get("diff") or parts.get("set_weight"):
        return changed if len(changed) > 1 else (changed[0] if changed else UNTOLD, UNTOLD)
    return _rotated_shape(parts)


def _square(module: str, shape: Shape) -> Shape:
    """Networks that turn a layer's outputs tell one width alone; projections to the queries take in the same."""
    if len(shape) > 1 and UNTOLD in shape[:2] and _SQUARE.search(module):
        side = max(shape[:2])
        return (side, side, *shape[2:])
    return shape


def _kronecker_shape(parts: Mapping[str, Shape]) -> Shape:
    out = in_ = 1
    kernel: Shape = ()
    for factor in ("lokr_w1", "lokr_w2"):
        if whole := parts.get(factor):
            out, in_, kernel = out * whole[0], in_ * (whole[1] if len(whole) > 1 else 1), kernel or whole[2:]
        else:
            out *= _far_side(parts, factor + "_a", 0, tucker=factor.replace("w", "t"))
            in_ *= _length(parts, factor + "_b", 1)
            kernel = kernel or parts.get(factor.replace("w", "t"), ())[2:]
    return (out, in_, *(kernel or _FLATTENED))


def _rotated_shape(parts: Mapping[str, Shape]) -> Shape:
    """Orthogonal adapters turn a layer's outputs (LyCORIS, kohya) or inputs (PEFT) block by block."""
    rotation = parts.get("oft_blocks") or parts.get("oft_diag") or ()
    if len(rotation) >= 3:
        return (rotation[-3] * rotation[-1], UNTOLD)
    packed = parts.get("oft_R", ())
    if len(packed) == 2:
        return (UNTOLD, packed[0] * ((1 + isqrt(1 + 8 * packed[1])) // 2))
    scale = parts.get("w_norm") or parts.get("diff_b") or parts.get("ia3_l") or ()
    return (max(scale) if scale else UNTOLD, UNTOLD)


def _far_side(parts: Mapping[str, Shape], part: str, axis: int, *, tucker: str) -> int:
    """Tucker-decomposed factors are stored the other way round."""
    return _length(parts, part, 1 - axis if tucker in parts else axis)


def _length(parts: Mapping[str, Shape], part: str, axis: int) -> int:
    shape = parts.get(part, ())
    return shape[axis] if len(shape) > axis else UNTOLD


def _rank(parts: Mapping[str, Shape]) -> int:
    if "down" in parts:
        return _length(parts, "down", 0)
    if "hada_w1_b" in parts:
        return _length(parts, "hada_w1_b", 0)
    return _length(parts, "a2", 0)


def _network(modules: Iterable[Mapping[str, Shape]], metadata: Mapping[str, str]) -> str:
    kinds = Counter(kind for parts in modules if (kind := _module_network(parts)))
    if kinds.keys() & {"lora", "conv", "dora"}:
        return _low_rank_network(kinds, metadata)
    ranked = [kind for kind, _ in kinds.most_common() if kind != "full"]
    return ranked[0] if ranked else "full"


def _low_rank_network(kinds: Mapping[str, int], metadata: Mapping[str, str]) -> str:
    others = {"loha", "lokr", "glora", "oft", "boft"} & kinds.keys()
    low_rank = sum(kinds.get(kind, 0) for kind in ("lora", "conv", "dora"))
    if others and sum(kinds[kind] for kind in others) > low_rank:
        return max(others, key=lambda kind: kinds[kind])
    if "dylora" in (metadata.get("ss_network_module", "") + metadata.get("ss_network_args", "")).lower():
        return "dylora"
    if kinds.get("dora"):
        return "dora"
    return "locon" if kinds.get("conv") else "lora"


def _module_network(parts: Mapping[str, Shape]) -> str | None:
    if "down" in parts or "up" in parts:
        if "dora_scale" in parts or "lora_magnitude_vector" in parts:
            return "dora"
        kernel = (*parts.get("down", ())[2:], *parts.get("mid", ())[2:])
        return "conv" if any(length > 1 for length in kernel) else "lora"
    return next((network for network, fits in _other_networks(parts) if fits), None)


def _other_networks(parts: Mapping[str, Shape]) -> Iterator[tuple[str, bool]]:
    yield "loha", any(part.startswith("hada") for part in parts)
    yield "lokr", any(part.startswith("lokr") for part in parts)
    yield "boft", len(parts.get("oft_blocks", ())) == 4 or any(part.startswith("boft") for part in parts)
    yield "oft", any(part.startswith("oft") for part in parts)
    yield "glora", "b1" in parts
    yield "ia3", "ia3_l" in parts or "on_input" in parts
    yield "full", any(part in parts for part in ("diff", "diff_b", "set_weight"))
