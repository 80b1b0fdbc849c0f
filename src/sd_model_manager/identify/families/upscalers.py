"""Image upscalers and restorers. Names as in the authors' own code; wrappers such as `params_ema` do not matter."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, dims, has, lacks


def _family(id_: str, title: str, *signs: Sign) -> Family:
    return Family(id=id_, title=title, base_model="Upscaler", signs={ModelType.UPSCALER: signs})


SWIN_BLOCK = (
    "layers.0.residual_group.blocks.0.attn.qkv.weight"
    " | layers.0.residual_group.blocks.0.attn.relative_position_bias_table"
    " | layers.0.residual_group.blocks.0.mlp.fc1.weight"
)

FAMILIES = (
    _family(
        "rcan",
        "RCAN",
        Sign(
            "residual groups with channel attention",
            has(
                "body.0.body.0.body.0.weight",
                "body.0.body.0.body.3.conv_du.0.weight | body.0.body.0.body.3.conv_du.2.weight",
            ),
        ),
    ),
    _family(
        "hat",
        "HAT",
        Sign(
            "hybrid attention with overlapping windows",
            has(
                "layers.0.residual_group.overlap_attn.qkv.weight"
                " | layers.0.residual_group.blocks.0.conv_block.cab.0.weight"
            ),
        ),
    ),
    _family("atd", "ATD", Sign("adaptive token dictionary", has("layers.0.residual_group.td"))),
    _family("drct", "DRCT", Sign("densely connected Swin groups", has("layers.0.swin1.attn.qkv.weight"))),
    _family(
        "craft", "CRAFT", Sign("high-frequency blocks", has("layers.0.residual_group.hf_blocks.0.attn.temperature"))
    ),
    _family("rgt", "RGT", Sign("recursive generalisation", has("before_RG.1.weight", "layers.0.blocks.0.gamma"))),
    _family(
        "dat",
        "DAT",
        Sign(
            "dual aggregation of space and channels",
            has("before_RG.1.weight", "layers.0.blocks.0.ffn.sg.conv.weight | layers.0.blocks.0.attn."),
        ),
    ),
    _family(
        "swin2sr",
        "Swin2SR",
        Sign(
            "second Swin transformer groups",
            has(SWIN_BLOCK, "patch_embed.proj.weight"),
            has(
                "layers.0.residual_group.blocks.0.attn.logit_scale"
                " | layers.0.residual_group.blocks.0.attn.cpb_mlp.0.weight"
            ),
        ),
    ),
    _family(
        "swinir",
        "SwinIR",
        Sign(
            "residual Swin transformer groups",
            has(SWIN_BLOCK, "conv_first.weight | conv_first.1.weight"),
            lacks("layers.0.residual_group.blocks.0.attn.logit_scale", "layers.0.residual_group.overlap_attn."),
        ),
    ),
    _family(
        "omnisr",
        "OmniSR",
        Sign("omni self-attention groups", has("residual_layer.0.residual_layer.0.layer.0.fn.0.weight")),
    ),
    _family(
        "span",
        "SPAN",
        Sign("parameter-free attention blocks", has("block_1.c1_r.sk.weight | block_1.c1_r.eval_conv.weight")),
    ),
    _family(
        "esrgan",
        "ESRGAN",
        Sign("residual-in-residual dense blocks", has("conv_first.weight", "body.0.rdb1.conv1.weight")),
        Sign(
            "residual-in-residual dense blocks (old names)",
            has("model.1.sub.0.RDB1.conv1.0.weight | 1.sub.0.RDB1.conv1.0.weight"),
        ),
        Sign(
            "residual-in-residual dense blocks (first names)",
            has("RRDB_trunk.0.RDB1.conv1.weight | RRDB_trunk.0.rdb1.conv1.weight"),
        ),
    ),
    _family("plksr", "PLKSR", Sign("partial large kernels", has("feats.0.weight", "feats.1.refine.weight"))),
    _family("safmn", "SAFMN", Sign("spatially adaptive modulation", has("feats.0.safm.mfr.0.weight"))),
    _family("scunet", "SCUNet", Sign("Swin-convolution blocks in a UNet", has("m_head.0.weight", "m_tail.0.weight"))),
    _family(
        "grl",
        "GRL",
        Sign("window and stripe attention", has("layers.0.blocks.0.attn.window_attn.attn_transform.logit_scale")),
    ),
    _family("mosr", "MoSR", Sign("gated convolution blocks", has("gblocks.0.weight", "gblocks.1.fc1.weight"))),
    _family(
        "moesr", "MoESR", Sign("gated blocks of strip convolutions", has("in_to_dim.weight", "blocks.0.blocks.0.gamma"))
    ),
    _family("fdat", "FDAT", Sign("fast dual aggregation", has("groups.0.blocks.0.inter.cg.1.weight"))),
    _family(
        "dctlsa",
        "DCTLSA",
        Sign("dense convolution transformer", has("B1.body.0.transformer_body.0.blocks.0.attn.qkv.weight")),
    ),
    _family("ditn", "DITN", Sign("deployment-friendly transformer", has("UFONE.0.ITLs.0.attn.temperature"))),
    _family("seemore", "SeemoRe", Sign("mixture of low-rank experts", has("body.0.local_block.norm_1.weight"))),
    _family(
        "realcugan",
        "Real-CUGAN",
        Sign("two cascaded UNets", has("unet1.conv1.conv.0.weight", "unet2.conv1.conv.0.weight")),
    ),
    _family(
        "aurasr",
        "AuraSR",
        Sign("GigaGAN upsampler", has("final_res_block.block1.proj.weights | mid_block2.block1.proj.weights")),
    ),
    _family("swift-srgan", "Swift-SRGAN", Sign("depth-wise generator", has("initial.cnn.depthwise.weight"))),
    _family(
        "ipt",
        "IPT",
        Sign("image processing transformer", has("sub_mean.weight", "body.encoder.layers.0.self_attn.in_proj_weight")),
    ),
    _family(
        "lama",
        "LaMa",
        Sign(
            "fast Fourier convolutions for inpainting",
            has("model.1.bn_l.running_mean | model.model.1.bn_l.running_mean"),
        ),
    ),
    _family(
        "nafnet",
        "NAFNet",
        Sign("activation-free blocks for restoration", has("intro.weight", "ending.weight", "middle_blks.0.")),
    ),
    _family(
        "kbnet",
        "KBNet",
        Sign("kernel-basis blocks for restoration", has("patch_embed.proj.weight", "latent.0.ffn.qkv.weight")),
    ),
    _family(
        "drunet",
        "DRUNet",
        Sign("residual UNet for denoising", has("m_head.weight", "m_down1.0.res.0.weight", "m_tail.weight")),
    ),
    _family("uformer", "Uformer", Sign("U-shaped window transformer", has("encoderlayer_0.blocks.0.norm1.weight"))),
    _family("fftformer", "FFTformer", Sign("frequency-domain transformer", has("encoder_level1.0.ffn.fft"))),
    _family(
        "retinexformer", "RetinexFormer", Sign("illumination-guided transformer", has("body.0.estimator.conv1.weight"))
    ),
    _family(
        "mixdehazenet",
        "MixDehazeNet",
        Sign("mixed-structure blocks for dehazing", has("layer1.blocks.0.conv3_19.weight")),
    ),
    _family("hvi-cidnet", "HVI-CIDNet", Sign("colour and intensity decoupling", has("HVE_block0.1.weight"))),
    _family(
        "compact",
        "Compact",
        Sign(
            "plain convolutions with learned slopes",
            dims("body.0.weight", 4),
            dims("body.1.weight", 1),
            dims("body.2.weight", 4),
            lacks("body.1.running_mean"),
        ),
    ),
)
