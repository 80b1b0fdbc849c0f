"""Civitai's JSON as it comes: every field optional, unknown keys ignored, a field that does not fit left out.

Shapes: https://github.com/civitai/civitai, `src/pages/api/v1`, as of 2026-08, and the two older generations of
early-access fields. The site changes them several times a year.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field

from sd_model_manager.sources.lenient import Lenient, Moment, Texts, only_objects


def _text_entries(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {str(key): text for key, text in value.items() if isinstance(text, str)}


def _finite(number: float) -> float:
    if not math.isfinite(number) or not 0 <= number < 2**53:
        raise ValueError("not a size")
    return number


def _rights(value: Any) -> Any:
    """An array, one word, or a PostgreSQL literal such as `{Image,RentCivit}`, depending on the year."""
    if isinstance(value, str):
        return [word.strip().strip('"') for word in value.strip("{}").split(",") if word.strip()]
    return value


def _level(value: Any) -> Any:
    """Once a word, now a bit."""
    return _LEVEL_OF_WORD.get(value, value) if isinstance(value, str) else value


def _unwrapped(meta: Any) -> Any:
    """Some endpoints wrap it in `{id, meta}`."""
    inner = meta.get("meta") if isinstance(meta, dict) else None
    return inner if isinstance(inner, dict) else meta


_LEVEL_OF_WORD = {"None": 1, "Soft": 2, "Mature": 4, "X": 8}

Rights = Annotated[tuple[str, ...], BeforeValidator(_rights)]
Size = Annotated[float, AfterValidator(_finite)]
Level = Annotated[int, BeforeValidator(_level)]


class FileMetadataPayload(Lenient):
    format: str | None = None
    size: str | None = None
    fp: str | None = None
    quant_type: str | None = Field(default=None, alias="quantType")


class FilePayload(Lenient):
    id: int | None = None
    name: str | None = None
    size_kib: Size | None = Field(default=None, alias="sizeKB")
    type: str = "Model"
    pickle_scan: str | None = Field(default=None, alias="pickleScanResult")
    virus_scan: str | None = Field(default=None, alias="virusScanResult")
    metadata: FileMetadataPayload = FileMetadataPayload()
    hashes: Annotated[dict[str, str], BeforeValidator(_text_entries)] = Field(default_factory=dict)
    download_url: str = Field(default="", alias="downloadUrl")
    primary: bool = False


class ResourcePayload(Lenient):
    """A model that took part in a picture, in any of the three shapes there are."""

    type: str | None = None
    name: str | None = Field(default=None, validation_alias=AliasChoices("name", "modelVersionName"))
    weight: float | None = Field(default=None, validation_alias=AliasChoices("weight", "strength"))
    version_id: int | None = Field(default=None, validation_alias="modelVersionId")


Resources = Annotated[tuple[ResourcePayload, ...], BeforeValidator(only_objects)]


class ImageMetaPayload(Lenient):
    """How a picture was made: as A1111 says it (`Size`, `Model`), or ComfyUI (`width`, `models`), or Civitai's own
    generator. Numbers may be texts."""

    prompt: str | None = None
    negative_prompt: str | None = Field(default=None, alias="negativePrompt")
    sampler: str | None = None
    scheduler: str | None = Field(default=None, validation_alias=AliasChoices("Schedule type", "scheduler"))
    steps: int | None = None
    cfg_scale: float | None = Field(default=None, alias="cfgScale")
    seed: int | None = None
    size: str | None = Field(default=None, alias="Size")
    width: int | None = None
    height: int | None = None
    clip_skip: int | None = Field(default=None, validation_alias=AliasChoices("Clip skip", "clipSkip"))
    model: str | None = Field(default=None, alias="Model")
    models: Texts = ()
    resources: Resources = ()
    civitai_resources: Resources = Field(default=(), alias="civitaiResources")
    additional_resources: Resources = Field(default=(), alias="additionalResources")


class ImagePayload(Lenient):
    url: str = ""
    type: str = "image"
    width: int | None = None
    height: int | None = None
    nsfw_level: Level = Field(default=0, alias="nsfwLevel")
    meta: Annotated[ImageMetaPayload, BeforeValidator(_unwrapped)] = ImageMetaPayload()


class PaidAccessPayload(Lenient):
    permanent: bool = False
    ends_at: Moment | None = Field(default=None, alias="endsAt")


class ModelOfVersionPayload(Lenient):
    name: str | None = None
    type: str | None = None
    nsfw: bool = False
    mode: str | None = None


class VersionPayload(Lenient):
    id: int | None = None
    model_id: int | None = Field(default=None, alias="modelId")
    name: str = ""
    base_model: str | None = Field(default=None, alias="baseModel")
    description: str | None = None
    published_at: Moment | None = Field(default=None, alias="publishedAt")
    trained_words: Texts = Field(default=(), alias="trainedWords")
    nsfw_level: Level = Field(default=0, alias="nsfwLevel")
    vae_id: int | None = Field(default=None, alias="vaeId")
    usage_control: str | None = Field(default=None, alias="usageControl")
    availability: str | None = None
    paid_access: PaidAccessPayload | None = Field(default=None, alias="paidAccess")
    early_access_ends_at: Moment | None = Field(default=None, alias="earlyAccessEndsAt")
    early_access_deadline: Moment | None = Field(default=None, alias="earlyAccessDeadline")
    early_access_days: int | None = Field(default=None, alias="earlyAccessTimeFrame")
    model: ModelOfVersionPayload = ModelOfVersionPayload()
    files: Annotated[tuple[FilePayload, ...], BeforeValidator(only_objects)] = ()
    images: Annotated[tuple[ImagePayload, ...], BeforeValidator(only_objects)] = ()


class CreatorPayload(Lenient):
    username: str | None = None


class NamedPayload(Lenient):
    """A tag (`name`) or a creator (`username`) as it is listed."""

    name: str | None = None
    username: str | None = None
    models: int | None = Field(default=None, alias="modelCount")


class StatsPayload(Lenient):
    """A creator can hide the downloads."""

    downloads: int | None = Field(default=None, alias="downloadCount")
    likes: int | None = Field(default=None, alias="thumbsUpCount")


class ModelPayload(Lenient):
    id: int | None = None
    name: str | None = None
    type: str | None = None
    description: str | None = None
    nsfw: bool = False
    nsfw_level: Level = Field(default=0, alias="nsfwLevel")
    mode: str | None = None
    tags: Texts = ()
    creator: CreatorPayload = CreatorPayload()
    stats: StatsPayload = StatsPayload()
    allow_no_credit: bool | None = Field(default=None, alias="allowNoCredit")
    allow_commercial_use: Rights | None = Field(default=None, alias="allowCommercialUse")
    allow_derivatives: bool | None = Field(default=None, alias="allowDerivatives")
    allow_different_licence: bool | None = Field(default=None, alias="allowDifferentLicense")
    versions: Annotated[tuple[VersionPayload, ...], BeforeValidator(only_objects)] = Field(
        default=(), alias="modelVersions"
    )


class HashHitPayload(Lenient):
    version_id: int | None = Field(default=None, alias="modelVersionId")
    model_id: int | None = Field(default=None, alias="modelId")
    hash: str = ""
