"""A model as the registry shows it: in a list, and with all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sd_model_manager.domain.ids import FolderId, ModelId, PreviewId
from sd_model_manager.domain.local import ClaimedHash, Identity, ModelPart, Place, SidecarClaim
from sd_model_manager.domain.lookups import Lookup, OwnMatch
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
    """One model in a list. `duplicates` counts the further files with the same content; `has_update` says whether a
    later version is known that is not here; `mature_bits` are the levels that its source gave it, as
    `domain/maturity.py` explains them."""

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
    own_preview: str | None
    trigger_words: tuple[str, ...]
    tags: tuple[str, ...]
    rating: int | None
    favorite: bool
    added_at: datetime
    modified_at: datetime
    state: Presence
    published: PublishedName | None
    duplicates: int
    has_update: bool = False
    mature_bits: int = 0


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
    """`origin` is `file` for one beside the model, `embedded` for the cover in the model file that `place` names."""

    preview_id: PreviewId
    place: Place
    media: str
    origin: str


@dataclass(frozen=True, slots=True)
class ReadSidecar:
    sidecar_id: int
    kind: str
    place: Place
    read_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimedNotes:
    """Notes that somebody wrote in another tool; `kind` is the sidecar's."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ModelDetail:
    """All that is known of one model.

    `provenance` says for each field that is shown who said it: `user`, `header`, `folder`, `file_name`, a source or a
    kind of sidecar. What follows it is claimed by sidecars; the description only where no source gives one.
    """

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
    own_mature_bits: int | None
    own_tags: tuple[str, ...]
    notes: str
    provenance: Mapping[str, str]
    description_html: str | None
    claimed_notes: tuple[ClaimedNotes, ...]
    preferred_weight: float | None
    claims: tuple[tuple[str, SidecarClaim], ...]
    claimed_hashes: tuple[ClaimedHash, ...] = ()
    own_match: OwnMatch | None = None
    lookup: Lookup | None = None
    parts: tuple[ModelPart, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelFilter:
    """Which models a list shows; an empty field does not narrow. Several values of one field mean any of them.

    `text` is a query, as `domain/query.py` reads it. `folder` is a path below a library folder, such as `loras/style`;
    models in its subfolders count. `mature_below` leaves out what has this bit of maturity or a higher one.
    """

    text: str = ""
    types: tuple[str, ...] = ()
    base_models: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    category: Category | None = None
    folder: str | None = None
    mature_below: int | None = None


@dataclass(frozen=True, slots=True)
class ModelPage:
    items: tuple[ModelListing, ...]
    total: int
    next_cursor: str | None
    did_you_mean: str | None = None
    """The query with its words as the library spells them, where nothing was found and that finds something."""


@dataclass(frozen=True, slots=True)
class Facets:
    """For each field its values with their counts, most frequent first; `None` stands for unknown."""

    counts: Mapping[str, tuple[tuple[str | None, int], ...]]
    total: int


@dataclass(frozen=True, slots=True)
class Completion:
    """What may stand in a query between the characters `start` and `end`. `count` is how many models have it."""

    text: str
    start: int
    end: int
    kind: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """`value` is `None` where it is unknown. `size_bytes` counts every copy of a model."""

    value: str | None
    count: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """`shares` has for each field its values, the largest first; `growth` the months of which the files are, as
    `2026-01`, the oldest first. `copies_bytes` is what further copies of the same content take."""

    total: Share
    copies_bytes: int
    shares: Mapping[str, tuple[Share, ...]]
    growth: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class LibraryFolder:
    folder_id: FolderId
    path: str
    is_online: bool
    added_at: datetime
    scanned_at: datetime | None
    model_count: int = 0
    size_bytes: int = 0
