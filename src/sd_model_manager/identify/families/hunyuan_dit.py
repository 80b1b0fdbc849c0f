"""Hunyuan-DIT: 40 blocks of width 1408 listening to a Chinese CLIP and mT5."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, dim, has, width

HUNYUAN_DIT = Family(
    id="hunyuan-dit",
    title="Hunyuan-DiT",
    base_model="Hunyuan 1",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("mT5 projection and skip connections", has("mlp_t5.0.weight | mlp_t5.0.", "blocks.")),
            Sign(
                "blocks of width 1408 with skip connections",
                has("text_embedder. | text_embedding_padding", "blocks.0.attn1."),
                dim("pos_embed.proj.weight", 0, 1408),
            ),
        ),
        ModelType.CONTROLNET: (
            Sign("copies of Hunyuan-DiT blocks", has("after_proj_list.18.bias | after_proj_list.0.weight")),
            Sign(
                "control blocks over width 1408",
                has("controlnet_blocks.0.weight", "blocks.0.attn1."),
                dim("pos_embed.proj.weight", 0, 1408),
            ),
        ),
    },
    lora=(
        Sign(
            "changes joint query-key-value layers of width 1408",
            has("blocks.*.attn1.Wqkv | blocks.*.attn2.kv_proj | blocks.*.attn1.wqkv"),
        ),
        Sign(
            "changes blocks of width 1408",
            width(
                "blocks.*.attn1.to_q | blocks.*.attn1.to_k | blocks.*.attn1.to_v"
                " | blocks.*.attn2.to_q | blocks.*.attn1.out_proj | blocks.*.mlp.fc1",
                1408,
            ),
        ),
    ),
    variants=(
        Sign(
            "embeds size and style: version 1.0 or 1.1",
            width("extra_embedder.0.weight | time_extra_emb.extra_embedder.linear_1.weight", 3968),
            variant="1.1",
        ),
        Sign(
            "embeds neither size nor style: version 1.2",
            width("extra_embedder.0.weight | time_extra_emb.extra_embedder.linear_1.weight", 1024, 2048),
            variant="1.2",
        ),
    ),
    architectures=("hunyuan-dit*", "hunyuandit*", "hydit*", "hunyuan-g2*"),
)

FAMILIES = (HUNYUAN_DIT,)
