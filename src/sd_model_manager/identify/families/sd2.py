"""Stable Diffusion 2.x: OpenCLIP-H text of width 1024."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, MetadataName, Sign, blocks, dim, dims, has, lacks, width
from sd_model_manager.identify.families.unet import (
    INPUT_VARIANTS,
    IP_KEYS,
    LORA_CONTEXT,
    LORA_DEPTH,
    LORA_UNET,
    controlnets,
    unet,
)

SD2 = Family(
    id="sd2",
    title="Stable Diffusion 2",
    base_model="SD 2.1",
    signs={
        ModelType.DIFFUSION_MODEL: (
            unet("cross-attention width 1024", 1024),
            Sign(
                "cross-attention width 1024, image embedding of unCLIP",
                has("input_blocks.0.0.weight | conv_in.weight"),
                width("...attn2.to_k.weight", 1024),
                width("label_emb.0.0.weight | class_embedding.linear_1.weight", 2048, 1536),
                lacks("...time_stack.0.attn1.to_q.weight"),
                variant="unclip",
            ),
        ),
        ModelType.CONTROLNET: controlnets("control branch with cross-attention width 1024", 1024),
        ModelType.IP_ADAPTER: (Sign("image prompt keys of width 1024", width(IP_KEYS, 1024)),),
        ModelType.EMBEDDING: (Sign("token vectors of width 1024", dim("emb_params | string_to_param.*", -1, 1024)),),
        ModelType.HYPERNETWORK: (Sign("layers for text of width 1024", has("#1024.0.linear.0.weight")),),
    },
    lora=(
        Sign("changes cross attention of width 1024", LORA_UNET, width(LORA_CONTEXT, 1024)),
        Sign(
            "changes linear projections of a single attention layer, as only SD 2 has",
            LORA_UNET,
            has("down_blocks.0.attentions. | input_blocks.1.1. | up_blocks.3.attentions. | output_blocks.11.1."),
            dims("...proj_in | ...proj_out", 2),
            blocks(LORA_DEPTH, 0, 1),
            certainty=0.85,
        ),
    ),
    text_lora=(
        Sign(
            "changes a text encoder of width 1024 alone",
            width(
                "...self_attn.q_proj | ...self_attn.k_proj | ...self_attn.v_proj | ...self_attn.out_proj | ...mlp.fc1",
                1024,
            ),
            lacks("te2_", "te3_"),
            certainty=0.8,
        ),
    ),
    variants=INPUT_VARIANTS,
    architectures=("stable-diffusion-v2*", "sd_v2*", "sd2*", "sd 2*"),
    metadata_names=(MetadataName(("v2-768", "768-v"), base_model="SD 2.1 768"),),
)

FAMILIES = (SD2,)
