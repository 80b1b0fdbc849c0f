"""Chroma: FLUX.1 schnell without its modulation layers, which a small guidance network replaces."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, dim, has, lacks, width

CHROMA_BLOCKS = has("double_blocks. | transformer_blocks. | single_blocks.", "distilled_guidance_layer.")

RADIANCE = Family(
    id="chroma-radiance",
    title="Chroma Radiance",
    base_model="Chroma",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "pixel decoder of neural fields",
                has(
                    "nerf_blocks. | nerf_image_embedder. | nerf_final_layer_conv.",
                    "double_blocks. | distilled_guidance_layer.",
                ),
            ),
        ),
    },
    lora=(Sign("changes the pixel decoder", has("nerf_blocks.", "double_blocks. | single_blocks.")),),
    architectures=("chroma-radiance*", "chroma_radiance*"),
)

CHROMA = Family(
    id="chroma",
    title="Chroma",
    base_model="Chroma",
    signs={
        ModelType.DIFFUSION_MODEL: (Sign("guidance network in place of modulation", CHROMA_BLOCKS),),
    },
    lora=(
        Sign("changes the guidance network", has("distilled_guidance_layer.")),
        Sign(
            "changes every layer of FLUX blocks but the modulation that Chroma lacks",
            has(
                "double_blocks.*.img_attn.qkv",
                "double_blocks.*.img_attn.proj",
                "double_blocks.*.img_mlp.0",
                "double_blocks.*.txt_mlp.0",
                "double_blocks.*.txt_attn.qkv",
                "single_blocks.*.linear1",
                "single_blocks.*.linear2",
            ),
            width("double_blocks.*.img_attn.qkv", 3072),
            dim("double_blocks.*.img_mlp.0", 0, 12288),
            lacks(
                "double_blocks.*.img_mod.lin", "double_blocks.*.txt_mod.lin", "single_blocks.*.modulation.lin", "img_in"
            ),
            certainty=0.75,
        ),
    ),
    architectures=("chroma*",),
)

FAMILIES = (RADIANCE, CHROMA)
