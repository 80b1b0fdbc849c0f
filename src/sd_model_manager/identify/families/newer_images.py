"""Image models of 2026 that are known by one or two layers of their own."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, blocks, has, lacks, width

ERNIE = Family(
    id="ernie-image",
    title="ERNIE-Image",
    base_model="Ernie",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "shared modulation and gated layers of width 4096",
                has(
                    "layers.0.mlp.linear_fc2. | layers.0.mlp.linear_fc2.weight",
                    "layers.0.adaLN_sa_ln. | layers.0.adaLN_sa_ln.weight",
                ),
            ),
            Sign("gated layers of width 4096", has("layers.0.mlp.linear_fc2.weight", "layers.0.self_attention.")),
        )
    },
    lora=(
        Sign(
            "changes self attention or gated layers under ERNIE's names",
            has("layers.*.self_attention. | layers.*.mlp.linear_fc1 | layers.*.mlp.linear_fc2"),
        ),
    ),
    architectures=("ernie*",),
)
KREA2 = Family(
    id="krea2",
    title="Krea 2",
    base_model="Krea 2",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "fusion of several text layers over width 6144",
                has("txtfusion. | text_fusion. | txtfusion.projector.weight"),
            ),
        )
    },
    lora=(
        Sign(
            "changes blocks of width 6144",
            width(
                "blocks.*.attn.wq | blocks.*.attn.wk | blocks.*.attn.wv | blocks.*.attn.wo"
                " | blocks.*.mlp.gate | blocks.*.mlp.up | blocks.*.attn.gate",
                6144,
            ),
        ),
        Sign("changes the fusion of text layers", has("txtfusion. | text_fusion.")),
        Sign(
            "changes transformer blocks of width 6144 without text streams",
            width(
                "transformer_blocks.*.attn.to_q | transformer_blocks.*.attn.to_k | transformer_blocks.*.attn.to_gate",
                6144,
            ),
            blocks("transformer_blocks.#", 9, 28),
            lacks(
                "transformer_blocks.*.attn.add_q_proj",
                "transformer_blocks.*.attn.add_k_proj",
                "single_transformer_blocks.",
                "transformer_blocks.*.ff.linear_in",
            ),
        ),
    ),
    architectures=("krea2*", "krea-2*", "krea 2*"),
)
IDEOGRAM4 = Family(
    id="ideogram4",
    title="Ideogram 4",
    base_model="Ideogram 4.0",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "marks image tokens by an embedding",
                has("embed_image_indicator. | embed_image_indicator.weight | embed_image_indicator", "layers."),
            ),
        )
    },
    lora=(
        Sign(
            "changes layers of width 4608",
            width(
                "layers.*.attention.qkv | layers.*.attention.to_q | layers.*.attention.o"
                " | layers.*.feed_forward.w1 | layers.*.attention.out",
                4608,
            ),
        ),
    ),
    architectures=("ideogram4*", "ideogram-4*", "ideogram*"),
)

FAMILIES = (ERNIE, KREA2, IDEOGRAM4)
