"""FLUX.1 by Black Forest Labs: 19 double and 38 single blocks of width 3072."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, MetadataName, Sign, blocks, dim, dims, has, lacks, width

NATIVE = has("double_blocks.*.img_attn.", "single_blocks. | double_blocks.*.img_mod.", "img_in. | txt_in.")
DIFFUSERS = has("single_transformer_blocks.", "time_text_embed.", "x_embedder.weight", "context_embedder.weight")
NOT_CHROMA = lacks("distilled_guidance_layer.", "double_stream_modulation_img.")
INPUT = "img_in.weight | x_embedder.weight"
GUIDANCE = "guidance_in. | time_text_embed.guidance_embedder."
LORA_NATIVE = (
    "double_blocks.*.img_attn.qkv | double_blocks.*.txt_attn.qkv"
    " | double_blocks.*.img_attn.proj"
    " | double_blocks.*.txt_attn.proj | double_blocks.*.img_mlp.0"
    " | double_blocks.*.txt_mlp.0"
    " | double_blocks.*.img_mod.lin | double_blocks.*.txt_mod.lin | single_blocks.*.linear1"
    " | single_blocks.*.modulation.lin | double_blocks.*.qkv | double_blocks.*.proj"
    " | single_blocks.*.qkv"
)
LORA_SINGLE = (
    "single_transformer_blocks.*.attn.to_q | single_transformer_blocks.*.attn.to_k"
    " | single_transformer_blocks.*.attn.to_v | single_transformer_blocks.*.proj_mlp"
    " | single_transformer_blocks.*.norm.linear"
)
LORA_DOUBLE = (
    "transformer_blocks.*.attn.to_q | transformer_blocks.*.attn.to_k"
    " | transformer_blocks.*.attn.to_v"
    " | transformer_blocks.*.attn.add_q_proj | transformer_blocks.*.attn.add_k_proj"
    " | transformer_blocks.*.attn.to_out.0"
    " | transformer_blocks.*.attn.add_v_proj | transformer_blocks.*.ff.net.0.proj"
    " | transformer_blocks.*.norm1.linear"
)

FLUX1 = Family(
    id="flux1",
    title="FLUX.1",
    base_model="Flux.1 D",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "double and single blocks of width 3072",
                NATIVE,
                NOT_CHROMA,
                dim("img_in.weight", 0, 3072),
                width("txt_in.weight", 4096),
            ),
            Sign(
                "double and single blocks of width 3072",
                DIFFUSERS,
                NOT_CHROMA,
                dim("x_embedder.weight", 0, 3072),
                width("context_embedder.weight", 4096),
            ),
        ),
        ModelType.CONTROLNET: (
            Sign(
                "control blocks over FLUX.1's double blocks, with a mode embedding: union",
                has("controlnet_blocks.0.weight", "controlnet_mode_embedder. | controlnet_mode_embedder.weight"),
                variant="union",
            ),
            Sign(
                "control blocks over FLUX.1's double blocks (XLabs)",
                has("controlnet_blocks.0.weight", "double_blocks.0.img_attn.norm.key_norm.scale"),
            ),
            Sign(
                "control blocks over FLUX.1's double blocks",
                has("controlnet_blocks.0.weight | controlnet_single_blocks.0.weight", "controlnet_x_embedder.weight"),
                dim("x_embedder.weight", 0, 3072),
                width("context_embedder.weight", 4096),
            ),
        ),
        ModelType.IP_ADAPTER: (
            Sign(
                "image prompt layers in FLUX.1's double blocks (XLabs)",
                has("double_blocks.*.processor.ip_adapter_double_stream_k_proj."),
            ),
            Sign("image prompt layers in FLUX.1's double blocks (XLabs)", has("ip_adapter_proj_model.")),
            Sign("57 image prompt layers of width 4096 (InstantX)", width("ip_adapter.*.to_k_ip.weight", 4096)),
            Sign("identity layers of PuLID for FLUX.1", has("pulid_ca."), variant="pulid"),
            Sign("infinite-you identity layers", has("ip_adapter.*.norm_added_k.weight")),
        ),
        ModelType.STYLE_MODEL: (Sign("image to text projection of Redux", has("redux_up.weight"), variant="redux"),),
        ModelType.EMBEDDING: (Sign("token vectors for CLIP-L and T5", has("clip_l", "t5xxl | t5"), lacks("clip_g")),),
        ModelType.VAE: (
            Sign(
                "autoencoder of 16 latent channels without quantisation layers, as FLUX.1 and SD 3 use",
                dim("decoder.conv_in.weight", 1, 16),
                dims("decoder.conv_in.weight", 4),
                lacks("decoder.mid.block_1.norm1.conv_y.weight"),
                certainty=0.7,
            ),
            Sign(
                "tiny autoencoder of 16 latent channels, as FLUX.1 and SD 3 use",
                dim("taesd_decoder.1.weight | decoder.layers.0.weight | decoder.layers.1.weight | 1.weight", 1, 16),
                certainty=0.7,
                variant="tiny",
            ),
        ),
    },
    lora=(
        Sign("changes FLUX.1's double or single blocks of width 3072", width(LORA_NATIVE, 3072)),
        Sign(
            "changes FLUX.1's single blocks",
            dim("single_blocks.*.linear2", 1, 15360),
            dim("single_blocks.*.linear2", 0, 3072),
        ),
        Sign(
            "changes FLUX.1's control input",
            has("img_in"),
            dim("img_in", 0, 3072),
            has("double_blocks. | final_layer."),
        ),
        Sign("changes single and double transformer blocks of width 3072", width(LORA_SINGLE, 3072)),
        Sign("changes single transformer blocks of width 3072", dim("single_transformer_blocks.*.proj_out", 1, 15360)),
        Sign(
            "changes the first 19 joint transformer blocks of width 3072",
            width(LORA_DOUBLE, 3072),
            blocks("transformer_blocks.#", 1, 19),
            lacks("transformer_blocks.*.attn1.", "transformer_blocks.*.img_mlp.", "transformer_blocks.*.img_mod."),
            has("transformer_blocks.*.ff_context. | transformer_blocks.*.norm1_context. | transformer_blocks.*.attn."),
            certainty=0.8,
        ),
    ),
    text_lora=(
        Sign(
            "changes CLIP-L and T5",
            has("te1_ | te_", "te2.encoder.block. | te2.text_model.encoder.block."),
            certainty=0.7,
        ),
    ),
    variants=(
        Sign("128 input channels: takes a control image", dim(INPUT, 1, 128), variant="control"),
        Sign("384 input channels: fills in", dim(INPUT, 1, 384), variant="fill"),
        Sign("196 input channels: Flex.2", dim(INPUT, 1, 196), variant="flex2"),
        Sign("8 double blocks instead of 19", blocks("double_blocks.# | transformer_blocks.#", 8), variant="lite"),
        Sign("guidance embedding, as in dev", has(GUIDANCE), variant="dev", base_model="Flux.1 D"),
        Sign("no guidance embedding, as in schnell", lacks(GUIDANCE), variant="schnell", base_model="Flux.1 S"),
    ),
    lora_variants=(
        Sign("128 input channels: takes a control image", dim("img_in | x_embedder", 1, 128), variant="control"),
        Sign("384 input channels: fills in", dim("img_in | x_embedder", 1, 384), variant="fill"),
    ),
    architectures=("flux-1*", "flux1*", "flux.1*", "flux-dev*", "flux-schnell*", "flux"),
    metadata_names=(
        MetadataName(("kontext",), variant="kontext", base_model="Flux.1 Kontext"),
        MetadataName(("krea",), variant="krea", base_model="Flux.1 Krea"),
        MetadataName(("schnell",), variant="schnell", base_model="Flux.1 S"),
        MetadataName(("flux-dev", "flux.1-dev", "flux1-dev", "flux1_dev", "flux_dev"), base_model="Flux.1 D"),
    ),
    may_be={ModelType.LORA: ("chroma", "longcat-image")},
    lookalikes={
        ModelType.LORA: ("Flux.1 D", "Flux.1 S", "Flux.1 Kontext", "Flux.1 Krea"),
        ModelType.DIFFUSION_MODEL: ("Flux.1 D", "Flux.1 Kontext", "Flux.1 Krea"),
        ModelType.VAE: ("flux1", "sd3-medium", "sd3.5-large", "chroma", "z-image", "lumina2", "hidream-i1"),
    },
)

FAMILIES = (FLUX1,)
