"""PixArt alpha and sigma: 28 blocks of width 1152 listening to T5. Alpha alone embeds size and aspect ratio."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, dim, has, lacks, width

NATIVE = has("t_block.1.weight", "y_embedder.")
DIFFUSERS = (
    has("adaln_single.linear.weight", "transformer_blocks.0.attn1.to_q."),
    dim("pos_embed.proj.bias | pos_embed.proj.weight", 0, 1152),
    lacks("patchify_proj.", "caption_norm.", "proj_in."),
)
SIZES = (
    "ar_embedder. | adaln_single.emb.aspect_ratio_embedder. | csize_embedder. | adaln_single.emb.resolution_embedder."
)
LORA = (
    "transformer_blocks.*.attn1.to_q | transformer_blocks.*.attn1.to_k"
    " | transformer_blocks.*.attn1.to_v"
    " | transformer_blocks.*.attn2.to_q | transformer_blocks.*.ff.net.0.proj"
    " | blocks.*.attn.qkv | blocks.*.cross_attn.q_linear"
)

ALPHA = Family(
    id="pixart-alpha",
    title="PixArt-α",
    base_model="PixArt a",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("width 1152 with size embedding", NATIVE, has(SIZES)),
            Sign("width 1152 with size embedding", *DIFFUSERS, has(SIZES)),
        ),
        ModelType.CONTROLNET: (
            Sign(
                "copies of PixArt blocks",
                has("controlnet.0.before_proj.weight | controlnet.0.copied_block.attn.qkv.weight"),
            ),
        ),
    },
    lora=(
        Sign(
            "changes size embeddings",
            has("adaln_single.emb.resolution_embedder. | ar_embedder. | csize_embedder."),
            width(LORA, 1152),
        ),
        Sign(
            "changes transformer blocks of width 1152 with cross attention",
            width(LORA, 1152),
            lacks("transformer_blocks.*.ff.conv_inverted", "transformer_blocks.*.attn.", "visual_transformer_blocks."),
            certainty=0.75,
        ),
    ),
    architectures=("pixart-alpha*", "pixart_alpha*", "pixart-a*", "pixartalpha*"),
    may_be={ModelType.LORA: ("pixart-sigma", "sana")},
    lookalikes={ModelType.LORA: ("pixart-alpha", "pixart-sigma")},
)

SIGMA = Family(
    id="pixart-sigma",
    title="PixArt-Σ",
    base_model="PixArt E",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("width 1152 without size embedding", NATIVE, lacks(SIZES), dim("x_embedder.proj.weight", 0, 1152)),
            Sign("width 1152 without size embedding", *DIFFUSERS, lacks(SIZES)),
        ),
    },
    architectures=("pixart-sigma*", "pixart_sigma*", "pixart-e*", "pixartsigma*"),
)

FAMILIES = (ALPHA, SIGMA)
