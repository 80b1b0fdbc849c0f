"""Progress is told as it is, and neither too often nor too late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sd_model_manager.db.engine import Database
from sd_model_manager.domain.events import TaskChanged
from sd_model_manager.domain.tasks import NewTask, TaskKind
from sd_model_manager.tasks.running import RunningTask
from sd_model_manager.tasks.store import TaskStore


class Telling:
    """A task at work on a clock that the test moves, and what it told when."""

    def __init__(self, database: Database) -> None:
        self.now = 0.0
        self.told: list[tuple[float, int]] = []
        store = TaskStore(database)
        task, _ = store.add(NewTask(TaskKind.DOWNLOAD, "x", unit="bytes"), now=datetime.now(UTC))
        claim = store.claim(
            "me", {TaskKind.DOWNLOAD: 1}, now=datetime.now(UTC), lease=timedelta(seconds=20), per_host=None
        )
        assert claim is not None
        self.running = RunningTask(claim, store, self._hear, clock=lambda: self.now)
        self._store, self._task_id = store, task.task_id

    @property
    def saved(self) -> int:
        return self._store.get(self._task_id).progress.done

    def _hear(self, event: TaskChanged) -> None:
        self.told.append((self.now, event.task.progress.done))

    def report_for(self, seconds: float, every: float) -> None:
        for number in range(round(seconds / every)):
            self.now = number * every
            self.running.report(number, None)


@pytest.fixture
def telling(database: Database) -> Telling:
    return Telling(database)


def test_progress_leaves_room_for_other_changes_among_ten_messages_a_second(telling: Telling) -> None:
    telling.report_for(20.0, every=0.01)
    moments = [at for at, _ in telling.told]
    in_a_second = [sum(start <= at <= start + 1.0 for at in moments) for start in moments]
    assert max(in_a_second) <= 9
    assert min(in_a_second[:-10]) >= 7


def test_what_is_told_is_true_when_it_is_told(telling: Telling) -> None:
    telling.report_for(5.0, every=0.02)
    assert all(done == round(at / 0.02) for at, done in telling.told)


def test_progress_is_kept_now_and_then(telling: Telling) -> None:
    telling.report_for(5.0, every=0.02)
    assert telling.saved > 0.8 * telling.told[-1][1]
