"""Genmo Mochi 1: 48 asymmetric blocks, image width 3072, text width 1536."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, blocks, dim, has, lacks, width

MOCHI = Family(
    id="mochi",
    title="Mochi 1",
    base_model="Mochi",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "separate text projection and asymmetric attention",
                has("t5_yproj.weight | t5_yproj. | blocks.0.attn.qkv_y."),
            ),
            Sign(
                "attention pooling of the prompt",
                has(
                    "time_embed.pooler.to_kv. | time_embed.pooler.to_kv.weight",
                    "transformer_blocks.0.attn1.add_q_proj.",
                ),
            ),
        ),
        ModelType.VAE: (
            Sign(
                "video autoencoder of 12 latent channels",
                has("blocks.2.blocks.3.stack.5.weight | decoder.blocks.2.blocks.3.stack.5.weight"),
            ),
            Sign(
                "video autoencoder of 12 latent channels",
                dim("decoder.conv_in.weight | decoder.conv_in.conv.weight", 1, 12),
            ),
            Sign(
                "video encoder of 12 latent channels",
                has(
                    "layers.4.layers.1.attn_block.attn.qkv.weight"
                    " | encoder.layers.4.layers.1.attn_block.attn.qkv.weight"
                ),
            ),
        ),
    },
    lora=(
        Sign("changes asymmetric attention", has("blocks.*.attn.qkv_x | blocks.*.attn.qkv_y | blocks.*.attn.proj_x")),
        Sign(
            "changes attention of image width 3072 and text width 1536",
            has(
                "transformer_blocks.*.attn1.add_q_proj | transformer_blocks.*.attn1.add_k_proj"
                " | transformer_blocks.*.attn1.add_v_proj"
            ),
        ),
        Sign(
            "changes more than 42 transformer blocks of width 3072",
            width(
                "transformer_blocks.*.attn1.to_q | transformer_blocks.*.attn1.to_k"
                " | transformer_blocks.*.attn1.to_v"
                " | transformer_blocks.*.attn1.to_out.0 | transformer_blocks.*.ff.net.0.proj",
                3072,
            ),
            blocks("transformer_blocks.#", 43, 48),
            lacks("transformer_blocks.*.attn2.", "transformer_blocks.*.attn."),
        ),
    ),
    architectures=("mochi*",),
)

FAMILIES = (MOCHI,)
