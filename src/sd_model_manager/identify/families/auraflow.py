"""AuraFlow, and Pony V7 trained on it: 4 double and 32 single layers of width 3072."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, MetadataName, Sign, has

AURAFLOW = Family(
    id="auraflow",
    title="AuraFlow",
    base_model="AuraFlow",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "double layers with separate text and image queries",
                has("double_layers.*.attn.w1q.weight | double_layers.*.attn.w1q."),
            ),
            Sign(
                "joint and single transformer blocks",
                has(
                    "joint_transformer_blocks.*.attn.add_k_proj. | joint_transformer_blocks.*.attn.add_q_proj.",
                    "single_transformer_blocks.",
                ),
            ),
        ),
    },
    lora=(
        Sign("changes joint transformer blocks", has("joint_transformer_blocks. | double_layers.")),
        Sign(
            "changes single layers",
            has("single_layers.*.attn.w1q | single_layers.*.attn.w1k | single_layers.*.mlp.c_fc1"),
        ),
        Sign(
            "changes single transformer blocks with gated feed-forward",
            has("single_transformer_blocks.*.ff.linear_1 | single_transformer_blocks.*.ff.linear_2"),
        ),
    ),
    architectures=("auraflow*", "aura*", "pony-v7*", "pony v7*"),
    metadata_names=(MetadataName(("pony",), variant="pony-v7", base_model="Pony V7"),),
    lookalikes={ModelType.DIFFUSION_MODEL: ("AuraFlow", "Pony V7"), ModelType.LORA: ("AuraFlow", "Pony V7")},
)

FAMILIES = (AURAFLOW,)
