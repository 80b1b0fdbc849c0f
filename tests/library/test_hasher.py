"""Hashing in the background: several files at once, in bytes over all, and to be paused at any moment."""

from __future__ import annotations

import hashlib
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sd_model_manager.db.engine import Database
from sd_model_manager.domain.events import Event, TaskChanged
from sd_model_manager.domain.tasks import TaskKind, TaskProgress
from sd_model_manager.library.hasher import Hasher, new_hashing
from sd_model_manager.tasks.running import RunningTask, StopReason, TaskStopped
from sd_model_manager.tasks.store import TaskStore
from tests.support.library_bench import LibraryBench

MIB = 1024 * 1024


def put(library: LibraryBench, name: str, size: int, content: int) -> Path:
    path = library.root / name
    path.write_bytes((64).to_bytes(8, "little") + b"{" + b" " * 62 + b"}" + bytes([content]) * (size - 72))
    return path


def start(library: LibraryBench, database: Database) -> RunningTask:
    store, now = TaskStore(database), datetime.now(UTC)
    store.add(new_hashing(library.hashes.count_unhashed()[1]), now=now)
    claim = store.claim("bench", {TaskKind.HASH: 1}, now=now, lease=timedelta(minutes=1))
    assert claim is not None
    return RunningTask(claim, store, library.hub.publish)


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_however_many_are_read_at_once_every_file_gets_its_own_hashes(library: LibraryBench, at_once: int) -> None:
    library.hasher = Hasher(library.hashes, library.places, library.hub.publish, lambda: at_once)
    paths = [put(library, f"{number}.safetensors", 100_000 + 7 * number, number) for number in range(30)]
    paths.append(put(library, "large.safetensors", 20 * MIB, 77))
    library.scan()
    library.hash()
    known = {model.place.relative_path: model.sha256 for model in library.models()}
    assert known == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    assert library.hashes.count_unhashed() == (0, 0)


def put_endless(library: LibraryBench, name: str, size: int) -> None:
    """One that takes long enough to be interrupted, and no room on the disk."""
    put(library, name, 100_000, 9)
    os.truncate(library.root / name, size)


def test_a_pause_keeps_what_is_hashed_and_the_rest_follows_from_there(
    library: LibraryBench, database: Database
) -> None:
    sizes = [1 * MIB, 2 * MIB]
    for number, size in enumerate(sizes):
        put(library, f"{number}.safetensors", size, number)
    put_endless(library, "large.safetensors", 4000 * MIB)
    put_endless(library, "larger.safetensors", 4001 * MIB)
    total = sum(sizes) + 8001 * MIB
    library.scan()
    first = start(library, database)
    threads_before = threading.active_count()

    def pause(event: Event) -> None:
        if isinstance(event, TaskChanged) and event.task.progress.done > 500 * MIB:
            first.stop(StopReason.PAUSED)

    with library.hub.subscribed(pause), pytest.raises(TaskStopped):
        library.hasher.run(first)
    assert threading.active_count() == threads_before
    assert (first.task.progress.done, first.task.progress.total) == (sum(sizes), total)
    assert {m.name: m.sha256 is not None for m in library.models()} == {
        "0": True,
        "1": True,
        "large": False,
        "larger": False,
    }
    TaskStore(database).let_go(first.claim)
    second = start(library, database)
    told: list[TaskProgress] = []

    def stop(event: Event) -> None:
        if isinstance(event, TaskChanged):
            told.append(event.task.progress)
            second.stop(StopReason.PAUSED)

    with library.hub.subscribed(stop), pytest.raises(TaskStopped):
        library.hasher.run(second)
    assert told[0].total == total
    assert sum(sizes) <= told[0].done < total
    assert second.task.progress.done == sum(sizes)


def test_a_file_that_cannot_be_read_is_passed_over_and_not_counted(library: LibraryBench) -> None:
    put(library, "a.safetensors", 100_000, 1)
    put(library, "gone.safetensors", 200_000, 2)
    put(library, "z.safetensors", 300_000, 3)
    library.scan()
    (library.root / "gone.safetensors").unlink()
    task = library.hash()
    assert task.progress.done == task.progress.total == 400_000
    assert sum(model.sha256 is not None for model in library.models()) == 2


def test_progress_counts_the_bytes_of_all_files(library: LibraryBench, database: Database) -> None:
    sizes = [1 * MIB, 2 * MIB, 300 * MIB, 301 * MIB]
    for number, size in enumerate(sizes):
        put_endless(library, f"{number}.safetensors", size)
    library.scan()
    running = start(library, database)
    told: list[tuple[int, int | None]] = []

    def listen(event: Event) -> None:
        if isinstance(event, TaskChanged):
            told.append((event.task.progress.done, event.task.progress.total))

    library.hub.subscribe(listen)
    library.hasher.run(running)
    assert told
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert {total for _, total in told} == {sum(sizes)}
    assert (running.task.progress.done, running.task.progress.total) == (sum(sizes), sum(sizes))
