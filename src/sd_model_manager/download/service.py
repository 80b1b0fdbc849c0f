"""From a pasted link to a queued download."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit

from sd_model_manager.domain.catalogue import LibraryFolder, ModelListing
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.local import Place, PublishedRef
from sd_model_manager.domain.published import Caution, PublishedFile, PublishedVersion, Reference, list_cautions
from sd_model_manager.domain.tasks import NewTask, Task, TaskKind
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.download.peek import HeaderPeek, list_contradictions
from sd_model_manager.download.plan import Destination, choose_file, plan_destination
from sd_model_manager.download.space import Room, SpaceLedger
from sd_model_manager.download.wishes import DownloadWish, PlannedDownload, StartedDownloads
from sd_model_manager.lib.errors import (
    AppError,
    BadInput,
    Conflict,
    FileExists,
    NoSpace,
    SourceError,
    TaskStateConflict,
)
from sd_model_manager.lib.redaction import redact
from sd_model_manager.registry.catalog import Catalog
from sd_model_manager.registry.published import PublishedRegistry
from sd_model_manager.sources.registry import recognise
from sd_model_manager.sources.source import Source
from sd_model_manager.tasks.queue import TaskQueue


class FolderFinder(Protocol):
    """Where library folders lie."""

    def first_folder(self) -> LibraryFolder: ...

    def root_of(self, folder: LibraryFolder, category: Category) -> Path: ...

    def resolve_folder(self, text: str) -> tuple[LibraryFolder, str]: ...


class DownloadService:
    """`sources` gives the sources as they are set up now; keys can change while the program runs. `template` says where
    downloads go, as in `templates`."""

    def __init__(
        self,
        queue: TaskQueue,
        catalog: Catalog,
        published: PublishedRegistry,
        folders: FolderFinder,
        sources: Callable[[], Sequence[Source]],
        ledger: SpaceLedger,
        template: Callable[[], str],
        peek: HeaderPeek,
    ) -> None:
        self._queue = queue
        self._catalog = catalog
        self._published = published
        self._folders = folders
        self._sources = sources
        self._ledger = ledger
        self._template = template
        self._peek = peek

    def plan(self, wish: DownloadWish) -> PlannedDownload:
        """Ask the source what the link names and decide where it would go. Fetches no file.

        Raises:
            BadInput: the link names no model, or the folder is in no library folder.
            SourceError: the source could not tell.
        """
        version, chosen = self._ask(wish)
        return self._plan_file(wish, version, choose_file(version, chosen))

    def inspect(self, wish: DownloadWish) -> PlannedDownload:
        """Like `plan`, and looks at the header of a file that is not here yet, where its server lets us."""
        planned = self.plan(wish)
        source = next((source for source in self._sources() if source.name == planned.version.source), None)
        if source is None or planned.on_disk is not None:
            return planned
        identity = self._peek.find(source, planned.version, planned.file)
        if identity is None:
            return planned
        contradictions = list_contradictions(identity, planned.version, planned.file)
        return replace(planned, identity=identity, cautions=(*planned.cautions, *contradictions))

    def _ask(self, wish: DownloadWish) -> tuple[PublishedVersion, str | None]:
        """What the source says, and the file that the user or the link chose."""
        source, reference = recognise(wish.url, self._sources())
        try:
            version = source.fetch_version(reference)
        except SourceError as error:
            error.details.setdefault("source", source.name)
            raise
        return version, wish.file_id or _chosen_by_link(version, reference)

    def start(self, wish: DownloadWish) -> Task:
        """Queue a download.

        Raises:
            Conflict: it is on the disk already (`ALREADY_ON_DISK`, `model_id` in details), or under way
                (`ALREADY_QUEUED`, `task_id` in details).
            FileExists: another file has the name.
            NoSpace, and what `plan` raises.
        """
        return self._start(self.plan(wish))

    def start_several(self, wish: DownloadWish, file_ids: Sequence[str]) -> StartedDownloads:
        """Queue several files of a version, each into the folder of its own type.

        Raises:
            BadInput: a file name was given, which several cannot have.
            NotFound: one of them is not offered; nothing is queued then.
            The first refusal, as `start` raises it, where none could be queued.
        """
        if wish.filename is not None and len(file_ids) > 1:
            raise BadInput(
                "Several files cannot have one name. Leave it out, or choose one file.", code="ONE_NAME_FOR_MANY"
            )
        version, _ = self._ask(wish)
        files = [choose_file(version, file_id) for file_id in dict.fromkeys(file_ids)]
        tasks: list[Task] = []
        refused: dict[str, AppError] = {}
        for file in files:
            try:
                tasks.append(self._start(self._plan_file(replace(wish, file_id=file.file_id), version, file)))
            except (Conflict, NoSpace) as error:
                refused[file.file_id] = error
        if not tasks:
            raise next(iter(refused.values()))
        return StartedDownloads(tuple(tasks), refused)

    def start_again(self, task: Task) -> Task:
        """Queue once more what a finished download was for: the same file of the same version.

        The source is not asked; where it is no longer known what it said, the link is looked at anew.

        Raises:
            TaskStateConflict: the download is not finished.
            What `start` raises.
        """
        if not task.state.is_final:
            raise TaskStateConflict(f"'{task.name}' is not finished yet.", task_id=task.task_id, state=task.state.value)
        wish, payload = _to_wish(task), task.payload
        version = self._published.find(PublishedRef(payload["source"], payload["model_id"], payload["version_id"]))
        if version is None:
            return self.start(wish)
        return self._start(self._plan_file(wish, version, choose_file(version, wish.file_id)))

    def _plan_file(self, wish: DownloadWish, version: PublishedVersion, file: PublishedFile) -> PlannedDownload:
        folder, below = self._choose_folder(wish)
        root = self._folders.root_of(folder, wish.category)
        destination = plan_destination(
            root, version, file, folder=below, filename=wish.filename, template=self._template()
        )
        on_disk = self._find_on_disk(folder, wish.category, destination, file)
        if on_disk is None:
            destination = _make_unique(root, destination, version, file, is_named_by_user=wish.filename is not None)
        room = self._ledger.look_at(destination.path.parent)
        return PlannedDownload(
            wish=wish,
            version=version,
            file=file,
            folder_id=folder.folder_id,
            destination=destination,
            on_disk=on_disk,
            room=room,
            cautions=(*list_cautions(version, file), *self._list_space_cautions(room, file)),
        )

    def _start(self, planned: PlannedDownload) -> Task:
        if planned.on_disk is not None:
            raise Conflict(
                f"'{planned.on_disk.name}' is in the library already: {planned.on_disk.place.relative_path}.",
                code="ALREADY_ON_DISK",
                model_id=planned.on_disk.model_id,
                name=planned.on_disk.name,
                path=planned.on_disk.place.relative_path,
            )
        self._published.save(planned.version, now=datetime.now(UTC))
        new = _to_task(planned)
        with self._ledger.alone():
            task = self._queue.store.find_active(planned.dedupe_key)
            is_new = task is None
            if task is None:
                self._ledger.require(planned.destination.path.parent, planned.file.size_bytes or 0)
                task, is_new = self._queue.add(new)
        if not is_new:
            text = f"'{task.name}' is being downloaded already."
            raise Conflict(text, code="ALREADY_QUEUED", task_id=task.task_id, name=task.name)
        return task

    def _list_space_cautions(self, room: Room, file: PublishedFile) -> tuple[Caution, ...]:
        try:
            self._ledger.require_within(room, file.size_bytes or 0)
        except NoSpace as error:
            return (Caution("NO_SPACE", error.message, error.details),)
        return ()

    def _choose_folder(self, wish: DownloadWish) -> tuple[LibraryFolder, str | None]:
        if wish.folder is None:
            return self._folders.first_folder(), None
        folder, below = self._folders.resolve_folder(wish.folder)
        is_whole_library_folder = not below
        return folder, None if is_whole_library_folder else below

    def _find_on_disk(
        self, folder: LibraryFolder, category: Category, destination: Destination, file: PublishedFile
    ) -> ModelListing | None:
        if file.sha256:
            return self._catalog.find_by_sha256(file.sha256)
        place = Place(folder.folder_id, destination.relative_path, category)
        model_id: ModelId | None = self._catalog.find_at(place) if destination.path.exists() else None
        return self._catalog.get_listing(model_id) if model_id is not None else None


def _chosen_by_link(version: PublishedVersion, reference: Reference) -> str | None:
    """A link that chose a file made the source mark that one as primary."""
    if not (reference.file_id or reference.selectors):
        return None
    return next((file.file_id for file in version.files if file.is_primary), None)


def _make_unique(
    root: Path, destination: Destination, version: PublishedVersion, file: PublishedFile, *, is_named_by_user: bool
) -> Destination:
    """Where another file has the name, a name with the version's number; a name the user chose is not changed.

    Raises FileExists.
    """
    path = destination.path
    if not path.exists():
        return destination
    is_probably_the_same = file.size_bytes is not None and path.stat().st_size == file.size_bytes
    numbered = PurePosixPath(destination.relative_path)
    numbered = numbered.with_name(f"{numbered.stem}-{version.version_id[-20:].rpartition('/')[2]}{numbered.suffix}")
    other = root / numbered
    if is_named_by_user or is_probably_the_same or other.exists():
        raise FileExists(
            f"'{path}' exists already and is not overwritten. Choose another name, or scan the library if it is this "
            "very model.",
            path=str(path),
        )
    return Destination(other, str(numbered))


def _to_task(planned: PlannedDownload) -> NewTask:
    wish, version, file = planned.wish, planned.version, planned.file
    return NewTask(
        kind=TaskKind.DOWNLOAD,
        name=planned.title,
        payload={
            "url": redact(wish.url.strip()),
            "host": urlsplit(file.download_url).hostname or version.source,
            "source": version.source,
            "model_id": version.model_id,
            "version_id": version.version_id,
            "file_id": file.file_id,
            "folder_id": planned.folder_id,
            "category": wish.category.value,
            "wished_folder": wish.folder,
            "wished_filename": wish.filename,
            "relative_path": planned.destination.relative_path,
        },
        dedupe_key=planned.dedupe_key,
        is_first=wish.is_urgent,
        unit="bytes",
        total=file.size_bytes,
    )


def _to_wish(task: Task) -> DownloadWish:
    payload = task.payload
    return DownloadWish(
        url=payload["url"],
        file_id=payload["file_id"],
        folder=payload.get("wished_folder"),
        filename=payload.get("wished_filename"),
        category=Category(payload["category"]),
    )
