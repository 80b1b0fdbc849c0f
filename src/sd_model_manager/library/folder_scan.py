"""One look through a library folder or parts of it: takes in what is new or changed, and notices what is gone."""

from __future__ import annotations

import logging
import os
import time
from collections import defaultdict
from collections.abc import Callable, Collection
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sd_model_manager.domain.catalogue import LibraryFolder
from sd_model_manager.domain.events import Event, ModelsChanged
from sd_model_manager.domain.local import InspectedFile, ScanProblem
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.library.inspector import Inspector
from sd_model_manager.library.walker import FoundModel, ListedFolder, Walk
from sd_model_manager.registry.indexing import Indexing, is_missing

log = logging.getLogger(__name__)

_FIRST_BATCH_FILES = 50
_BATCH_FILES = 1000
_BATCH_SECONDS = 0.75
_MAX_IDS_IN_EVENT = 100


@dataclass(slots=True)
class FolderScan:
    """Walk with `look_through`, as many parts as there are, then `finish` once.

    `full` looks into what is unchanged, too. What was looked into is taken in by `writer`, of one thread, while the
    next files are read. `report` is called with the number of models looked at so far, and may
    end the scan by what it raises: what was taken in until then stays. A file that was written to within the last
    `quiet_seconds` is left as it is, and its folder is among `restless_folders` afterwards.
    """

    folder: LibraryFolder
    full: bool
    indexing: Indexing
    inspector: Inspector
    publish: Callable[[Event], None]
    report: Callable[[int], None]
    writer: Executor
    quiet_seconds: float = 0.0
    problems: list[ScanProblem] = field(default_factory=list)
    gone: int = 0
    has_taken_in: bool = False
    restless_folders: set[tuple[Category, str]] = field(default_factory=set)
    _writing: Future[None] | None = None
    _outdated: dict[Category, set[str]] = field(default_factory=dict)
    _batch: list[InspectedFile] = field(default_factory=list)
    _batch_files: int = _FIRST_BATCH_FILES
    _batch_began_at: float = 0.0
    _back: dict[Category, list[str]] = field(default_factory=lambda: defaultdict(list))
    _walks: list[Walk] = field(default_factory=list)
    _gone: dict[Category, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def files(self) -> int:
        """Models that were looked at so far."""
        return sum(walk.files for walk in self._walks)

    def look_through(
        self, walk: Walk, below: str = "", *, with_subfolders: bool = True, skipped: Collection[str] = ()
    ) -> None:
        """A root, or a folder `below` it. Paths in `skipped` are left as they are."""
        if walk not in self._walks:
            self._walks.append(walk)
        self._await_writing()
        is_there = not below or os.path.isdir(f"{walk.root}/{below}")  # noqa: PTH112 - no Path is needed
        known = self._list_known(walk, below, with_subfolders=with_subfolders or not is_there)
        if is_there:
            for listed in walk.list_folders(below, with_subfolders=with_subfolders):
                self._look_at(listed, known, skipped)
        self._gone[walk.category] += [
            path for path, mark in known.items() if not is_missing(mark) and walk.reaches(path)
        ]

    def finish(self, is_reachable: Callable[[], bool]) -> None:
        """Take in what is left, and note what came back and what is gone.

        Nothing is gone where the folder is not reachable any more: a drive may be unplugged in the middle of a scan.
        """
        self._flush()
        self._await_writing()
        for category, paths in self._back.items():
            self.indexing.mark_present(self.folder.folder_id, category, paths)
        gone = sum(map(len, self._gone.values()))
        if gone and is_reachable():
            for category, paths in self._gone.items():
                self.indexing.mark_gone(self.folder.folder_id, category, paths)
            self.gone = gone
        for walk in self._walks:
            self.problems += walk.problems
        if self.gone or any(self._back.values()):
            self.publish(ModelsChanged())

    def _list_known(self, walk: Walk, below: str, *, with_subfolders: bool) -> dict[str, str]:
        """With what has to be looked at anew made to differ."""
        here = self.folder.folder_id, walk.category
        known = self.indexing.list_known(*here, below=below, with_subfolders=with_subfolders)
        if walk.category not in self._outdated:
            self._outdated[walk.category] = set() if self.full else self.indexing.list_outdated(*here)
        for path in known if self.full else self._outdated[walk.category] & known.keys():
            known[path] = f"{known[path]} to be looked at anew"
        return known

    def _look_at(self, listed: ListedFolder, known: dict[str, str], skipped: Collection[str]) -> None:
        for found in listed.find_changed(known, self._back[listed.walk.category], skipped=skipped):
            self.report(self.files)
            if 0 <= time.time() - found.stat.mtime_ns / 1e9 < self.quiet_seconds:
                self.restless_folders.add((listed.walk.category, listed.relative))
            else:
                self._look_into(listed.walk, found)
        self.report(self.files)

    def _look_into(self, walk: Walk, found: FoundModel) -> None:
        try:
            inspected, problems = self.inspector.inspect(walk.root, found)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            walk.note(found.place.relative_path, "UNREADABLE", f"The file cannot be read: {reason}.")
            return
        except Exception as error:  # one odd file must not end the scan of the others
            log.exception("could not look into %r", found.place.relative_path)
            message = f"Looking into the file failed ({type(error).__name__}); the log says more."
            walk.note(found.place.relative_path, "INTERNAL", message)
            return
        self.problems += problems
        if not self._batch:
            self._batch_began_at = time.monotonic()
        self._batch.append(inspected)
        if len(self._batch) >= self._batch_files or time.monotonic() - self._batch_began_at > _BATCH_SECONDS:
            self._flush()
            self._batch_files = _BATCH_FILES

    def _flush(self) -> None:
        """Raises what taking in the batch before raised."""
        if self._batch:
            self._await_writing()
            self._writing = self.writer.submit(self._take_in, self._batch)
            self._batch = []

    def _await_writing(self) -> None:
        if self._writing is not None:
            self._writing.result()

    def await_last_writing(self) -> None:
        """For a scan that ends early, by an error of its own: that of the writing is only logged."""
        if self._writing is not None and (error := self._writing.exception()) is not None:
            log.warning("the last files of the scan were not taken in: %s", error)

    def _take_in(self, batch: list[InspectedFile]) -> None:
        ids = self.indexing.take_in(batch, now=datetime.now(UTC))
        self.has_taken_in = True
        self.publish(ModelsChanged(tuple(ids) if len(ids) <= _MAX_IDS_IN_EVENT else ()))
