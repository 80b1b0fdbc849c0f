"""LongCat-Image: FLUX.1's blocks, 10 double and 20 single, listening to Qwen2.5-VL (3584)."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, blocks, dim, has, lacks, told_width, width

LONGCAT = Family(
    id="longcat-image",
    title="LongCat-Image",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "FLUX blocks that take text of width 3584",
                has("single_transformer_blocks. | single_blocks."),
                told_width("context_embedder.weight | txt_in.weight", 3584),
                dim("x_embedder.weight | img_in.weight", 0, 3072),
            ),
        ),
    },
    lora=(
        Sign(
            "changes exactly 10 double and 20 single transformer blocks of width 3072",
            blocks("transformer_blocks.#", 10),
            blocks("single_transformer_blocks.#", 20),
            lacks("transformer_blocks.*.ff.linear_in"),
            width("transformer_blocks.*.attn.to_q | transformer_blocks.*.attn.add_q_proj", 3072),
            certainty=0.75,
        ),
    ),
    architectures=("longcat*",),
)

FAMILIES = (LONGCAT,)
