"""The tensors of LoRAs as kohya's sd-scripts write them: for each changed layer an `alpha`, a `down` and an `up`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sd_model_manager.identify.header import Tensor
from sd_model_manager.library.sample.structures import SDXL, clip_text, unet

_SD1_PLACES = (
    *((f"down_blocks_{block}_attentions_{place}", 320 << block) for block in range(3) for place in range(2)),
    ("mid_block_attentions_0", 1280),
    *((f"up_blocks_{block}_attentions_{place}", 1280 >> (block - 1)) for block in range(1, 4) for place in range(3)),
)
TENSORS_PER_LAYER = 3


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of the base model that a LoRA changes. `given` and `taken` are its output and input widths."""

    name: str
    given: int
    taken: int
    is_convolution: bool = False


def make_lora(layers: Iterable[Layer], *, rank: int, dtype: str = "F16") -> dict[str, Tensor]:
    tensors = {}
    for layer in layers:
        edge = (1, 1) if layer.is_convolution else ()
        tensors[f"{layer.name}.alpha"] = Tensor(dtype, ())
        tensors[f"{layer.name}.lora_down.weight"] = Tensor(dtype, (rank, layer.taken, *edge))
        tensors[f"{layer.name}.lora_up.weight"] = Tensor(dtype, (layer.given, rank, *edge))
    return tensors


def sd1_layers() -> Iterator[Layer]:
    """The attention of SD 1.5's UNet and of its text encoder: 264 layers."""
    for place, wide in _SD1_PLACES:
        name = f"lora_unet_{place}"
        yield Layer(f"{name}_proj_in", wide, wide, is_convolution=True)
        yield from _transformer_layers(f"{name}_transformer_blocks_0", wide, 768)
        yield Layer(f"{name}_proj_out", wide, wide, is_convolution=True)
    yield from _text_layers("lora_te_text_model", 768, 12)


def sdxl_layers(*, with_text: bool) -> Iterator[Layer]:
    """The attention of SDXL's UNet, 722 layers, and, `with_text`, of its two text encoders, 264 more."""
    for name, shape in unet(SDXL):
        is_linear = len(shape) == 2 and (".transformer_blocks." in name or ".proj_" in name)
        if is_linear:
            yield Layer("lora_unet_" + _flat(name), shape[0], shape[1])
    if with_text:
        yield from _text_layers("lora_te1_text_model", 768, 12)
        yield from _text_layers("lora_te2_text_model", 1280, 32)


def flux_layers() -> Iterator[Layer]:
    """All linear layers of FLUX.1's blocks: 304."""
    wide = 3072
    for block in range(19):
        for stream in ("img", "txt"):
            name = f"lora_unet_double_blocks_{block}_{stream}"
            yield Layer(f"{name}_attn_qkv", wide * 3, wide)
            yield Layer(f"{name}_attn_proj", wide, wide)
            yield Layer(f"{name}_mlp_0", wide * 4, wide)
            yield Layer(f"{name}_mlp_2", wide, wide * 4)
            yield Layer(f"{name}_mod_lin", wide * 6, wide)
    for block in range(38):
        name = f"lora_unet_single_blocks_{block}"
        yield Layer(f"{name}_linear1", wide * 7, wide)
        yield Layer(f"{name}_linear2", wide, wide * 5)
        yield Layer(f"{name}_modulation_lin", wide * 3, wide)


def _transformer_layers(name: str, wide: int, context: int) -> Iterator[Layer]:
    for attention, taken in (("attn1", wide), ("attn2", context)):
        yield Layer(f"{name}_{attention}_to_q", wide, wide)
        yield Layer(f"{name}_{attention}_to_k", wide, taken)
        yield Layer(f"{name}_{attention}_to_v", wide, taken)
        yield Layer(f"{name}_{attention}_to_out_0", wide, wide)
    yield Layer(f"{name}_ff_net_0_proj", wide * 8, wide)
    yield Layer(f"{name}_ff_net_2", wide, wide * 4)


def _text_layers(prefix: str, wide: int, layers: int) -> Iterator[Layer]:
    for name, shape in clip_text(wide, layers):
        if len(shape) == 2 and name.startswith("encoder."):
            yield Layer(f"{prefix}_{_flat(name)}", shape[0], shape[1])


def _flat(name: str) -> str:
    return name.removesuffix(".weight").replace(".", "_")
