"""Hashes what has no hashes yet, in the background, small files first."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sd_model_manager.domain.events import Event, ModelsChanged
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.local import FileStat
from sd_model_manager.domain.tasks import NewTask, Task, TaskKind
from sd_model_manager.lib.errors import NotFound
from sd_model_manager.library.hashing import hash_file
from sd_model_manager.library.places import Places
from sd_model_manager.registry.hashes import HashRegistry, UnhashedFile
from sd_model_manager.tasks.running import RunningTask

log = logging.getLogger(__name__)

_AT_ONCE = 100


def new_hashing(bytes_total: int) -> NewTask:
    """The task that hashes all that has no hashes. One is enough."""
    return NewTask(
        kind=TaskKind.HASH,
        name="",
        dedupe_key="hash",
        priority=-10,
        unit="bytes",
        total=bytes_total,
    )


class Hasher:
    """Handles hash tasks. Each file's hashes are kept as soon as they are known, so nothing is read twice."""

    def __init__(
        self,
        hashes: HashRegistry,
        places: Places,
        publish: Callable[[Event], None],
        on_finished: Callable[[], None] = lambda: None,
    ) -> None:
        self._hashes = hashes
        self._places = places
        self._publish = publish
        self._on_finished = on_finished

    def run(self, running: RunningTask) -> None:
        done = 0
        passed_over: list[ModelId] = []
        while files := self._hashes.list_unhashed(limit=_AT_ONCE, skip=passed_over):
            _, left = self._hashes.count_unhashed()
            total = done + left
            for file in files:
                if not self._hash(file, running, done, total):
                    passed_over.append(file.model_id)
                done += file.stat.size_bytes
        running.settle(done, done)
        self._on_finished()

    def discard(self, task: Task) -> None:
        """A cancelled hashing leaves nothing behind."""

    def _hash(self, file: UnhashedFile, running: RunningTask, done: int, total: int) -> bool:
        """`False` where the file could not be read or changed meanwhile; the next scan will see to it."""
        try:
            path = self._places.path_of(file.place)
            if _stat(path) != file.stat:
                return False
            hashes = hash_file(path, lambda count: running.report(done + count, total))
            if _stat(path) != file.stat:
                return False
        except (OSError, NotFound) as error:
            log.warning("could not hash %r: %s", file.place.relative_path, error)
            return False
        model_id = self._hashes.save(file.model_id, hashes, now=datetime.now(UTC))
        self._publish(ModelsChanged((model_id,)))
        return True


def _stat(path: Path) -> FileStat:
    status = path.stat()
    return FileStat(status.st_size, status.st_mtime_ns, status.st_ino)
