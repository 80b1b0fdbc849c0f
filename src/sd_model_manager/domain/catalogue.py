"""A model as the registry shows it: in a list, and with all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sd_model_manager.domain.ids import FolderId, ModelId, PreviewId
from sd_model_manager.domain.local import ClaimedHash, Identity, Place
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.taxonomy import Category, FileFormat, ModelType, Presence


@dataclass(frozen=True, slots=True)
class PublishedName:
    """Where a model is published, in words and ids."""

    source: str
    model_id: str
    version_id: str
    model_name: str
    version_name: str
    creator: str | None
    url: str


@dataclass(frozen=True, slots=True)
class ModelListing:
    """One model in a list. `duplicates` counts the further files with the same content."""

    model_id: ModelId
    name: str
    place: Place
    size_bytes: int
    type: ModelType
    base_model: str | None
    format: FileFormat
    precision: str | None
    sha256: str | None
    autov3: str | None
    preview_id: PreviewId | None
    preview_media: str | None
    trigger_words: tuple[str, ...]
    tags: tuple[str, ...]
    rating: int | None
    favorite: bool
    added_at: datetime
    modified_at: datetime
    state: Presence
    published: PublishedName | None
    duplicates: int


@dataclass(frozen=True, slots=True)
class Location:
    location_id: int
    place: Place
    state: Presence
    size_bytes: int
    modified_at: datetime
    found_at: datetime


@dataclass(frozen=True, slots=True)
class KnownHashes:
    """`claimed_sha256` is another tool's word and not verified yet."""

    sha256: str | None
    claimed_sha256: str | None
    autov1: str | None
    autov3: str | None
    blake3: str | None
    crc32: str | None
    hashed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    preview_id: PreviewId
    place: Place
    media: str


@dataclass(frozen=True, slots=True)
class ReadSidecar:
    kind: str
    place: Place
    read_at: datetime


@dataclass(frozen=True, slots=True)
class ModelDetail:
    """All that is known of one model."""

    listing: ModelListing
    locations: tuple[Location, ...]
    identity: Identity
    hashes: KnownHashes
    header_metadata: Mapping[str, str]
    previews: tuple[Preview, ...]
    sidecars: tuple[ReadSidecar, ...]
    published: PublishedVersion | None
    published_fetched_at: datetime | None
    own_name: str | None
    own_type: ModelType | None
    own_base_model: str | None
    own_tags: tuple[str, ...]
    notes: str
    claims: tuple[ClaimedHash, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelFilter:
    """Which models a list shows; an empty field does not narrow. Several values of one field mean any of them.

    `text` is a query, as `domain/query.py` reads it. `folder` is a path below a library folder, such as `loras/style`;
    models in its subfolders count.
    """

    text: str = ""
    types: tuple[str, ...] = ()
    base_models: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    category: Category | None = None
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class ModelPage:
    items: tuple[ModelListing, ...]
    total: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Facets:
    """For each field its values with their counts, most frequent first; `None` stands for unknown."""

    counts: Mapping[str, tuple[tuple[str | None, int], ...]]
    total: int


@dataclass(frozen=True, slots=True)
class LibraryFolder:
    folder_id: FolderId
    path: str
    is_online: bool
    added_at: datetime
    scanned_at: datetime | None
    model_count: int = 0
    size_bytes: int = 0
