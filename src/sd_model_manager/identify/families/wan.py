"""Wan 2.1 and 2.2 video models. The plain 14B text-to-video models of both and their noise experts are equal."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, MetadataName, Sign, dim, dims, has, width

CORE = has("blocks.0.cross_attn.norm_k. | blocks.0.cross_attn.norm_k.weight", "blocks.0.self_attn.")
DIFFUSERS = has("condition_embedder.", "blocks.0.attn1.norm_q.weight")
PATCH = "patch_embedding.weight"
WIDTH = (
    "blocks.0.self_attn.norm_k.weight | blocks.0.cross_attn.norm_k.weight"
    " | blocks.0.attn1.norm_q.weight | patch_embedding.bias"
)
IMAGE = has("img_emb. | condition_embedder.image_embedder. | blocks.0.cross_attn.k_img. | blocks.0.attn2.add_k_proj.")
LORA = (
    "blocks.*.self_attn.q | blocks.*.self_attn.k | blocks.*.self_attn.v"
    " | blocks.*.self_attn.o | blocks.*.cross_attn.q"
    " | blocks.*.cross_attn.k | blocks.*.cross_attn.v | blocks.*.cross_attn.o"
    " | blocks.*.ffn.0"
    " | blocks.*.attn1.to_q | blocks.*.attn1.to_k | blocks.*.attn1.to_v"
    " | blocks.*.attn2.to_q | blocks.*.attn2.to_k"
    " | blocks.*.attn2.to_v | blocks.*.attn1.to_out.0 | blocks.*.ffn.net.0.proj"
    " | blocks.*.cross_attn.k_img | vace_blocks.*.self_attn.q"
)
LORA_PLACES = has(
    "blocks.*.self_attn.q | blocks.*.self_attn.k | blocks.*.self_attn.v"
    " | blocks.*.self_attn.o | blocks.*.cross_attn.q"
    " | blocks.*.cross_attn.k | blocks.*.cross_attn.v | blocks.*.cross_attn.o"
    " | blocks.*.ffn.0"
    " | blocks.*.attn1.to_q | blocks.*.attn1.to_k"
    " | blocks.*.attn1.to_v | blocks.*.attn2.to_q | blocks.*.attn2.to_k"
    " | blocks.*.ffn.net.0.proj | vace_blocks.*.self_attn.q"
)
LORA_IMAGE = has("blocks.*.cross_attn.k_img | blocks.*.cross_attn.v_img | blocks.*.attn2.add_k_proj | img_emb.")


WAN = Family(
    id="wan",
    title="Wan",
    base_model="Wan Video",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "normalised cross-attention keys under Wan's names",
                CORE,
                has("patch_embedding. | head.modulation | vace_patch_embedding."),
            ),
            Sign("Wan's condition embedder in diffusers", DIFFUSERS),
            Sign(
                "VACE blocks for Wan",
                has("vace_blocks.0.cross_attn.norm_k.weight | vace_blocks.0.self_attn.norm_k.weight"),
                variant="vace",
            ),
        ),
        ModelType.CONTROLNET: (
            Sign(
                "control blocks over Wan's",
                has(
                    "controlnet_blocks.0.weight | controlnet_patch_embedding.weight",
                    "blocks.0.attn1.norm_q.weight | controlnet_patch_embedding.weight"
                    " | blocks.0.self_attn.norm_q.weight",
                ),
            ),
        ),
        ModelType.VAE: (
            Sign("causal video autoencoder under Wan's names", has("decoder.middle.0.residual.0.gamma")),
            Sign(
                "causal video autoencoder of 16 latent channels, as Wan 2.1 and Qwen-Image use",
                dims("decoder.conv_in.weight", 5),
                dim("decoder.conv_in.weight", 1, 16),
                has("decoder.mid_block.resnets.0.norm1.gamma"),
                certainty=0.7,
            ),
            Sign(
                "causal video autoencoder of 48 latent channels",
                dims("decoder.conv_in.weight", 5),
                dim("decoder.conv_in.weight", 1, 48),
                variant="2.2",
            ),
        ),
    },
    lora=(
        Sign(
            "changes self attention, cross attention or feed-forward under Wan's names",
            LORA_PLACES,
            width(LORA, 1536, 3072, 5120, 2048),
        ),
    ),
    variants=(
        Sign("VACE blocks at width 1536", has("vace_blocks."), dim(WIDTH, 0, 1536), variant="vace-1.3b"),
        Sign("VACE blocks at width 5120", has("vace_blocks."), dim(WIDTH, 0, 5120), variant="vace-14b"),
        Sign("face adapter", has("face_adapter. | face_encoder."), variant="animate-14b"),
        Sign("audio encoder", has("casual_audio_encoder. | audio_injector."), variant="s2v-14b"),
        Sign("audio projection", has("audio_proj."), dim(WIDTH, 0, 1536), variant="humo-1.7b"),
        Sign("audio projection", has("audio_proj."), variant="humo-17b"),
        Sign("camera control at width 1536", has("control_adapter."), dim(WIDTH, 0, 1536), variant="fun-camera-1.3b"),
        Sign("camera control at width 5120", has("control_adapter."), dim(WIDTH, 0, 5120), variant="fun-camera-14b"),
        Sign("first and last frame", has("img_emb.emb_pos"), variant="flf2v-14b", base_model="Wan Video 14B i2v 720p"),
        Sign(
            "48 input channels at width 3072",
            dim(WIDTH, 0, 3072),
            variant="ti2v-5b",
            base_model="Wan Video 2.2 TI2V-5B",
        ),
        Sign("48 input channels at width 1536", dim(WIDTH, 0, 1536), dim(PATCH, 1, 48, 52), variant="fun-control-1.3b"),
        Sign("48 input channels at width 5120", dim(WIDTH, 0, 5120), dim(PATCH, 1, 48, 52), variant="fun-control-14b"),
        Sign("36 input channels at width 1536", dim(WIDTH, 0, 1536), dim(PATCH, 1, 36), variant="i2v-1.3b"),
        Sign(
            "36 input channels and an image embedding at width 5120: Wan 2.1",
            dim(WIDTH, 0, 5120),
            dim(PATCH, 1, 36),
            IMAGE,
            variant="i2v-14b",
            base_model="Wan Video 14B i2v 480p",
        ),
        Sign(
            "36 input channels without image embedding: Wan 2.2",
            dim(WIDTH, 0, 5120),
            dim(PATCH, 1, 36),
            variant="i2v-14b",
            base_model="Wan Video 2.2 I2V-A14B",
        ),
        Sign(
            "16 input channels at width 1536", dim(WIDTH, 0, 1536), variant="t2v-1.3b", base_model="Wan Video 1.3B t2v"
        ),
        Sign("16 input channels at width 5120", dim(WIDTH, 0, 5120), variant="t2v-14b", base_model="Wan Video 14B t2v"),
    ),
    lora_variants=(
        Sign("width 1536", width(LORA, 1536), variant="1.3b", base_model="Wan Video 1.3B t2v"),
        Sign("width 3072", width(LORA, 3072), variant="5b", base_model="Wan Video 2.2 TI2V-5B"),
        Sign(
            "width 5120, changes image attention",
            width(LORA, 5120),
            LORA_IMAGE,
            variant="i2v-14b",
            base_model="Wan Video 14B i2v 480p",
        ),
        Sign("width 5120", width(LORA, 5120), variant="14b", base_model="Wan Video 14B t2v"),
    ),
    architectures=("wan*",),
    metadata_names=(
        MetadataName(
            ("i2v-a14b", "i2v_a14b", "wan2.2-i2v", "wan2.2_i2v", "wan22_i2v"), base_model="Wan Video 2.2 I2V-A14B"
        ),
        MetadataName(("wan2.2", "wan22", "wan2_2"), base_model="Wan Video 2.2 T2V-A14B"),
    ),
    lookalikes={
        ModelType.DIFFUSION_MODEL: ("Wan Video 14B t2v", "Wan Video 2.2 T2V-A14B"),
        ModelType.LORA: ("Wan Video 14B t2v", "Wan Video 2.2 T2V-A14B", "Wan Video 2.2 I2V-A14B"),
        ModelType.VAE: ("wan", "qwen-image", "anima", "krea2"),
    },
)

FAMILIES = (WAN,)
