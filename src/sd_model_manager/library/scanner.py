"""Scans library folders: looks into what is new or changed, and notices what is gone."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sd_model_manager.domain.catalogue import LibraryFolder
from sd_model_manager.domain.events import Event, FoldersChanged, ModelsChanged
from sd_model_manager.domain.ids import FolderId, ModelId
from sd_model_manager.domain.local import InspectedFile, Place, ScanProblem
from sd_model_manager.domain.tasks import NewTask, Task, TaskKind
from sd_model_manager.domain.taxonomy import Category, Presence
from sd_model_manager.library.inspector import Inspector
from sd_model_manager.library.places import Places
from sd_model_manager.library.walker import FoundModel, Walk
from sd_model_manager.registry.folders import FolderRegistry
from sd_model_manager.registry.indexing import Indexing, KnownLocation
from sd_model_manager.tasks.running import RunningTask

log = logging.getLogger(__name__)

_BATCH_FILES = 250
_BATCH_SECONDS = 0.4
_MAX_IDS_IN_EVENT = 100


def new_scan(folder_id: FolderId | None, *, folder_name: str, full: bool) -> NewTask:
    """The task that scans one library folder, or all. One that runs already is not doubled."""
    return NewTask(
        kind=TaskKind.SCAN,
        name=folder_name,
        payload={"folder_id": folder_id, "full": full},
        dedupe_key=f"scan:{folder_id or 'all'}",
        priority=10,
    )


@dataclass(slots=True)
class _FolderScan:
    """What one folder's scan has seen so far."""

    folder: LibraryFolder
    known: dict[tuple[Category, str], KnownLocation]
    full: bool
    seen: set[tuple[Category, str]] = field(default_factory=set)
    back: list[int] = field(default_factory=list)
    batch: list[InspectedFile] = field(default_factory=list)
    batch_began_at: float = 0.0
    problems: list[ScanProblem] = field(default_factory=list)


class Scanner:
    """Handles scan tasks. What was indexed before an interruption stays indexed; the next run goes on from there."""

    def __init__(
        self,
        folders: FolderRegistry,
        indexing: Indexing,
        inspector: Inspector,
        places: Places,
        publish: Callable[[Event], None],
        on_finished: Callable[[], None],
    ) -> None:
        self._folders = folders
        self._indexing = indexing
        self._inspector = inspector
        self._places = places
        self._publish = publish
        self._on_finished = on_finished

    def run(self, running: RunningTask) -> None:
        wanted, full = running.task.payload.get("folder_id"), bool(running.task.payload.get("full"))
        done = 0
        for folder in self._folders.list_all():
            if wanted in (None, folder.folder_id):
                done = self._scan_folder(folder, full, running, done)
        running.settle(done, done)
        self._publish(FoldersChanged())
        self._on_finished()

    def discard(self, task: Task) -> None:
        """A cancelled scan leaves nothing behind."""

    def index_file(self, path: Path) -> ModelId | None:
        """Take in one file at once, such as a download that has just arrived; `None` outside the library folders.

        Raises OSError.
        """
        return next(iter(self.index_files([path])), None)

    def index_files(self, paths: Sequence[Path]) -> list[ModelId]:
        """Take in files at once; each folder is listed one time. What is no model in a library folder is passed over.

        Raises OSError.
        """
        wanted: dict[Path, dict[Place, Path]] = defaultdict(dict)
        for path in paths:
            if place := self._places.place_of(path):
                wanted[path.parent][place] = Path(str(path)[: -len(place.relative_path)])
        inspected = []
        for roots in wanted.values():
            place, root = next(iter(roots.items()))
            walk = Walk(root, place.folder_id, place.category)
            for found in walk.find_in(place.relative_path.rpartition("/")[0]):
                if found.place in roots:
                    inspected.append(self._inspector.inspect(root, found)[0])
        ids = self._indexing.take_in(inspected, now=datetime.now(UTC))
        if ids:
            self._publish(ModelsChanged(tuple(ids) if len(ids) <= _MAX_IDS_IN_EVENT else ()))
        return ids

    def _scan_folder(self, folder: LibraryFolder, full: bool, running: RunningTask, done: int) -> int:
        known = self._indexing.list_known(folder.folder_id)
        if not self._note_reachable(folder, known):
            return done
        scan = _FolderScan(folder, known, full)
        walks = []
        for category in Category:
            root = self._places.root_of(folder, category)
            if category is Category.ARCHIVE and not root.is_dir():
                continue
            walk = Walk(root, folder.folder_id, category)
            walks.append(walk)
            for found in walk:
                done += 1
                running.report(done)
                self._look_at(root, found, scan)
        self._flush(scan)
        self._indexing.mark_present(scan.back)
        gone = [
            location.location_id
            for (category, path), location in known.items()
            if (category, path) not in scan.seen
            and location.state is not Presence.MISSING
            and any(walk.category is category and walk.reaches(path) for walk in walks)
        ]
        self._indexing.mark_gone(gone)
        for walk in walks:
            scan.problems += walk.problems
        self._folders.note_scan(folder.folder_id, scan.problems, now=datetime.now(UTC))
        if gone or scan.back:
            self._publish(ModelsChanged())
        log.info("scanned %s: %d files, %d gone, %d problems", folder.path, done, len(gone), len(scan.problems))
        return done

    def _note_reachable(self, folder: LibraryFolder, known: dict[tuple[Category, str], KnownLocation]) -> bool:
        """A folder that is not there, or lies empty where there were models, is offline: its drive may be unplugged."""
        root = Path(folder.path)
        is_online, code, message = True, "", ""
        try:
            is_empty = next(root.iterdir(), None) is None
            if is_empty and any(location.state is Presence.PRESENT for location in known.values()):
                is_online, code = False, "FOLDER_EMPTY"
                message = "The folder is empty though it held models. Is its drive mounted? Nothing was forgotten."
        except OSError as error:
            is_online, code = False, "FOLDER_OFFLINE"
            message = f"The folder cannot be reached ({error.strerror}). Its models are kept and shown as offline."
        if self._folders.set_online(folder.folder_id, is_online=is_online):
            self._publish(FoldersChanged())
            self._publish(ModelsChanged())
        if not is_online:
            problem = ScanProblem(Place(folder.folder_id, ""), code, message)
            self._folders.note_scan(folder.folder_id, [problem], now=datetime.now(UTC))
        return is_online

    def _look_at(self, root: Path, found: FoundModel, scan: _FolderScan) -> None:
        key = (found.place.category, found.place.relative_path)
        scan.seen.add(key)
        before = scan.known.get(key)
        if before and not scan.full and self._is_unchanged(before, found):
            if before.state is not Presence.PRESENT:
                scan.back.append(before.location_id)
            return
        try:
            inspected, problems = self._inspector.inspect(root, found)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            scan.problems.append(ScanProblem(found.place, "UNREADABLE", f"The file cannot be read: {reason}."))
            return
        except Exception as error:  # one odd file must not end the scan of the others
            log.exception("could not look into %r", found.place.relative_path)
            message = f"Looking into the file failed ({type(error).__name__}); the log says more."
            scan.problems.append(ScanProblem(found.place, "INTERNAL", message))
            return
        scan.problems += problems
        if not scan.batch:
            scan.batch_began_at = time.monotonic()
        scan.batch.append(inspected)
        if len(scan.batch) >= _BATCH_FILES or time.monotonic() - scan.batch_began_at > _BATCH_SECONDS:
            self._flush(scan)

    def _is_unchanged(self, before: KnownLocation, found: FoundModel) -> bool:
        return (
            before.stat == found.stat
            and before.companions_digest == found.companions_digest
            and before.identity_version == self._indexing.rules_version
        )

    def _flush(self, scan: _FolderScan) -> None:
        if not scan.batch:
            return
        ids = self._indexing.take_in(scan.batch, now=datetime.now(UTC))
        scan.batch.clear()
        self._publish(ModelsChanged(tuple(ids) if len(ids) <= _MAX_IDS_IN_EVENT else ()))
