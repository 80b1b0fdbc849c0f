"""Tencent's HunyuanVideo, HunyuanVideo 1.5 and HunyuanImage: double and single blocks with refined text tokens."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, blocks, dim, dims, has, lacks, width

REFINER = has("txt_in.individual_token_refiner. | context_embedder.token_refiner. | txt_in.")
PATCH = "img_in.proj.weight | x_embedder.proj.weight"
NATIVE = has("txt_in.individual_token_refiner.", "double_blocks.")
DIFFUSERS = has("context_embedder.token_refiner.", "transformer_blocks.0.attn.")
GLYPHS = has("byt5_in. | context_embedder_2.")

NATIVE_LAYERS = (
    "double_blocks.*.img_attn_qkv | double_blocks.*.img_attn.qkv"
    " | double_blocks.*.img_attn_proj | double_blocks.*.img_mlp.fc1"
    " | double_blocks.*.img_attn_q | double_blocks.*.img_mlp.0 | single_blocks.*.linear1"
    " | double_blocks.*.img_mod.linear"
    " | double_blocks.*.txt_attn_qkv | double_blocks.*.txt_mlp.fc1"
)
JOINT_LAYERS = (
    "transformer_blocks.*.attn.to_q | transformer_blocks.*.attn.add_q_proj"
    " | transformer_blocks.*.attn.to_k | transformer_blocks.*.attn.to_v"
)
SINGLE_LAYERS = (
    " | single_transformer_blocks.*.attn.to_q | single_transformer_blocks.*.proj_mlp"
    " | single_transformer_blocks.*.norm.linear"
)
ATTENTION_LAYERS = (
    "double_blocks.*.img_attn_qkv | double_blocks.*.txt_attn_qkv"
    " | double_blocks.*.img_attn_proj"
    " | double_blocks.*.txt_attn_proj"
)
REFINER_LAYERS = (
    "context_embedder.token_refiner.refiner_blocks.*.attn.to_q"
    " | context_embedder.token_refiner.refiner_blocks.*.attn.to_k"
    " | context_embedder.token_refiner.refiner_blocks.*.attn.to_v"
    " | context_embedder.token_refiner.refiner_blocks.*.attn.to_out.0"
    " | context_embedder.token_refiner.refiner_blocks.*.ff.net.0.proj"
)
NATIVE_ONLY = has(
    "double_blocks.*.img_mlp.fc0 | double_blocks.*.img_mlp.fc1"
    " | double_blocks.*.img_mlp.fc2 | double_blocks.*.txt_mlp.fc1"
    " | double_blocks.*.img_mod.linear"
    " | double_blocks.*.txt_mod.linear | single_blocks.*.modulation.linear"
    " | txt_in.individual_token_refiner."
)
SPELT = has(
    "double_blocks.*.img_attn_qkv | double_blocks.*.txt_attn_qkv"
    " | double_blocks.*.img_attn_proj | double_blocks.*.img_attn_q"
    " | double_blocks.*.img_attn_k"
)

VIDEO_15 = Family(
    id="hunyuan-video-1.5",
    title="HunyuanVideo 1.5",
    base_model="Hunyuan Video",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "image and conditioning-type embeddings over 54 double blocks",
                has("vision_in. | cond_type_embedding.weight | cond_type_embed.weight"),
                NATIVE,
            ),
            Sign(
                "image and conditioning-type embeddings over 54 double blocks",
                has("image_embedder. | cond_type_embed.weight"),
                DIFFUSERS,
                GLYPHS,
            ),
        ),
        ModelType.VAE: (
            Sign(
                "video autoencoder of 32 latent channels",
                dim("decoder.conv_in.conv.weight", 1, 32),
                dims("decoder.conv_in.conv.weight", 5),
            ),
        ),
        ModelType.UPSCALER: (
            Sign(
                "latent upscaler of 32 channels",
                has("block.0.block.0.conv1.conv.weight | block.0.conv1.conv.weight | in_conv.conv.weight"),
            ),
        ),
    },
    lora=(
        Sign("changes the text token refiner of width 2048", width(REFINER_LAYERS, 2048)),
        Sign("changes double blocks of width 2048", width(NATIVE_LAYERS, 2048), has("double_blocks.")),
        Sign(
            "changes joint transformer blocks of width 2048",
            width(JOINT_LAYERS, 2048),
            has("transformer_blocks.*.attn.add_q_proj | transformer_blocks.*.ff_context."),
            lacks("transformer_blocks.*.attn1."),
        ),
    ),
    variants=(),
    architectures=("hunyuan-video-1.5*", "hunyuanvideo1.5*", "hunyuan_video_1.5*", "hv_1_5*", "hunyuan-video-15*"),
)
IMAGE = Family(
    id="hunyuan-image",
    title="HunyuanImage 2.1",
    base_model=None,
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("2-D patches", NATIVE, dims(PATCH, 4)),
            Sign("2-D patches", DIFFUSERS, dims(PATCH, 4)),
        ),
        ModelType.VAE: (
            Sign(
                "image autoencoder of 64 latent channels",
                dim("decoder.conv_in.weight | decoder.conv_in.conv.weight", 1, 64),
                lacks("decoder.mid_block.resnets.0.norm1.gamma"),
            ),
        ),
    },
    lora=(
        Sign("changes the text token refiner of width 3584", width(REFINER_LAYERS, 3584)),
        Sign(
            "changes double or single blocks of width 3584",
            width(NATIVE_LAYERS, 3584),
            has("double_blocks. | single_blocks."),
        ),
        Sign(
            "changes joint transformer blocks of width 3584",
            width(JOINT_LAYERS + SINGLE_LAYERS, 3584),
            has("transformer_blocks.*.attn.add_q_proj | single_transformer_blocks."),
        ),
    ),
    architectures=("hunyuan-image*", "hunyuanimage*", "hunyuan_image*"),
)
VIDEO = Family(
    id="hunyuan-video",
    title="HunyuanVideo",
    base_model="Hunyuan Video",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("text token refiner over 20 double and 40 single blocks", NATIVE),
            Sign("text token refiner over joint and single blocks", DIFFUSERS),
        ),
        ModelType.CONTROLNET: (
            Sign(
                "control blocks over HunyuanVideo's",
                has("controlnet_blocks.0.weight", "context_embedder.token_refiner."),
            ),
        ),
        ModelType.VAE: (
            Sign(
                "video autoencoder of 16 latent channels",
                dim("decoder.conv_in.conv.weight", 1, 16),
                dims("decoder.conv_in.conv.weight", 5),
                lacks(
                    "decoder.mid_block.resnets.0.norm1.norm_layer.weight",
                    "decoder.mid_block.resnets.0.norm1.norm_layer.",
                    "decoder.mid_block.attentions.0.to_q.bias.none",
                ),
            ),
        ),
    },
    lora=(
        Sign(
            "changes blocks that are named as HunyuanVideo's",
            NATIVE_ONLY,
            width(
                NATIVE_LAYERS + " | double_blocks.*.img_mod.linear | single_blocks.*.modulation.linear"
                " | double_blocks.*.img_mlp.fc2",
                3072,
                12288,
            ),
        ),
        Sign("changes blocks that are named as HunyuanVideo's", NATIVE_ONLY, certainty=0.8),
        Sign("changes the text token refiner of width 3072", width(REFINER_LAYERS, 3072)),
        Sign("changes the text token refiner", has("context_embedder.token_refiner."), certainty=0.5),
        Sign(
            "changes 40 single transformer blocks",
            blocks("single_transformer_blocks.#", 39, 40),
            lacks("single_transformer_blocks.*.attn.to_qkv_mlp_proj"),
        ),
        Sign(
            "changes 20 joint and some single transformer blocks of width 3072",
            blocks("transformer_blocks.#", 20),
            has("single_transformer_blocks."),
            lacks("single_transformer_blocks.*.attn.to_qkv_mlp_proj"),
            width(JOINT_LAYERS, 3072),
        ),
        Sign(
            "changes 40 single blocks of width 3072",
            blocks("single_blocks.#", 39, 40),
            width("single_blocks.*.linear1", 3072),
        ),
        Sign("changes 20 double blocks of width 3072", blocks("double_blocks.#", 20), width(ATTENTION_LAYERS, 3072)),
    ),
    lora_spelt=(
        Sign(
            "changes attention that is named as HunyuanVideo's",
            SPELT,
            width(ATTENTION_LAYERS, 3072),
        ),
    ),
    variants=(
        Sign("33 input channels: image to video", dim(PATCH, 1, 33), variant="i2v"),
        Sign("32 input channels: SkyReels image to video", dim(PATCH, 1, 32), variant="skyreels-i2v"),
        Sign("16 input channels: text to video", dim(PATCH, 1, 16), variant="t2v"),
    ),
    architectures=("hunyuan-video*", "hunyuanvideo*", "hunyuan_video*", "hyvid*", "hunyuan*"),
)

FAMILIES = (VIDEO_15, IMAGE, VIDEO)
