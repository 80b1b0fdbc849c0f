"""The door to the tasks for everything that starts, shows or steers them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sd_model_manager.domain.events import Event, TaskChanged
from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.tasks import ALLOWED_FROM, NewTask, Task, TaskCommand, TaskKind, TaskState
from sd_model_manager.lib.errors import NotFound, TaskStateConflict
from sd_model_manager.lib.events import EventHub
from sd_model_manager.tasks.order import End
from sd_model_manager.tasks.store import TaskStore


@dataclass(frozen=True, slots=True)
class CommandedTasks:
    """What became of a command given to many: `refused` says why, by the id of the task."""

    changed: tuple[Task, ...]
    refused: dict[TaskId, TaskStateConflict]


class TaskQueue:
    """Like the store, and tells everybody. `store` answers the questions."""

    def __init__(self, store: TaskStore, hub: EventHub[Event]) -> None:
        self.store = store
        self._hub = hub

    def add(self, new: NewTask) -> tuple[Task, bool]:
        """Queue work; `False` with the unfinished task where the same work is under way already."""
        task, is_new = self.store.add(new, now=datetime.now(UTC))
        if is_new:
            self._hub.publish(TaskChanged(task))
        return task, is_new

    def command(self, task_id: TaskId, command: TaskCommand) -> Task:
        """Raises NotFound and TaskStateConflict."""
        task = self.store.command(task_id, command, now=datetime.now(UTC))
        self._hub.publish(TaskChanged(task))
        return task

    def command_all(
        self, kind: TaskKind, command: TaskCommand, states: Collection[TaskState] | None = None
    ) -> CommandedTasks:
        """Give a command to every task of a kind that can take it, or to those of them in `states`.

        What waits is asked before what runs, so that nothing new is begun meanwhile.
        """
        allowed = ALLOWED_FROM[command] if states is None else ALLOWED_FROM[command] & set(states)
        found = sorted(self.store.list_all(kind, allowed), key=lambda task: task.state is TaskState.RUNNING)
        changed, refused = [], {}
        for task in found:
            try:
                changed.append(self.command(task.task_id, command))
            except TaskStateConflict as conflict:
                refused[task.task_id] = conflict
            except NotFound:
                continue  # taken out of the history meanwhile
        return CommandedTasks(tuple(changed), refused)

    def move(self, task_id: TaskId, target: TaskId | End) -> Task:
        """Put what waits before another task of its kind or at an end. Raises NotFound and TaskStateConflict."""
        task = self.store.move(task_id, target)
        self._hub.publish(TaskChanged(task))
        return task
