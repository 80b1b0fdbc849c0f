"""CivArchive's JSON as other clients have seen it: there is no published contract, and keys come in two spellings."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field

from sd_model_manager.sources.lenient import Lenient, Moment, Texts, only_objects


def _either(camel: str, snake: str, default: Any = None) -> Any:
    return Field(default=default, validation_alias=AliasChoices(camel, snake))


class MirrorPayload(Lenient):
    """Where a copy lies. `is_gated` and `is_paid` copies cannot be fetched by a program."""

    url: str = ""
    deleted_at: Any = _either("deletedAt", "deleted_at")
    is_gated: bool = False
    is_paid: bool = False


class FilePayload(Lenient):
    id: int | None = None
    name: str | None = None
    type: str = "Model"
    size_kib: float | None = _either("sizeKB", "size_kb")
    sha256: str | None = None
    model_id: int | None = _either("modelId", "model_id")
    version_id: int | None = _either("modelVersionId", "model_version_id")
    mirrors: Annotated[tuple[MirrorPayload, ...], BeforeValidator(only_objects)] = ()


class ImagePayload(Lenient):
    url: str = ""
    nsfw_level: int = _either("nsfwLevel", "nsfw_level", 0)


class VersionPayload(Lenient):
    id: int | None = None
    model_id: int | None = _either("modelId", "model_id")
    name: str = ""
    base_model: str | None = _either("baseModel", "base_model")
    description: str | None = None
    nsfw_level: int = _either("nsfwLevel", "nsfw_level", 0)
    trigger: Texts = ()
    files: Annotated[tuple[FilePayload, ...], BeforeValidator(only_objects)] = ()
    images: Annotated[tuple[ImagePayload, ...], BeforeValidator(only_objects)] = ()


class ListedVersionPayload(Lenient):
    id: int | None = None


class ModelPayload(Lenient):
    """`version` is the chosen or default one; `files` stands alone where only a hash is known."""

    id: int | None = None
    name: str | None = None
    type: str | None = None
    description: str | None = None
    tags: Texts = ()
    creator: str | None = _either("creator_username", "creator_name")
    deleted_at: Moment | None = _either("deletedAt", "deleted_at")
    version: VersionPayload | None = None
    versions: Annotated[tuple[ListedVersionPayload, ...], BeforeValidator(only_objects)] = ()
    files: Annotated[tuple[FilePayload, ...], BeforeValidator(only_objects)] = ()
