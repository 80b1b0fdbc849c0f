"""What a source publishes, as the API shows it wherever it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sd_model_manager.domain.generation import Generation
from sd_model_manager.domain.infotext import PictureText
from sd_model_manager.domain.published import Caution, PublishedFile
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.ui.api.schemas import published as schemas


def describe_file(file: PublishedFile, type_of_version: ModelType) -> dict[str, Any]:
    """The fields of PublishedFileOut; a file of which nobody says the type is of that of its version."""
    return {
        "file_id": file.file_id,
        "name": file.name,
        "kind": file.kind,
        "type": type_of_version if file.model_type is ModelType.UNKNOWN else file.model_type,
        "size_bytes": file.size_bytes,
        "format": file.format,
        "precision": file.precision,
        "sha256": file.sha256,
        "is_primary": file.is_primary,
        "is_pickle": file.is_pickle,
    }


def present_cautions(cautions: Iterable[Caution]) -> list[schemas.Caution]:
    return [
        schemas.Caution(code=caution.code, message=caution.message, details=dict(caution.details))
        for caution in cautions
    ]


def present_generation(generation: Generation | None) -> schemas.GenerationOut | None:
    return schemas.GenerationOut(**asdict(generation)) if generation else None


def present_picture_text(text: PictureText) -> schemas.PictureTextOut:
    generation = present_generation(text.generation)
    return schemas.PictureTextOut(prompt=text.prompt, generation=generation, has_workflow=text.has_workflow)
