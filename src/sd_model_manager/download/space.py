"""What all queued and running downloads still bring, against what is free on each file system.

Queued is only what fits beside everything that was queued before, and a download begins only where it fits beside those
that have begun. Both are decided one at a time, in all processes of this machine that share the data folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.local import Place
from sd_model_manager.domain.tasks import Task, TaskKind, TaskState
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.download.plan import Destination
from sd_model_manager.lib.errors import AppError, NoSpace
from sd_model_manager.lib.paths import join_within
from sd_model_manager.tasks.running import RunningTask
from sd_model_manager.tasks.store import TaskStore

RESERVE_BYTES = 1024**3
"""What downloads leave free: systems misbehave on a full disk."""

RootOf = Callable[[FolderId, Category], Path]
"""The library folder or archive of a place. Raises NotFound where it was removed."""


@dataclass(frozen=True, slots=True)
class Room:
    """A file system that downloads go to. `needed_bytes` is what those that are queued or running still bring."""

    folder: Path
    free_bytes: int
    needed_bytes: int


def find_destination(task: Task, root_of: RootOf) -> Destination:
    """Where a queued download goes. Raises NotFound, BadInput, NotAllowed."""
    payload = task.payload
    spot = Place(FolderId(payload["folder_id"]), payload["relative_path"], Category(payload["category"]))
    root = root_of(spot.folder_id, spot.category)
    return Destination(join_within(root, spot.relative_path), spot.relative_path)


def _free_bytes_of(folder: Path) -> int:
    return shutil.disk_usage(folder).free


class SpaceLedger:
    """Counts anew each time: the files themselves say how much of them has come."""

    def __init__(
        self,
        store: TaskStore,
        root_of: RootOf,
        lock_path: Path,
        *,
        free_bytes_of: Callable[[Path], int] = _free_bytes_of,
        reserve_bytes: int = RESERVE_BYTES,
    ) -> None:
        self._store = store
        self._root_of = root_of
        self._lock_path = lock_path
        self._free_bytes_of = free_bytes_of
        self._reserve_bytes = reserve_bytes

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else promises room meanwhile."""
        with FileLock(self._lock_path):
            yield

    def look_at(self, folder: Path) -> Room:
        """The file system of a folder, which need not exist yet."""
        existing = _existing(folder)
        return Room(existing, self._free_bytes_of(existing), self._sum(existing, self._list_unfinished()))

    def list_rooms(self) -> list[Room]:
        """Every file system that queued or running downloads go to."""
        needs = self._needs(self._list_unfinished())
        rooms: dict[int, Room] = {}
        for folder, needed in needs:
            device = folder.stat().st_dev
            before = rooms.get(device) or Room(folder, self._free_bytes_of(folder), 0)
            rooms[device] = Room(before.folder, before.free_bytes, before.needed_bytes + needed)
        return list(rooms.values())

    def require(self, folder: Path, new_bytes: int) -> None:
        """Make sure that so many bytes fit beside all that is queued or running.

        Raises:
            NoSpace: `missing_bytes` in `details` says how much has to be freed.
        """
        self._require(folder, new_bytes, self._list_unfinished())

    def reserve(self, running: RunningTask, destination: Destination, size_bytes: int | None) -> None:
        """Promise a download that begins the room it still needs, beside those that were promised theirs before.

        Raises NoSpace.
        """
        task_id = running.task.task_id
        with self.alone():
            begun = self._store.list_all(TaskKind.DOWNLOAD, [TaskState.RUNNING])
            others = [task for task in begun if task.task_id != task_id and task.result.get("has_room")]
            self._require(destination.path.parent, still_needed(destination, size_bytes), others)
            running.save_result(has_room=True)

    def _require(self, folder: Path, new_bytes: int, others: Iterable[Task]) -> None:
        existing = _existing(folder)
        promised, free = self._sum(existing, others), self._free_bytes_of(existing)
        missing = new_bytes + promised + self._reserve_bytes - free
        if new_bytes > 0 and missing > 0:
            beside = f", beside {_show(promised)} that other downloads there still bring" if promised else ""
            raise NoSpace(
                f"The disk of '{folder}' is too full: {_show(missing)} have to be freed for this download{beside}.",
                missing_bytes=missing,
                needed_bytes=new_bytes,
                promised_bytes=promised,
                free_bytes=free,
            )

    def _list_unfinished(self) -> list[Task]:
        return self._store.list_all(TaskKind.DOWNLOAD, [TaskState.QUEUED, TaskState.RUNNING])

    def _sum(self, folder: Path, others: Iterable[Task]) -> int:
        device = folder.stat().st_dev
        return sum(needed for there, needed in self._needs(others) if there.stat().st_dev == device)

    def _needs(self, others: Iterable[Task]) -> Iterator[tuple[Path, int]]:
        """For each download an existing folder on its file system, and the bytes it still brings there."""
        for task in others:
            try:
                destination = find_destination(task, self._root_of)
            except AppError:
                continue  # its library folder was removed: it will fail, and bring nothing
            yield _existing(destination.path.parent), still_needed(destination, task.progress.total)


def still_needed(destination: Destination, size_bytes: int | None) -> int:
    """What is on the disk already need not fit again; a sparse `.part` counts with what it really takes."""
    try:
        status = destination.part_path.stat()
    except FileNotFoundError:
        return 0 if destination.path.exists() else size_bytes or 0
    taken = getattr(status, "st_blocks", status.st_size // 512) * 512
    return max(0, (size_bytes or 0) - taken)


def _existing(folder: Path) -> Path:
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())


def _show(byte_count: int) -> str:
    return f"{byte_count / 1024**3:.1f} GiB" if byte_count >= 1024**3 // 10 else f"{byte_count / 1024**2:.1f} MiB"
