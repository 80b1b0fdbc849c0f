"""The tensors of real architectures: names and shapes as their authors' code has them, any weights left out.

Sources: CompVis `ldm/modules/diffusionmodules`, Stability `generative-models`, OpenAI `CLIP`, OpenCLIP, Hugging Face
`transformers` (T5), Black Forest Labs `flux`, lllyasviel `ControlNet`, xinntao `Real-ESRGAN`, tencent `IP-Adapter`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sd_model_manager.identify.header import Tensor

Shapes = Iterator[tuple[str, tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class UNet:
    """`depths` are the transformer layers on each level, `context` the text's width, `label` that of SDXL's sizes."""

    levels: tuple[int, ...]
    depths: tuple[int, ...]
    middle_depth: int
    context: int
    label: int | None = None

    @property
    def has_linear_projections(self) -> bool:
        return self.label is not None


SD1 = UNet(levels=(320, 640, 1280, 1280), depths=(1, 1, 1, 0), middle_depth=1, context=768)
SDXL = UNet(levels=(320, 640, 1280), depths=(0, 2, 10), middle_depth=10, context=2048, label=2816)


def sd1_checkpoint() -> dict[str, Tensor]:
    return _typed(
        "F16",
        _below("model.diffusion_model.", unet(SD1)),
        _below("first_stage_model.", autoencoder(4)),
        _below("cond_stage_model.transformer.text_model.", clip_text(768, 12)),
    )


def sdxl_checkpoint() -> dict[str, Tensor]:
    return _typed(
        "F16",
        _below("model.diffusion_model.", unet(SDXL)),
        _below("first_stage_model.", autoencoder(4)),
        _below("conditioner.embedders.0.transformer.text_model.", clip_text(768, 12)),
        _below("conditioner.embedders.1.model.", open_clip_text(1280, 32)),
    )


def flux_model() -> dict[str, Tensor]:
    return _typed("F8_E4M3", _flux())


def vae(latent_channels: int, dtype: str = "F32") -> dict[str, Tensor]:
    return _typed(dtype, autoencoder(latent_channels))


def clip_l() -> dict[str, Tensor]:
    return _typed("F16", _below("text_model.", clip_text(768, 12)))


def t5_xxl() -> dict[str, Tensor]:
    return _typed("F8_E4M3", _t5())


def controlnet(branch: UNet) -> dict[str, Tensor]:
    return _typed("F16", _below("control_model.", _control_branch(branch)))


def ip_adapter() -> dict[str, Tensor]:
    """For SD 1.5 with four image tokens of CLIP ViT-H."""
    return _typed("F16", _ip_adapter())


def esrgan() -> dict[str, Tensor]:
    return _typed("F32", _esrgan())


def compact_upscaler() -> dict[str, Tensor]:
    return _typed("F16", _compact_upscaler())


def sd1_embedding(vectors: int) -> dict[str, Tensor]:
    return _typed("F32", iter([("emb_params", (vectors, 768))]))


def sdxl_embedding(vectors: int) -> dict[str, Tensor]:
    return _typed("F32", iter([("clip_g", (vectors, 1280)), ("clip_l", (vectors, 768))]))


def unet(net: UNet) -> Shapes:
    yield from _unet_down(net)
    yield from _unet_up(net)
    yield from _norm("out.0", net.levels[0])
    yield from _conv("out.2", 4, net.levels[0], 3)


def _unet_down(net: UNet) -> Shapes:
    first = net.levels[0]
    yield from _linear("time_embed.0", first * 4, first)
    yield from _linear("time_embed.2", first * 4, first * 4)
    if net.label:
        yield from _linear("label_emb.0.0", first * 4, net.label)
        yield from _linear("label_emb.0.2", first * 4, first * 4)
    yield from _conv("input_blocks.0.0", first, 4, 3)
    number, channels = 1, first
    for level, (wide, depth) in enumerate(zip(net.levels, net.depths, strict=True)):
        for _ in range(2):
            yield from _residual(f"input_blocks.{number}.0", wide, channels, first * 4)
            yield from _transformer(f"input_blocks.{number}.1", wide, depth, net)
            number, channels = number + 1, wide
        if level < len(net.levels) - 1:
            yield from _conv(f"input_blocks.{number}.0.op", wide, wide, 3)
            number += 1
    yield from _residual("middle_block.0", channels, channels, first * 4)
    yield from _transformer("middle_block.1", channels, net.middle_depth, net)
    yield from _residual("middle_block.2", channels, channels, first * 4)


def _unet_up(net: UNet) -> Shapes:
    skipped = _skipped_channels(net)
    number, channels = 0, net.levels[-1]
    for level in reversed(range(len(net.levels))):
        wide, depth = net.levels[level], net.depths[level]
        for block in range(3):
            yield from _residual(f"output_blocks.{number}.0", wide, channels + skipped.pop(), net.levels[0] * 4)
            yield from _transformer(f"output_blocks.{number}.1", wide, depth, net)
            if level and block == 2:
                yield from _conv(f"output_blocks.{number}.{2 if depth else 1}.conv", wide, wide, 3)
            number, channels = number + 1, wide


def _skipped_channels(net: UNet) -> list[int]:
    """What each block on the way down hands over to its opposite, the last one at the end."""
    skipped = [net.levels[0]]
    for level, wide in enumerate(net.levels):
        skipped += [wide] * (3 if level < len(net.levels) - 1 else 2)
    return skipped


def _residual(name: str, wide: int, taken: int, time: int) -> Shapes:
    yield from _norm(f"{name}.in_layers.0", taken)
    yield from _conv(f"{name}.in_layers.2", wide, taken, 3)
    yield from _linear(f"{name}.emb_layers.1", wide, time)
    yield from _norm(f"{name}.out_layers.0", wide)
    yield from _conv(f"{name}.out_layers.3", wide, wide, 3)
    if taken != wide:
        yield from _conv(f"{name}.skip_connection", wide, taken, 1)


def _transformer(name: str, wide: int, depth: int, net: UNet) -> Shapes:
    if not depth:
        return
    yield from _norm(f"{name}.norm", wide)
    yield from _projection(f"{name}.proj_in", wide, net)
    for layer in range(depth):
        block = f"{name}.transformer_blocks.{layer}"
        for attention, taken in (("attn1", wide), ("attn2", net.context)):
            yield f"{block}.{attention}.to_q.weight", (wide, wide)
            yield f"{block}.{attention}.to_k.weight", (wide, taken)
            yield f"{block}.{attention}.to_v.weight", (wide, taken)
            yield from _linear(f"{block}.{attention}.to_out.0", wide, wide)
        yield from _linear(f"{block}.ff.net.0.proj", wide * 8, wide)
        yield from _linear(f"{block}.ff.net.2", wide, wide * 4)
        for norm in ("norm1", "norm2", "norm3"):
            yield from _norm(f"{block}.{norm}", wide)
    yield from _projection(f"{name}.proj_out", wide, net)


def _projection(name: str, wide: int, net: UNet) -> Shapes:
    yield from _linear(name, wide, wide) if net.has_linear_projections else _conv(name, wide, wide, 1)


def _control_branch(net: UNet) -> Shapes:
    yield from _unet_down(net)
    blocks = len(_skipped_channels(net))
    for number, wide in zip(range(blocks), _skipped_channels(net), strict=True):
        yield from _conv(f"zero_convs.{number}.0", wide, wide, 1)
    yield from _conv("middle_block_out.0", net.levels[-1], net.levels[-1], 1)
    channels = 3
    for number, wide in enumerate((16, 16, 32, 32, 96, 96, 256, net.levels[0])):
        yield from _conv(f"input_hint_block.{number * 2}", wide, channels, 3)
        channels = wide


def autoencoder(latent_channels: int) -> Shapes:
    """That of SD 1 and SDXL with 4 latent channels; FLUX.1's has 16 and no quantisation layers."""
    yield from _autoencoder_half("encoder", 3, latent_channels * 2, (128, 128, 256, 512, 512), "down")
    yield from _autoencoder_half("decoder", latent_channels, 3, (512, 512, 512, 256, 128), "up")
    if latent_channels == 4:
        yield from _conv("quant_conv", 8, 8, 1)
        yield from _conv("post_quant_conv", 4, 4, 1)


def _autoencoder_half(half: str, taken: int, given: int, widths: tuple[int, ...], way: str) -> Shapes:
    yield from _conv(f"{half}.conv_in", widths[0], taken, 3)
    for step, (before, wide) in enumerate(pairwise(widths)):
        level = step if way == "down" else len(widths) - 2 - step
        for block in range(2 if way == "down" else 3):
            yield from _plain_residual(f"{half}.{way}.{level}.block.{block}", wide, wide if block else before)
        if step < len(widths) - 2:
            yield from _conv(f"{half}.{way}.{level}.{way}sample.conv", wide, wide, 3)
    yield from _plain_residual(f"{half}.mid.block_1", 512, 512)
    yield from _norm(f"{half}.mid.attn_1.norm", 512)
    for part in ("q", "k", "v", "proj_out"):
        yield from _conv(f"{half}.mid.attn_1.{part}", 512, 512, 1)
    yield from _plain_residual(f"{half}.mid.block_2", 512, 512)
    last = widths[-1]
    yield from _norm(f"{half}.norm_out", last)
    yield from _conv(f"{half}.conv_out", given, last, 3)


def _plain_residual(name: str, wide: int, taken: int) -> Shapes:
    yield from _norm(f"{name}.norm1", taken)
    yield from _conv(f"{name}.conv1", wide, taken, 3)
    yield from _norm(f"{name}.norm2", wide)
    yield from _conv(f"{name}.conv2", wide, wide, 3)
    if wide != taken:
        yield from _conv(f"{name}.nin_shortcut", wide, taken, 1)


def clip_text(wide: int, layers: int) -> Shapes:
    yield "embeddings.token_embedding.weight", (49408, wide)
    yield "embeddings.position_embedding.weight", (77, wide)
    for layer in range(layers):
        name = f"encoder.layers.{layer}"
        for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
            yield from _linear(f"{name}.self_attn.{part}", wide, wide)
        yield from _linear(f"{name}.mlp.fc1", wide * 4, wide)
        yield from _linear(f"{name}.mlp.fc2", wide, wide * 4)
        yield from _norm(f"{name}.layer_norm1", wide)
        yield from _norm(f"{name}.layer_norm2", wide)
    yield from _norm("final_layer_norm", wide)


def open_clip_text(wide: int, layers: int) -> Shapes:
    yield "token_embedding.weight", (49408, wide)
    yield "positional_embedding", (77, wide)
    yield "text_projection", (wide, wide)
    yield "logit_scale", ()
    for layer in range(layers):
        name = f"transformer.resblocks.{layer}"
        yield f"{name}.attn.in_proj_weight", (wide * 3, wide)
        yield f"{name}.attn.in_proj_bias", (wide * 3,)
        yield from _linear(f"{name}.attn.out_proj", wide, wide)
        yield from _linear(f"{name}.mlp.c_fc", wide * 4, wide)
        yield from _linear(f"{name}.mlp.c_proj", wide, wide * 4)
        yield from _norm(f"{name}.ln_1", wide)
        yield from _norm(f"{name}.ln_2", wide)
    yield from _norm("ln_final", wide)


def _flux() -> Shapes:
    wide = 3072
    yield from _linear("img_in", wide, 64)
    yield from _linear("txt_in", wide, 4096)
    for part, taken in (("time_in", 256), ("vector_in", 768), ("guidance_in", 256)):
        yield from _linear(f"{part}.in_layer", wide, taken)
        yield from _linear(f"{part}.out_layer", wide, wide)
    for block in range(19):
        for stream in ("img", "txt"):
            name = f"double_blocks.{block}.{stream}"
            yield from _linear(f"{name}_attn.qkv", wide * 3, wide)
            yield from _linear(f"{name}_attn.proj", wide, wide)
            yield f"{name}_attn.norm.query_norm.scale", (128,)
            yield f"{name}_attn.norm.key_norm.scale", (128,)
            yield from _linear(f"{name}_mlp.0", wide * 4, wide)
            yield from _linear(f"{name}_mlp.2", wide, wide * 4)
            yield from _linear(f"{name}_mod.lin", wide * 6, wide)
    for block in range(38):
        name = f"single_blocks.{block}"
        yield from _linear(f"{name}.linear1", wide * 7, wide)
        yield from _linear(f"{name}.linear2", wide, wide * 5)
        yield from _linear(f"{name}.modulation.lin", wide * 3, wide)
        yield f"{name}.norm.query_norm.scale", (128,)
        yield f"{name}.norm.key_norm.scale", (128,)
    yield from _linear("final_layer.linear", 64, wide)
    yield from _linear("final_layer.adaLN_modulation.1", wide * 2, wide)


def _t5() -> Shapes:
    yield "shared.weight", (32128, 4096)
    yield "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight", (32, 64)
    for block in range(24):
        name = f"encoder.block.{block}"
        for part in ("q", "k", "v", "o"):
            yield f"{name}.layer.0.SelfAttention.{part}.weight", (4096, 4096)
        yield f"{name}.layer.0.layer_norm.weight", (4096,)
        yield f"{name}.layer.1.DenseReluDense.wi_0.weight", (10240, 4096)
        yield f"{name}.layer.1.DenseReluDense.wi_1.weight", (10240, 4096)
        yield f"{name}.layer.1.DenseReluDense.wo.weight", (4096, 10240)
        yield f"{name}.layer.1.layer_norm.weight", (4096,)
    yield "encoder.final_layer_norm.weight", (4096,)


def _ip_adapter() -> Shapes:
    yield from _linear("image_proj.proj", 768 * 4, 1024)
    yield from _norm("image_proj.norm", 768)
    for number, wide in enumerate((320, 320, 640, 640, 1280, 1280, *[1280] * 3, *[640] * 3, *[320] * 3, 1280)):
        yield f"ip_adapter.{number * 2 + 1}.to_k_ip.weight", (wide, 768)
        yield f"ip_adapter.{number * 2 + 1}.to_v_ip.weight", (wide, 768)


def _esrgan() -> Shapes:
    yield from _conv("conv_first", 64, 3, 3)
    for block in range(23):
        for dense in range(1, 4):
            for number in range(1, 6):
                given = 64 if number == 5 else 32
                yield from _conv(f"body.{block}.rdb{dense}.conv{number}", given, 64 + 32 * (number - 1), 3)
    for name in ("conv_body", "conv_up1", "conv_up2", "conv_hr"):
        yield from _conv(name, 64, 64, 3)
    yield from _conv("conv_last", 3, 64, 3)


def _compact_upscaler() -> Shapes:
    yield from _conv("body.0", 64, 3, 3)
    yield "body.1.weight", (64,)
    for layer in range(16):
        yield from _conv(f"body.{layer * 2 + 2}", 64, 64, 3)
        yield f"body.{layer * 2 + 3}.weight", (64,)
    yield from _conv("body.34", 48, 64, 3)


def _linear(name: str, given: int, taken: int) -> Shapes:
    yield f"{name}.weight", (given, taken)
    yield f"{name}.bias", (given,)


def _conv(name: str, given: int, taken: int, edge: int) -> Shapes:
    yield f"{name}.weight", (given, taken, edge, edge)
    yield f"{name}.bias", (given,)


def _norm(name: str, wide: int) -> Shapes:
    yield f"{name}.weight", (wide,)
    yield f"{name}.bias", (wide,)


def _below(prefix: str, shapes: Shapes) -> Shapes:
    return ((prefix + name, shape) for name, shape in shapes)


def _typed(dtype: str, *parts: Shapes) -> dict[str, Tensor]:
    return {name: Tensor(dtype, shape) for part in parts for name, shape in part}
