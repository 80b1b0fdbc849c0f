"""The models of the sample library. All names, creators and words are made up."""

from __future__ import annotations

from functools import partial

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.library.sample import structures
from sd_model_manager.library.sample.adapters import flux_layers, sd1_layers, sdxl_layers
from sd_model_manager.library.sample.sample_model import Publication, SampleModel, Training

SD1_BASE = {
    "ss_base_model_version": "sd_v1",
    "ss_sd_model_name": "v1-5-pruned-emaonly.safetensors",
    "modelspec.architecture": "stable-diffusion-v1/lora",
}
SDXL_BASE = {
    "ss_base_model_version": "sdxl_base_v1-0",
    "ss_sd_model_name": "sd_xl_base_1.0.safetensors",
    "modelspec.architecture": "stable-diffusion-xl-v1-base/lora",
}
PONY_BASE = SDXL_BASE | {"ss_sd_model_name": "ponyDiffusionV6XL.safetensors"}
ILLUSTRIOUS_BASE = SDXL_BASE | {"ss_sd_model_name": "Illustrious-XL-v1.0.safetensors"}
FLUX_BASE = {
    "ss_base_model_version": "flux1",
    "ss_sd_model_name": "flux1-dev.safetensors",
    "modelspec.architecture": "flux-1-dev/lora",
}

_sdxl_with_text = partial(sdxl_layers, with_text=True)
_sdxl_unet = partial(sdxl_layers, with_text=False)

_BASES = (
    SampleModel(
        "checkpoints/harborlightRealism_v30.safetensors",
        "Harborlight Realism",
        ModelType.CHECKPOINT,
        "SD 1.5",
        structures.sd1_checkpoint,
        Publication(
            "northpier",
            "v3.0",
            ("photorealistic", "base model", "landscape", "portrait"),
            (),
            "<p>A photographic SD 1.5 for <strong>soft daylight</strong>, weathered wood and sea air.</p>"
            "<ul><li>25 steps, DPM++ 2M Karras</li><li>CFG 5 to 7</li></ul>",
        ),
        ".jpeg",
    ),
    SampleModel(
        "checkpoints/morningGlassXL_v4FP16.safetensors",
        "Morning Glass XL",
        ModelType.CHECKPOINT,
        "SDXL 1.0",
        structures.sdxl_checkpoint,
        Publication(
            "kiln_and_glass",
            "v4 fp16",
            ("base model", "photography", "still life"),
            (),
            "<p>Glass, water and early light. Merged from four of my own trainings; no refiner needed.</p>",
        ),
        ".png",
        {"modelspec.title": "Morning Glass XL v4", "modelspec.architecture": "stable-diffusion-xl-v1-base"},
    ),
    SampleModel(
        "checkpoints/ponyTidepool_v21.safetensors",
        "Pony Tidepool",
        ModelType.CHECKPOINT,
        "Pony",
        structures.sdxl_checkpoint,
        Publication(
            "brine.studio",
            "v2.1",
            ("base model", "anime", "vivid"),
            ("score_9", "score_8_up"),
            "<p>Sunlit and saturated. Begin the prompt with the score tags.</p>",
        ),
        metadata={"modelspec.title": "Pony Tidepool v2.1"},
    ),
    SampleModel(
        "checkpoints/桜雲イラストXL_illustrious_v12.safetensors",
        "桜雲イラスト XL",
        ModelType.CHECKPOINT,
        "Illustrious",
        structures.sdxl_checkpoint,
        Publication(
            "さくら工房",
            "v1.2",
            ("base model", "anime", "illustration", "イラスト"),
            ("masterpiece",),
            "<p>春の空気と淡い色。背景まで丁寧に描きます。</p>",
        ),
        metadata={"modelspec.title": "桜雲 Illustrious v1.2"},
    ),
    SampleModel(
        "diffusion_models/flux1-dev-copperfield-fp8_e4m3fn.safetensors",
        "Copperfield (FLUX.1 dev)",
        ModelType.DIFFUSION_MODEL,
        "Flux.1 D",
        structures.flux_model,
        Publication(
            "metalpoint",
            "fp8",
            ("base model", "photography", "texture"),
            (),
            "<p>FLUX.1 dev, tuned for metal, stone and worn surfaces. Needs CLIP-L, T5-XXL and <code>ae</code>.</p>",
        ),
        ".jpeg",
    ),
    SampleModel(
        "text_encoders/clip_l.safetensors", "CLIP-L", ModelType.TEXT_ENCODER, "", structures.clip_l, picture=""
    ),
    SampleModel(
        "text_encoders/t5xxl_fp8_e4m3fn.safetensors",
        "T5-XXL",
        ModelType.TEXT_ENCODER,
        "",
        structures.t5_xxl,
        picture="",
    ),
    SampleModel(
        "vae/clearwater-vae-840000.safetensors",
        "Clearwater VAE",
        ModelType.VAE,
        "SD 1.5",
        partial(structures.vae, 4),
        Publication("northpier", "840k", ("vae", "colour"), (), "<p>Clear blues, no purple spots.</p>"),
        ".png",
    ),
    SampleModel(
        "vae/sdxl_softlight_vae_fp16fix.safetensors",
        "Softlight VAE fp16 fix",
        ModelType.VAE,
        "SDXL 1.0",
        partial(structures.vae, 4, "F16"),
        picture="",
    ),
    SampleModel(
        "vae/ae.safetensors", "FLUX.1 autoencoder", ModelType.VAE, "Flux.1 D", partial(structures.vae, 16), picture=""
    ),
)

_STYLES = (
    SampleModel(
        "loras/style/washi_watercolor_v2.safetensors",
        "Washi Watercolor",
        ModelType.LORA,
        "SDXL 1.0",
        Training(_sdxl_unet, 16, SDXL_BASE, "washi watercolor", ("watercolor", "paper texture", "landscape", "mist")),
        Publication(
            "inkandreed",
            "v2.0",
            ("style", "watercolor", "traditional media"),
            ("washi watercolor", "paper texture"),
            "<p>Wet edges on handmade paper. Weight <strong>0.6 to 0.9</strong>.</p>",
        ),
    ),
    SampleModel(
        "loras/style/和紙水彩_夕暮れの港町_pony.safetensors",
        "和紙水彩・夕暮れの港町",
        ModelType.LORA,
        "Pony",
        Training(_sdxl_unet, 8, PONY_BASE, "minatomachi", ("score_9", "sunset", "harbor", "水彩")),
        Publication(
            "さくら工房",
            "v1",
            ("style", "水彩", "風景"),
            ("minatomachi", "yuugure"),
            "<p>夕暮れの港町を、にじみのある水彩で。</p>",
        ),
        ".png",
    ),
    SampleModel(
        "loras/style/RisographGrain_Illustrious_epoch12_dim16_alpha8_final-really-final.safetensors",
        "Risograph Grain",
        ModelType.LORA,
        "Illustrious",
        Training(_sdxl_with_text, 8, ILLUSTRIOUS_BASE, "risograph", ("halftone", "limited palette", "flat color")),
        Publication(
            "two_drum_press",
            "epoch 12",
            ("style", "print", "retro"),
            ("risograph", "halftone"),
            "<p>Two inks, a little out of register.</p>",
        ),
        ".jpeg",
    ),
    SampleModel(
        "loras/style/linocut_bold.safetensors",
        "Linocut Bold",
        ModelType.LORA,
        "SD 1.5",
        Training(sd1_layers, 16, SD1_BASE, "linocut print", ("linocut", "monochrome", "carved lines")),
        Publication(
            "two_drum_press",
            "v1.1",
            ("style", "print", "black and white"),
            ("linocut print",),
            "<p>Carved, inked, pressed.</p>",
        ),
    ),
    SampleModel(
        "loras/style/flux_gouache_postcards_v3.safetensors",
        "Gouache Postcards",
        ModelType.LORA,
        "Flux.1 D",
        Training(flux_layers, 8, FLUX_BASE, "g0uach3 postcard", ("gouache", "postcard", "seaside", "bold shapes")),
        Publication(
            "inkandreed",
            "v3.0",
            ("style", "painting", "travel"),
            ("g0uach3 postcard",),
            "<p>Travel postcards of places that are not there.</p>",
        ),
        ".png",
    ),
    SampleModel(
        "loras/style/neon_rain_alley.safetensors",
        "Neon Rain Alley",
        ModelType.LORA,
        "SDXL 1.0",
        Training(_sdxl_unet, 4, SDXL_BASE, "neon rain", ("night", "wet asphalt", "reflections", "signs")),
        picture=".jpeg",
    ),
    SampleModel(
        "loras/style/sumi_dry_brush_XL.safetensors",
        "Sumi Dry Brush XL",
        ModelType.LORA,
        "Illustrious",
        Training(_sdxl_unet, 8, ILLUSTRIOUS_BASE, "sumi-e", ("ink", "brush stroke", "white background")),
        Publication("墨と風", "v1.0", ("style", "ink", "水墨"), ("sumi-e", "dry brush"), "<p>かすれと余白。</p>"),
    ),
    SampleModel(
        "loras/style/stained_glass_windows.safetensors",
        "Stained Glass Windows",
        ModelType.LORA,
        "SD 1.5",
        Training(sd1_layers, 8, SD1_BASE, "stained glass", ("stained glass", "lead lines", "backlight")),
    ),
)

_CHARACTERS = (
    SampleModel(
        "loras/characters/mira_of_the_lighthouse.safetensors",
        "Mira of the Lighthouse",
        ModelType.LORA,
        "Illustrious",
        Training(
            _sdxl_with_text, 8, ILLUSTRIOUS_BASE, "mira_lh", ("1girl", "yellow raincoat", "short hair", "lantern")
        ),
        Publication(
            "keeper_of_tides",
            "v1.3",
            ("character", "original character", "woman"),
            ("mira_lh", "yellow raincoat", "lantern"),
            "<p>An original character with three outfits: <em>raincoat</em>, <em>Sunday</em> and <em>winter</em>.</p>",
        ),
        ".png",
    ),
    SampleModel(
        "loras/characters/old_captain_brandt_pony_v2.safetensors",
        "Old Captain Brandt",
        ModelType.LORA,
        "Pony",
        Training(_sdxl_unet, 8, PONY_BASE, "brandt_capt", ("score_9", "1boy", "white beard", "pea coat", "pipe")),
        Publication(
            "keeper_of_tides",
            "v2.0",
            ("character", "original character", "man"),
            ("brandt_capt", "pea coat"),
            "<p>He has seen worse weather.</p>",
        ),
        ".jpeg",
    ),
    SampleModel(
        "loras/characters/狐面の旅人_kitsune_traveler.safetensors",
        "狐面の旅人",
        ModelType.LORA,
        "Illustrious",
        Training(_sdxl_unet, 16, ILLUSTRIOUS_BASE, "kitsune_tabibito", ("fox mask", "straw cloak", "mountain path")),
        Publication(
            "墨と風",
            "v1.0",
            ("character", "和風", "オリジナル"),
            ("kitsune_tabibito", "fox mask"),
            "<p>狐の面をつけた旅人。</p>",
        ),
    ),
    SampleModel(
        "loras/characters/clockwork_heron.safetensors",
        "Clockwork Heron",
        ModelType.LORA,
        "SD 1.5",
        Training(sd1_layers, 16, SD1_BASE, "clkwrk heron", ("bird", "brass", "gears", "no humans")),
        picture=".png",
    ),
    SampleModel(
        "loras/characters/flux_ada_cartographer.safetensors",
        "Ada the Cartographer",
        ModelType.LORA,
        "Flux.1 D",
        Training(flux_layers, 4, FLUX_BASE, "ada carto", ("woman", "maps", "round glasses", "study")),
        Publication(
            "metalpoint", "v1.0", ("character", "original character"), ("ada carto",), "<p>She drew the coast.</p>"
        ),
    ),
)

_CONCEPTS = (
    SampleModel(
        "loras/concepts/tilt_shift_miniature.safetensors",
        "Tilt-Shift Miniature",
        ModelType.LORA,
        "SDXL 1.0",
        Training(_sdxl_unet, 4, SDXL_BASE, "tilt shift", ("miniature", "shallow focus", "from above")),
        Publication(
            "kiln_and_glass",
            "v1.0",
            ("concept", "photography"),
            ("tilt shift", "miniature"),
            "<p>Makes a city fit on a table.</p>",
        ),
        ".jpeg",
    ),
    SampleModel(
        "loras/concepts/detail_slider_sd15.safetensors",
        "Detail Slider",
        ModelType.LORA,
        "SD 1.5",
        Training(sd1_layers, 4, SD1_BASE, "", ()),
        picture="",
    ),
    SampleModel(
        "loras/concepts/cloud_architecture.safetensors",
        "Cloud Architecture",
        ModelType.LORA,
        "Flux.1 D",
        Training(flux_layers, 4, FLUX_BASE, "cloudarch", ("building", "clouds", "stairs", "sky")),
    ),
    SampleModel(
        "loras/lighting/golden_hour_rim_light.safetensors",
        "Golden Hour Rim Light",
        ModelType.LORA,
        "SDXL 1.0",
        Training(_sdxl_unet, 8, SDXL_BASE, "golden rim", ("backlight", "golden hour", "lens flare")),
        Publication("northpier", "v1.2", ("concept", "lighting"), ("golden rim",), "<p>Low sun from behind.</p>"),
        ".jpeg",
    ),
)

_SMALL = (
    SampleModel(
        "embeddings/harbor_negative.safetensors",
        "Harbor Negative",
        ModelType.EMBEDDING,
        "SD 1.5",
        partial(structures.sd1_embedding, 16),
        Publication("northpier", "v1.0", ("negative", "tool"), ("harbor_negative",), "<p>For the negative prompt.</p>"),
        ".png",
        {"name": "harbor_negative"},
    ),
    SampleModel(
        "embeddings/badlines-v2.safetensors",
        "Bad Lines",
        ModelType.EMBEDDING,
        "SD 1.5",
        partial(structures.sd1_embedding, 8),
        picture="",
        metadata={"name": "badlines-v2"},
    ),
    SampleModel(
        "embeddings/negativeXL_tide.safetensors",
        "negativeXL Tide",
        ModelType.EMBEDDING,
        "SDXL 1.0",
        partial(structures.sdxl_embedding, 24),
        Publication("brine.studio", "A", ("negative", "tool"), ("negativeXL_tide",), "<p>Use it alone.</p>"),
    ),
    SampleModel(
        "embeddings/柔らか筆_XL.safetensors",
        "柔らか筆 XL",
        ModelType.EMBEDDING,
        "SDXL 1.0",
        partial(structures.sdxl_embedding, 12),
        picture=".png",
    ),
    SampleModel(
        "controlnet/control_harbor_sd15_canny_fp16.safetensors",
        "Harbor Canny",
        ModelType.CONTROLNET,
        "SD 1.5",
        partial(structures.controlnet, structures.SD1),
        picture=".png",
    ),
    SampleModel(
        "controlnet/sdxl/tile_realistic_xl.safetensors",
        "Tile Realistic XL",
        ModelType.CONTROLNET,
        "SDXL 1.0",
        partial(structures.controlnet, structures.SDXL),
        Publication(
            "gridworks", "v1.0", ("controlnet", "tile", "upscale"), (), "<p>Keeps the picture while it grows.</p>"
        ),
        ".jpeg",
    ),
    SampleModel(
        "ipadapter/ip-adapter_quietface_sd15.safetensors",
        "IP-Adapter Quiet Face",
        ModelType.IP_ADAPTER,
        "SD 1.5",
        structures.ip_adapter,
        picture="",
    ),
    SampleModel(
        "upscale_models/4x-Driftwood.safetensors",
        "4x Driftwood",
        ModelType.UPSCALER,
        "Upscaler",
        structures.esrgan,
        Publication("gridworks", "4x", ("upscaler", "photo", "texture"), (), "<p>For wood, rope and stone.</p>"),
    ),
    SampleModel(
        "upscale_models/4x_PlainInk_compact.safetensors",
        "4x Plain Ink",
        ModelType.UPSCALER,
        "Upscaler",
        structures.compact_upscaler,
        picture=".jpeg",
    ),
)

SHELF = (*_BASES, *_STYLES, *_CHARACTERS, *_CONCEPTS, *_SMALL)
