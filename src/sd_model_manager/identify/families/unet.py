"""What the convolutional UNets of Stable Diffusion share: names in both layouts and how to read them.

LDM names (`input_blocks`) are those of the original checkpoints, the others those of diffusers.
"""

from __future__ import annotations

from sd_model_manager.identify.families.family import Sign, blocks, dim, has, lacks, width

UNET = has(
    "input_blocks.0.0.weight | conv_in.weight",
    "input_blocks.*.0.in_layers.2.weight | down_blocks.*.resnets.*.conv1.weight"
    " | down_blocks.*.resnets.*.spatial_res_block.conv1.weight",
)
CONTROLNET = has("input_hint_block. | controlnet_cond_embedding. | controlnet_down_blocks. | lora_controlnet")
CONTEXT = "...attn2.to_k.weight | ...attn2.to_k.down"
"""The key of cross attention takes in the text encoder's output: its width tells the generations apart."""

FIRST_CONV = "input_blocks.0.0.weight | conv_in.weight"
ATTENTION_DEPTH = "input_blocks.*.1.transformer_blocks.# | down_blocks.*.attentions.*.transformer_blocks.#"
TEMPORAL = "...time_stack.0.attn1.to_q.weight | ...temporal_transformer_blocks.0.attn1.to_q.weight"

LORA_CONTEXT = "...attn2.to_k | ...attn2.to_v | ...attn2.to_kv"
LORA_ATTENTION = (
    "...attn1.to_q | ...attn1.to_k | ...attn1.to_v | ...attn1.to_out.0 | ...attn2.to_q"
    " | ...attn2.to_out.0"
    " | ...ff.net.0.proj | ...ff.net.2 | ...proj_in | ...proj_out"
)
LORA_UNET = has(
    "down_blocks.*.attentions. | up_blocks.*.attentions. | mid_block.attentions."
    " | input_blocks. | output_blocks."
    " | middle_block. | down_blocks.*.resnets. | up_blocks.*.resnets. | conv_in | conv_out"
)
LORA_DEPTH = (
    "down_blocks.*.attentions.*.transformer_blocks.#"
    " | up_blocks.*.attentions.*.transformer_blocks.#"
    " | mid_block.attentions.*.transformer_blocks.# | input_blocks.*.1.transformer_blocks.#"
    " | output_blocks.*.1.transformer_blocks.# | middle_block.1.transformer_blocks.#"
)

IP_KEYS = "ip_adapter.*.to_k_ip.weight | ...to_k_ip.weight"

INPUT_VARIANTS = (
    Sign("9 input channels: inpainting", dim(FIRST_CONV, 1, 9), variant="inpaint"),
    Sign("8 input channels: edits by instruction", dim(FIRST_CONV, 1, 8), variant="instruct-pix2pix"),
    Sign("5 input channels: depth to image", dim(FIRST_CONV, 1, 5), variant="depth"),
    Sign("7 input channels: upscaler", dim(FIRST_CONV, 1, 7), variant="x4-upscaler"),
)


def unet(says: str, context: int, *, variant: str | None = None) -> Sign:
    """A UNet without a size embedding, known by the width of its cross attention."""
    return Sign(
        says,
        UNET,
        width(CONTEXT, context),
        lacks("label_emb.", "add_embedding.", TEMPORAL, "encoder_hid_proj."),
        variant=variant,
    )


def controlnets(says: str, context: int) -> tuple[Sign, ...]:
    return (
        Sign(
            f"{says}; task embedding: union of several controls",
            CONTROLNET,
            width(CONTEXT, context),
            has("task_embedding"),
            variant="union",
        ),
        Sign(
            f"{says}; stored as low-rank difference",
            has("lora_controlnet"),
            width(CONTEXT, context),
            variant="control-lora",
        ),
        Sign(says, CONTROLNET, width(CONTEXT, context)),
    )


def shallow(depth: int) -> Sign:
    """Attention of this depth on the way down and none in the middle: a distilled, smaller SDXL."""
    return Sign(
        f"SDXL distilled: {depth} attention layers where SDXL has 10",
        UNET,
        width(CONTEXT, 2048),
        blocks(ATTENTION_DEPTH, depth),
        lacks("middle_block.1.", "mid_block.attentions."),
    )
