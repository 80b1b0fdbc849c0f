"""Work that goes on after the answer: its states and what may follow what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sd_model_manager.domain.ids import TaskId


class TaskState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in FINAL_STATES


FINAL_STATES = frozenset({TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED})


class TaskKind(StrEnum):
    DOWNLOAD = "download"
    SCAN = "scan"
    HASH = "hash"
    MOVE = "move"
    EXPORT = "export"


class TaskCommand(StrEnum):
    """What a user may ask of a task."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RETRY = "retry"


ALLOWED_FROM: dict[TaskCommand, frozenset[TaskState]] = {
    TaskCommand.PAUSE: frozenset({TaskState.QUEUED, TaskState.RUNNING}),
    TaskCommand.RESUME: frozenset({TaskState.PAUSED}),
    TaskCommand.CANCEL: frozenset({TaskState.QUEUED, TaskState.RUNNING, TaskState.PAUSED}),
    TaskCommand.RETRY: frozenset({TaskState.FAILED, TaskState.CANCELLED}),
}
"""The states in which each command can be given; anywhere else it is a conflict."""


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """How far a task is. `total` is `None` while unknown; `unit` is `bytes` or `files`."""

    done: int = 0
    total: int | None = None
    unit: str = "files"
    per_second: float = 0.0

    @property
    def eta_seconds(self) -> float | None:
        if self.total is None or self.per_second <= 0:
            return None
        return max(0.0, (self.total - self.done) / self.per_second)


@dataclass(frozen=True, slots=True)
class NewTask:
    """Work to be done. While a task with the same `dedupe_key` is not finished, no second one is made.

    Higher `priority` goes first; among equals the older one. `is_first` puts it before all of its kind that is
    unfinished now, whatever its `priority`. `payload["host"]`, where there is one, is whom the work keeps busy.
    """

    kind: TaskKind
    name: str
    payload: dict[str, Any] = field(default_factory=dict)
    dedupe_key: str | None = None
    priority: int = 0
    is_first: bool = False
    unit: str = "files"
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of durable work as the registry of tasks knows it.

    `payload` is what the handler was given, `result` what it has to say (also while running: a download's path).
    """

    task_id: TaskId
    kind: TaskKind
    state: TaskState
    name: str
    progress: TaskProgress
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str | None = None
    code: str | None = None
    attempts: int = 0
    priority: int = 0
    payload: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)
