"""NVIDIA Cosmos 1 and Cosmos-Predict2, and Anima which was trained on the latter."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, dim, has, lacks, width

PREDICT2 = has(
    "blocks.0.mlp.layer1.weight | blocks.0.mlp.layer1.", "blocks.0.self_attn. | blocks.0.adaln_modulation_self_attn."
)
DIFFUSERS = has(
    "transformer_blocks.0.attn1.norm_q.weight", "transformer_blocks.0.norm1.linear_1.weight", "patch_embed.proj.weight"
)
PATCH = "x_embedder.proj.1.weight"
LORA_NATIVE = (
    "blocks.*.self_attn.q_proj | blocks.*.self_attn.k_proj | blocks.*.self_attn.v_proj"
    " | blocks.*.self_attn.output_proj | blocks.*.cross_attn.q_proj"
    " | blocks.*.mlp.layer1 | blocks.*.adaln_modulation_self_attn.1"
    " | blocks.*.adaln_modulation_mlp.1 | blocks.*.cross_attn.output_proj"
)
LORA_DIFFUSERS = (
    "transformer_blocks.*.attn1.to_q | transformer_blocks.*.attn1.to_k"
    " | transformer_blocks.*.attn1.to_v | transformer_blocks.*.attn2.to_q"
)

COSMOS1 = Family(
    id="cosmos1",
    title="Cosmos 1",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "nested blocks of Cosmos 1",
                has("blocks.block0.blocks.0.block.attn.to_q.0.weight | blocks.block0.blocks.0.block.attn."),
            ),
            Sign(
                "learned and rotary positions over blocks of width 4096 or 5120",
                DIFFUSERS,
                dim("transformer_blocks.0.norm1.linear_1.weight", 1, 4096),
                has("learnable_pos_embed."),
            ),
            Sign("blocks of width 4096", DIFFUSERS, dim("transformer_blocks.0.norm1.linear_1.weight", 1, 4096)),
            Sign(
                "learned positions over blocks of width 5120",
                DIFFUSERS,
                dim("transformer_blocks.0.norm1.linear_1.weight", 1, 5120),
                has("learnable_pos_embed."),
            ),
        ),
        ModelType.VAE: (
            Sign(
                "wavelet patches",
                has(
                    "unpatcher3d.wavelets | decoder.unpatcher3d.wavelets | encoder.patcher3d.wavelets"
                    " | patcher3d.wavelets | decoder.unpatcher.wavelets"
                ),
            ),
            Sign(
                "factorised causal convolutions", has("decoder.conv_in.conv_s.weight | decoder.conv_in.0.conv3d.weight")
            ),
        ),
    },
    lora=(
        Sign(
            "changes nested blocks of Cosmos 1",
            has("...block.attn.to_q.0 | ...block.attn.to_k.0 | ...block.attn.to_out.0 | ...block.layer1"),
        ),
        Sign(
            "changes transformer blocks of width 4096 with text of width 1024",
            width(LORA_DIFFUSERS, 4096),
            width("transformer_blocks.*.attn2.to_k | transformer_blocks.*.attn2.to_v", 1024),
        ),
    ),
    variants=(
        Sign(
            "width 4096",
            dim(
                "blocks.block0.blocks.0.block.attn.to_q.0.weight | transformer_blocks.0.norm1.linear_1.weight", 1, 4096
            ),
            variant="7b",
        ),
        Sign(
            "width 5120",
            dim(
                "blocks.block0.blocks.0.block.attn.to_q.0.weight | transformer_blocks.0.norm1.linear_1.weight", 1, 5120
            ),
            variant="14b",
        ),
    ),
    architectures=("cosmos1*", "cosmos-1*"),
)
ANIMA = Family(
    id="anima",
    title="Anima",
    base_model="Anima",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("adapter from a language model over Cosmos-Predict2 blocks", has("llm_adapter.", "blocks.")),
        )
    },
    lora=(Sign("changes the adapter from a language model", has("llm_adapter.")),),
    architectures=("anima*",),
)
COSMOS_PREDICT2 = Family(
    id="cosmos-predict2",
    title="Cosmos-Predict2",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("modulated blocks of Cosmos-Predict2", PREDICT2),
            Sign(
                "modulated blocks of width 2048 or 5120",
                DIFFUSERS,
                dim("transformer_blocks.0.norm1.linear_1.weight", 1, 2048, 5120),
            ),
        ),
        ModelType.CONTROLNET: (
            Sign(
                "control blocks over Cosmos-Predict2's",
                has(
                    "control_blocks.0.",
                    "control_blocks.0.attn1. | control_blocks.0.self_attn.q_proj. | control_blocks.0.after_proj.weight",
                ),
                has("patch_embed. | x_embedder.proj.1.weight"),
            ),
        ),
    },
    lora=(
        Sign(
            "changes modulation of width 2048 or 5120 in two steps",
            width("transformer_blocks.*.norm1.linear_1 | transformer_blocks.*.norm2.linear_1", 2048, 5120),
            has("transformer_blocks.*.attn1. | transformer_blocks.*.ff."),
        ),
        Sign("changes modulated blocks of Cosmos-Predict2, width 2048 or 5120", width(LORA_NATIVE, 2048, 5120)),
        Sign(
            "changes transformer blocks of width 2048 or 5120 with text of width 1024",
            width(LORA_DIFFUSERS, 2048, 5120),
            width("transformer_blocks.*.attn2.to_k | transformer_blocks.*.attn2.to_v", 1024),
        ),
        Sign(
            "changes transformer blocks of width 5120", width(LORA_DIFFUSERS, 5120), lacks("transformer_blocks.*.attn.")
        ),
    ),
    variants=(
        Sign(
            "width 2048",
            dim("blocks.0.mlp.layer1.weight | transformer_blocks.0.norm1.linear_1.weight", 1, 2048),
            variant="2b",
        ),
        Sign(
            "width 5120",
            dim("blocks.0.mlp.layer1.weight | transformer_blocks.0.norm1.linear_1.weight", 1, 5120),
            variant="14b",
        ),
    ),
    architectures=("cosmos-predict2*", "cosmos_predict2*", "cosmos*"),
    may_be={ModelType.LORA: ("anima",)},
    lookalikes={ModelType.LORA: ("cosmos-predict2", "anima")},
)

FAMILIES = (COSMOS1, ANIMA, COSMOS_PREDICT2)
