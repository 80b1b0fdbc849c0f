"""What an adapter (LoRA and its kin) changes: modules, widths, network and rank, in one naming for all trainers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
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

_BACKBONE_ROOT = re.compile(
    r"(?:base_model\.model\.|lora_unet__?|lora_prior_unet_|lora_transformer_|lora_dit_|lycoris_|model\.|diffusion_model\."
    r"|transformer\.|unet\.|dit\.|net\.|module\.)*",
)
"""What trainers write before a module of the diffusion model, sometimes one after the other."""

_NUMBERED_LORA = re.compile(r"^lora\d*\.")
"""XLabs numbers the adapters of the image's and the text's side of one layer."""

_TEXT_ROOT = re.compile(
    r"(?:base_model\.model\.|lycoris_|lora_)?(?:prior_)?"
    r"(?:(?:text_encoders?|te)[._]?(?P<number>[\d*]?)[._]|(?P<name>clip_[lgh]|t5xxl|t5|llama|qwen\w*?|gemma\w*?)\.)"
    r"|(?=text_model[._])",
)

_FLATTENED = (UNTOLD,)
"""Stands for a kernel: these networks flatten one into the widths, so whether there is one is not told."""

_SQUARE = re.compile(
    r"(?:attn[12]?[._]to_q|to_out[._]\*|self_attn[._](?:[qo]|q_proj|out_proj|output_proj)|attn[._]proj"
    r"|q_linear|add_q_proj|attn[._]w[qo]|self_attention[._]to_q|attention[._](?:out|to_q|o))$",
)
"""Modules that give out what they take in, by the customs of all families."""

_SPLIT_PART = re.compile(r"(qkv|linear1|in_proj)_(?:\d|\*)$")
_LAST_OF_SPLIT = frozenset("0123*")
"""OneTrainer's OMI format adapts the parts of a joint layer one by one, numbered."""

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


_Parts = tuple[tuple[str, Shape], ...]
"""Which parts an adapted module has, each with its shape. Most modules of a file share a few of these."""


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
    backbone, text, spelt = _Layers(), _Layers(), _Layers()
    kinds: Counter[_Parts] = Counter()
    for folded, modules in _collect_modules(names).items():
        place = _Place.of(folded)
        square = _SQUARE.search(folded) is not None
        layers = text if place.text_encoder else backbone
        for written, parts in modules.items():
            own_place = _Place.of(written) if place.is_numbered else place
            layers.add(own_place.name_of(folded), own_place.name_of(written), _layer_of(parts, square))
            kinds[parts] += 1
        if layers is backbone:
            written, parts = next(iter(modules.items()))
            spelt.add(folded[place.root_length :], written[place.root_length :], _layer_of(parts, square))
            backbone.mark("@" + folded[: place.root_length].replace(".", "_"))
    network = _network(kinds, metadata)
    ranks = _count_ranks(kinds) if network not in UNRANKED else Counter()
    return Adapter(
        backbone=backbone.names("_"),
        text=text.names("_"),
        spelt=spelt.names("."),
        network=network,
        rank=ranks.most_common(1)[0][0] if ranks else None,
        ranks=(min(ranks), max(ranks)) if ranks else None,
    )


def _count_ranks(kinds: Mapping[_Parts, int]) -> Counter[int]:
    ranks: Counter[int] = Counter()
    for parts, count in kinds.items():
        if (rank := _rank(dict(parts))) > 0:
            ranks[rank] += count
    return ranks


_NO_LAYER = Tensor("", ())


class _Layers:
    """Collects adapted layers under their folded names."""

    def __init__(self) -> None:
        self._tensors: dict[str, Tensor] = {}
        self._groups: dict[str, list[str]] = {}

    def add(self, folded: str, name: str, layer: Tensor) -> None:
        if name not in self._tensors:
            self._tensors[name] = layer
            self._groups.setdefault(folded, []).append(name)

    def mark(self, name: str) -> None:
        """Add what is no layer but may be asked for."""
        self.add(name, name, _NO_LAYER)

    def names(self, separator: str) -> Names:
        return Names.folded(self._tensors, self._groups, separator=separator)


@dataclass(frozen=True)
class _Place:
    """Where in a pipeline a trainer's prefix puts the modules that follow it."""

    root_length: int
    text_encoder: str = ""
    is_numbered: bool = False

    @classmethod
    def of(cls, module: str) -> _Place:
        """`is_numbered`: the number of the text encoder is folded away and each module has to be looked at."""
        if root := _TEXT_ROOT.match(module):
            return cls(root.end(), f"te{_encoder_number(root)}_", "*" in root[0])
        match = _BACKBONE_ROOT.match(module)
        return cls(match.end() if match else 0)

    def name_of(self, module: str) -> str:
        name = self.text_encoder + module[self.root_length :].replace(".", "_")
        return _SPLIT_PART.sub(r"\1", name) if name[-1:] in _LAST_OF_SPLIT else name


def _collect_modules(names: Names) -> dict[str, dict[str, _Parts]]:
    """Folded module -> module as written -> its parts; modules of companions alone are left out."""
    found: dict[str, dict[str, dict[str, Shape]]] = {}
    for key, group in names.groups.items():
        ending = _ENDING.search(key)
        if not ending or ending["kind"] == ".bias":
            continue
        part = _ONE_NAME.get(ending["part"]) or _NUMBERED_LORA.sub("", ending["part"])
        modules = found.setdefault(key[: ending.start()].replace(".processor.", "."), {})
        for name in group:
            written = (name[: -len(ending[0])] if "*" not in ending[0] else _module_of(name)).replace(
                ".processor.", "."
            )
            parts = modules.setdefault(written, {})
            parts.setdefault(part, names.tensors[name].shape)
            if part == "on_input" and (scale := names.tensors.get(f"{written}.weight")):
                parts["ia3_l"] = scale.shape
    return {folded: adapted for folded, modules in found.items() if (adapted := _without_companions(modules))}


def _without_companions(modules: Mapping[str, Mapping[str, Shape]]) -> dict[str, _Parts]:
    return {written: tuple(parts.items()) for written, parts in modules.items() if not parts.keys() <= _COMPANIONS}


def _module_of(name: str) -> str:
    ending = _ENDING.search(name)
    return name[: ending.start()] if ending else name


def _encoder_number(root: re.Match[str]) -> str:
    """`1`, `2` or `3` as kohya counts text encoders, or nothing where there is but one."""
    if root["name"]:
        return {"clip_l": "1", "clip_g": "2", "t5xxl": "3"}.get(root["name"], "")
    return root["number"].strip("*")


@lru_cache(maxsize=4096)
def _layer_of(parts: _Parts, square: bool) -> Tensor:
    """The layer that these parts change. Some networks tell one side of it alone; of a square one that is both."""
    shape = _layer_shape(dict(parts))
    if square and len(shape) > 1 and UNTOLD in shape[:2]:
        side = max(shape[:2])
        shape = (side, side, *shape[2:])
    return Tensor("", shape)


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
        return (_length(parts, "b1", 0), _length(parts, "a2", 1), *_FLATTENED)
    if changed := parts.get("diff") or parts.get("set_weight"):
        return changed if len(changed) > 1 else (changed[0] if changed else UNTOLD, UNTOLD)
    return _rotated_shape(parts)


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
        return (rotation[-3] * rotation[-1], UNTOLD, *_FLATTENED)
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


def _network(kinds_of_parts: Mapping[_Parts, int], metadata: Mapping[str, str]) -> str:
    kinds: Counter[str] = Counter()
    for parts, count in kinds_of_parts.items():
        if kind := _module_network(dict(parts)):
            kinds[kind] += count
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
