"""Kolors: an SDXL UNet that listens to ChatGLM (4096) through a projection."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, has, width
from sd_model_manager.identify.families.unet import CONTEXT, CONTROLNET, UNET

KOLORS = Family(
    id="kolors",
    title="Kolors",
    base_model="Kolors",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "SDXL UNet with label embedding 5632",
                UNET,
                width(CONTEXT, 2048),
                width("add_embedding.linear_1.weight | label_emb.0.0.weight", 5632),
            ),
            Sign("SDXL UNet that projects text of width 4096", UNET, width("encoder_hid_proj.weight", 4096)),
        ),
        ModelType.CONTROLNET: (
            Sign(
                "control branch of an SDXL UNet with label embedding 5632",
                CONTROLNET,
                width("add_embedding.linear_1.weight | label_emb.0.0.weight", 5632),
            ),
            Sign("control branch that projects text of width 4096", CONTROLNET, width("encoder_hid_proj.weight", 4096)),
        ),
        ModelType.TEXT_ENCODER: (
            Sign(
                "ChatGLM3 layers", has("...encoder.layers.0.self_attention.query_key_value.weight"), variant="chatglm3"
            ),
        ),
    },
    architectures=("kolors*",),
)

FAMILIES = (KOLORS,)
