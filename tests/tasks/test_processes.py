"""Several processes share one database: all work is done, and what a killed one held is done by the others."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sd_model_manager.db.engine import Database
from sd_model_manager.domain.tasks import NewTask, TaskKind, TaskState
from sd_model_manager.tasks.store import TaskStore

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
TASKS = 40


@contextmanager
def worker(url: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.tasks.worker_process", url, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as process:
        yield process


def wait_until_done(store: TaskStore, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while store.count_by_state().get(TaskState.DONE, 0) < count:
        assert time.monotonic() < deadline, store.count_by_state()
        time.sleep(0.02)


@pytest.mark.parametrize("seed", [1, 2])
def test_work_is_done_once_by_whoever_lives(database: Database, database_url: str, tmp_path: Path, seed: int) -> None:
    store = TaskStore(database)
    for number in range(TASKS):
        store.add(NewTask(TaskKind.SCAN, f"task {number}"), now=datetime.now(UTC))
    with worker(database_url, tmp_path) as doomed, worker(database_url, tmp_path), worker(database_url, tmp_path):
        wait_until_done(store, random.Random(seed).randint(2, TASKS // 2))
        doomed.kill()
        wait_until_done(store, TASKS)
    notes = [(tmp_path / f"task {number}").read_text().split() for number in range(TASKS)]
    assert all(note.count("done") >= 1 for note in notes)
    assert sum(note.count("done") > 1 for note in notes) <= 4, "only what the killed one held may be done twice"
    assert sum(note.count("begun") > 1 for note in notes) <= 4
