"""What lies on the disk, and what its bytes say of themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.taxonomy import Category, FileFormat, ModelType
from sd_model_manager.lib.codes import AnyText, ProblemCode, ScanProblemCode


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
    """Something wrong with a file. `code` is stable (`truncated`, `unsafe_pickle`); `message` says what to do.

    `details` are what the message names: numbers, names.
    """

    code: Annotated[ProblemCode, AnyText]
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)


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


class HashKind(StrEnum):
    SHA256 = "sha256"
    AUTOV1 = "autov1"
    AUTOV2 = "autov2"
    AUTOV3 = "autov3"
    BLAKE3 = "blake3"
    CRC32 = "crc32"


_DIGITS = {
    HashKind.SHA256: (64,),
    HashKind.AUTOV1: (8,),
    HashKind.AUTOV2: (10,),
    HashKind.AUTOV3: (12, 64),
    HashKind.BLAKE3: (64,),
    HashKind.CRC32: (8,),
}
_NO_HASH = re.compile(r"0+|e3b0c44298fc(1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855)?")
"""What stands in place of a hash where none was computed: zeros, the SHA-256 of nothing."""


def is_hash(kind: HashKind, digest: str) -> bool:
    """Whether it can be one: lower-case hexadecimal of the right length, and no placeholder."""
    is_long_enough = len(digest) in _DIGITS[kind] and bool(re.fullmatch(r"[0-9a-f]+", digest))
    return is_long_enough and not _NO_HASH.fullmatch(digest)


class ClaimState(StrEnum):
    """Whether the bytes bear out what was claimed of them; `unverified` until they are hashed."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class ClaimedHash:
    """What someone else says a hash is, lower-case hexadecimal, as many digits as they gave.

    `origin` is the kind of a sidecar, `header`, or another tool's cache.
    """

    kind: HashKind
    digest: str
    origin: str
    state: ClaimState = ClaimState.UNVERIFIED


@dataclass(frozen=True, slots=True)
class FileStat:
    """What one `stat` tells: enough to notice that a file was replaced in place."""

    size_bytes: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file lies: in a library folder or, `category` archive, in the archive beside it.

    `relative_path` has `/` between its parts and the disk's own case.
    """

    folder_id: FolderId
    relative_path: str
    category: Category = Category.ACTIVE


@dataclass(frozen=True, slots=True)
class Companion:
    """A file beside a model that belongs to it. `kind` is `image`, `video`, or a sidecar's."""

    relative_path: str
    kind: str
    stat: FileStat


@dataclass(frozen=True, slots=True)
class PublishedRef:
    """Names a version at a source, such as Civitai's version 20 of model 10."""

    source: str
    model_id: str
    version_id: str


@dataclass(frozen=True, slots=True)
class SidecarClaim:
    """What another tool's file says of a model: facts to adopt, each of them optional.

    `published` is the version where the sidecar describes one. `sha256` is what it claims the file's hash to be,
    `hashes` are the others that it states, by their kind.
    `base_model` is the display name Civitai uses, `description_html` is sanitised, `preferred_weight` is the strength
    that the user or the creator uses the model at.
    """

    published: PublishedVersion | None = None
    sha256: str | None = None
    trigger_words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    model_name: str | None = None
    base_model: str | None = None
    model_type: ModelType | None = None
    description_html: str | None = None
    notes: str | None = None
    preferred_weight: float | None = None
    hashes: Mapping[HashKind, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A sidecar as read: its bytes as they are, and what they claim.

    `said_at` is how old that is, where it is older than the file: one that this program wrote.
    """

    companion: Companion
    raw: bytes
    claim: SidecarClaim
    said_at: datetime | None = None


MARK_OF_PARTS = "parts:"
"""Begins the fingerprint of a model of several files. There is no one hash of its bytes that anybody else knows, so it
has none, and nothing that is claimed of a hash is about it."""


@dataclass(frozen=True, slots=True)
class ModelPart:
    """One file of a model of several; `filename` is below the folder where the first lies, with `/` between folders."""

    filename: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """All that one look at a model file and its neighbours tells, without its weights.

    A model of several files has `parts`, and the place of its first file or of the folder that it is. Its size is that
    of all, its time the newest, and its inode changes with any of them.
    """

    place: Place
    stat: FileStat
    quick_fingerprint: str
    identity: Identity
    header_metadata: Mapping[str, str]
    companions_digest: str = ""
    previews: tuple[Companion, ...] = ()
    sidecars: tuple[Sidecar, ...] = ()
    parts: tuple[ModelPart, ...] = ()


@dataclass(frozen=True, slots=True)
class ScanProblem:
    """A file that could not be taken in, with the reason and what to do."""

    place: Place
    code: ScanProblemCode
    message: str
