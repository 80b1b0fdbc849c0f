"""What a source offers: models, their versions, the files of a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from sd_model_manager.domain.generation import Generation
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.lib.codes import AnyText, AnyTexts, CautionCode, LicenceTerm

PICKLE_EXTENSIONS = frozenset({".ckpt", ".pt", ".pth", ".bin", ".pkl"})
"""Lower-case extensions of files that loaders unpickle."""


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to know before fetching. `message` says it to the user, `details` are what it names."""

    code: Annotated[CautionCode, AnyText]
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One downloadable file of a version.

    `size_bytes` is what the source announces: an expectation, not the truth. `download_url` never holds a token.
    `kind` is the source's own word (Civitai: `Model`, `VAE`, `Training Data`, ...); `model_type` is ours and can
    differ from the version's (a VAE beside a checkpoint). `is_primary` marks the one file of a version to fetch
    unless the user chooses. Hashes are lower-case; `autov3` has 12 digits.
    """

    file_id: str
    name: str
    download_url: str
    kind: str = "Model"
    model_type: ModelType = ModelType.UNKNOWN
    size_bytes: int | None = None
    sha256: str | None = None
    autov3: str | None = None
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
    generation: Generation | None = None


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """One release of a model as its source describes it now.

    `description_html` is already sanitised. `licence` is its terms in one line, `licence_terms` the same
    one by one, where they are of a known kind. `available_from` is when early access ends, `None` where there is none.
    `raw` is what the source said, zlib-compressed JSON, kept so that it survives the model's removal.
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
    licence_terms: Annotated[tuple[LicenceTerm, ...], AnyTexts] = ()
    warnings: tuple[Caution, ...] = ()
    raw: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a pasted text names at a source, found by looking at it, before any request.

    `model_id`, `version_id`, `sha256`, `short_hash` or `path` is set; `file_id` and `selectors` only where the link
    chose a file. `path` is a file's place at its source, or the whole link where that is all there is.
    """

    source: str
    model_id: str | None = None
    version_id: str | None = None
    file_id: str | None = None
    sha256: str | None = None
    short_hash: str | None = None
    selectors: tuple[tuple[str, str], ...] = ()
    path: str | None = None
    revision: str | None = None


def list_cautions(version: PublishedVersion, file: PublishedFile) -> tuple[Caution, ...]:
    """What to know before fetching this file: what is said of the version, and what its own facts say."""
    own: list[Caution] = []
    if file.is_pickle:
        text = f"'{file.name}' is a pickle file, which can run programs when it is loaded."
        own.append(Caution("PICKLE", text, {"file": file.name}))
    if file.scan_verdict in {"Danger", "Error"}:
        text = f"The source's virus scan of '{file.name}' says: {file.scan_verdict}."
        own.append(Caution("SCAN", text, {"file": file.name, "verdict": file.scan_verdict}))
    if file.sha256 is None:
        text = f"The source gives no SHA-256 for '{file.name}', so it cannot be verified."
        own.append(Caution("NO_HASH", text, {"file": file.name}))
    return (*version.warnings, *own)
