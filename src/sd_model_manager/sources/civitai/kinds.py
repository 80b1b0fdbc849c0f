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
