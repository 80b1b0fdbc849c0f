"""T5 and UMT5 text encoders: Hugging Face names, Wan's own, and those of GGUF."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, blocks, dim, has, lacks

FIRST = "encoder.block.0.layer.0.SelfAttention.q."
BIAS = (
    "encoder.block.1.layer.0.SelfAttention.relative_attention_bias.weight"
    " | enc.blk.1.attn_rel_b.weight | blocks.1.pos_embedding.embedding.weight"
)
VOCABULARY = "shared.weight | encoder.embed_tokens.weight | token_embd.weight | token_embedding.weight"
INNER = (
    "encoder.block.0.layer.0.SelfAttention.q.weight | enc.blk.0.attn_q.weight"
    " | encoder.block.0.layer.0.layer_norm.weight"
    " | blocks.0.attn.q.weight"
)
T5_KIND = has("encoder.block.0.layer.0.SelfAttention. | enc.blk.0.attn_q.weight | blocks.0.attn.q.weight")

UMT5_XXL = Family(
    id="umt5-xxl",
    title="UMT5-XXL",
    signs={
        ModelType.TEXT_ENCODER: (
            Sign(
                "position bias in every block, vocabulary 256384, width 4096",
                T5_KIND,
                has(BIAS),
                dim(VOCABULARY, 1, 4096),
            ),
            Sign("vocabulary 256384, width 4096", T5_KIND, dim(VOCABULARY, 0, 256384), dim(VOCABULARY, 1, 4096)),
        ),
    },
)
T5_XXL = Family(
    id="t5-xxl",
    title="T5-XXL",
    signs={
        ModelType.TEXT_ENCODER: (
            Sign(
                "24 encoder blocks of width 4096",
                T5_KIND,
                dim(INNER, -1, 4096),
                blocks("encoder.block.# | enc.blk.# | blocks.#", 24),
                lacks(BIAS),
            ),
        ),
    },
)
FAMILIES = (UMT5_XXL, T5_XXL)
