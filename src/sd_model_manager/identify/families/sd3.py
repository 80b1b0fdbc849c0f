"""Stable Diffusion 3 and 3.5: image and text side by side in joint blocks."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, MetadataName, Sign, dim, has, lacks, width

NATIVE = has("joint_blocks.0.context_block.attn.qkv.weight")
DIFFUSERS = has("pos_embed.pos_embed | pos_embed.proj.weight", "transformer_blocks.0.attn.add_q_proj.")
PATCH = "x_embedder.proj.weight | pos_embed.proj.weight"
DUAL = has("joint_blocks.0.x_block.attn2. | transformer_blocks.0.attn2.to_q.weight | transformer_blocks.0.attn2.")
LORA_JOINT = (
    "joint_blocks.*.x_block.attn.qkv | joint_blocks.*.context_block.attn.qkv | joint_blocks.*.x_block.attn.proj"
)
LORA_LAYERS = (
    LORA_JOINT + " | joint_blocks.*.x_block.mlp.fc1 | transformer_blocks.*.attn.to_q"
    " | transformer_blocks.*.attn.to_k"
    " | transformer_blocks.*.attn.to_v | transformer_blocks.*.attn.add_q_proj"
    " | transformer_blocks.*.attn.add_k_proj"
    " | transformer_blocks.*.ff.net.0.proj | transformer_blocks.*.attn.to_out.0"
    " | joint_blocks.*.context_block.mlp.fc1"
)
LORA_PLACES = has("joint_blocks. | transformer_blocks.*.attn. | transformer_blocks.*.ff.")
CONTROL = has("controlnet_blocks.0.weight")
CONTROL_PATCH = "pos_embed_input.proj.weight | pos_embed.proj.weight"

SD35_MEDIUM = Family(
    id="sd3.5-medium",
    title="Stable Diffusion 3.5 Medium",
    base_model="SD 3.5 Medium",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("joint blocks of width 1536 with a second attention", NATIVE, DUAL),
            Sign("joint blocks of width 1536 with a second attention", DIFFUSERS, DUAL),
        ),
        ModelType.CONTROLNET: (
            Sign(
                "control blocks of width 1536 with a second attention or normalised queries",
                CONTROL,
                dim(CONTROL_PATCH, 0, 1536),
                has("transformer_blocks.0.attn2. | transformer_blocks.0.attn.norm_q.weight"),
            ),
        ),
    },
    lora=(
        Sign(
            "changes joint blocks of width 1536 with a second attention",
            width(
                "joint_blocks.*.x_block.attn2.qkv | transformer_blocks.*.attn2.to_q"
                " | transformer_blocks.*.attn2.to_k"
                " | transformer_blocks.*.attn2.to_v",
                1536,
            ),
            LORA_PLACES,
            lacks("transformer_blocks.*.attn1."),
        ),
    ),
    architectures=("stable-diffusion-3-5-medium*", "stable-diffusion-v3.5-medium*", "sd3.5-medium*", "sd3.5m*"),
)

SD35_LARGE = Family(
    id="sd3.5-large",
    title="Stable Diffusion 3.5 Large",
    base_model="SD 3.5 Large",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("joint blocks of width 2432", NATIVE, dim(PATCH, 0, 2432)),
            Sign("joint blocks of width 2432", DIFFUSERS, dim(PATCH, 0, 2432)),
        ),
        ModelType.CONTROLNET: (
            Sign("control blocks of width 2432", CONTROL, dim(CONTROL_PATCH, 0, 2432)),
            Sign("control blocks of width 2432", dim("controlnet_blocks.0.weight", 0, 2432)),
        ),
        ModelType.IP_ADAPTER: (Sign("image prompt keys of width 2432", width("...to_k_ip.weight", 2432)),),
    },
    lora=(Sign("changes joint blocks of width 2432", LORA_PLACES, width(LORA_LAYERS, 2432)),),
    architectures=(
        "stable-diffusion-3-5-large*",
        "stable-diffusion-v3.5-large*",
        "stable-diffusion-3-3-5-large*",
        "sd3.5-large*",
        "sd3.5*",
    ),
    metadata_names=(MetadataName(("turbo",), variant="turbo", base_model="SD 3.5 Large Turbo"),),
)

SD3_MEDIUM = Family(
    id="sd3-medium",
    title="Stable Diffusion 3 Medium",
    base_model="SD 3",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("joint blocks of width 1536", NATIVE, dim(PATCH, 0, 1536)),
            Sign("joint blocks of width 1536", DIFFUSERS, dim(PATCH, 0, 1536)),
        ),
        ModelType.CONTROLNET: (Sign("control blocks of width 1536", CONTROL, dim(CONTROL_PATCH, 0, 1536)),),
        ModelType.EMBEDDING: (Sign("token vectors for three text encoders", has("clip_l", "clip_g", "t5xxl")),),
    },
    lora=(
        Sign(
            "changes joint blocks of width 1536",
            width(LORA_LAYERS, 1536),
            has(
                "joint_blocks. | transformer_blocks.*.attn.to_q | transformer_blocks.*.attn.to_k"
                " | transformer_blocks.*.attn.to_v | transformer_blocks.*.attn.add_q_proj"
                " | transformer_blocks.*.attn.add_k_proj | transformer_blocks.*.ff_context."
            ),
            lacks("transformer_blocks.*.attn1."),
        ),
    ),
    text_lora=(Sign("changes three text encoders", has("te1_ | te_", "te2_", "te3_"), certainty=0.6),),
    architectures=("stable-diffusion-3-m*", "stable-diffusion-v3-medium*", "sd3*", "stable-diffusion-3*"),
    lookalikes={ModelType.LORA: ("sd3-medium", "sd3.5-medium")},
)

FAMILIES = (SD35_MEDIUM, SD35_LARGE, SD3_MEDIUM)
