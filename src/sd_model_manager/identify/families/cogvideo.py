"""Zhipu's CogVideoX (video) and CogView 4 (images)."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, blocks, dim, has, lacks, width

COG_LAYERS = (
    "transformer_blocks.*.attn1.to_q | transformer_blocks.*.attn1.to_k"
    " | transformer_blocks.*.attn1.to_v | transformer_blocks.*.attn1.to_out.0"
    " | transformer_blocks.*.ff.net.0.proj"
)

COGVIDEOX = Family(
    id="cogvideox",
    title="CogVideoX",
    base_model="CogVideoX",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "expert layer norms driven by 512 time features",
                width("blocks.0.norm1.linear.weight | transformer_blocks.0.norm1.linear.weight", 512),
                has("patch_embed.text_proj."),
                lacks("time_condition_embed."),
            ),
            Sign("expert layer norms under the original names", has("mixins.adaln_layer.adaLN_modulations.0.1.weight")),
        ),
        ModelType.CONTROLNET: (
            Sign(
                "control blocks over CogVideoX's",
                has("controlnet_blocks.0.weight | out_projectors.0.weight"),
                width("transformer_blocks.0.norm1.linear.weight", 512),
            ),
        ),
        ModelType.VAE: (
            Sign(
                "video autoencoder of 16 latent channels with spatially normalised layers",
                has("decoder.mid_block.resnets.0.norm1.norm_layer. | decoder.mid.block_1.norm1.conv_y.conv.weight"),
            ),
        ),
    },
    lora=(
        Sign(
            "changes expert layer norms driven by 512 time features",
            width("transformer_blocks.*.norm1.linear", 512),
            width(COG_LAYERS, 1920, 3072),
        ),
        Sign("changes transformer blocks of width 1920", width(COG_LAYERS, 1920)),
        Sign(
            "changes up to 42 transformer blocks of width 3072 without cross attention",
            width(COG_LAYERS, 3072),
            blocks("transformer_blocks.#", 1, 42),
            lacks(
                "transformer_blocks.*.attn2.",
                "transformer_blocks.*.attn1.add_q_proj",
                "transformer_blocks.*.attn1.add_k_proj",
                "transformer_blocks.*.attn.",
            ),
        ),
    ),
    variants=(
        Sign("width 1920", dim("patch_embed.proj.weight", 0, 1920), variant="2b"),
        Sign(
            "width 3072, 32 input channels",
            dim("patch_embed.proj.weight", 0, 3072),
            dim("patch_embed.proj.weight", 1, 32, 256),
            variant="5b-i2v",
        ),
        Sign("width 3072", dim("patch_embed.proj.weight", 0, 3072), variant="5b"),
    ),
    lora_variants=(
        Sign("width 1920", width(COG_LAYERS, 1920), variant="2b"),
        Sign("width 3072", width(COG_LAYERS, 3072), variant="5b"),
    ),
    architectures=("cogvideo*",),
)
COGVIEW4 = Family(
    id="cogview4",
    title="CogView 4",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "time and size embedding over blocks of width 4096",
                has("time_condition_embed. | time_condition_embed.timestep_embedder.linear_1.weight"),
                dim("patch_embed.proj.weight", 0, 4096),
            ),
        ),
        ModelType.CONTROLNET: (
            Sign("control blocks over CogView's", has("controlnet_blocks.0.weight", "time_condition_embed.")),
        ),
    },
    lora=(
        Sign(
            "changes up to 28 transformer blocks of width 4096 without cross attention",
            width(COG_LAYERS, 4096),
            blocks("transformer_blocks.#", 1, 28),
            lacks("transformer_blocks.*.attn2.", "transformer_blocks.*.attn.", "transformer_blocks.*.audio_attn1."),
            certainty=0.8,
        ),
        Sign(
            "changes transformer blocks of width 4096 modulated by 512 features",
            width("transformer_blocks.*.norm1.linear", 512),
            width(COG_LAYERS, 4096),
        ),
    ),
    architectures=("cogview4*", "cogview-4*", "cogview*"),
)

FAMILIES = (COGVIEW4, COGVIDEOX)
