"""NVIDIA Sana: linear attention with convolutional feed-forward on 32-channel latents."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, dim, has, lacks, width

SANA = Family(
    id="sana",
    title="Sana",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "normalised caption and linear attention", has("attention_y_norm.weight | attention_y_norm.", "blocks.")
            ),
            Sign(
                "normalised caption and convolutional feed-forward",
                lacks("transformer_blocks.0.ff.conv_temp."),
                has(
                    "caption_norm.weight | caption_norm.",
                    "transformer_blocks.0.ff.conv_depth. | transformer_blocks.0.ff.conv_depth.weight",
                ),
            ),
        ),
        ModelType.CONTROLNET: (
            Sign(
                "control blocks over Sana's",
                has(
                    "controlnet_blocks.0.weight",
                    "caption_norm.weight | caption_projection.linear_1.weight",
                    "transformer_blocks.0.ff.conv_depth.weight",
                ),
            ),
        ),
        ModelType.VAE: (
            Sign("deep-compression autoencoder in stages", has("encoder.stages. | decoder.stages.")),
            Sign(
                "deep-compression autoencoder in stages",
                has("encoder.down_blocks.0.0.conv1.weight | encoder.down_blocks.0.0. | decoder.up_blocks.0.0."),
            ),
        ),
    },
    lora=(
        Sign(
            "changes linear attention of width 2240",
            width(
                "transformer_blocks.*.attn1.to_q | transformer_blocks.*.attn1.to_k"
                " | transformer_blocks.*.attn1.to_v | transformer_blocks.*.attn2.to_q"
                " | transformer_blocks.*.attn2.to_k"
                " | transformer_blocks.*.attn1.to_out.0 | blocks.*.attn.qkv"
                " | blocks.*.cross_attn.q_linear",
                2240,
            ),
        ),
        Sign(
            "changes convolutional feed-forward",
            has(
                "transformer_blocks.*.ff.conv_inverted | transformer_blocks.*.ff.conv_point"
                " | transformer_blocks.*.ff.conv_depth | blocks.*.mlp.inverted_conv.conv"
            ),
        ),
    ),
    variants=(
        Sign("width 2240", dim("caption_norm.weight | attention_y_norm.weight", 0, 2240), variant="1.6b"),
        Sign("width 1152", dim("caption_norm.weight | attention_y_norm.weight", 0, 1152), variant="0.6b"),
    ),
    architectures=("sana*",),
)

FAMILIES = (SANA,)
