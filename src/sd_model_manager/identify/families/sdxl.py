"""SDXL, its refiner and its distilled kin: two text encoders, together 2048 wide."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, MetadataName, Sign, blocks, dim, has, lacks, width
from sd_model_manager.identify.families.unet import (
    CONTEXT,
    CONTROLNET,
    FIRST_CONV,
    INPUT_VARIANTS,
    IP_KEYS,
    LORA_CONTEXT,
    LORA_DEPTH,
    LORA_UNET,
    UNET,
    controlnets,
    shallow,
)

LABEL = "label_emb.0.0.weight | add_embedding.linear_1.weight"
BOTH_WAYS = has("down_blocks. | input_blocks.", "up_blocks. | output_blocks.")
DOWN_DEPTH = "down_blocks.*.attentions.*.transformer_blocks.# | input_blocks.*.1.transformer_blocks.#"
NO_MIDDLE = lacks("mid_block.attentions.", "middle_block.1.")

SDXL = Family(
    id="sdxl",
    title="SDXL",
    base_model="SDXL 1.0",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("cross-attention width 2048, label embedding 2816", UNET, width(CONTEXT, 2048), width(LABEL, 2816)),
            Sign("cross-attention width 2048", UNET, width(CONTEXT, 2048), lacks("encoder_hid_proj."), certainty=0.9),
        ),
        ModelType.CONTROLNET: (
            *controlnets("control branch with cross-attention width 2048", 2048),
            Sign(
                "control branch with label embedding 2816", CONTROLNET, width(LABEL, 2816), lacks("encoder_hid_proj.")
            ),
            Sign(
                "control branch of the XS kind",
                has("controlnet_down_blocks. | control_to_base_for_conv_in.weight"),
                width("...attn2.to_k.weight", 2048),
            ),
            Sign("small control layers (LLLite) for a UNet", has("lllite_unet_..."), variant="lllite"),
        ),
        ModelType.T2I_ADAPTER: (
            Sign(
                "adapter of 256 or 768 input channels",
                has("body.0.resnets.0.block1.weight | body.0.block1.weight"),
                dim("conv_in.weight", 1, 256, 768),
            ),
            Sign("light adapter of 256 or 768 input channels", dim("body.0.in_conv.weight", 1, 256, 768)),
        ),
        ModelType.IP_ADAPTER: (
            Sign("image prompt keys of width 2048", width(IP_KEYS, 2048)),
            Sign("identity encoder of PhotoMaker", has("id_encoder."), variant="photomaker"),
            Sign("identity adapter of PuLID", has("id_adapter. | id_adapter_attn_layers."), variant="pulid"),
        ),
        ModelType.MOTION_MODULE: (
            Sign("temporal transformers in 3 levels", has("down_blocks.*.motion_modules."), blocks("down_blocks.#", 3)),
            Sign("temporal attention of HotshotXL", has("down_blocks.*.temporal_attentions."), variant="hotshot"),
        ),
        ModelType.EMBEDDING: (
            Sign("token vectors for both text encoders", has("clip_l"), dim("clip_g", -1, 1280)),
            Sign("token vectors for the larger text encoder alone", dim("clip_g", -1, 1280)),
            Sign("token vectors for two text encoders", has("text_encoders_0"), dim("text_encoders_1", -1, 1280)),
        ),
    },
    lora=(
        Sign(
            "changes the second of two text encoders or cross attention of width 2048",
            LORA_UNET,
            width(LORA_CONTEXT, 2048),
        ),
        Sign("changes attention up to 10 layers deep", LORA_UNET, blocks(LORA_DEPTH, 3, 10)),
        Sign(
            "changes attention in the places and widths that only SDXL has",
            LORA_UNET,
            has("input_blocks.*.1.transformer_blocks. | output_blocks.*.1.transformer_blocks."),
            blocks(LORA_DEPTH, 2, 10),
        ),
    ),
    text_lora=(
        Sign(
            "changes two text encoders, the second of width 1280",
            width(
                "te2.text_model.encoder.layers.*.self_attn.q_proj"
                " | te2.text_model.encoder.layers.*.self_attn.k_proj"
                " | te2.text_model.encoder.layers.*.mlp.fc1",
                1280,
            ),
            lacks("te3_"),
        ),
        Sign(
            "changes a text encoder of width 1280",
            width("...self_attn.q_proj | ...self_attn.k_proj | ...mlp.fc1", 1280),
            lacks("te3_"),
            certainty=0.8,
        ),
    ),
    variants=INPUT_VARIANTS,
    architectures=("stable-diffusion-xl*", "sdxl*", "xl-turbo*", "pony*", "illustrious*", "noob*"),
    metadata_names=(
        MetadataName(("noobai", "noob_ai", "noob-ai", "noobxl"), variant="noobai", base_model="NoobAI"),
        MetadataName(
            ("illustrious", "ilxl", "wai-nsfw-illustrious", "wainsfwillustrious"),
            variant="illustrious",
            base_model="Illustrious",
        ),
        MetadataName(("pony", "score_9"), variant="pony", base_model="Pony"),
        MetadataName(("xl-turbo", "xl_turbo", "turboxl"), base_model="SDXL Turbo"),
        MetadataName(("lightning",), base_model="SDXL Lightning"),
        MetadataName(("hyper-sd", "hyper_sd", "hypersd", "xl-hyper", "xl_hyper"), base_model="SDXL Hyper"),
    ),
    lookalikes={
        ModelType.DIFFUSION_MODEL: ("SDXL 1.0", "Pony", "Illustrious", "NoobAI"),
        ModelType.LORA: ("SDXL 1.0", "Pony", "Illustrious", "NoobAI"),
    },
)

REFINER = Family(
    id="sdxl-refiner",
    title="SDXL refiner",
    base_model="SDXL 1.0",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign("cross-attention width 1280, label embedding 2560", UNET, width(CONTEXT, 1280), width(LABEL, 2560)),
            Sign("384 channels and cross-attention width 1280", UNET, width(CONTEXT, 1280), dim(FIRST_CONV, 0, 384)),
        ),
        ModelType.CONTROLNET: (
            Sign("control branch with cross-attention width 1280", CONTROLNET, width(CONTEXT, 1280)),
        ),
    },
    lora=(Sign("changes cross attention of width 1280", LORA_UNET, width(LORA_CONTEXT, 1280)),),
    architectures=("stable-diffusion-xl-v1-refiner*",),
)

SSD_1B = Family(
    id="ssd-1b",
    title="SSD-1B",
    base_model="SDXL Distilled",
    signs={ModelType.DIFFUSION_MODEL: (shallow(4),)},
    lora=(
        Sign(
            "changes attention of width 2048, 4 layers deep on the way down and none in the middle",
            LORA_UNET,
            width(LORA_CONTEXT, 2048),
            NO_MIDDLE,
            BOTH_WAYS,
            blocks(DOWN_DEPTH, 4),
            certainty=0.85,
        ),
    ),
)

VEGA = Family(
    id="segmind-vega",
    title="Segmind Vega",
    base_model="SDXL Distilled",
    signs={ModelType.DIFFUSION_MODEL: (shallow(2),)},
    lora=(
        Sign(
            "changes attention of width 2048, 2 layers deep on the way down and none in the middle",
            LORA_UNET,
            width(LORA_CONTEXT, 2048),
            NO_MIDDLE,
            BOTH_WAYS,
            blocks(DOWN_DEPTH, 2),
            has("down_blocks.2.attentions. | input_blocks.7.1."),
            certainty=0.85,
        ),
    ),
)

FAMILIES = (SSD_1B, VEGA, REFINER, SDXL)
