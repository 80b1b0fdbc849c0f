"""Qwen-Image: 60 joint blocks of width 3072 listening to Qwen2.5-VL (3584). Edit and generate models are equal."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, MetadataName, Sign, blocks, dim, has, lacks, width

QWEN_LAYERS = (
    "transformer_blocks.*.img_mlp.net.0.proj | transformer_blocks.*.txt_mlp.net.0.proj"
    " | transformer_blocks.*.img_mod.1 | transformer_blocks.*.txt_mod.1"
    " | transformer_blocks.*.attn.to_q | transformer_blocks.*.attn.to_k"
    " | transformer_blocks.*.attn.to_v | transformer_blocks.*.attn.add_q_proj"
    " | transformer_blocks.*.attn.add_k_proj | transformer_blocks.*.attn.add_v_proj"
    " | transformer_blocks.*.attn.to_out.0 | transformer_blocks.*.attn.to_add_out"
)
NO_SINGLE = lacks(
    "single_transformer_blocks.",
    "transformer_blocks.*.attn2.",
    "transformer_blocks.*.ff.",
    "transformer_blocks.*.norm1.linear",
)
IMG_MLP = has(
    "transformer_blocks.*.img_mlp. | transformer_blocks.*.img_mod."
    " | transformer_blocks.*.txt_mlp. | transformer_blocks.*.txt_mod."
)

QWEN_IMAGE = Family(
    id="qwen-image",
    title="Qwen-Image",
    base_model="Qwen",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "joint blocks that take text of width 3584",
                dim("txt_norm.weight", 0, 3584),
                has("transformer_blocks.0.img_mlp. | transformer_blocks.0.attn."),
                lacks("transformer_blocks.0.encoder_proj."),
            ),
            Sign(
                "joint blocks that take text of width 3584",
                width("txt_in.weight", 3584),
                has("transformer_blocks.0.img_mod."),
            ),
        ),
        ModelType.CONTROLNET: (
            Sign(
                "control blocks over Qwen-Image's joint blocks",
                has(
                    "controlnet_blocks.0.weight | controlnet_blocks.0.",
                    "transformer_blocks.0.img_mlp.net.0.proj.weight | transformer_blocks.0.img_mlp.",
                ),
            ),
            Sign(
                "block-wise control layers of width 3072",
                has("controlnet_blocks.0.y_rms.weight | controlnet_blocks.0.x_rms.weight"),
                variant="blockwise",
            ),
            Sign(
                "control blocks of the Fun kind",
                has("control_blocks.0.after_proj.weight", "control_img_in.weight"),
                dim("control_img_in.weight", 0, 3072),
                variant="fun",
            ),
            Sign(
                "control blocks of the Fun kind",
                has("control_blocks.0.after_proj.weight", "control_blocks.0.img_mlp."),
                variant="fun",
            ),
        ),
    },
    lora=(
        Sign(
            "changes feed-forward of joint blocks back to width 3072",
            dim("transformer_blocks.*.img_mlp.net.2 | transformer_blocks.*.txt_mlp.net.2", 0, 3072),
        ),
        Sign(
            "changes joint blocks of width 3072 with separate image and text layers", IMG_MLP, width(QWEN_LAYERS, 3072)
        ),
        Sign(
            "changes more than 19 joint blocks of width 3072 and no others",
            width(QWEN_LAYERS, 3072),
            NO_SINGLE,
            blocks("transformer_blocks.#", 21, 60),
            lacks("transformer_blocks.*.attn1."),
        ),
    ),
    variants=(
        Sign("trained with a zero time step for references", has("__index_timestep_zero__"), variant="edit-2511"),
        Sign(
            "embeds layers",
            has("time_text_embed.addition_t_embedding. | time_text_embed.addition_t_embedding.weight"),
            variant="layered",
        ),
    ),
    architectures=("qwen-image*", "qwen_image*", "qwenimage*", "qwen*"),
    metadata_names=(
        MetadataName(
            ("image-edit", "image_edit", "imageedit", "qwen-edit", "qwen_edit"), variant="edit", base_model="Qwen"
        ),
    ),
    lookalikes={ModelType.DIFFUSION_MODEL: ("generate", "edit"), ModelType.LORA: ("generate", "edit")},
)

FAMILIES = (QWEN_IMAGE,)
