"""Looks for installs in the usual places of a machine: a few levels deep, for a few seconds, in a thread of its own."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sd_model_manager.domain.taxonomy import MODEL_EXTENSIONS
from sd_model_manager.integrations.engine import Install
from sd_model_manager.integrations.machine import Machine
from sd_model_manager.integrations.registry import ENGINES, list_subfolders, recognise

log = logging.getLogger(__name__)

_DEPTH = 3
"""`D:\\AI\\tools\\ComfyUI` is three below its drive."""

_MAX_FOLDERS = 4000
_MAX_COUNTED = 20_000
_NOT_LOOKED_INTO = frozenset(
    {"node_modules", "site-packages", "venv", "env", "__pycache__", "windows", "program files", "program files (x86)",
     "programdata", "system volume information", "library", "appdata", "recovery", "microsoft", "temp", "cache"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CountedFolder:
    """A folder of models; `model_count` is a lower bound where `is_exact` is not."""

    path: Path
    model_count: int
    is_exact: bool


@dataclass(frozen=True, slots=True)
class FoundInstall:
    install: Install
    folders: tuple[CountedFolder, ...]


@dataclass(slots=True)
class Search:
    """One search as it goes on; `found` grows. `is_complete` where it has looked everywhere."""

    found: list[FoundInstall] = field(default_factory=list)
    is_complete: bool = False
    done: threading.Event = field(default_factory=threading.Event)


class InstallFinder:
    """Searches once at a time, however many ask."""

    def __init__(self, machine_now: Callable[[], Machine] = Machine.this) -> None:
        self._machine_now = machine_now
        self._lock = threading.Lock()
        self._search: Search | None = None

    @property
    def machine(self) -> Machine:
        return self._machine_now()

    def find(self, *, patience_seconds: float = 8) -> Search:
        """What was found when all was looked at, or patience was over: a drive that does not answer holds nobody up."""
        with self._lock:
            search = self._search
            if search is None or search.done.is_set():
                search = self._search = Search()
                threading.Thread(target=self._run, args=(search, patience_seconds), daemon=True).start()
        search.done.wait(patience_seconds)
        return search

    def _run(self, search: Search, patience_seconds: float) -> None:
        is_over = make_deadline(patience_seconds)
        try:
            for install in find_installs(self.machine, is_over):
                search.found.append(FoundInstall(install, count_folders(install, is_over)))
            search.is_complete = not is_over()
        except Exception:
            log.exception("the search for installed programs has failed")
        finally:
            search.done.set()


def make_deadline(seconds: float) -> Callable[[], bool]:
    ends_at = time.monotonic() + seconds
    return lambda: time.monotonic() > ends_at


def find_installs(machine: Machine, is_over: Callable[[], bool]) -> Iterator[Install]:
    """First those that other programs' settings name, then those that lie in the usual places; each once."""
    seen: set[Path] = set()
    waiting = deque([*_list_known_roots(machine), *((place, 0) for place in machine.places)])
    while waiting and not is_over() and len(seen) < _MAX_FOLDERS:
        folder, depth = waiting.popleft()
        real = _resolve(folder)
        if real is None or real in seen:
            continue
        seen.add(real)
        if install := recognise(real, machine):
            is_new = install.root == real or install.root not in seen
            seen.add(install.root)
            if is_new:
                yield install
            waiting.extendleft((inner, _DEPTH) for inner in reversed(install.holds))
        elif depth < _DEPTH:
            waiting.extend((inner, depth + 1) for inner in _list_worth_looking_into(real))


def count_models(folder: Path, is_over: Callable[[], bool]) -> CountedFolder:
    """How many model files lie in it, without following links; not exact where there are very many, or time is up."""
    count = entries = 0
    for _, _, names in os.walk(folder):
        entries += len(names) + 1
        count += sum(os.path.splitext(name)[1].lower() in MODEL_EXTENSIONS for name in names)  # noqa: PTH122 - many
        if entries > _MAX_COUNTED or is_over():
            return CountedFolder(folder, count, is_exact=False)
    return CountedFolder(folder, count, is_exact=True)


def count_folders(install: Install, is_over: Callable[[], bool]) -> tuple[CountedFolder, ...]:
    return tuple(count_models(folder, is_over) for folder in install.models_folders)


def _list_known_roots(machine: Machine) -> Iterator[tuple[Path, int]]:
    """As deep as the search goes: nothing inside them is looked into."""
    for engine in ENGINES:
        try:
            yield from ((root, _DEPTH) for root in engine.list_known_roots(machine))
        except OSError:
            continue


def _list_worth_looking_into(folder: Path) -> list[Path]:
    return [inner for inner in list_subfolders(folder) if inner.name.lower() not in _NOT_LOOKED_INTO]


def _resolve(folder: Path) -> Path | None:
    try:
        return folder.resolve(strict=True)
    except (OSError, RuntimeError):
        return None
