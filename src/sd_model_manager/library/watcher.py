"""Notices, while the program runs, what changes in library folders, and has it looked at."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from sd_model_manager.domain.ids import FolderId
from sd_model_manager.library.network_paths import is_on_share
from sd_model_manager.library.scanner import Scanner, TouchedFolder
from sd_model_manager.library.watch_events import RestlessPaths, Root

log = logging.getLogger(__name__)

_QUIET_SECONDS = 2.0
_STEP_MILLISECONDS = 400
_CHECK_ROOTS_SECONDS = 2.0
_RETRY_SECONDS = 5.0
_POLLS_OF_WATCHED = 12
"""Folders with events are polled, too, this many times more seldom: a system may drop events of great upheavals."""


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """`by_polling` is for shares that cannot be told from disks."""

    is_on: bool = True
    by_polling: bool = False
    poll_seconds: float = 300.0


_Roots = dict[Path, tuple[Root, tuple[int, int]]]
"""The roots that are there, each with its device and inode: another disk may be mounted at the same path."""


@dataclass(slots=True)
class _Round:
    """What is watched until the library folders, their disks or the settings are others."""

    settings: WatchSettings
    roots: _Roots
    watched: list[Path]
    restless: RestlessPaths
    polled_at: float
    polls: int = 0
    again: list[TouchedFolder] = field(default_factory=list)
    again_at: float = 0.0

    @property
    def polled(self) -> list[Path]:
        return [path for path in self.roots if path not in self.watched]


class Watcher:
    """One thread. Of several processes with one data folder the one that holds `lock_file` watches."""

    def __init__(
        self,
        scanner: Scanner,
        list_roots: Callable[[], Mapping[Root, Path]],
        settings: Callable[[], WatchSettings],
        lock_file: Path,
    ) -> None:
        self._scanner = scanner
        self._list_roots = list_roots
        self._settings = settings
        self._lock_file = lock_file
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="library-watcher", daemon=True)
        self.is_watching = threading.Event()
        """Set from when on nothing is missed."""
        self._unwatchable: set[Path] = set()
        self._roots: _Roots = {}
        self._folders: set[FolderId] = set()

    def start(self) -> None:
        self._thread.start()

    def stop(self, *, timeout_seconds: float = 10.0) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout_seconds)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with FileLock(self._lock_file).acquire(timeout=0):
                    self._watch()
            except Timeout:
                self._stop.wait(_RETRY_SECONDS)
            except Exception:
                log.exception("watching the library folders was interrupted; it begins again")
                self._stop.wait(_RETRY_SECONDS)

    def _watch(self) -> None:
        while not self._stop.is_set():
            now = time.monotonic()
            current = self._begin_round(now)
            checked_at = now
            with closing(self._list_changes(current.watched)) as changes:
                for paths in changes:
                    self.is_watching.set()
                    now = time.monotonic()
                    current.restless.note(paths, now)
                    self._look_at_quiet(current, now)
                    if now - checked_at >= _CHECK_ROOTS_SECONDS:
                        checked_at = now
                        if self._find_roots() != current.roots or self._settings() != current.settings:
                            break
                        self._poll(current, now)

    def _begin_round(self, now: float) -> _Round:
        """What happened between two rounds is found by looking at all roots, those that went among them. The first
        round does without: a start scans by itself, as does the adding of a folder."""
        settings, roots = self._settings(), self._find_roots()
        can_watch = settings.is_on and not settings.by_polling
        watched = [path for path in roots if can_watch and path not in self._unwatchable and not is_on_share(path)]
        by_path = {path: root for path, (root, _) in roots.items()}
        current = _Round(settings, roots, watched, RestlessPaths(by_path, quiet_seconds=_QUIET_SECONDS), now)
        known = dict.fromkeys(root for root, _ in (*self._roots.values(), *roots.values()) if root[0] in self._folders)
        current.again = [TouchedFolder(*root, "", with_subfolders=True) for root in known]
        self._roots, self._folders = roots, {folder_id for folder_id, _ in self._list_roots()}
        return current

    def _find_roots(self) -> _Roots:
        found = {}
        for root, path in self._list_roots().items():
            try:
                status = path.stat()
            except OSError:
                continue
            found[path] = (root, (status.st_dev, status.st_ino))
        return found

    def _list_changes(self, watched: list[Path]) -> Generator[list[str], None, None]:
        """What changed, at least once in a second, until the thread is to stop; nothing where nothing can be told."""
        if watched:
            from watchfiles import watch

            try:
                for changes in watch(
                    *watched,
                    watch_filter=None,
                    debounce=_STEP_MILLISECONDS,
                    step=_STEP_MILLISECONDS // 4,
                    stop_event=self._stop,
                    rust_timeout=_STEP_MILLISECONDS,
                    yield_on_timeout=True,
                    raise_interrupt=False,
                    ignore_permission_denied=True,
                ):
                    yield [path for _, path in changes]
            except (OSError, RuntimeError) as error:
                self._give_up_events(watched, error)
            return
        while not self._stop.wait(_STEP_MILLISECONDS / 1000):
            yield []

    def _give_up_events(self, watched: list[Path], error: Exception) -> None:
        """Poll what the system will not tell of. A folder that merely went is tried again when it is back."""
        there = [path for path in watched if path.exists()]
        if there != watched:
            return
        self._unwatchable.update(there)
        remedy = " Raise it with: sysctl fs.inotify.max_user_watches=524288" if "limit" in str(error).lower() else ""
        names = ", ".join(map(str, there))
        log.warning("the system does not tell what changes in %s (%s); it is polled instead.%s", names, error, remedy)

    def _look_at_quiet(self, current: _Round, now: float) -> None:
        touched, restless = current.restless.take_quiet(now)
        if now >= current.again_at:
            touched += current.again
            current.again = []
        if touched and current.settings.is_on:
            current.again += self._scanner.look_again(touched, skipped=restless, quiet_seconds=_QUIET_SECONDS)
            current.again_at = time.monotonic() + _QUIET_SECONDS

    def _poll(self, current: _Round, now: float) -> None:
        if not current.settings.is_on or now - current.polled_at < current.settings.poll_seconds:
            return
        current.polls += 1
        due = current.roots if current.polls % _POLLS_OF_WATCHED == 0 else current.polled
        current.again += [TouchedFolder(*current.roots[path][0], "", with_subfolders=True) for path in due]
        current.polled_at = time.monotonic()
