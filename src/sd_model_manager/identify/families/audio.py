"""Models that make sound: Stable Audio and ACE-Step."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, has, lacks, width

STABLE_AUDIO = Family(
    id="stable-audio",
    title="Stable Audio",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "rotary transformer over audio latents",
                has(
                    "transformer.rotary_pos_emb.inv_freq",
                    "to_timestep_embed. | timestep_features.weight | preprocess_conv.weight",
                ),
            ),
            Sign(
                "audio transformer of diffusers",
                has("preprocess_conv.weight", "postprocess_conv.weight", "transformer_blocks.0.attn1."),
            ),
        ),
        ModelType.VAE: (
            Sign(
                "audio autoencoder of snake activations",
                has(
                    "encoder.layers.0.weight_v | encoder.layers.0.parametrizations.weight.original0"
                    " | decoder.layers.0.weight_v"
                ),
            ),
            Sign(
                "audio autoencoder of snake activations",
                has(
                    "encoder.block.0.res_unit1.snake1.alpha | encoder.block.0.snake1.alpha"
                    " | decoder.block.0.snake1.alpha"
                ),
            ),
        ),
    },
    lora=(
        Sign(
            "changes transformer blocks of width 1536 that attend to audio",
            width("transformer_blocks.*.attn1.to_q | transformer_blocks.*.attn1.to_out.0", 1536),
        ),
        Sign(
            "changes an audio transformer",
            has("transformer.layers.*.self_attn.to_qkv | layers.*.self_attn.to_qkv | layers.*.cross_attn.to_kv"),
        ),
    ),
    architectures=("stable-audio*", "stable_audio*"),
)
ACE_STEP = Family(
    id="ace-step",
    title="ACE-Step",
    base_model="ACE Audio",
    signs={
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "embeds genre and lyrics",
                has("genre_embedder. | genre_embedder.weight", "transformer_blocks. | lyric_embs. | lyric_encoder."),
            ),
            Sign("encoder of lyrics", has("encoder.lyric_encoder.")),
            Sign(
                "time embeddings for a distilled step over layers of width 2048",
                has("time_embed_r.", "layers.0.cross_attn."),
                has("proj_in_conv.weight | proj_in.1.weight"),
            ),
        ),
        ModelType.VAE: (
            Sign("autoencoder of music spectrograms with a vocoder", has("vocoder.backbone. | vocoder.head. | dcae.")),
        ),
    },
    lora=(
        Sign(
            "changes layers for genre or lyrics", has("genre_embedder | lyric_encoder. | speaker_embedder | lyric_proj")
        ),
        Sign(
            "changes transformer blocks of width 2560",
            width(
                "transformer_blocks.*.attn.to_q | transformer_blocks.*.attn.to_k"
                " | transformer_blocks.*.cross_attn.to_q | transformer_blocks.*.cross_attn.to_k"
                " | transformer_blocks.*.attn.to_v",
                2560,
            ),
            lacks("transformer_blocks.*.attn1.", "double_stream_blocks."),
        ),
        Sign(
            "changes cross attention between music and lyrics",
            has(
                "transformer_blocks.*.cross_attn.to_q | transformer_blocks.*.cross_attn.add_q_proj"
                " | transformer_blocks.*.cross_attn.to_k"
            ),
        ),
        Sign(
            "changes decoder layers of width 2048",
            width(
                "layers.*.cross_attn.to_q | decoder.layers.*.cross_attn.to_q"
                " | decoder.layers.*.self_attn.q_proj | layers.*.cross_attn.q_proj"
                " | decoder.layers.*.cross_attn.q_proj",
                2048,
            ),
        ),
    ),
    architectures=("ace-step*", "acestep*", "ace_step*", "ace*"),
)

FAMILIES = (STABLE_AUDIO, ACE_STEP)
