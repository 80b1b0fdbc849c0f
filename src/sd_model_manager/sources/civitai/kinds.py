"""Civitai's kinds of models and files in our vocabulary, a file's own kind first."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType

MAIN_FILE_KINDS = frozenset({"Model", "Pruned Model", "Diffusion Model", "UNet"})
"""File kinds that are the model itself; the others accompany it."""

_TYPE_OF_MODEL = {
    "Checkpoint": ModelType.CHECKPOINT,
    "TextualInversion": ModelType.EMBEDDING,
    "Hypernetwork": ModelType.HYPERNETWORK,
    "AestheticGradient": ModelType.OTHER,
    "LORA": ModelType.LORA,
    "LoCon": ModelType.LORA,
    "DoRA": ModelType.LORA,
    "Controlnet": ModelType.CONTROLNET,
    "Upscaler": ModelType.UPSCALER,
    "MotionModule": ModelType.MOTION_MODULE,
    "VAE": ModelType.VAE,
    "TextEncoder": ModelType.TEXT_ENCODER,
    "CLIP": ModelType.TEXT_ENCODER,
    "UNet": ModelType.DIFFUSION_MODEL,
    "CLIPVision": ModelType.CLIP_VISION,
    "Detection": ModelType.DETECTION,
    "Poses": ModelType.OTHER,
    "Wildcards": ModelType.OTHER,
    "Workflows": ModelType.OTHER,
    "ComfyWorkflows": ModelType.OTHER,
    "VisionLanguage": ModelType.OTHER,
    "LLM": ModelType.OTHER,
    "Other": ModelType.OTHER,
}
KINDS_OF_TYPE: dict[ModelType, tuple[str, ...]] = {
    model_type: tuple(kind for kind, found in _TYPE_OF_MODEL.items() if found is model_type)
    for model_type in ModelType
    if model_type in _TYPE_OF_MODEL.values()
}
"""What Civitai is asked for when a type of ours is wanted."""

BASE_MODELS = (
    "Illustrious", "NoobAI", "Pony", "Pony V7", "SDXL 1.0", "SDXL Lightning", "SDXL Hyper", "SD 1.4", "SD 1.5",
    "SD 1.5 LCM", "SD 1.5 Hyper", "SD 2.0", "SD 2.1", "SD 3.5 Large", "SD 3.5 Medium", "Flux.1 D", "Flux.1 S",
    "Flux.1 Krea", "Flux.1 Kontext", "Flux.2 D", "Flux.2 Klein 9B", "Flux.2 Klein 4B", "ZImageTurbo", "ZImageBase",
    "Qwen", "Qwen 2", "Chroma", "HiDream", "Lumina", "Kolors", "AuraFlow", "Anima", "Hunyuan 1", "PixArt a", "PixArt E",
    "Wan Video 1.3B t2v", "Wan Video 14B t2v", "Wan Video 14B i2v 480p", "Wan Video 14B i2v 720p",
    "Wan Video 2.2 TI2V-5B", "Wan Video 2.2 T2V-A14B", "Wan Video 2.2 I2V-A14B", "Hunyuan Video", "LTXV", "LTXV2",
    "LTXV 2.3", "CogVideoX", "Mochi", "ACE Audio", "Upscaler", "Other",
)  # fmt: skip
"""Those with weights to download, as Civitai's `basemodel.constants.ts` of 2026-08 names them. It takes any other name,
too: new ones come every month."""

_TYPE_OF_FILE = {
    "Text Encoder": ModelType.TEXT_ENCODER,
    "Vision Encoder": ModelType.CLIP_VISION,
    "CLIPVision": ModelType.CLIP_VISION,
    "Negative": ModelType.EMBEDDING,
    "VAE": ModelType.VAE,
    "UNet": ModelType.DIFFUSION_MODEL,
    "Diffusion Model": ModelType.DIFFUSION_MODEL,
    "ControlNet": ModelType.CONTROLNET,
    "Upscaler": ModelType.UPSCALER,
    "Enhancement LoRA": ModelType.LORA,
    "Training Data": ModelType.OTHER,
    "Config": ModelType.OTHER,
    "Workflow": ModelType.OTHER,
    "Archive": ModelType.OTHER,
    "Other": ModelType.OTHER,
}


def model_type_of(model_type: str | None) -> ModelType:
    """The type of a whole model; words Civitai has added since are `unknown`."""
    return _TYPE_OF_MODEL.get(model_type or "", ModelType.UNKNOWN)


def file_type_of(model_type: str | None, file_kind: str, file_format: str | None) -> ModelType:
    """The type of one file: by its own kind, then by its model. A checkpoint in GGUF holds the diffusion part alone."""
    by_model = model_type_of(model_type)
    if file_kind in _TYPE_OF_FILE:
        return _TYPE_OF_FILE[file_kind]
    if by_model is ModelType.CHECKPOINT and file_format == "GGUF":
        return ModelType.DIFFUSION_MODEL
    return by_model
