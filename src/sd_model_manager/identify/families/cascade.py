"""Stable Cascade (Würstchen v3): stage C makes the idea, stage B the latents, stage A the image."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, has, width

CASCADE = Family(
    id="stable-cascade",
    title="Stable Cascade",
    base_model="Stable Cascade",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("text mapper of stage C", has("clip_txt_mapper.", "down_blocks."), variant="stage-c"),
            Sign(
                "mapper of pooled text and latents of stage B",
                has("clip_mapper. | effnet_mapper.", "down_blocks."),
                variant="stage-b",
            ),
            Sign(
                "text mapper of stage B in diffusers",
                has("clip_txt_pooled_mapper.", "effnet_mapper. | pixels_mapper."),
                variant="stage-b",
            ),
            Sign(
                "text mapper of stage C in diffusers", has("clip_txt_pooled_mapper.", "down_blocks."), variant="stage-c"
            ),
        ),
        ModelType.CONTROLNET: (
            Sign(
                "control projections of stage C",
                has("controlnet_blocks.0.0.weight | projections.0.0.weight", "backbone.0.0.weight"),
            ),
        ),
        ModelType.VAE: (
            Sign("code book of stage A", has("vquantizer.codebook.weight"), variant="stage-a"),
            Sign(
                "EfficientNet encoder of the compressed latents",
                has("backbone.1.0.block.0.0.weight", "mapper.0.weight"),
                variant="effnet",
            ),
            Sign(
                "previewer of stage C",
                has("blocks.0.weight", "blocks.2.weight", "blocks.25.weight | blocks.21.weight"),
                variant="previewer",
            ),
        ),
    },
    lora=(
        Sign(
            "changes attention inside stage C's blocks",
            has("...attention.attn.in_proj | ...attention.attn.to_q | ...kv_mapper.1"),
        ),
        Sign("written for the prior (stage C)", has("@lora_prior_unet_")),
        Sign(
            "changes attention of width 2048 under stage C's names",
            width("down_blocks.*.*.attention.attn.to_q | down_blocks.*.*.attention.attn.to_k", 2048),
        ),
    ),
    architectures=("stable-cascade*", "cascade*"),
)

FAMILIES = (CASCADE,)
