"""What a sidecar format has to offer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol, runtime_checkable

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.domain.published import PublishedFile, PublishedVersion
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.lib.errors import Code, Conflict


class VersionParser(Protocol):
    """Reads a source's own JSON of a version, which some tools keep as it is. `None`: it is not one."""

    def __call__(self, raw: bytes) -> PublishedVersion | None: ...


@dataclass(frozen=True, slots=True)
class SidecarFile:
    """A sidecar's bytes, and the name of the model beside it without its extension."""

    raw: bytes
    stem: str
    parse_version: VersionParser


class SidecarFormat(Protocol):
    """One tool's format. `suffix` is what its name has behind the model's stem, in lower case; formats can share it."""

    @property
    def kind(self) -> str: ...

    @property
    def suffix(self) -> str: ...

    def read(self, file: SidecarFile) -> SidecarClaim | None:
        """What it says; `None` where it has another shape or says nothing. Raises ValueError where it is unreadable."""


@dataclass(frozen=True, slots=True)
class OwnFacts:
    """What the user says of a model; what is empty was not said."""

    name: str | None = None
    type: ModelType | None = None
    base_model: str | None = None
    tags: tuple[str, ...] = ()
    notes: str = ""
    favorite: bool = False
    rating: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Only what was said."""
        said = {
            "name": self.name,
            "type": self.type.value if self.type else None,
            "base_model": self.base_model,
            "tags": list(self.tags),
            "notes": self.notes,
            "favorite": self.favorite,
            "rating": self.rating,
        }
        return {key: value for key, value in said.items() if value or (key == "rating" and value is not None)}


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """What can be written beside one file of a model.

    `type` is the one that is shown. What follows `own` is what sources and other tools say, without the user and
    without the header, which every tool reads for itself. `path` is absolute with `/`, `modified_at` in seconds since
    1970. `family` is that of the structure (`sdxl`). `answer` is Civitai's own answer for the version, `None` where
    none is kept. `sha256` has been computed from the file. `said_at` is how old what a new or changed file says of its
    source is.
    """

    stem: str
    path: str
    size_bytes: int
    modified_at: float
    type: ModelType
    sha256: str | None = None
    autov3: str | None = None
    family: str | None = None
    own: OwnFacts = field(default_factory=OwnFacts)
    name: str | None = None
    base_model: str | None = None
    trigger_words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    description_html: str | None = None
    preferred_weight: float | None = None
    published: PublishedVersion | None = None
    answer: Mapping[str, Any] | None = None
    said_at: datetime | None = None


class SidecarRefused(Conflict):
    """A file was not written; `code` says why.

    `OTHER_SHAPE`: another tool's file has this name. `OTHER_MODEL`: it is about another model. `UNREADABLE`: it cannot
    be edited without loss. `NOT_ENOUGH_KNOWN`: the tool needs what is not known.
    """

    code: ClassVar[Code] = "SIDECAR_REFUSED"


@runtime_checkable
class WritableFormat(Protocol):
    """A format that is also written, where the user asks for it."""

    @property
    def kind(self) -> str: ...

    @property
    def suffix(self) -> str: ...

    def compose(self, existing: bytes | None, facts: ExportFacts) -> bytes | None:
        """The file's bytes with these facts in it, the same bytes where there is nothing to change. `existing` is what
        lies there, `None` where nothing does; so is the answer where nothing is known that is worth a file. Raises
        SidecarRefused."""


def parse_version(file: SidecarFile, body: Mapping[str, Any]) -> PublishedVersion | None:
    """The version that a body in the shape of Civitai's answer describes. Raises ValueError."""
    try:
        return file.parse_version(json.dumps(body).encode())
    except OverflowError as error:
        raise ValueError("it names a date that no calendar has") from error


def find_own_file(version: PublishedVersion, stem: str) -> PublishedFile | None:
    """Which of a version's files lies beside the sidecar: the one of this name, else the one to fetch."""
    same_name = [file for file in version.files if file.name.rpartition(".")[0].lower() == stem.lower()]
    primary = [file for file in version.files if file.is_primary]
    for files in (same_name, primary, version.files):
        if len(files) == 1:
            return files[0]
    return None
