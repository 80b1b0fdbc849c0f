"""Stable Video Diffusion: a UNet with layers across time."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, has
from sd_model_manager.identify.families.unet import CONTROLNET, TEMPORAL, UNET

SVD = Family(
    id="svd",
    title="Stable Video Diffusion",
    base_model="SVD XT",
    signs={
        ModelType.DIFFUSION_MODEL: (Sign("UNet with attention across time", UNET, has(TEMPORAL)),),
        ModelType.CONTROLNET: (Sign("control branch with attention across time", CONTROLNET, has(TEMPORAL)),),
        ModelType.VAE: (
            Sign(
                "autoencoder of 4 latent channels that mixes frames",
                has(
                    "decoder.mid.block_1.mix_factor | decoder.mid_block.resnets.0.time_mixer.mix_factor"
                    " | decoder.time_conv_out.weight"
                ),
            ),
        ),
    },
    lora=(
        Sign(
            "changes attention across time",
            has(
                "...temporal_transformer_blocks.*.attn1.to_q"
                " | ...temporal_transformer_blocks.*.attn2.to_k | ...time_stack.*.attn1.to_q"
                " | ...time_stack.*.attn2.to_k"
            ),
        ),
    ),
    architectures=("stable-video-diffusion*", "svd*"),
    lookalikes={ModelType.DIFFUSION_MODEL: ("SVD", "SVD XT")},
)

FAMILIES = (SVD,)
