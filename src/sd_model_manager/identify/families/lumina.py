"""Lumina-Image 2 and Z-Image: single-stream transformers with refiners for noise and caption."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, MetadataName, Sign, dim, has, lacks, width

Z_NATIVE = has("cap_embedder.1.weight | cap_embedder.1.", "noise_refiner.0.attention.")
PATCH = "x_embedder.weight | all_x_embedder.2-1.weight | x_embedder.bias | cap_embedder.1.bias"
LAYERS = (
    "layers.*.attention.qkv | layers.*.attention.out | layers.*.attention.to_q"
    " | layers.*.attention.to_k | layers.*.attention.to_v"
    " | layers.*.attention.to_out.0 | layers.*.feed_forward.w1 | layers.*.feed_forward.w3"
    " | noise_refiner.*.attention.qkv"
    " | noise_refiner.*.attention.to_q | context_refiner.*.attention.qkv"
    " | context_refiner.*.attention.to_q | layers.*.attention.to_qkv"
)
DIFFUSERS_LAYERS = (
    "layers.*.attn.to_q | layers.*.attn.to_k | layers.*.attn.to_v"
    " | layers.*.attn.to_out.0 | layers.*.feed_forward.linear_1"
    " | noise_refiner.*.attn.to_q | context_refiner.*.attn.to_q"
    " | layers.*.feed_forward.linear_3"
)

Z_IMAGE = Family(
    id="z-image",
    title="Z-Image",
    base_model="ZImageTurbo",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("single-stream layers of width 3840", Z_NATIVE, dim(PATCH, 0, 3840)),
            Sign(
                "single-stream layers of width 3840",
                has("all_x_embedder.2-1.weight | cap_pad_token", "layers.0.attention."),
            ),
        ),
        ModelType.CONTROLNET: (
            Sign(
                "control layers over Z-Image's",
                has(
                    "control_layers.0. | control_layers.",
                    "control_all_x_embedder.2-1.weight | control_all_x_embedder. | control_noise_refiner.",
                ),
            ),
        ),
    },
    lora=(Sign("changes single-stream layers of width 3840", width(LAYERS, 3840)),),
    architectures=("z-image*", "zimage*", "z_image*"),
    metadata_names=(
        MetadataName(("turbo",), variant="turbo", base_model="ZImageTurbo"),
        MetadataName(
            ("z-image-base", "zimage-base", "zimage_base", "z_image_base"), variant="base", base_model="ZImageBase"
        ),
    ),
    lookalikes={
        ModelType.DIFFUSION_MODEL: ("ZImageTurbo", "ZImageBase"),
        ModelType.LORA: ("ZImageTurbo", "ZImageBase"),
    },
)
LUMINA2 = Family(
    id="lumina2",
    title="Lumina-Image 2",
    base_model="Lumina",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "single-stream layers of width 2304 with pooled CLIP text",
                Z_NATIVE,
                dim(PATCH, 0, 2304),
                has("clip_text_pooled_proj."),
                variant="newbie",
            ),
            Sign("single-stream layers of width 2304", Z_NATIVE, dim(PATCH, 0, 2304)),
            Sign(
                "single-stream layers of width 2304",
                has("time_caption_embed.", "layers.0.attn."),
                dim("x_embedder.weight", 0, 2304),
                lacks("image_index_embedding", "ref_image_refiner.", "ref_image_patch_embedder."),
            ),
        ),
    },
    lora=(
        Sign("changes single-stream layers of width 2304", width(LAYERS, 2304)),
        Sign("changes single-stream layers of width 2304", width(DIFFUSERS_LAYERS, 2304)),
    ),
    architectures=("lumina-2*", "lumina2*", "lumina*", "newbie*"),
)

FAMILIES = (Z_IMAGE, LUMINA2)
