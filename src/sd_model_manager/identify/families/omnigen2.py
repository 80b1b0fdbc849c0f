"""OmniGen 2: Lumina's layers at width 2520, with reference images."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, dim, has, lacks, width

OMNIGEN2 = Family(
    id="omnigen2",
    title="OmniGen 2",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "single-stream layers with reference images",
                has(
                    "time_caption_embed. | time_caption_embed.timestep_embedder.linear_1.bias",
                    "image_index_embedding | ref_image_refiner. | ref_image_patch_embedder.",
                ),
                lacks("double_stream_layers."),
            ),
            Sign(
                "single-stream layers of width 2520",
                has("time_caption_embed.", "layers.0.attn."),
                dim("x_embedder.weight | x_embedder.bias", 0, 2520),
                lacks("double_stream_layers."),
            ),
        ),
    },
    lora=(
        Sign(
            "changes single-stream layers of width 2520",
            width(
                "layers.*.attn.to_q | layers.*.attn.to_k | layers.*.attn.to_v"
                " | layers.*.attn.to_out.0 | layers.*.feed_forward.linear_1"
                " | noise_refiner.*.attn.to_q | ref_image_refiner.*.attn.to_q",
                2520,
            ),
        ),
        Sign("changes the refiner of reference images", has("ref_image_refiner.")),
    ),
    architectures=("omnigen2*", "omnigen-2*"),
)

FAMILIES = (OMNIGEN2,)
