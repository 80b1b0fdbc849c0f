"""FLUX.2 by Black Forest Labs: modulation shared by all blocks, gated feed-forward, 128 input channels."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, blocks, dim, has, lacks, width

MODULATION = "double_stream_modulation_img.lin.weight | double_stream_modulation_img.linear.weight"
LORA_DOUBLE = (
    "double_blocks.*.img_attn.qkv | double_blocks.*.txt_attn.qkv"
    " | double_blocks.*.img_attn.proj"
    " | double_blocks.*.img_mlp.0 | double_blocks.*.txt_mlp.0 | single_blocks.*.linear1"
)
LORA_DIFFUSERS = (
    "single_transformer_blocks.*.attn.to_qkv_mlp_proj | transformer_blocks.*.ff.linear_in"
    " | transformer_blocks.*.ff_context.linear_in | transformer_blocks.*.attn.to_q"
    " | transformer_blocks.*.attn.to_k"
    " | transformer_blocks.*.attn.to_v | transformer_blocks.*.attn.add_q_proj"
    " | transformer_blocks.*.attn.add_k_proj"
)
GATED = has(
    "single_transformer_blocks.*.attn.to_qkv_mlp_proj | transformer_blocks.*.ff.linear_in"
    " | transformer_blocks.*.ff_context.linear_in"
    " | single_transformer_blocks.*.attn.to_out | transformer_blocks.*.ff.linear_out"
)
ALL_LAYERS = LORA_DOUBLE + " | " + LORA_DIFFUSERS
JOINT = has(
    "double_blocks. | single_blocks. | transformer_blocks.*.attn.add_q_proj"
    " | transformer_blocks.*.attn.add_k_proj"
    " | single_transformer_blocks.*.attn.to_qkv_mlp_proj"
)

FLUX2 = Family(
    id="flux2",
    title="FLUX.2",
    base_model="Flux.2 D",
    signs={
        ModelType.DIFFUSION_MODEL: (Sign("modulation shared by all double blocks", has(MODULATION)),),
        ModelType.CONTROLNET: (
            Sign("control blocks for FLUX.2's width 6144", dim("control_img_in.weight", 0, 6144)),
            Sign("control blocks for FLUX.2", has("control_transformer_blocks.", "control_img_in.weight")),
        ),
        ModelType.VAE: (
            Sign(
                "autoencoder of 32 latent channels with batch normalisation",
                has("bn.running_mean"),
                dim("decoder.conv_in.weight", 1, 32),
            ),
        ),
    },
    lora=(
        Sign("changes double or single blocks of width 6144", JOINT, width(LORA_DOUBLE, 6144)),
        Sign("changes transformer blocks of width 6144", JOINT, width(LORA_DIFFUSERS, 6144)),
        Sign("changes double or single blocks of width 4096", width(LORA_DOUBLE, 4096)),
        Sign("changes gated transformer blocks of width 4096", GATED, width(LORA_DIFFUSERS, 4096)),
        Sign("changes gated transformer blocks of width 3072", GATED, width(LORA_DIFFUSERS, 3072)),
        Sign(
            "changes gated feed-forward of width 3072 (twice FLUX.1's)",
            dim("double_blocks.*.img_mlp.0 | double_blocks.*.txt_mlp.0", 0, 18432),
            width("double_blocks.*.img_mlp.0 | double_blocks.*.txt_mlp.0", 3072),
        ),
        Sign("changes gated single blocks of width 3072", dim("single_blocks.*.linear1", 0, 27648)),
        Sign(
            "changes single blocks of width 3072",
            dim("single_blocks.*.linear2", 1, 12288),
            dim("single_blocks.*.linear2", 0, 3072),
        ),
        Sign(
            "changes the modulation shared by all double blocks",
            has("double_stream_modulation_img. | single_stream_modulation."),
        ),
        Sign(
            "changes exactly 5 double and at most 20 single blocks, as FLUX.2 Klein 4B has",
            blocks("double_blocks.#", 5),
            blocks("single_blocks.#", 0, 20),
            width(LORA_DOUBLE, 3072),
            lacks("double_blocks.*.img_mlp.", "double_blocks.*.img_mod.", "single_blocks.*.modulation."),
            certainty=0.98,
        ),
        Sign(
            "changes joint transformer blocks of width 4096",
            width("transformer_blocks.*.attn.add_q_proj | transformer_blocks.*.attn.add_k_proj", 4096),
            lacks("transformer_blocks.*.attn1."),
        ),
        Sign(
            "changes exactly 5 joint transformer blocks of width 3072, as FLUX.2 Klein 4B has",
            blocks("transformer_blocks.#", 5),
            width("transformer_blocks.*.attn.add_q_proj | transformer_blocks.*.attn.add_k_proj", 3072),
            lacks("transformer_blocks.*.ff.net.", "transformer_blocks.*.img_mlp.", "transformer_blocks.*.norm1."),
            has("transformer_blocks.*.attn.to_q | transformer_blocks.*.attn.to_k"),
            certainty=0.85,
        ),
    ),
    variants=(
        Sign("width 6144", dim(MODULATION, 0, 36864), variant="dev", base_model="Flux.2 D"),
        Sign("width 4096", dim(MODULATION, 0, 24576), variant="klein-9b", base_model="Flux.2 Klein 9B"),
        Sign("width 3072", dim(MODULATION, 0, 18432), variant="klein-4b", base_model="Flux.2 Klein 4B"),
    ),
    lora_variants=(
        Sign("width 6144", width(ALL_LAYERS, 6144), variant="dev", base_model="Flux.2 D"),
        Sign("width 4096", width(ALL_LAYERS, 4096), variant="klein-9b", base_model="Flux.2 Klein 9B"),
        Sign("width 3072", width(ALL_LAYERS, 3072), variant="klein-4b", base_model="Flux.2 Klein 4B"),
    ),
    architectures=("flux2*", "flux.2*", "flux-2*", "flux_klein*"),
)

FAMILIES = (FLUX2,)
