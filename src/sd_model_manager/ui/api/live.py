"""Brings events from the threads that cause them to the WebSockets that show them.

One subscription per process; a message is written as JSON once, whoever listens. Each connection has a mailbox that
keeps the latest message per subject, so a slow client gets fewer messages, not older ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from sd_model_manager.domain.events import (
    MAX_NAMED_MODELS,
    CollectionsChanged,
    Event,
    FoldersChanged,
    ModelsChanged,
    SearchesChanged,
    TaskChanged,
)
from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.tasks import Task
from sd_model_manager.lib.events import EventHub
from sd_model_manager.ui.api.presenters.tasks import present_task
from sd_model_manager.ui.api.schemas.live import (
    CollectionsMessage,
    FoldersMessage,
    ModelsMessage,
    ProgressMessage,
    SearchesMessage,
    TaskMessage,
)


class Mailbox:
    """Messages for one connection, the latest per subject, in the order in which the subjects came up."""

    def __init__(self) -> None:
        self._waiting: dict[object, tuple[str, bool]] = {}
        self._arrived = asyncio.Event()

    def put(self, subject: object, message: str, *, is_last: bool = False) -> None:
        self._waiting[subject] = (message, is_last)
        self._arrived.set()

    async def take(self) -> tuple[str, bool]:
        """The next message, and whether it is the last there will be."""
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        subject = next(iter(self._waiting))
        return self._waiting.pop(subject)


class LiveFeed:
    """Belongs to one event loop."""

    def __init__(self, hub: EventHub[Event]) -> None:
        self._hub = hub
        self._loop: asyncio.AbstractEventLoop | None = None
        self._for_all: set[Mailbox] = set()
        self._for_task: dict[TaskId, set[Mailbox]] = {}

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._hub.subscribe(self._on_event)

    def stop(self) -> None:
        self._hub.unsubscribe(self._on_event)

    @contextmanager
    def everything(self) -> Iterator[Mailbox]:
        mailbox = Mailbox()
        self._for_all.add(mailbox)
        try:
            yield mailbox
        finally:
            self._for_all.discard(mailbox)

    @contextmanager
    def task(self, task_id: TaskId) -> Iterator[Mailbox]:
        mailbox = Mailbox()
        self._for_task.setdefault(task_id, set()).add(mailbox)
        try:
            yield mailbox
        finally:
            listeners = self._for_task[task_id]
            listeners.discard(mailbox)
            if not listeners:
                del self._for_task[task_id]

    def _on_event(self, event: Event) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._deliver, event)

    def _deliver(self, event: Event) -> None:
        match event:
            case TaskChanged(task):
                self._deliver_task(task)
            case ModelsChanged(model_ids):
                ids = list(model_ids) if len(model_ids) <= MAX_NAMED_MODELS else []
                self._deliver_to_all(object() if ids else "models", ModelsMessage(model_ids=ids).model_dump_json())
            case FoldersChanged():
                self._deliver_to_all("folders", FoldersMessage().model_dump_json())
            case CollectionsChanged():
                self._deliver_to_all("collections", CollectionsMessage().model_dump_json())
            case SearchesChanged():
                self._deliver_to_all("searches", SearchesMessage().model_dump_json())

    def _deliver_task(self, task: Task) -> None:
        if listeners := self._for_task.get(task.task_id):
            progress = write_progress(task)
            for mailbox in listeners:
                mailbox.put(task.task_id, progress, is_last=task.state.is_final)
        if self._for_all:
            self._deliver_to_all(task.task_id, TaskMessage(task=present_task(task)).model_dump_json())

    def _deliver_to_all(self, subject: object, message: str) -> None:
        for mailbox in self._for_all:
            mailbox.put(subject, message)


def write_progress(task: Task) -> str:
    return ProgressMessage(task=present_task(task)).model_dump_json()
