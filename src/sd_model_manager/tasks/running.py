"""What a handler is given while it works: progress, results, and the word to stop."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Any, Protocol

from sd_model_manager.domain.events import TaskChanged
from sd_model_manager.domain.tasks import Task, TaskProgress, TaskState
from sd_model_manager.lib.errors import AppError
from sd_model_manager.tasks.store import Claim, TaskStore

PUBLISH_EVERY_SECONDS = 0.125
"""Eight times a second leaves room for changes of state in the ten messages a second that a client is sent: progress
that waited for its turn there would be old when it is told."""

SAVE_EVERY_SECONDS = 0.5
_SPEED_WINDOW_SECONDS = 5.0


class StopReason(StrEnum):
    PAUSED = "paused"
    CANCELLED = "cancelled"
    SHUTDOWN = "shutdown"
    LEASE_LOST = "lease_lost"


STOPPED_BY: dict[TaskState | None, StopReason] = {
    TaskState.PAUSED: StopReason.PAUSED,
    TaskState.CANCELLED: StopReason.CANCELLED,
    TaskState.QUEUED: StopReason.PAUSED,  # paused and resumed before its worker noticed
    None: StopReason.LEASE_LOST,
}
"""Why a worker has to stop when it finds its task in such a state."""


class TaskStopped(Exception):
    """Raised out of `report` and `checkpoint`; handlers let it pass after closing what they hold."""

    def __init__(self, reason: StopReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class TaskPostponed(Exception):
    """Raised by a handler whose work cannot go on now but should by itself, `after_seconds` from now."""

    def __init__(self, why: AppError, *, after_seconds: float) -> None:
        super().__init__(why.message)
        self.why = why
        self.after_seconds = after_seconds


class TaskHandler(Protocol):
    """Does the tasks of one kind, in a thread. Both methods may be called again after a crash in the middle."""

    def run(self, running: RunningTask) -> None: ...

    def discard(self, task: Task) -> None:
        """Remove what a cancelled task left behind."""


class SpeedMeter:
    """Units per second over the last seconds, from readings of a counter."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._readings: deque[tuple[float, int]] = deque()

    def read(self, done: int) -> float:
        now = self._clock()
        if self._readings and done < self._readings[-1][1]:
            self._readings.clear()  # a restart from the beginning is not a negative speed
        self._readings.append((now, done))
        while len(self._readings) > 2 and now - self._readings[0][0] > _SPEED_WINDOW_SECONDS:
            self._readings.popleft()
        seconds = now - self._readings[0][0]
        return (done - self._readings[0][1]) / seconds if seconds > 0 else 0.0


class RunningTask:
    """One task at work. Its methods may be called from any thread of the handler."""

    def __init__(
        self,
        claim: Claim,
        store: TaskStore,
        publish: Callable[[TaskChanged], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.claim = claim
        self._store = store
        self._publish = publish
        self._clock = clock
        self._lock = threading.Lock()
        self._stop: StopReason | None = None
        self._task = claim.task
        self._meter = SpeedMeter(clock)
        self._publish_at = self._saved_at = float("-inf")

    @property
    def task(self) -> Task:
        return self._task

    def stop(self, reason: StopReason) -> None:
        self._stop = self._stop or reason

    def checkpoint(self) -> None:
        """Raises TaskStopped when the task was paused or cancelled, or the program is about to end. Costs nothing."""
        if self._stop is not None:
            raise TaskStopped(self._stop)

    def is_ours(self) -> bool:
        """Whether no other worker has taken the task over, for writes that it would trip over; asks the database."""
        return self._store.find_state(self.claim) is not None

    def commit_point(self) -> None:
        """Like `checkpoint`, but asks the database: to be called right before what cannot be taken back."""
        self.checkpoint()
        state = self._store.find_state(self.claim)
        if state is not TaskState.RUNNING:
            raise TaskStopped(STOPPED_BY.get(state, StopReason.LEASE_LOST))

    def report(self, done: int, total: int | None = None) -> None:
        """Say how far the work is, as often as you like: it is passed on eight times a second at most.

        Raises TaskStopped like `checkpoint`.
        """
        self.checkpoint()
        now = self._clock()
        if now < self._publish_at:
            return
        with self._lock:
            if now < self._publish_at:
                return
            self._publish_at = max(self._publish_at + PUBLISH_EVERY_SECONDS, now + PUBLISH_EVERY_SECONDS / 2)
            self._note(done, total)
            task, is_to_save = self._task, now - self._saved_at >= SAVE_EVERY_SECONDS
            self._saved_at = now if is_to_save else self._saved_at
        self._publish(TaskChanged(task))
        if is_to_save:
            self._store.save_progress(self.claim, task.progress)

    def settle(self, done: int, total: int | None = None) -> None:
        """Record where the work stands at its end or interruption, without asking whether to stop."""
        with self._lock:
            self._note(done, total)
            self._store.save_progress(self.claim, self._task.progress)

    def save_result(self, *, name: str | None = None, **facts: Any) -> None:
        """Keep facts about the work with the task, at once and across a crash; they are merged by key."""
        with self._lock:
            result = {**self._task.result, **facts}
            self._task = replace(self._task, result=result, name=name or self._task.name)
            self._store.save_result(self.claim, result, name=name)
        self._publish(TaskChanged(self._task))

    def _note(self, done: int, total: int | None) -> None:
        old = self._task.progress
        speed = self._meter.read(done)
        self._task = replace(self._task, progress=TaskProgress(done, total, old.unit, speed))
