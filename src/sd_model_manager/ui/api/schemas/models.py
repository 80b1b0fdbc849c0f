"""Models as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from sd_model_manager.domain.local import ClaimState, HashKind
from sd_model_manager.domain.lookups import OwnMatch
from sd_model_manager.domain.maturity import MatureLevel
from sd_model_manager.domain.taxonomy import Category, FileFormat, ModelType, Presence
from sd_model_manager.ui.api.schemas.published import GenerationOut
from sd_model_manager.ui.api.schemas.updates import LookupOut

Sort = Literal[
    "name",
    "-name",
    "added_at",
    "-added_at",
    "size_bytes",
    "-size_bytes",
    "modified_at",
    "-modified_at",
    "rating",
    "-rating",
    "type",
    "-type",
    "base_model",
    "-base_model",
]


class PublishedOut(BaseModel):
    """Where the model is published; `None` ids are unknown there."""

    source: str
    model_id: str
    version_id: str
    model_name: str
    version_name: str
    creator: str | None
    url: str


class ModelOut(BaseModel):
    """A model in a list. `path` is absolute, `folder` is relative to its library folder. `has_update`: a later version
    is known that is not here. `mature_level` is the highest of what its source rated it as. Where `is_blurred`,
    `preview_url` ends with `/blurred`; with `/clear` instead it is the picture itself, unless mature content is
    locked."""

    id: int
    name: str
    filename: str
    path: str
    folder: str
    size_bytes: int
    type: ModelType
    base_model: str | None
    format: FileFormat
    precision: str | None
    category: Category
    sha256: str | None
    autov3: str | None
    preview_url: str | None
    preview_media: Literal["image", "video"] | None
    trigger_words: list[str]
    tags: list[str]
    rating: int | None
    favorite: bool
    added_at: datetime
    modified_at: datetime
    state: Presence
    published: PublishedOut | None
    duplicates: int
    has_update: bool
    mature_level: MatureLevel | None
    is_blurred: bool


class ModelPage(BaseModel):
    items: list[ModelOut]
    total: int
    next_cursor: str | None
    did_you_mean: str | None
    """A query that finds something, where this one found nothing and has a word that was perhaps mistyped."""


class ProblemOut(BaseModel):
    code: str
    message: str
    details: dict[str, Any] = {}


class IdentityOut(BaseModel):
    """What the header says the file is. `confidence` is 0 to 1; `candidates` are named where the header cannot tell."""

    type: ModelType
    family: str | None
    base_model: str | None
    variant: str | None
    format: FileFormat
    precision: str | None
    prediction: str | None
    network: str | None
    rank: int | None
    parameters: int | None
    trigger_words: list[str]
    confidence: float
    evidence: list[str]
    candidates: list[str]
    problems: list[ProblemOut]


class PartOut(BaseModel):
    """One file of a model of several; `filename` is below the folder where the first lies."""

    filename: str
    size_bytes: int


class LocationOut(BaseModel):
    id: int
    path: str
    folder: str
    filename: str
    library_folder: str
    category: Category
    state: Presence
    size_bytes: int
    modified_at: datetime
    found_at: datetime


class HashesOut(BaseModel):
    """Lower-case hex. `claimed_sha256` comes from another tool's file and is not yet verified."""

    sha256: str | None
    claimed_sha256: str | None
    autov1: str | None
    autov2: str | None
    autov3: str | None
    blake3: str | None
    crc32: str | None
    hashed_at: datetime | None


class ClaimedHashOut(BaseModel):
    """What a sidecar (`origin` is its kind), the file's `header` or another program's cache (`cache:a1111`) says a hash
    is, in as many digits as it gives; `contradicted` where the file's bytes are others."""

    kind: HashKind
    digest: str
    origin: str
    state: ClaimState


class PreviewOut(BaseModel):
    """`own` is the one you chose, whose `id` is 0; `embedded` is a cover that the model file carries."""

    id: int
    origin: Literal["own", "file", "embedded"]
    url: str
    media: Literal["image", "video"]


class PreviewChoiceIn(BaseModel):
    """`preview_id` is the `id` of one of the model's previews."""

    model_config = {"extra": "forbid"}

    preview_id: Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)]


class SidecarOut(BaseModel):
    """`/api/models/{model_id}/sidecars/{id}` has its text."""

    id: int
    kind: str
    filename: str
    read_at: datetime


class UserNotesOut(BaseModel):
    """What the user said. The `own_` fields are shown in the model's name, type, base model and tags; where they are
    `None` or empty, those are what the file and its source say."""

    own_name: str | None
    own_type: ModelType | None
    own_base_model: str | None
    own_mature_level: MatureLevel | None
    own_tags: list[str]
    favorite: bool
    rating: int | None
    notes: str


class PublishedImageOut(BaseModel):
    """`url`, `prompt` and `generation` are missing where the picture is too mature to be shown; `reveal` asks for
    them."""

    url: str | None
    media: Literal["image", "video"]
    width: int | None
    height: int | None
    nsfw_level: int
    mature_level: MatureLevel | None
    prompt: str | None
    generation: GenerationOut | None


class PublishedDetailOut(PublishedOut):
    """The description is sanitised HTML; `licence` the terms in one line, `null` where nothing is said of them."""

    base_model: str | None
    licence: str | None
    licence_terms: list[str]
    description_html: str | None
    version_description_html: str | None
    trigger_words: list[str]
    tags: list[str]
    images: list[PublishedImageOut]
    nsfw_level: int
    mature_level: MatureLevel | None
    published_at: datetime | None
    fetched_at: datetime


class ClaimedNotesOut(BaseModel):
    """Notes written in another tool; `kind` is that of the sidecar."""

    kind: str
    text: str


class ModelDetailOut(ModelOut):
    """All that is known of one model.

    `provenance` says who said what is shown: for `name`, `type`, `base_model`, `trigger_words`, `tags`, `description`,
    `notes` and `preferred_weight` it is `user`, `header`, `folder`, `file_name`, a source such as `civitai`, or a kind
    of sidecar; several are joined with commas, and what nobody said is left out. `description_html`, sanitised, is what
    sidecars say where no source describes the model; `preferred_weight` is the strength they say to use it at.
    """

    locations: list[LocationOut]
    parts: list[PartOut]
    """All files of a sharded model or a diffusers folder; empty for a model of one file."""

    identity: IdentityOut
    hashes: HashesOut
    claimed_hashes: list[ClaimedHashOut]
    header_metadata: dict[str, str]
    previews: list[PreviewOut]
    sidecars: list[SidecarOut]
    published_detail: PublishedDetailOut | None
    own_match: OwnMatch | None
    """What you say of where it is published: `chosen` by a link, or `none` of what was found."""
    lookup: LookupOut | None
    user: UserNotesOut
    provenance: dict[str, str]
    description_html: str | None
    claimed_notes: list[ClaimedNotesOut]
    preferred_weight: float | None


class FacetValue(BaseModel):
    """`value` is `None` for models where it is unknown."""

    value: str | None
    count: int


class FacetsOut(BaseModel):
    type: list[FacetValue]
    base_model: list[FacetValue]
    tag: list[FacetValue]
    category: list[FacetValue]
    folder: list[FacetValue]
    total: int


class CompletionOut(BaseModel):
    """`text` may stand between the characters `start` and `end` of the query. `count` is how many models have it."""

    text: str
    start: int
    end: int
    kind: str
    count: int | None


class ShareOut(BaseModel):
    """`value` is `None` where it is unknown. `size_bytes` counts every copy of a model that is not missing."""

    value: str | None
    count: int
    size_bytes: int


class StatisticsOut(BaseModel):
    """The largest share first. `growth` has the months of which the files are, as 2026-01, the oldest first;
    `copies_bytes` is what further copies of the same content take."""

    total_count: int
    total_bytes: int
    copies_bytes: int
    shares: dict[str, list[ShareOut]]
    growth: list[ShareOut]
