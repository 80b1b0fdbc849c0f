"""What a user wants downloaded, and what is known of it before it starts."""

from __future__ import annotations

from dataclasses import dataclass

from sd_model_manager.domain.catalogue import ModelListing
from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.local import Identity
from sd_model_manager.domain.published import Caution, PublishedFile, PublishedVersion
from sd_model_manager.domain.tasks import Task
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.download.plan import Destination
from sd_model_manager.download.space import Room
from sd_model_manager.lib.errors import AppError


@dataclass(frozen=True, slots=True)
class DownloadWish:
    """A pasted link and the user's own choices; what is `None` is chosen by the planner.

    `is_urgent`: before all that waits.
    """

    url: str
    file_id: str | None = None
    folder: str | None = None
    filename: str | None = None
    category: Category = Category.ACTIVE
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class PlannedDownload:
    """A wish after its source was asked. `on_disk` is the model that has these bytes already.

    `room` is the file system it goes to, with what other downloads still bring there. `identity` is what the file's own
    header says, where it was looked at.
    """

    wish: DownloadWish
    version: PublishedVersion
    file: PublishedFile
    folder_id: FolderId
    destination: Destination
    on_disk: ModelListing | None
    room: Room
    cautions: tuple[Caution, ...]
    identity: Identity | None = None

    @property
    def dedupe_key(self) -> str:
        return f"download:{self.version.source}:{self.version.version_id}:{self.file.file_id}"

    @property
    def title(self) -> str:
        return " · ".join(part for part in (self.version.model_name, self.version.version_name) if part)


@dataclass(frozen=True, slots=True)
class StartedDownloads:
    """What became of a wish for several files; `refused` says why, by the id of the file."""

    tasks: tuple[Task, ...]
    refused: dict[str, AppError]
