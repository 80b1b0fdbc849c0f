"""One look through a library folder or parts of it: takes in what is new or changed, and notices what is gone."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sd_model_manager.domain.catalogue import LibraryFolder
from sd_model_manager.domain.events import Event, ModelsChanged
from sd_model_manager.domain.local import InspectedFile, ScanProblem
from sd_model_manager.domain.taxonomy import Category, Presence
from sd_model_manager.library.inspector import Inspector
from sd_model_manager.library.walker import FoundModel, ListedFolder, Walk
from sd_model_manager.registry.indexing import Indexing, KnownLocation, KnownRow

log = logging.getLogger(__name__)

_FIRST_BATCH_FILES = 50
_BATCH_FILES = 1000
_BATCH_SECONDS = 0.75
_MAX_IDS_IN_EVENT = 100
_PRESENT = Presence.PRESENT.value
_STATE = KnownLocation._fields.index("state")
_NO_DIGEST = "to be looked at anew"


@dataclass(slots=True)
class FolderScan:
    """Walk with `look_through`, as many parts as there are, then `finish` once.

    `full` looks into what is unchanged, too. `report` is called with the number of models looked at so far, and may
    end the scan by what it raises: what was taken in until then stays. A file that was written to within the last
    `quiet_seconds` is left as it is, and its folder is among `restless_folders` afterwards.
    """

    folder: LibraryFolder
    full: bool
    indexing: Indexing
    inspector: Inspector
    publish: Callable[[Event], None]
    report: Callable[[int], None]
    quiet_seconds: float = 0.0
    problems: list[ScanProblem] = field(default_factory=list)
    gone: int = 0
    has_taken_in: bool = False
    restless_folders: set[tuple[Category, str]] = field(default_factory=set)
    _outdated: set[int] | None = None
    _batch: list[InspectedFile] = field(default_factory=list)
    _batch_files: int = _FIRST_BATCH_FILES
    _batch_began_at: float = 0.0
    _back: list[int] = field(default_factory=list)
    _walks: list[Walk] = field(default_factory=list)
    _left: list[tuple[Walk, list[KnownRow]]] = field(default_factory=list)

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
        if below and not os.path.isdir(f"{walk.root}/{below}"):  # noqa: PTH112 - no Path is needed
            known = self.indexing.list_known(self.folder.folder_id, walk.category, below=below)
        else:
            known = self._list_known(walk, below, with_subfolders=with_subfolders)
            for listed in walk.list_folders(below, with_subfolders=with_subfolders):
                self._look_at(listed, known, skipped)
        self._left.append((walk, list(known.values())))

    def finish(self, is_reachable: Callable[[], bool]) -> None:
        """Take in what is left, and note what came back and what is gone.

        Nothing is gone where the folder is not reachable any more: a drive may be unplugged in the middle of a scan.
        """
        self._flush()
        self.indexing.mark_present(self._back)
        gone = [
            location.location_id
            for walk, left in self._left
            for location in map(KnownLocation._make, left)
            if _is_gone(walk, location)
        ]
        if gone and is_reachable():
            self.indexing.mark_gone(gone)
            self.gone = len(gone)
        for walk in self._walks:
            self.problems += walk.problems
        if self.gone or self._back:
            self.publish(ModelsChanged())

    def _list_known(self, walk: Walk, below: str, *, with_subfolders: bool) -> dict[str, KnownRow]:
        """With what has to be looked at anew made to differ."""
        folder_id = self.folder.folder_id
        known = self.indexing.list_known(folder_id, walk.category, below=below, with_subfolders=with_subfolders)
        if self._outdated is None:
            self._outdated = set() if self.full else self.indexing.list_outdated(folder_id)
        if self.full or self._outdated:
            for path, row in known.items():
                location = KnownLocation._make(row)
                if self.full or location.location_id in self._outdated:
                    known[path] = location._replace(companions_digest=_NO_DIGEST)
        return known

    def _look_at(self, listed: ListedFolder, known: dict[str, KnownRow], skipped: Collection[str]) -> None:
        unchanged: list[KnownRow] = []
        for found in listed.find_changed(known, unchanged, skipped=skipped):
            self.report(self.files)
            if 0 <= time.time() - found.stat.mtime_ns / 1e9 < self.quiet_seconds:
                self.restless_folders.add((listed.walk.category, listed.relative))
            else:
                self._look_into(listed.walk, found)
        self.report(self.files)
        self._back += [KnownLocation._make(row).location_id for row in unchanged if row[_STATE] != _PRESENT]

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
        if not self._batch:
            return
        ids = self.indexing.take_in(self._batch, now=datetime.now(UTC))
        self.has_taken_in = True
        self._batch.clear()
        self.publish(ModelsChanged(tuple(ids) if len(ids) <= _MAX_IDS_IN_EVENT else ()))


def _is_gone(walk: Walk, location: KnownLocation) -> bool:
    return location.state != Presence.MISSING.value and walk.reaches(location.relative_path)
