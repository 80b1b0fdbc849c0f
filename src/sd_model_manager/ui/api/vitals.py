"""The numbers of the health check: counted in a thread of their own, and again only when they may have changed, so that
the check waits neither for the others nor for the database."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from sd_model_manager.domain.events import Event, FoldersChanged, ModelsChanged, TaskChanged
from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.tasks import TaskState
from sd_model_manager.wiring import Services

_PATIENCE_SECONDS = 0.25
_BELIEVED_SECONDS = 1.0
"""For what changes without an event: a history that was cleared."""


@dataclass(frozen=True, slots=True)
class Counts:
    models: int
    tasks: dict[str, int]


class Vitals:
    """Belongs to one event loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="vitals")
        self._latest: Counts | None = None
        self._counting: asyncio.Future[Counts] | None = None
        self._believed_until = 0.0
        self._running: set[TaskId] = set()
        services.hub.subscribe(self._on_event)

    async def read(self) -> Counts | None:
        """The counts now, or the last known ones while the database is busy; `None` if there never were any."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                # Twice at most: a count that is under way may have begun before the last change.
                for _ in range(2):
                    if time.monotonic() >= self._believed_until:
                        self._latest = await asyncio.shield(self._count())
        return self._latest

    def close(self) -> None:
        self._services.hub.unsubscribe(self._on_event)
        self._executor.shutdown(cancel_futures=True)

    def _count(self) -> asyncio.Future[Counts]:
        if self._counting is None or self._counting.done():
            loop = asyncio.get_running_loop()
            self._counting = loop.run_in_executor(self._executor, self._read_counts)
        return self._counting

    def _read_counts(self) -> Counts:
        # Before they are read: an event that comes meanwhile has them read again.
        self._believed_until = time.monotonic() + _BELIEVED_SECONDS
        tasks = self._services.queue.store.count_by_state()
        return Counts(self._services.catalog.count(), {state.value: count for state, count in tasks.items()})

    def _on_event(self, event: Event) -> None:
        match event:
            case TaskChanged(task) if task.state is TaskState.RUNNING and task.task_id in self._running:
                return  # it has only moved on
            case TaskChanged(task) if task.state is TaskState.RUNNING:
                self._running.add(task.task_id)
            case TaskChanged(task):
                self._running.discard(task.task_id)
            case ModelsChanged() | FoldersChanged():
                pass
            case _:
                return
        self._believed_until = 0.0
