"""The door to the tasks for everything that starts, shows or steers them."""

from __future__ import annotations

from datetime import UTC, datetime

from sd_model_manager.domain.events import Event, TaskChanged
from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.tasks import NewTask, Task, TaskCommand
from sd_model_manager.lib.events import EventHub
from sd_model_manager.tasks.store import TaskStore


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
