"""Face restorers."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, has

FACE = ModelType.FACE_RESTORE

GFPGAN = Family(
    id="gfpgan",
    title="GFPGAN",
    signs={
        FACE: (
            Sign(
                "StyleGAN decoder with a degradation-removal network",
                has("stylegan_decoder. | stylegan_decoderdotto_rgbsdot0dotweight"),
            ),
            Sign(
                "StyleGAN decoder with a degradation-removal network",
                has("conv_body_first.weight | conv_body_first.0.weight"),
            ),
        ),
    },
)
CODEFORMER = Family(
    id="codeformer",
    title="CodeFormer",
    signs={
        FACE: (
            Sign(
                "code book of faces with transformer layers",
                has("quantize.embedding.weight", "ft_layers.0.self_attn.in_proj_weight"),
            ),
        ),
    },
)
RESTOREFORMER = Family(
    id="restoreformer",
    title="RestoreFormer",
    signs={
        FACE: (
            Sign(
                "code book of faces",
                has(
                    "quantize.embedding.weight | vqvae.quantize.embedding.weight",
                    "encoder.mid.attn_1. | encoder.mid.attn_1.norm1.norm.weight | vqvae.encoder.conv_in.weight",
                ),
            ),
        )
    },
)
FAMILIES = (GFPGAN, CODEFORMER, RESTOREFORMER)
