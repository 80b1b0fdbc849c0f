"""Lightricks LTX-Video and LTX-2 (with sound)."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, blocks, dim, dims, has, lacks, width

AUDIO = has(
    "audio_adaln_single. | audio_patchify_proj."
    " | transformer_blocks.0.audio_to_video_attn. | transformer_blocks.0.audio_attn2."
    " | transformer_blocks.0.audio_attn1. | audio_time_embed."
)
ADALN = (
    "adaln_single.emb.timestep_embedder.linear_1."
    " | time_embed.emb.timestep_embedder.linear_1. | adaln_single.linear.weight"
    " | time_embed.linear.weight"
)
WIDTH = "patchify_proj.weight | proj_in.weight"
LORA = (
    "transformer_blocks.*.attn1.to_q | transformer_blocks.*.attn1.to_k"
    " | transformer_blocks.*.attn1.to_v | transformer_blocks.*.attn2.to_q"
    " | transformer_blocks.*.attn1.to_out.0 | transformer_blocks.*.ff.net.0.proj"
)
LORA_AUDIO = has(
    "transformer_blocks.*.audio_attn1. | transformer_blocks.*.audio_attn2."
    " | transformer_blocks.*.audio_to_video_attn."
    " | transformer_blocks.*.video_to_audio_attn."
    " | transformer_blocks.*.audio_ff. | transformer_blocks.*.audio_attn."
    " | audio_patchify_proj | audio_adaln_single."
)

LTX2 = Family(
    id="ltx2",
    title="LTX-2",
    base_model="LTXV2",
    signs={
        ModelType.DIFFUSION_MODEL: (Sign("video transformer with audio layers", has("transformer_blocks."), AUDIO),),
        ModelType.VAE: (
            Sign(
                "video autoencoder of 128 latent channels beside an audio one",
                dim("decoder.conv_in.conv.weight", 1, 128),
                has("audio_vae. | vocoder."),
            ),
            Sign("audio autoencoder", has("audio_vae.decoder. | audio_vae.encoder."), variant="audio"),
            Sign(
                "audio autoencoder of stereo spectrograms",
                dim("encoder.conv_in.conv.weight", 1, 2),
                dims("encoder.conv_in.conv.weight", 4),
                variant="audio",
            ),
        ),
    },
    lora=(Sign("changes audio layers of the video transformer", LORA_AUDIO),),
    architectures=("ltx2*", "ltxv2*", "ltx-2*", "ltx-video-2*", "ltxav*"),
)
LTXV = Family(
    id="ltxv",
    title="LTX-Video",
    base_model="LTXV",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "patch projection and shared modulation of a video transformer",
                has(ADALN, "transformer_blocks.0.attn2."),
                has("patchify_proj. | patchify_proj.weight"),
            ),
            Sign(
                "patch projection and shared modulation of a video transformer",
                has(ADALN, "transformer_blocks.0.attn2."),
                width("proj_in.weight", 128),
            ),
        ),
        ModelType.VAE: (Sign("video autoencoder of 128 latent channels", dim("decoder.conv_in.conv.weight", 1, 128)),),
        ModelType.UPSCALER: (
            Sign(
                "latent upscaler of LTX-Video",
                has("initial_conv.weight", "upsampler.0.weight | upsampler. | post_upsample_res_blocks."),
                dim("initial_conv.weight", 1, 128),
            ),
        ),
    },
    lora=(
        Sign(
            "changes transformer blocks of width 2048 with cross attention of the same width",
            width(LORA, 2048),
            width("transformer_blocks.*.attn2.to_k | transformer_blocks.*.attn2.to_v", 2048),
        ),
        Sign(
            "changes transformer blocks of width 2048",
            width(LORA, 2048),
            lacks("transformer_blocks.*.attn2.to_k", "transformer_blocks.*.attn."),
            certainty=0.75,
        ),
        Sign(
            "changes transformer blocks of width 4096 with cross attention",
            width(LORA, 4096),
            has("transformer_blocks.*.attn2.to_k | transformer_blocks.*.attn2.to_q | transformer_blocks.*.attn2.to_v"),
            width(
                "transformer_blocks.*.attn2.to_k | transformer_blocks.*.attn2.to_v",
                4096,
            ),
            certainty=0.75,
            candidates=("ltxv", "ltx2"),
        ),
        Sign(
            "changes more than 28 transformer blocks of width 4096",
            width(LORA, 4096),
            blocks("transformer_blocks.#", 29, 48),
            lacks("transformer_blocks.*.attn2.", "transformer_blocks.*.attn."),
            certainty=0.7,
        ),
    ),
    variants=(
        Sign("width 2048", dim(WIDTH, 0, 2048), variant="2b"),
        Sign("width 4096", dim(WIDTH, 0, 4096), variant="13b"),
    ),
    lora_variants=(
        Sign("width 2048", width(LORA, 2048), variant="2b"),
        Sign("width 4096", width(LORA, 4096), variant="13b"),
    ),
    architectures=("ltx*",),
    may_be={ModelType.LORA: ("ltx2",), ModelType.VAE: ("ltx2",)},
)

FAMILIES = (LTX2, LTXV)
