"""HiDream-I1: 16 double-stream and 32 single-stream blocks of width 2560 with experts."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, has, lacks

HIDREAM = Family(
    id="hidream-i1",
    title="HiDream-I1",
    base_model="HiDream",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "double-stream blocks and several caption projections",
                has("caption_projection.0.linear.weight | caption_projection.0.", "double_stream_blocks."),
            ),
        ),
    },
    lora=(
        Sign(
            "changes double- or single-stream blocks of width 2560",
            has(
                "double_stream_blocks.*.block. | single_stream_blocks.*.block."
                " | double_stream_blocks.*.attn1. | single_stream_blocks.*.attn1."
            ),
            lacks("double_stream_layers."),
        ),
    ),
    architectures=("hidream-i1*", "hidream_i1*", "hidream*"),
)

HIDREAM_O1 = Family(
    id="hidream-o1",
    title="HiDream-O1",
    base_model="HiDream-O1",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("language model that takes in noisy patches", has("x_embedder.proj1.", "t_embedder1.")),
        ),
    },
    architectures=("hidream-o1*",),
)

FAMILIES = (HIDREAM_O1, HIDREAM)
