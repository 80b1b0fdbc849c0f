"""Language models that newer image models listen to: known by width, layer count and vocabulary together."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Fact, Family, Sign, blocks, dim, has, lacks

LAYERS = "layers.# | blk.#"
LLM = has("layers.0.self_attn. | blk.0.attn_q.weight | layers.0.mlp.down_proj. | blk.0.ffn_down.weight")
EMBEDDING = "embed_tokens.weight | token_embd.weight"
NORM = "norm.weight | output_norm.weight | layers.0.input_layernorm.weight | blk.0.attn_norm.weight"
QUERY_NORM = "layers.0.self_attn.q_norm.weight | blk.0.attn_q_norm.weight"
QUERY_BIAS = "layers.0.self_attn.q_proj.bias | blk.0.attn_q.bias"
AFTER_NORM = "layers.0.post_feedforward_layernorm.weight | blk.0.post_ffw_norm.weight"


def _family(id_: str, title: str, wide: int, layers: tuple[int, int], *facts: Fact) -> Family:
    """A decoder of this width; `layers` are the fewest and most, since some are stored without their last ones."""
    says = f"{title}: {layers[1]} decoder layers of width {wide}"
    return Family(
        id=id_,
        title=title,
        signs={ModelType.TEXT_ENCODER: (Sign(says, LLM, dim(NORM, 0, wide), blocks(LAYERS, *layers), *facts),)},
    )


PLAIN = lacks(QUERY_NORM, QUERY_BIAS, AFTER_NORM)

FAMILIES = (
    _family("qwen2.5-vl-7b", "Qwen2.5-VL 7B", 3584, (27, 28), has(QUERY_BIAS), lacks(QUERY_NORM)),
    _family("qwen2.5-vl-3b", "Qwen2.5-VL 3B", 2048, (35, 36), has(QUERY_BIAS), lacks(QUERY_NORM)),
    _family("qwen3-4b", "Qwen3 4B", 2560, (35, 36), has(QUERY_NORM), lacks(AFTER_NORM)),
    _family("qwen3-8b", "Qwen3 8B", 4096, (35, 36), has(QUERY_NORM), lacks(AFTER_NORM)),
    _family("qwen3-0.6b", "Qwen3 0.6B", 1024, (27, 28), has(QUERY_NORM), lacks(AFTER_NORM)),
    _family("qwen3-1.7b", "Qwen3 1.7B", 2048, (27, 28), has(QUERY_NORM), lacks(AFTER_NORM)),
    _family("gemma2-2b", "Gemma 2 2B", 2304, (25, 26), has(AFTER_NORM), lacks(QUERY_NORM)),
    _family("gemma3-4b", "Gemma 3 4B", 2560, (33, 34), has(AFTER_NORM)),
    _family("gemma3-12b", "Gemma 3 12B", 3840, (47, 48), has(AFTER_NORM)),
    _family("mistral3-24b", "Mistral Small 3 24B", 5120, (30, 40), PLAIN, dim(EMBEDDING, 0, 131072)),
    _family("mistral3-24b", "Mistral Small 3 24B", 5120, (40, 40), PLAIN, lacks(EMBEDDING)),
    _family(
        "llama3-8b", "Llama 3 8B", 4096, (31, 32), PLAIN, dim(EMBEDDING, 0, 128256, 128257, 128258, 128260, 128320)
    ),
)
