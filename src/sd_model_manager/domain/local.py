"""What lies on the disk, and what its bytes say of themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sd_model_manager.domain.taxonomy import FileFormat, ModelType


@dataclass(frozen=True, slots=True)
class Identity:
    """What a file is, told from its header alone, with the evidence in words a user understands.

    `None` means the header cannot tell. `base_model` is the display name Civitai uses. `confidence` is 0 to 1.
    """

    type: ModelType
    format: FileFormat
    family: str | None = None
    base_model: str | None = None
    variant: str | None = None
    precision: str | None = None
    prediction: str | None = None
    network: str | None = None
    rank: int | None = None
    parameters: int | None = None
    trigger_words: tuple[str, ...] = ()
    confidence: float = 0.0
    evidence: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a file. `code` is stable (`truncated`, `unsafe_pickle`); `message` says what to do."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Hashes:
    """Hashes of one content, lower-case hexadecimal.

    `autov1` and `autov2` are the 8 and 10 digits A1111 shows; `autov3` covers the bytes behind a safetensors header
    (64 digits here, Civitai stores the first 12) and survives header edits; `crc32` is in the usual byte order.
    """

    sha256: str
    blake3: str
    crc32: str
    autov2: str
    autov1: str | None = None
    autov3: str | None = None


@dataclass(frozen=True, slots=True)
class FileStat:
    """What one `stat` tells: enough to notice that a file was replaced in place."""

    size_bytes: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A model file a scan came across. Paths are relative to its library folder, with `/`, in the disk's own case."""

    relative_path: str
    stat: FileStat


@dataclass(frozen=True, slots=True)
class Companion:
    """A file beside a model that belongs to it: a preview or another tool's sidecar."""

    relative_path: str
    kind: str
    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class SidecarClaim:
    """What another tool's file says of a model: facts to adopt, each of them optional."""

    kind: str
    relative_path: str
    raw: bytes
    published: PublishedVersionRef | None = None
    model_name: str | None = None
    version_name: str | None = None
    creator: str | None = None
    base_model: str | None = None
    model_type: ModelType | None = None
    description_html: str | None = None
    trigger_words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sha256: str | None = None
    notes: str | None = None
    fetched_at: datetime | None = None
    nsfw_level: int = 0


@dataclass(frozen=True, slots=True)
class PublishedVersionRef:
    """Names a version at a source, such as Civitai's model 10 version 20."""

    source: str
    model_id: str
    version_id: str
    url: str = field(default="")
