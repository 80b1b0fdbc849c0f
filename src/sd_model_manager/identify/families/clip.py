"""CLIP: text encoders of Stable Diffusion and image encoders of IP-Adapters, in three namings."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, blocks, dim, has, lacks


def _text(id_: str, title: str, wide: int, layers: tuple[int, int]) -> Family:
    """A text tower alone. `layers` are the fewest and most, since some are stored without their last one."""
    says = f"CLIP text tower of width {wide}, {layers[1]} layers"
    return Family(
        id=id_,
        title=title,
        signs={
            ModelType.TEXT_ENCODER: (
                Sign(
                    says,
                    dim("encoder.layers.0.mlp.fc1.weight", 1, wide),
                    blocks("encoder.layers.#", *layers),
                    has("embeddings.token_embedding. | final_layer_norm."),
                ),
                Sign(
                    says,
                    dim("ln_final.weight | token_embedding.weight", -1, wide),
                    blocks("transformer.resblocks.#", *layers),
                ),
            ),
        },
    )


def _vision(id_: str, title: str, wide: int, layers: tuple[int, int]) -> Family:
    says = f"CLIP image tower of width {wide}, {layers[1]} layers"
    return Family(
        id=id_,
        title=title,
        signs={
            ModelType.CLIP_VISION: (
                Sign(
                    says,
                    lacks("head.", "vision_model.head."),
                    dim("embeddings.patch_embedding.weight", 0, wide),
                    has("embeddings.class_embedding"),
                    blocks("encoder.layers.#", *layers),
                ),
                Sign(says, dim("visual.conv1.weight", 0, wide), blocks("visual.transformer.resblocks.#", *layers)),
                Sign(says, dim("visual.patch_embedding.weight", 0, wide), blocks("visual.transformer.#", *layers)),
            ),
        },
    )


FAMILIES = (
    _text("clip-l", "CLIP-L", 768, (11, 12)),
    _text("clip-h", "OpenCLIP-H", 1024, (22, 24)),
    _text("clip-g", "OpenCLIP-bigG", 1280, (31, 32)),
    _vision("clip-vit-l", "CLIP ViT-L", 1024, (23, 24)),
    _vision("clip-vit-h", "CLIP ViT-H", 1280, (31, 32)),
    _vision("clip-vit-bigg", "CLIP ViT-bigG", 1664, (47, 48)),
)
