"""Hashes what has no hashes yet, in the background: several files at once, small ones first."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sd_model_manager.domain.events import Event, ModelsChanged
from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.local import FileStat, Hashes
from sd_model_manager.domain.tasks import NewTask, Task, TaskKind
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.lib.priority import step_back
from sd_model_manager.library.hashing import SMALL_BLOCK_BYTES, hash_file
from sd_model_manager.library.places import Places
from sd_model_manager.registry.hashes import HashedContent, HashRegistry, Page, UnhashedContent, UnhashedFile
from sd_model_manager.tasks.running import RunningTask

log = logging.getLogger(__name__)

DEFAULT_AT_ONCE = 2
_PAGE = 1000
_LOOK_EVERY_SECONDS = 0.1
_SAVE_EVERY_SECONDS = 0.5
NICENESS = 10
_MAX_IDS_IN_EVENT = 100


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
    """Handles hash tasks. What is hashed is kept a moment later, so that hardly anything is ever read twice."""

    def __init__(
        self,
        hashes: HashRegistry,
        places: Places,
        publish: Callable[[Event], None],
        files_at_once: Callable[[], int] = lambda: DEFAULT_AT_ONCE,
        on_finished: Callable[[], None] = lambda: None,
    ) -> None:
        self._hashes = hashes
        self._places = places
        self._publish = publish
        self._files_at_once = files_at_once
        self._on_finished = on_finished

    def run(self, running: RunningTask) -> None:
        tried: set[int] = set()
        progress = _Progress(running.task.progress.done)
        while True:
            _, left = self._hashes.count_unhashed()
            progress.begin(left)
            if not self._run_once(running, progress, tried):
                break
        running.settle(progress.done, progress.done)
        self._on_finished()

    def discard(self, task: Task) -> None:
        """A cancelled hashing leaves nothing behind."""

    def _run_once(self, running: RunningTask, progress: _Progress, tried: set[int]) -> bool:
        """Through all that is to be hashed, from small to large; whether there was anything. A file that could not be
        read is not tried again: the next scan will see to it."""
        work = _Work(self._list(tried), self._places.snapshot(), progress, running.checkpoint)
        at_once = max(1, self._files_at_once())
        with ThreadPoolExecutor(at_once, "hash", initializer=step_back, initargs=(NICENESS,)) as threads:
            works = [threads.submit(work.go_on) for _ in range(at_once)]
            try:
                self._watch(works, work, running)
            finally:
                work.is_over = True
                wait(works)
                self._save(work)
                running.settle(progress.kept, progress.total)
        return work.has_begun

    def _watch(self, works: list[Future[None]], work: _Work, running: RunningTask) -> None:
        waiting = set(works)
        save_at = time.monotonic() + _SAVE_EVERY_SECONDS
        while waiting:
            ended, waiting = wait(waiting, timeout=_LOOK_EVERY_SECONDS, return_when=FIRST_EXCEPTION)
            if time.monotonic() >= save_at:
                self._save(work)
                save_at = time.monotonic() + _SAVE_EVERY_SECONDS
            running.report(work.progress.done, work.progress.total)
            for one in ended:
                one.result()

    def _save(self, work: _Work) -> None:
        if hashed := work.take_hashed():
            changed = self._hashes.save(hashed, now=datetime.now(UTC))
            self._publish(ModelsChanged(tuple(changed) if len(changed) <= _MAX_IDS_IN_EVENT else ()))

    def _list(self, tried: set[int]) -> Iterator[UnhashedContent]:
        after = Page()
        while page := self._hashes.list_unhashed(limit=_PAGE, after=after):
            for content in page:
                files = tuple(file for file in content.files if file.location_id not in tried)
                tried.update(file.location_id for file in files)
                if files:
                    yield UnhashedContent(content.model_id, content.size_bytes, files)
            after = Page(page[-1].size_bytes, page[-1].model_id)


class _Progress:
    """Bytes over all files: of those that are done with, and of those being read by each thread."""

    def __init__(self, kept: int) -> None:
        self.kept = kept
        self.total = kept
        self._reading: dict[int, int] = {}

    @property
    def done(self) -> int:
        return self.kept + sum(list(self._reading.values()))

    def begin(self, left: int) -> None:
        self.total = self.kept + left

    def note(self, count: int) -> None:
        self._reading[threading.get_ident()] = count

    def end(self, planned: int, read: int) -> None:
        """A content is through; what of it could not be read is not to come any more."""
        self.kept += read
        self.total += read - planned
        self._reading.pop(threading.get_ident(), None)


class _Work:
    """What the threads share: each takes the next content when it is through with one."""

    def __init__(
        self,
        contents: Iterator[UnhashedContent],
        roots: Mapping[tuple[FolderId, Category], Path],
        progress: _Progress,
        checkpoint: Callable[[], None],
    ) -> None:
        self.progress = progress
        self.is_over = False
        self.has_begun = False
        self._contents = contents
        self._roots = roots
        self._checkpoint = checkpoint
        self._hashed: list[HashedContent] = []
        self._lock = threading.Lock()

    def go_on(self) -> None:
        """Until all is hashed. Raises TaskStopped; a content of which not all files are read yet is then left."""
        buffer = memoryview(bytearray(SMALL_BLOCK_BYTES))
        while content := self._take_next():
            found: list[tuple[UnhashedFile, Hashes]] = []
            known: dict[tuple[int, int], Hashes] = {}
            read = 0
            for file in content.files:
                hashes = self._hash(file, known, buffer, partial(self._note, read))
                if hashes:
                    found.append((file, hashes))
                    read += file.stat.size_bytes
            with self._lock:
                self.progress.end(sum(file.stat.size_bytes for file in content.files), read)
                if found:
                    self._hashed.append(HashedContent(content.model_id, tuple(found)))

    def take_hashed(self) -> list[HashedContent]:
        with self._lock:
            hashed, self._hashed = self._hashed, []
        return hashed

    def _take_next(self) -> UnhashedContent | None:
        self._checkpoint()
        with self._lock:
            content = None if self.is_over else next(self._contents, None)
            self.has_begun = self.has_begun or content is not None
        return content

    def _note(self, before: int, count: int) -> None:
        self._checkpoint()
        self.progress.note(before + count)

    def _hash(
        self,
        file: UnhashedFile,
        known: dict[tuple[int, int], Hashes],
        buffer: memoryview,
        on_bytes: Callable[[int], None],
    ) -> Hashes | None:
        """`None` where the file could not be read or changed meanwhile. A file that lies in two places is read once."""
        root = self._roots.get((file.place.folder_id, file.place.category))
        if root is None:
            return None
        path = root / file.place.relative_path
        try:
            before = path.stat()
            if _to_stat(before) != file.stat:
                return None
            key = (before.st_dev, before.st_ino)
            if before.st_ino and key in known:
                return known[key]
            hashes = hash_file(path, on_bytes, buffer=buffer)
            if _to_stat(path.stat()) != file.stat:
                return None
        except OSError as error:
            log.warning("could not hash %r: %s", file.place.relative_path, error.strerror)
            return None
        known[key] = hashes
        return hashes


def _to_stat(status: os.stat_result) -> FileStat:
    return FileStat(status.st_size, status.st_mtime_ns, status.st_ino)
