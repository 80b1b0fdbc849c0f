"""Scans library folders: looks into what is new or changed, and notices what is gone."""

from __future__ import annotations

import logging
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sd_model_manager.domain.catalogue import LibraryFolder
from sd_model_manager.domain.events import Event, FoldersChanged, ModelsChanged
from sd_model_manager.domain.ids import FolderId, ModelId
from sd_model_manager.domain.local import Place, ScanProblem
from sd_model_manager.domain.tasks import NewTask, Task, TaskKind
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.lib.codes import ScanProblemCode
from sd_model_manager.library.folder_scan import FolderScan
from sd_model_manager.library.inspector import Inspector
from sd_model_manager.library.parts import find_listed_path, find_pipeline
from sd_model_manager.library.places import Places
from sd_model_manager.library.walker import Walk
from sd_model_manager.registry.folders import FolderRegistry
from sd_model_manager.registry.indexing import Indexing
from sd_model_manager.tasks.running import RunningTask

log = logging.getLogger(__name__)


def new_scan(folder_id: FolderId | None, *, folder_name: str, full: bool) -> NewTask:
    """The task that scans one library folder, or all. One that runs already is not doubled."""
    return NewTask(
        kind=TaskKind.SCAN,
        name=folder_name,
        payload={"folder_id": folder_id, "full": full},
        dedupe_key=f"scan:{folder_id or 'all'}",
        priority=10,
    )


@dataclass(frozen=True, slots=True)
class TouchedFolder:
    """A folder below a root in which something was changed: alone, or with all that lies in it."""

    folder_id: FolderId
    category: Category
    relative_path: str
    with_subfolders: bool = False


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
        """Take in files at once; each folder is listed one time. What is no model in a library folder is passed over,
        and a part of a model means all of it.

        Raises OSError.
        """
        wanted: dict[Path, dict[Place, Path]] = defaultdict(dict)
        for path in paths:
            if place := self._places.place_of(path):
                root = Path(str(path)[: -len(place.relative_path)])
                listed = replace(place, relative_path=find_listed_path(root, place.relative_path))
                wanted[(root / listed.relative_path).parent][listed] = root
        inspected = []
        for roots in wanted.values():
            place, root = next(iter(roots.items()))
            walk = Walk(root, place.folder_id, place.category)
            for folder in walk.list_folders(place.relative_path.rpartition("/")[0], with_subfolders=False):
                for found in folder.find_changed({}, []):
                    if found.place in roots:
                        inspected.append(self._inspector.inspect(root, found)[0])
        ids = self._indexing.take_in(inspected, now=datetime.now(UTC))
        if ids:
            self._publish(ModelsChanged.naming(ids))
        return ids

    def look_again(
        self, touched: Collection[TouchedFolder], *, skipped: Collection[Place] = (), quiet_seconds: float = 0.0
    ) -> list[TouchedFolder]:
        """Scan the folders in which something was changed and no others; those that are not there any more are gone
        with all that lay in them.

        Files in `skipped`, and those that were written to within the last `quiet_seconds`, are left as they are;
        the folders of the latter are returned, to be looked at later.
        Raises DatabaseUnusable.
        """
        later: list[TouchedFolder] = []
        for folder in self._folders.list_all():
            here = [one for one in touched if one.folder_id == folder.folder_id]
            if not here or not self._note_reachable(folder):
                continue
            parts = _without_inner([part for one in here for part in self._find_parts(folder, one)])
            with self._begin(folder, full=False, report=lambda _: None) as scan:
                scan.quiet_seconds = quiet_seconds
                self._look_through(scan, parts, skipped)
            looked_at = [(part.relative_path, part.with_subfolders) for part in parts]
            self._folders.note_looked_at(folder.folder_id, looked_at, scan.problems, now=datetime.now(UTC))
            later += [TouchedFolder(folder.folder_id, *one) for one in sorted(scan.restless_folders)]
            if scan.has_taken_in:
                self._on_finished()
        return later

    def _look_through(self, scan: FolderScan, parts: Collection[TouchedFolder], skipped: Collection[Place]) -> None:
        folder = scan.folder
        walks: dict[Category, Walk] = {}
        for part in parts:
            root = self._places.root_of(folder, part.category)
            if part.category is Category.ARCHIVE and not root.is_dir():
                continue
            walk = walks.setdefault(part.category, Walk(root, folder.folder_id, part.category))
            left_alone = {place.relative_path for place in skipped if place.category is part.category}
            scan.look_through(walk, part.relative_path, with_subfolders=part.with_subfolders, skipped=left_alone)
        scan.finish(lambda: self._note_reachable(folder))

    def _find_parts(self, folder: LibraryFolder, touched: TouchedFolder) -> list[TouchedFolder]:
        """A folder that diffusers saved, and one that may have been such a one, is a model of the folder it lies in."""
        touched = self._widen(folder, touched)
        root = self._places.root_of(folder, touched.category)
        if pipeline := find_pipeline(root, touched.relative_path):
            touched = replace(touched, relative_path=pipeline, with_subfolders=True)
        if not touched.relative_path or not touched.with_subfolders:
            return [touched]
        above = touched.relative_path.rpartition("/")[0]
        while above and not (root / above).is_dir():
            above = above.rpartition("/")[0]
        return [replace(touched, relative_path=above, with_subfolders=False), touched]

    def _widen(self, folder: LibraryFolder, touched: TouchedFolder) -> TouchedFolder:
        """The whole root for what lies behind a link: it may be listed under another name."""
        root = self._places.root_of(folder, touched.category)
        path = root / touched.relative_path
        if Path(os.path.realpath(path)) == Path(os.path.realpath(root)) / touched.relative_path:
            return touched
        return replace(touched, relative_path="", with_subfolders=True)

    @contextmanager
    def _begin(self, folder: LibraryFolder, *, full: bool, report: Callable[[int], None]) -> Iterator[FolderScan]:
        """However it ends, what was handed over to be written is written; where that fails too, the log says so."""
        with ThreadPoolExecutor(1, "scan-writer") as writer:
            scan = FolderScan(folder, full, self._indexing, self._inspector, self._publish, report, writer)
            try:
                yield scan
            except BaseException:
                scan.await_last_writing()
                raise

    def _scan_folder(self, folder: LibraryFolder, full: bool, running: RunningTask, done: int) -> int:
        if not self._note_reachable(folder):
            return done
        with self._begin(folder, full=full, report=lambda count: running.report(done + count)) as scan:
            for category in Category:
                root = self._places.root_of(folder, category)
                if category is Category.ACTIVE or root.is_dir():
                    scan.look_through(Walk(root, folder.folder_id, category))
            scan.finish(lambda: self._note_reachable(folder))
        self._folders.note_scan(folder.folder_id, scan.problems, now=datetime.now(UTC))
        log.info("scanned %s: %d files, %d gone, %d problems", folder.path, scan.files, scan.gone, len(scan.problems))
        return done + scan.files

    def _note_reachable(self, folder: LibraryFolder) -> bool:
        """A folder that is not there, or lies empty where there were models, is offline: its drive may be unplugged."""
        root = Path(folder.path)
        code: ScanProblemCode | None = None
        message = ""
        try:
            is_empty = next(root.iterdir(), None) is None
            if is_empty and self._indexing.holds_models(folder.folder_id):
                code = "FOLDER_EMPTY"
                message = "The folder is empty though it held models. Is its drive mounted? Nothing was forgotten."
        except OSError as error:
            code = "FOLDER_OFFLINE"
            message = f"The folder cannot be reached ({error.strerror}). Its models are kept and shown as offline."
        if self._folders.set_online(folder.folder_id, is_online=code is None):
            self._publish(FoldersChanged())
            self._publish(ModelsChanged())
        if code is not None:
            problem = ScanProblem(Place(folder.folder_id, ""), code, message)
            self._folders.note_scan(folder.folder_id, [problem], now=datetime.now(UTC))
        return code is None


def _without_inner(touched: Sequence[TouchedFolder]) -> list[TouchedFolder]:
    """Without what is looked at with another of them: no folder may be walked twice."""
    trees = {(one.category, one.relative_path) for one in touched if one.with_subfolders}

    def is_inside(one: TouchedFolder) -> bool:
        above = [one.relative_path] if not one.with_subfolders else []
        path = one.relative_path
        while path:
            path = path.rpartition("/")[0]
            above.append(path)
        return any((one.category, folder) in trees for folder in above)

    return [one for one in dict.fromkeys(touched) if not is_inside(one)]
