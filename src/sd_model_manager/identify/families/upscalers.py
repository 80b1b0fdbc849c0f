"""Image upscalers. Names and shapes as in the authors' own code, wrapped in `params` or not."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, dims, has, lacks

UP = ModelType.UPSCALER


def _family(id_: str, title: str, *signs: Sign) -> Family:
    return Family(id=id_, title=title, base_model="Upscaler", signs={UP: signs})


FAMILIES = (
    _family(
        "rcan",
        "RCAN",
        Sign("residual groups with channel attention", has("head.0.weight", "body.0.body.0.body.0.weight")),
    ),
    _family(
        "hat",
        "HAT",
        Sign(
            "hybrid attention with overlapping windows",
            has("layers.0.residual_group.overlap_attn.qkv.weight", "conv_first.weight"),
        ),
    ),
    _family(
        "dat",
        "DAT",
        Sign(
            "dual aggregation of space and channels",
            has(
                "layers.0.blocks.0.attn.qkv.weight | layers.0.blocks.0.attn.attns.0.pos.pos_proj.weight",
                "before_RG.1.weight",
            ),
        ),
    ),
    _family(
        "swinir",
        "SwinIR",
        Sign(
            "residual Swin transformer groups",
            has(
                "layers.0.residual_group.blocks.0.attn.qkv.weight | layers.0.residual_group.blocks.0.attn.q_bias",
                "conv_first.weight",
            ),
        ),
    ),
    _family(
        "omnisr",
        "OmniSR",
        Sign("omni self-attention groups", has("residual_layer.0.residual_layer.0.layer.0.fn.0.weight")),
    ),
    _family("span", "SPAN", Sign("parameter-free attention blocks", has("block_1.c1_r.sk.weight"))),
    _family(
        "esrgan",
        "ESRGAN",
        Sign("residual-in-residual dense blocks", has("conv_first.weight", "body.0.rdb1.conv1.weight")),
        Sign("residual-in-residual dense blocks (old names)", has("model.1.sub.0.RDB1.conv1.0.weight")),
        Sign(
            "residual-in-residual dense blocks (first names)",
            has("RRDB_trunk.0.RDB1.conv1.weight | RRDB_trunk.0.rdb1.conv1.weight"),
        ),
    ),
    _family(
        "compact",
        "Compact",
        Sign(
            "plain convolutions with learned slopes",
            dims("body.0.weight", 4),
            dims("body.1.weight", 1),
            dims("body.2.weight", 4),
            lacks("body.0.bias.weight"),
        ),
    ),
)
