"""Files whose type is clear though their family is not: new architectures appear monthly. Asked after all others."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, dim, dims, has, lacks

UNKNOWN = Family(
    id="",
    title="unknown family",
    signs={
        ModelType.CONTROLNET: (
            Sign("zero-initialised outputs of a control branch", has("controlnet_blocks.0."), certainty=0.4),
            Sign("control layers beside a model's own", has("control_layers.0. | control_blocks.0."), certainty=0.4),
        ),
        ModelType.T2I_ADAPTER: (
            Sign(
                "adapter of other input channels",
                has("body.0.resnets.0.block1.weight | body.0.block1.weight | body.0.in_conv.weight", "conv_in.weight"),
                lacks("decoder.", "up_blocks."),
                certainty=0.5,
            ),
        ),
        ModelType.IP_ADAPTER: (
            Sign("keys and values for image prompts", has("...to_k_ip.weight", "...to_v_ip.weight"), certainty=0.5),
        ),
        ModelType.MOTION_MODULE: (Sign("temporal transformers", has("down_blocks.*.motion_modules."), certainty=0.5),),
        ModelType.EMBEDDING: (
            Sign(
                "token vectors of a width that no known image model takes",
                has("emb_params | string_to_param. | clip_l | clip_g | t5xxl"),
                certainty=0.5,
            ),
        ),
        ModelType.CLIP_VISION: (
            Sign("CLIP image tower", has("embeddings.class_embedding", "encoder.layers.0.mlp."), certainty=0.6),
            Sign("OpenCLIP image tower", has("visual.transformer."), certainty=0.6),
            Sign("image tower beside a language model", has("v.patch_embd.weight", "v.blk.0."), certainty=0.6),
        ),
        ModelType.TEXT_ENCODER: (
            Sign("CLIP text tower", has("embeddings.token_embedding.", "encoder.layers.0.mlp."), certainty=0.6),
            Sign("OpenCLIP text tower", has("transformer.resblocks.0.", "token_embedding.weight"), certainty=0.6),
            Sign(
                "T5 encoder blocks of a size that no known image model uses",
                has("encoder.block.0.layer.0.SelfAttention. | enc.blk.0.attn_q.weight"),
                certainty=0.6,
            ),
            Sign(
                "decoder layers of a language model that no known image model uses",
                has("layers.0.self_attn. | blk.0.attn_q.weight", "layers.0.mlp.down_proj. | blk.0.ffn_down.weight"),
                has("embed_tokens.weight | token_embd.weight"),
                certainty=0.6,
            ),
        ),
        ModelType.DIFFUSION_MODEL: (
            Sign(
                "joint blocks with gated image layers",
                has("transformer_blocks.0.attn.norm_added_q.weight", "transformer_blocks.0.img_mlp.w1."),
                base_model="Lens",
                certainty=0.6,
            ),
            Sign(
                "joint blocks that take text of width 2560",
                dim("txt_norm.weight", 0, 2560),
                dim("proj_out.weight", 0, 128),
                base_model="MageFlow",
                certainty=0.6,
            ),
            Sign(
                "double-stream layers with instructions for images",
                has("double_stream_layers.0.img_instruct_attn."),
                base_model="Boogu",
                certainty=0.6,
            ),
            Sign(
                "blocks of a transformer or UNet with an embedding of time",
                has(
                    "...timestep_embedder.linear_1.weight | time_embedding. | t_embedder. | time_embed."
                    " | time_embedder."
                    " | time_in. | timestep_proj.",
                ),
                has("transformer_blocks. | blocks. | layers. | double_blocks. | down_blocks. | input_blocks."),
                certainty=0.4,
            ),
        ),
        ModelType.VAE: (
            Sign("encoder and decoder of images", has("decoder.conv_in.", "decoder.conv_out."), certainty=0.4),
            Sign("tiny encoder and decoder of videos", has("encoder.0.weight", "decoder.1.weight"), certainty=0.4),
            Sign(
                "tiny encoder of images",
                dims("0.weight", 4),
                has("1.conv.0.weight", "2.weight | 3.weight"),
                certainty=0.4,
            ),
        ),
        ModelType.UPSCALER: (
            Sign(
                "convolutions from an image to an image",
                dims("conv_first.weight", 4),
                has("conv_last.weight | upsampler. | conv_up1.weight | upsample.0.weight"),
                certainty=0.4,
            ),
        ),
    },
)

FAMILIES = (UNKNOWN,)
