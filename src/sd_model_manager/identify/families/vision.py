"""Image encoders other than CLIP's."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, dim, has, lacks

SIGLIP = Family(
    id="siglip",
    title="SigLIP",
    signs={
        ModelType.CLIP_VISION: (
            Sign(
                "image tower with an attention pooling head, as SigLIP has",
                has("encoder.layers.0.self_attn.", "head.probe | head.attention."),
            ),
            Sign(
                "image tower of width 1152 without a class token, as SigLIP has",
                dim("embeddings.patch_embedding.weight", 0, 1152),
                lacks("embeddings.class_embedding"),
            ),
            Sign(
                "image tower without a class token, as SigLIP has",
                has("embeddings.patch_embedding.bias", "encoder.layers.0.self_attn."),
                lacks("embeddings.class_embedding"),
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
FAMILIES = (SIGLIP, DINOV2)
