"""What a download is asked with, and what is known of it before it starts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, model_validator

from sd_model_manager.domain.tasks import FINAL_STATES, TaskState
from sd_model_manager.domain.taxonomy import Category, ModelType
from sd_model_manager.tasks.order import End
from sd_model_manager.ui.api.schemas.models import IdentityOut, ModelOut, PublishedOut
from sd_model_manager.ui.api.schemas.published import Caution, PublishedFileOut
from sd_model_manager.ui.api.schemas.tasks import DownloadOut

FileId = int | Annotated[str, Field(max_length=2000)]


class DownloadIn(BaseModel):
    """`url` is anything a user pastes: a Civitai page, an API download link, an AIR, a plain https link.

    `file_id` is one of those that inspecting offers: a number at Civitai, a path at Hugging Face. `file_ids` are
    several of them, each of which becomes a download of its own.
    `folder` is relative to the library folder or the absolute path of a folder inside one.
    `position` is where in the queue it goes.
    """

    model_config = {"extra": "forbid"}

    url: str = Field(min_length=1, max_length=4000)
    file_id: FileId | None = None
    file_ids: list[FileId] = Field(default_factory=list, max_length=100)
    folder: str | None = Field(default=None, max_length=2000)
    filename: str | None = Field(default=None, min_length=1, max_length=300)
    category: Category = Category.ACTIVE
    position: End = End.LAST


class MoveIn(BaseModel):
    """Where in the queue: `before` another download (`null`: behind all), or `to` one of its ends."""

    model_config = {"extra": "forbid"}

    before: str | None = Field(default=None, max_length=100)
    to: End | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if len(self.model_fields_set) != 1 or (
            self.before is None and self.to is None and "to" in self.model_fields_set
        ):
            raise ValueError("give either 'before' or 'to'")
        return self


class ClearIn(BaseModel):
    """`states`: which finished downloads to take out of the history; all of them where it is left out."""

    model_config = {"extra": "forbid"}

    states: list[TaskState] = Field(default_factory=lambda: sorted(FINAL_STATES), max_length=3)


class ClearedOut(BaseModel):
    removed: int


class RefusedTask(BaseModel):
    """A download that a command could not change, and why."""

    task_id: str
    code: str
    error: str
    details: dict[str, Any] = {}


class CommandedOut(BaseModel):
    """What became of a command to all, for each download that could take it."""

    changed: list[DownloadOut]
    refused: list[RefusedTask]


class RefusedFile(BaseModel):
    """A file that was not queued, and why."""

    file_id: str
    code: str
    error: str
    details: dict[str, Any] = {}


class StartedOut(DownloadOut):
    """The download that was queued, of several the first. `tasks` are all of them."""

    tasks: list[DownloadOut]
    refused: list[RefusedFile]


class OfferedFile(PublishedFileOut):
    """`is_chosen` marks the one to be fetched, `is_companion` those that go with it."""

    is_chosen: bool
    is_companion: bool


class RoomOut(BaseModel):
    """A file system that downloads go to. `needed_bytes`: what all that are queued or running there still bring."""

    path: str
    free_bytes: int
    needed_bytes: int


class LimitsOut(BaseModel):
    """What holds for downloads now. `bytes_per_second`: for all of them together, `null` where there is no limit."""

    bytes_per_second: int | None
    is_scheduled: bool
    downloads_at_once: int
    downloads_per_host: int
    rooms: list[RoomOut]


class InspectOut(BaseModel):
    """`needed_bytes`: what this file, and all downloads queued or running on its file system, still bring there.

    `identity` is what the file's own header says, looked at where it lies; `null` where that could not be done.
    `nsfw_level`: bits of Civitai's (1 PG, 2 PG-13, 4 R, 8 X, 16 XXX), 0 where nobody has rated it. `available_from`:
    when early access ends, and `licence`: its terms in one line, both `null` where nothing is said of that.
    """

    published: PublishedOut
    type: ModelType
    base_model: str | None
    description_html: str | None
    trigger_words: list[str]
    images: list[str]
    nsfw_level: int
    licence: str | None
    licence_terms: list[str]
    available_from: datetime | None
    files: list[OfferedFile]
    path: str
    size_bytes: int | None
    free_bytes: int
    needed_bytes: int
    on_disk: ModelOut | None
    identity: IdentityOut | None
    warnings: list[Caution]
