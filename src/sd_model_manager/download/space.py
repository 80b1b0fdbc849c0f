"""What all queued and running downloads still bring, against what is free on each file system.

Queued is only what fits beside everything that was queued before, and a download begins only where it fits beside those
that have begun. Both are decided one at a time, in all processes of this machine that share the data folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from filelock import FileLock

from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.local import Place
from sd_model_manager.domain.tasks import Task, TaskKind, TaskState
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.download.plan import Destination
from sd_model_manager.lib.errors import NoSpace, NotFound
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


@dataclass(frozen=True, slots=True)
class _Need:
    """`folder` exists, on the file system `device`."""

    folder: Path
    device: int
    bytes: int


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
        return self._look_at(folder, self._list_unfinished())

    def list_rooms(self) -> list[Room]:
        """Every file system that queued or running downloads go to."""
        rooms: dict[int, Room] = {}
        for need in self._needs(self._list_unfinished()):
            before = rooms.get(need.device) or Room(need.folder, self._free_bytes_of(need.folder), 0)
            rooms[need.device] = replace(before, needed_bytes=before.needed_bytes + need.bytes)
        return list(rooms.values())

    def require(self, folder: Path, new_bytes: int) -> None:
        """Make sure that so many bytes fit beside all that is queued or running.

        Raises:
            NoSpace: `missing_bytes` in `details` says how much has to be freed.
        """
        self.require_within(self.look_at(folder), new_bytes)

    def require_within(self, room: Room, new_bytes: int) -> None:
        """The same, where the file system was looked at before. Raises NoSpace."""
        missing = new_bytes + room.needed_bytes + self._reserve_bytes - room.free_bytes
        if new_bytes > 0 and missing > 0:
            promised = room.needed_bytes
            beside = f", beside {_show(promised)} that other downloads there still bring" if promised else ""
            raise NoSpace(
                f"The disk of '{room.folder}' is too full: {_show(missing)} have to be freed for this download"
                f"{beside}.",
                folder=str(room.folder),
                missing_bytes=missing,
                needed_bytes=new_bytes,
                promised_bytes=promised,
                free_bytes=room.free_bytes,
            )

    def reserve(self, running: RunningTask, destination: Destination, size_bytes: int | None) -> None:
        """Promise a download that begins the room it still needs, beside those that were promised theirs before.

        Raises NoSpace.
        """
        task_id = running.task.task_id
        with self.alone():
            begun = self._store.list_all(TaskKind.DOWNLOAD, [TaskState.RUNNING])
            others = [task for task in begun if task.task_id != task_id and task.result.get("has_room")]
            room = self._look_at(destination.path.parent, others)
            self.require_within(room, still_needed(destination, size_bytes))
            running.save_result(has_room=True)

    def _list_unfinished(self) -> list[Task]:
        return self._store.list_all(TaskKind.DOWNLOAD, [TaskState.QUEUED, TaskState.RUNNING])

    def _look_at(self, folder: Path, others: Iterable[Task]) -> Room:
        existing = _existing(folder)
        device = existing.stat().st_dev
        needed = sum(need.bytes for need in self._needs(others) if need.device == device)
        return Room(existing, self._free_bytes_of(existing), needed)

    def _needs(self, others: Iterable[Task]) -> Iterator[_Need]:
        """What each download still brings; queues can be long, so that each folder is looked at once."""
        find_root, find_folder = lru_cache(None)(self._find_root), lru_cache(None)(_existing)
        find_device = lru_cache(None)(lambda folder: folder.stat().st_dev)
        for task in others:
            payload = task.payload
            root = find_root(payload["folder_id"], payload["category"])
            if root is not None:
                destination = Destination(root / payload["relative_path"], payload["relative_path"])
                folder = find_folder(destination.path.parent)
                yield _Need(folder, find_device(folder), still_needed(destination, task.progress.total))

    def _find_root(self, folder_id: int, category: str) -> Path | None:
        """`None` where the library folder was removed: what goes there will fail, and bring nothing."""
        try:
            return self._root_of(FolderId(folder_id), Category(category))
        except NotFound:
            return None


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
