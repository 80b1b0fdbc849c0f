"""Kandinsky 5: text and visual transformer blocks, for images and video."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, dim, has, lacks

KANDINSKY5 = Family(
    id="kandinsky5",
    title="Kandinsky 5",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "visual transformer blocks with cross attention to text blocks",
                has("visual_transformer_blocks.0."),
                lacks("audio_embeddings."),
            ),
        )
    },
    lora=(
        Sign("changes visual or text transformer blocks", has("visual_transformer_blocks. | text_transformer_blocks.")),
    ),
    variants=(
        Sign(
            "width 1792",
            dim("visual_embeddings.in_layer.weight | visual_embeddings.in_layer.bias", 0, 1792),
            variant="lite-2b",
        ),
        Sign(
            "width 2560",
            dim("visual_embeddings.in_layer.weight | visual_embeddings.in_layer.bias", 0, 2560),
            variant="image-6b",
        ),
        Sign(
            "width 4096",
            dim("visual_embeddings.in_layer.weight | visual_embeddings.in_layer.bias", 0, 4096),
            variant="pro-19b",
        ),
    ),
    architectures=("kandinsky5*", "kandinsky-5*", "kandinsky*"),
)

FAMILIES = (KANDINSKY5,)
