"""Image encoders other than CLIP."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, dim, has

SIGLIP = Family(
    id="siglip",
    title="SigLIP",
    signs={
        ModelType.CLIP_VISION: (
            Sign(
                "image tower with an attention pooling head, as SigLIP has",
                has("vision_model.encoder.layers.0.", "vision_model.head."),
            ),
            Sign(
                "image tower of width 1152, as SigLIP has",
                dim("vision_model.embeddings.patch_embedding.weight", 0, 1152),
            ),
            Sign(
                "image tower without a class token, as SigLIP has",
                has("vision_model.embeddings.patch_embedding.bias", "vision_model.encoder.layers.0."),
            ),
        ),
    },
)
DINOV2 = Family(
    id="dinov2",
    title="DINOv2",
    signs={
        ModelType.CLIP_VISION: (
            Sign(
                "transformer layers with a learned scale, as DINOv2 has",
                has("encoder.layer.0.layer_scale1.lambda1 | layer.0.layer_scale1.lambda1 | blocks.0.ls1.gamma"),
            ),
        ),
    },
)
OTHER_CLIP = Family(
    id="clip",
    title="CLIP",
    signs={
        ModelType.CLIP_VISION: (
            Sign("CLIP image tower", has("vision_model.encoder.layers.0."), certainty=0.6),
            Sign("OpenCLIP image tower", has("visual.transformer.resblocks.0."), certainty=0.6),
        ),
        ModelType.TEXT_ENCODER: (
            Sign("CLIP text tower", has("text_model.encoder.layers.0."), certainty=0.6),
            Sign("OpenCLIP text tower", has("transformer.resblocks.0.", "token_embedding.weight"), certainty=0.6),
        ),
    },
)
FAMILIES = (SIGLIP, DINOV2, OTHER_CLIP)
