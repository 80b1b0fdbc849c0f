"""No more is promised than fits on a disk, whoever asks and whenever."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sd_model_manager.db.engine import Database
from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.tasks import NewTask, TaskCommand, TaskKind
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.download.plan import Destination
from sd_model_manager.download.space import SpaceLedger, find_destination
from sd_model_manager.lib.errors import NoSpace, NotFound
from sd_model_manager.tasks.running import RunningTask
from sd_model_manager.tasks.store import TaskStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Disk:
    """A disk of 1,000 bytes, of which 100 stay free, and downloads that go to it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.store = TaskStore(database)
        self.folder = folder
        self.free = 1000
        self.ledger = SpaceLedger(
            self.store, self.root_of, folder / "space.lock", free_bytes_of=lambda _: self.free, reserve_bytes=100
        )

    def root_of(self, folder_id: FolderId, category: Category) -> Path:
        if folder_id != 1:
            raise NotFound("It was removed.")
        return self.folder

    def queue(self, name: str, size_bytes: int | None, *, folder_id: int = 1) -> None:
        payload = {"folder_id": folder_id, "relative_path": f"loras/{name}", "category": "active"}
        self.store.add(NewTask(TaskKind.DOWNLOAD, name, payload, unit="bytes", total=size_bytes), now=NOW)

    def begin(self) -> RunningTask:
        claim = self.store.claim("me", {TaskKind.DOWNLOAD: 99}, now=NOW, lease=timedelta(seconds=20))
        assert claim is not None
        return RunningTask(claim, self.store, lambda _: None)

    def reserve(self, running: RunningTask) -> None:
        self.ledger.reserve(running, self.destination_of(running), running.task.progress.total)

    def destination_of(self, running: RunningTask) -> Destination:
        return find_destination(running.task, self.root_of)


@pytest.fixture
def disk(database: Database, tmp_path: Path) -> Disk:
    return Disk(database, tmp_path)


def missing(attempt: Callable[[], None]) -> int:
    with pytest.raises(NoSpace) as caught:
        attempt()
    return int(caught.value.details["missing_bytes"])


def test_what_is_queued_is_counted_before_anything_is_added(disk: Disk) -> None:
    disk.queue("a", 500)
    disk.queue("b", 300)
    disk.ledger.require(disk.folder / "not/there/yet", 100)
    assert missing(lambda: disk.ledger.require(disk.folder, 101)) == 1
    room = disk.ledger.look_at(disk.folder / "not/there/yet")
    assert (room.folder, room.free_bytes, room.needed_bytes) == (disk.folder, 1000, 800)
    assert [room.needed_bytes for room in disk.ledger.list_rooms()] == [800]


def test_what_has_come_already_is_not_needed_again(disk: Disk) -> None:
    disk.queue("a", 500_000)
    disk.queue("b", 700)
    (disk.folder / "loras").mkdir()
    (disk.folder / "loras/a.part").write_bytes(b"x" * 400_000)
    (disk.folder / "loras/b").write_bytes(b"x" * 700)  # placed, and about to be indexed
    assert disk.ledger.look_at(disk.folder).needed_bytes <= 100_000


def test_what_is_paused_unknown_or_without_a_folder_needs_nothing(disk: Disk) -> None:
    disk.queue("unknown", None)
    disk.queue("removed", 900, folder_id=2)
    disk.queue("paused", 900)
    paused = next(task for task in disk.store.list_page(words="paused").items)
    disk.store.command(paused.task_id, TaskCommand.PAUSE, now=NOW)
    assert disk.ledger.look_at(disk.folder).needed_bytes == 0
    disk.ledger.require(disk.folder, 900)


def test_a_file_of_unknown_size_is_not_held_up_by_a_full_disk(disk: Disk) -> None:
    disk.free = 0
    disk.ledger.require(disk.folder, 0)


def test_one_that_begins_has_to_fit_beside_those_that_have_begun_but_not_beside_those_that_wait(disk: Disk) -> None:
    for name in "abc":
        disk.queue(name, 500)
    first, second = disk.begin(), disk.begin()
    disk.reserve(first)
    assert missing(lambda: disk.reserve(second)) == 100
    disk.free = 1100
    disk.reserve(second)


def test_of_many_that_begin_at_once_as_many_do_as_fit(disk: Disk) -> None:
    for number in range(6):
        disk.queue(str(number), 300)
    running = [disk.begin() for _ in range(6)]

    def has_room(task: RunningTask) -> bool:
        try:
            disk.reserve(task)
        except NoSpace:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(has_room, running)) == 3


def test_the_message_says_how_much_and_why(disk: Disk) -> None:
    disk.queue("a", 800)
    with pytest.raises(NoSpace, match=r"have to be freed for this download, beside .* that other downloads") as caught:
        disk.ledger.require(disk.folder, 800)
    assert caught.value.details == {
        "folder": str(disk.folder),
        "missing_bytes": 700,
        "needed_bytes": 800,
        "promised_bytes": 800,
        "free_bytes": 1000,
    }
