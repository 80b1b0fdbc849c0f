"""CLIP: text encoders of Stable Diffusion and image encoders of IP-Adapters, in Hugging Face, OpenCLIP and GGUF names."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, blocks, dim, has, lacks

LAYERS = "text_model.encoder.layers.#"
RESBLOCKS = "transformer.resblocks.#"
VISION_LAYERS = "vision_model.encoder.layers.#"
VISUAL_RESBLOCKS = "visual.transformer.resblocks.#"
HUGGING_FACE = "text_model.embeddings.token_embedding.weight | text_model.encoder.layers.0.mlp.fc1.bias"
VISION = "vision_model.embeddings.patch_embedding.weight"
NOT_CLIP = lacks("vision_model.head.")


def _text(says: str, width_of_text: int, layers: tuple[int, int]) -> tuple[Sign, ...]:
    """A text tower alone, with or without its last layer (some are stored without it)."""
    return (
        Sign(says, has("text_model."), dim(HUGGING_FACE, -1, width_of_text), blocks(LAYERS, *layers),
             lacks("vision_model.")),
        Sign(says, dim("token_embedding.weight", 1, width_of_text), blocks(RESBLOCKS, *layers), lacks("visual.")),
    )  # fmt: skip


def _vision(says: str, width_of_image: int, layers: tuple[int, int]) -> tuple[Sign, ...]:
    return (
        Sign(says, NOT_CLIP, dim(VISION, 0, width_of_image), blocks(VISION_LAYERS, *layers)),
        Sign(says, dim("visual.conv1.weight", 0, width_of_image), blocks(VISUAL_RESBLOCKS, *layers)),
    )


CLIP_L = Family(
    id="clip-l",
    title="CLIP-L",
    signs={ModelType.TEXT_ENCODER: _text("CLIP text tower of width 768, 12 layers", 768, (11, 12))},
)
CLIP_H = Family(
    id="clip-h",
    title="OpenCLIP-H",
    signs={ModelType.TEXT_ENCODER: _text("CLIP text tower of width 1024, 23 or 24 layers", 1024, (23, 24))},
)
CLIP_G = Family(
    id="clip-g",
    title="OpenCLIP-bigG",
    signs={ModelType.TEXT_ENCODER: _text("CLIP text tower of width 1280, 32 layers", 1280, (31, 32))},
)
CLIP_VIT_L = Family(
    id="clip-vit-l",
    title="CLIP ViT-L",
    signs={ModelType.CLIP_VISION: _vision("CLIP image tower of width 1024, 24 layers", 1024, (23, 24))},
)
CLIP_VIT_H = Family(
    id="clip-vit-h",
    title="CLIP ViT-H",
    signs={ModelType.CLIP_VISION: _vision("CLIP image tower of width 1280, 32 layers", 1280, (31, 32))},
)
CLIP_VIT_BIGG = Family(
    id="clip-vit-bigg",
    title="CLIP ViT-bigG",
    signs={ModelType.CLIP_VISION: _vision("CLIP image tower of width 1664, 48 layers", 1664, (47, 48))},
)
FAMILIES = (CLIP_L, CLIP_H, CLIP_G, CLIP_VIT_L, CLIP_VIT_H, CLIP_VIT_BIGG)
