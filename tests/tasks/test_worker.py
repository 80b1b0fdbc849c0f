"""What runs can be paused, cancelled and retried, and goes on after its process is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sd_model_manager.db.engine import Database
from sd_model_manager.domain.events import Event, TaskChanged
from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.tasks import NewTask, Task, TaskCommand, TaskKind, TaskState
from sd_model_manager.lib.errors import NoSpace, SourceRateLimited
from sd_model_manager.lib.events import EventHub
from sd_model_manager.tasks.owners import Owner
from sd_model_manager.tasks.queue import TaskQueue
from sd_model_manager.tasks.running import RunningTask, TaskPostponed
from sd_model_manager.tasks.store import TaskStore
from sd_model_manager.tasks.worker import TaskWorker

PATIENCE_SECONDS = 20


class CountingHandler:
    """Counts up to what it is told, a step for each time the test lets it."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.started = threading.Event()
        self.discarded: list[TaskId] = []
        self.failure: Exception | None = None

    def run(self, running: RunningTask) -> None:
        start = running.task.result.get("counted", 0)
        running.save_result(counted=start)
        for number in range(start, 3):
            running.report(number, 3)
            self.started.set()
            if self.failure:
                raise self.failure
            while not self.may_go_on.wait(0.01):
                running.checkpoint()
            running.save_result(counted=number + 1)
        running.settle(3, 3)

    def discard(self, task: Task) -> None:
        self.discarded.append(task.task_id)


class Bench:
    """A queue and a worker, and a way to wait for a state without sleeping."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.hub: EventHub[Event] = EventHub()
        self.handler = CountingHandler()
        self.store = TaskStore(database)
        self.queue = TaskQueue(self.store, self.hub)
        self.owner = Owner(folder)
        limits = {TaskKind.SCAN: 1}
        self.worker = TaskWorker(self.store, self.hub, self.owner, {TaskKind.SCAN: self.handler}, lambda: limits)
        self._changed = threading.Condition()
        self.hub.subscribe(self._on_event)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, TaskChanged):
            with self._changed:
                self._changed.notify_all()

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(is_so, PATIENCE_SECONDS)

    def wait_for_state(self, task_id: TaskId, state: TaskState) -> Task:
        self.wait_until(lambda: self.store.get(task_id).state is state)
        return self.store.get(task_id)

    def add(self) -> TaskId:
        return self.queue.add(NewTask(TaskKind.SCAN, "count"))[0].task_id


@pytest.fixture
def bench(database: Database, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(database, tmp_path / "locks")
    yield made
    made.worker.stop()
    made.owner.release()


def test_queued_work_is_done_and_says_so(bench: Bench) -> None:
    bench.worker.start()
    bench.handler.may_go_on.set()
    task = bench.wait_for_state(bench.add(), TaskState.DONE)
    assert (task.progress.done, task.progress.total, task.result) == (3, 3, {"counted": 3})
    assert task.started_at
    assert task.finished_at


def test_a_paused_task_stops_and_a_resumed_one_goes_on_to_its_end(bench: Bench) -> None:
    bench.worker.start()
    task_id = bench.add()
    assert bench.handler.started.wait(PATIENCE_SECONDS)
    assert bench.queue.command(task_id, TaskCommand.PAUSE).state is TaskState.PAUSED
    bench.wait_until(lambda: not bench.store.list_owners())
    assert bench.store.get(task_id).state is TaskState.PAUSED
    bench.handler.may_go_on.set()
    bench.queue.command(task_id, TaskCommand.RESUME)
    assert bench.wait_for_state(task_id, TaskState.DONE).attempts == 2


def test_what_a_cancelled_task_left_is_removed(bench: Bench) -> None:
    bench.worker.start()
    task_id = bench.add()
    assert bench.handler.started.wait(PATIENCE_SECONDS)
    bench.queue.command(task_id, TaskCommand.CANCEL)
    bench.wait_until(lambda: bench.handler.discarded == [task_id])


def test_a_failure_is_told_in_its_own_words_and_can_be_retried(bench: Bench) -> None:
    bench.worker.start()
    bench.handler.failure = NoSpace("The disk is full.")
    task_id = bench.add()
    task = bench.wait_for_state(task_id, TaskState.FAILED)
    assert (task.error, task.code) == ("The disk is full.", "NO_SPACE")
    bench.handler.failure = None
    bench.handler.may_go_on.set()
    bench.queue.command(task_id, TaskCommand.RETRY)
    assert bench.wait_for_state(task_id, TaskState.DONE).error is None


def test_a_handler_that_breaks_fails_its_task_alone(bench: Bench) -> None:
    bench.worker.start()
    bench.handler.failure = ZeroDivisionError()
    assert bench.wait_for_state(bench.add(), TaskState.FAILED).code == "INTERNAL"
    bench.handler.failure = None
    bench.handler.may_go_on.set()
    bench.wait_for_state(bench.add(), TaskState.DONE)


def test_work_that_was_running_at_the_end_of_the_program_is_queued_for_the_next_start(bench: Bench) -> None:
    bench.worker.start()
    task_id = bench.add()
    assert bench.handler.started.wait(PATIENCE_SECONDS)
    bench.worker.stop()
    assert bench.store.get(task_id).state is TaskState.QUEUED


def test_a_successor_takes_over_at_once_from_a_worker_that_is_dead(bench: Bench, tmp_path: Path) -> None:
    dead = Owner(tmp_path / "locks")
    dead_worker = TaskWorker(bench.store, EventHub(), dead, {TaskKind.SCAN: bench.handler}, lambda: {TaskKind.SCAN: 1})
    task_id = bench.add()
    dead_worker._start_what_can()
    assert bench.handler.started.wait(PATIENCE_SECONDS)
    dead._lock.release()  # what the system does when a process is killed
    bench.worker.start()
    bench.handler.may_go_on.set()
    assert bench.wait_for_state(task_id, TaskState.DONE).attempts == 2


def test_a_worker_that_lives_is_not_taken_for_dead(tmp_path: Path) -> None:
    one, other = Owner(tmp_path), Owner(tmp_path)
    assert not one.is_dead(other.name)
    assert not one.is_dead("somebody.1.elsewhere")
    other.release()
    one.release()


def test_a_task_that_was_put_off_says_why_and_until_when_as_long_as_it_waits(bench: Bench) -> None:
    bench.worker.start()
    bench.handler.failure = TaskPostponed(
        SourceRateLimited("the source asks for a pause", source="Civitai"), after_seconds=600
    )
    task_id = bench.add()
    bench.wait_until(lambda: bench.store.get(task_id).result.get("waits_because") is not None)
    waiting = bench.wait_for_state(task_id, TaskState.QUEUED)
    assert waiting.result["waits_because"] == "the source asks for a pause"
    assert waiting.result["waits_code"] == "SOURCE_RATE_LIMITED"
    assert waiting.result["waits_details"] == {"source": "Civitai", "retry_after_seconds": None}
    assert datetime.fromisoformat(waiting.result["waits_until"]) > datetime.now(UTC)
    bench.handler.failure = None
    bench.handler.may_go_on.set()
    bench.wait_until(lambda: not bench.store.list_owners())
    bench.queue.command(task_id, TaskCommand.PAUSE)
    bench.queue.command(task_id, TaskCommand.RESUME)
    done = bench.wait_for_state(task_id, TaskState.DONE)
    assert (done.result["waits_because"], done.result["waits_until"]) == (None, None)
