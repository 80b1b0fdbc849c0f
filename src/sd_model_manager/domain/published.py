"""What a source offers: models, their versions, the files of a version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sd_model_manager.domain.taxonomy import ModelType


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One downloadable file of a version.

    `size_bytes` is what the source announces: an expectation, not the truth. `download_url` never holds a token.
    `kind` is the source's own word (Civitai: `Model`, `VAE`, `Training Data`, ...).
    """

    file_id: str
    name: str
    download_url: str
    kind: str = "Model"
    size_bytes: int | None = None
    sha256: str | None = None
    format: str | None = None
    precision: str | None = None
    size_label: str | None = None
    is_primary: bool = False
    is_pickle: bool = False
    scan_verdict: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedImage:
    """A preview at the source. `nsfw_level` is Civitai's bit (1 PG ... 16 XXX, 0 not rated)."""

    url: str
    media: str = "image"
    width: int | None = None
    height: int | None = None
    nsfw_level: int = 0
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """One release of a model as its source describes it now.

    `description_html` is already sanitised. `available_from` is when early access ends. `raw` is the body that said
    all this, kept so that it survives the model's removal.
    """

    source: str
    model_id: str
    version_id: str
    model_name: str
    version_name: str
    model_type: ModelType
    page_url: str
    base_model: str | None = None
    creator: str | None = None
    description_html: str | None = None
    version_description_html: str | None = None
    trigger_words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    files: tuple[PublishedFile, ...] = ()
    images: tuple[PublishedImage, ...] = ()
    nsfw_level: int = 0
    published_at: datetime | None = None
    available_from: datetime | None = None
    licence: str | None = None
    warnings: tuple[str, ...] = ()
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a pasted text names at a source, found by looking at it, before any request.

    `model_id` or `version_id` is set; `file_id` only where the link chose a file.
    """

    source: str
    model_id: str | None = None
    version_id: str | None = None
    file_id: str | None = None
    sha256: str | None = None
    path: str | None = None
    revision: str | None = None
