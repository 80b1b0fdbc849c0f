"""Stable Diffusion 1.x and everything trained on it: CLIP-L text of width 768."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, blocks, dim, dims, has, lacks, width
from sd_model_manager.identify.families.unet import (
    INPUT_VARIANTS,
    IP_KEYS,
    LORA_CONTEXT,
    LORA_DEPTH,
    LORA_UNET,
    controlnets,
    unet,
)

SD1 = Family(
    id="sd1",
    title="Stable Diffusion 1",
    base_model="SD 1.5",
    signs={
        ModelType.DIFFUSION_MODEL: (unet("cross-attention width 768", 768),),
        ModelType.CONTROLNET: controlnets("control branch with cross-attention width 768", 768),
        ModelType.T2I_ADAPTER: (
            Sign(
                "adapter of 64 or 192 input channels",
                has("body.0.resnets.0.block1.weight | body.0.block1.weight"),
                dim("conv_in.weight", 1, 64, 192),
            ),
            Sign("light adapter of 64 or 192 input channels", dim("body.0.in_conv.weight", 1, 64, 192)),
        ),
        ModelType.IP_ADAPTER: (Sign("image prompt keys of width 768", width(IP_KEYS, 768)),),
        ModelType.STYLE_MODEL: (Sign("style embedding of the T2I style adapter", has("style_embedding", "proj")),),
        ModelType.MOTION_MODULE: (
            Sign(
                "temporal transformers with a middle block: AnimateDiff v2",
                has("mid_block.motion_modules.*.temporal_transformer.proj_in.weight"),
                variant="v2",
            ),
            Sign(
                "temporal transformers of 24 frames: AnimateDiff v1",
                has("down_blocks.*.motion_modules.*.temporal_transformer."),
                dim("...pos_encoder.pe", 1, 24),
                blocks("down_blocks.#", 4),
                variant="v1",
            ),
            Sign(
                "temporal transformers in 4 levels: AnimateDiff",
                has("down_blocks.*.motion_modules.*.temporal_transformer."),
                blocks("down_blocks.#", 4),
            ),
            Sign(
                "temporal transformers of diffusers",
                has("down_blocks.*.motion_modules.*.transformer_blocks."),
                blocks("down_blocks.#", 4),
            ),
        ),
        ModelType.EMBEDDING: (
            Sign("token vectors of width 768", dim("emb_params | string_to_param.*", -1, 768), lacks("clip_g")),
        ),
        ModelType.HYPERNETWORK: (
            Sign("layers for text of width 768", has("#*.*.linear.*.weight"), lacks("#1024.0.linear.0.weight")),
        ),
        ModelType.VAE: (
            Sign(
                "autoencoder of 4 latent channels, as SD 1, SD 2 and SDXL use",
                has("encoder.conv_in.weight"),
                dim("decoder.conv_in.weight", 1, 4),
                dims("decoder.conv_in.weight", 4),
                lacks("decoder.temp_conv_in.weight"),
                certainty=0.6,
            ),
            Sign(
                "tiny autoencoder of 4 latent channels, as SD 1, SD 2 and SDXL use",
                dim("taesd_decoder.1.weight | decoder.layers.0.weight | decoder.layers.1.weight | 1.weight", 1, 4),
                certainty=0.6,
                variant="tiny",
            ),
            Sign(
                "linear approximation of a decoder of 4 latent channels",
                dim("conv1.weight", 1, 4),
                has("conv8.weight"),
                lacks("conv9.weight"),
                certainty=0.6,
                variant="approximation",
            ),
            Sign(
                "decoder of 4 latent channels, as SD 1, SD 2 and SDXL use",
                dim("decoder.conv_in.weight", 1, 4),
                dims("decoder.conv_in.weight", 4),
                lacks("encoder.", "decoder.temp_conv_in.weight"),
                certainty=0.6,
            ),
        ),
    },
    lora=(
        Sign(
            "motion LoRA: changes temporal attention",
            has("...attention_blocks.*.to_q | ...attention_blocks.*.to_k"),
            variant="motion",
        ),
        Sign("changes cross attention of width 768", LORA_UNET, width(LORA_CONTEXT, 768)),
        Sign(
            "changes convolutional projections, as only SD 1 has",
            LORA_UNET,
            dims("...proj_in | ...proj_out", 4),
            blocks(LORA_DEPTH, 0, 1),
        ),
        Sign(
            "changes layers of a single attention layer, as SD 1 and SD 2 have",
            LORA_UNET,
            blocks(LORA_DEPTH, 1),
            has("down_blocks.0.attentions. | input_blocks.1.1. | up_blocks.3.attentions. | output_blocks.11.1."),
            certainty=0.5,
            candidates=("sd1", "sd2"),
        ),
    ),
    text_lora=(
        Sign(
            "changes a text encoder of width 768 alone",
            width(
                "...self_attn.q_proj | ...self_attn.k_proj | ...self_attn.v_proj | ...self_attn.out_proj | ...mlp.fc1",
                768,
            ),
            lacks("te1_", "te2_", "te3_"),
            certainty=0.8,
        ),
    ),
    variants=INPUT_VARIANTS,
    architectures=("stable-diffusion-v1*", "sd_v1*", "sd1*", "sd-1*", "sd 1*", "sd15*"),
    lookalikes={ModelType.VAE: ("sd1", "sd2", "sdxl")},
)

FAMILIES = (SD1,)
