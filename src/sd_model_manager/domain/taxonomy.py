"""What kinds of model files there are, and what they fit."""

from __future__ import annotations

from enum import StrEnum


class ModelType(StrEnum):
    """What a file does in an image pipeline. LyCORIS, DoRA and the like are `lora` with a network."""

    CHECKPOINT = "checkpoint"
    DIFFUSION_MODEL = "diffusion_model"
    LORA = "lora"
    VAE = "vae"
    TEXT_ENCODER = "text_encoder"
    CLIP_VISION = "clip_vision"
    EMBEDDING = "embedding"
    CONTROLNET = "controlnet"
    T2I_ADAPTER = "t2i_adapter"
    IP_ADAPTER = "ip_adapter"
    STYLE_MODEL = "style_model"
    MOTION_MODULE = "motion_module"
    HYPERNETWORK = "hypernetwork"
    UPSCALER = "upscaler"
    FACE_RESTORE = "face_restore"
    DETECTION = "detection"
    OTHER = "other"
    UNKNOWN = "unknown"


class FileFormat(StrEnum):
    """How the bytes are arranged, decided by content and not by extension."""

    SAFETENSORS = "safetensors"
    GGUF = "gguf"
    TORCH_ZIP = "torch_zip"
    TORCH_LEGACY = "torch_legacy"
    PICKLE = "pickle"
    ONNX = "onnx"
    DIFFUSERS = "diffusers"
    UNKNOWN = "unknown"


class Category(StrEnum):
    """Whether a model is in daily use or put away."""

    ACTIVE = "active"
    ARCHIVE = "archive"


class Presence(StrEnum):
    """Whether a file can be reached: missing = its folder can be, it cannot; offline = its folder cannot."""

    PRESENT = "present"
    MISSING = "missing"
    OFFLINE = "offline"


MODEL_EXTENSIONS = frozenset(
    {".safetensors", ".sft", ".gguf", ".ckpt", ".pt", ".pt2", ".pth", ".bin", ".pkl", ".onnx"},
)
"""Lower-case extensions of files that a scan looks at."""

IMAGE_EXTENSIONS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif"})
VIDEO_EXTENSIONS = frozenset({".mp4", ".webm"})

FOLDER_OF_TYPE: dict[ModelType, str] = {
    ModelType.CHECKPOINT: "checkpoints",
    ModelType.DIFFUSION_MODEL: "diffusion_models",
    ModelType.LORA: "loras",
    ModelType.VAE: "vae",
    ModelType.TEXT_ENCODER: "text_encoders",
    ModelType.CLIP_VISION: "clip_vision",
    ModelType.EMBEDDING: "embeddings",
    ModelType.CONTROLNET: "controlnet",
    ModelType.T2I_ADAPTER: "controlnet",
    ModelType.IP_ADAPTER: "ipadapter",
    ModelType.STYLE_MODEL: "style_models",
    ModelType.MOTION_MODULE: "animatediff_models",
    ModelType.HYPERNETWORK: "hypernetworks",
    ModelType.UPSCALER: "upscale_models",
    ModelType.FACE_RESTORE: "facerestore_models",
    ModelType.DETECTION: "ultralytics",
    ModelType.OTHER: "other",
    ModelType.UNKNOWN: "other",
}
"""Where a download of each type goes below a library folder: the names ComfyUI lists."""

_TYPE_OF_FOLDER: dict[str, ModelType] = {
    "checkpoints": ModelType.CHECKPOINT,
    "stable-diffusion": ModelType.CHECKPOINT,
    "stablediffusion": ModelType.CHECKPOINT,
    "diffusion_models": ModelType.DIFFUSION_MODEL,
    "diffusionmodels": ModelType.DIFFUSION_MODEL,
    "unet": ModelType.DIFFUSION_MODEL,
    "loras": ModelType.LORA,
    "lora": ModelType.LORA,
    "lycoris": ModelType.LORA,
    "vae": ModelType.VAE,
    "vae_approx": ModelType.VAE,
    "vae-approx": ModelType.VAE,
    "approxvae": ModelType.VAE,
    "text_encoders": ModelType.TEXT_ENCODER,
    "text_encoder": ModelType.TEXT_ENCODER,
    "textencoders": ModelType.TEXT_ENCODER,
    "text-encoder": ModelType.TEXT_ENCODER,
    "clip": ModelType.TEXT_ENCODER,
    "clip_vision": ModelType.CLIP_VISION,
    "clipvision": ModelType.CLIP_VISION,
    "embeddings": ModelType.EMBEDDING,
    "textualinversion": ModelType.EMBEDDING,
    "controlnet": ModelType.CONTROLNET,
    "control": ModelType.CONTROLNET,
    "model_patches": ModelType.CONTROLNET,
    "t2i_adapter": ModelType.T2I_ADAPTER,
    "t2iadapter": ModelType.T2I_ADAPTER,
    "ipadapter": ModelType.IP_ADAPTER,
    "ip_adapter": ModelType.IP_ADAPTER,
    "style_models": ModelType.STYLE_MODEL,
    "stylemodels": ModelType.STYLE_MODEL,
    "animatediff_models": ModelType.MOTION_MODULE,
    "animatediff_motion_lora": ModelType.MOTION_MODULE,
    "hypernetworks": ModelType.HYPERNETWORK,
    "hypernetwork": ModelType.HYPERNETWORK,
    "upscale_models": ModelType.UPSCALER,
    "latent_upscale_models": ModelType.UPSCALER,
    "esrgan": ModelType.UPSCALER,
    "realesrgan": ModelType.UPSCALER,
    "swinir": ModelType.UPSCALER,
    "bsrgan": ModelType.UPSCALER,
    "dat": ModelType.UPSCALER,
    "gfpgan": ModelType.FACE_RESTORE,
    "codeformer": ModelType.FACE_RESTORE,
    "facerestore_models": ModelType.FACE_RESTORE,
    "ultralytics": ModelType.DETECTION,
    "ultralytics_bbox": ModelType.DETECTION,
    "ultralytics_segm": ModelType.DETECTION,
    "adetailer": ModelType.DETECTION,
    "afterdetailer": ModelType.DETECTION,
}


_FURTHER_TYPES_OF_FOLDER: dict[str, frozenset[ModelType]] = {
    **dict.fromkeys(("stable-diffusion", "stablediffusion"), frozenset({ModelType.DIFFUSION_MODEL})),
    **dict.fromkeys(
        ("controlnet", "control", "t2i_adapter", "t2iadapter", "model_patches"),
        frozenset({ModelType.CONTROLNET, ModelType.T2I_ADAPTER, ModelType.IP_ADAPTER}),
    ),
    "animatediff_motion_lora": frozenset({ModelType.LORA}),
    **dict.fromkeys(("esrgan", "realesrgan", "upscale_models"), frozenset({ModelType.FACE_RESTORE})),
}
"""What else engines look for in folders of these names: A1111 and Forge take all that draws from one folder, and
adapters of pictures from another."""

_OF_NO_FOLDER = frozenset({ModelType.OTHER, ModelType.UNKNOWN})


def find_type_of_folder(relative_folder: str) -> ModelType | None:
    """The type a folder such as `loras/style` stands for in any of the known engines; the innermost name wins."""
    return _TYPE_OF_FOLDER.get(_name_of_type(relative_folder))


def fits_folder(relative_folder: str, model_type: str | None) -> bool:
    """Whether engines look for a model of this type in this folder; true where either says nothing."""
    name = _name_of_type(relative_folder)
    expected = _TYPE_OF_FOLDER.get(name)
    if expected is None or model_type is None or model_type in _OF_NO_FOLDER:
        return True
    return model_type == expected or model_type in _FURTHER_TYPES_OF_FOLDER.get(name, ())


def _name_of_type(relative_folder: str) -> str:
    """The innermost name in a path that stands for a type, in lower case; empty where none does."""
    names = relative_folder.replace("\\", "/").lower().split("/")
    return next((name for name in reversed(names) if name in _TYPE_OF_FOLDER), "")


FAMILY_OF_BASE_MODEL: dict[str, str] = {
    **dict.fromkeys(("SD 1.4", "SD 1.5", "SD 1.5 LCM", "SD 1.5 Hyper"), "sd1"),
    **dict.fromkeys(("SD 2.0", "SD 2.0 768", "SD 2.1", "SD 2.1 768", "SD 2.1 Unclip"), "sd2"),
    **dict.fromkeys(
        (
            "SDXL 0.9",
            "SDXL 1.0",
            "SDXL 1.0 LCM",
            "SDXL Lightning",
            "SDXL Hyper",
            "SDXL Turbo",
            "Pony",
            "Illustrious",
            "NoobAI",
            "Playground v2",
        ),
        "sdxl",
    ),
    **dict.fromkeys(("Flux.1 S", "Flux.1 D", "Flux.1 Krea", "Flux.1 Kontext"), "flux1"),
    **dict.fromkeys(
        ("Flux.2 D", "Flux.2 Klein 9B", "Flux.2 Klein 9B-base", "Flux.2 Klein 4B", "Flux.2 Klein 4B-base"), "flux2"
    ),
    **dict.fromkeys(("AuraFlow", "Pony V7"), "auraflow"),
    **dict.fromkeys(("ZImageTurbo", "ZImageBase"), "z-image"),
    "Chroma": "chroma",
    "Kolors": "kolors",
    "Lumina": "lumina2",
    "Qwen": "qwen-image",
    "HiDream": "hidream-i1",
    "Hunyuan Video": "hunyuan-video",
    "Mochi": "mochi",
}
"""The structure behind a name that Civitai gives; names that stand for none or several are left out."""


def choose_base_model(*, header_family: str | None, header_name: str | None, published_name: str | None) -> str | None:
    """The base model to show: the source's name, which tells Pony from SDXL, unless the header contradicts it."""
    if not published_name or published_name == "Other":
        return header_name
    published_family = FAMILY_OF_BASE_MODEL.get(published_name)
    if header_family and published_family and header_family != published_family:
        return header_name
    return published_name
