"""Brings events from the threads that cause them to the WebSockets that show them.

One subscription per process; a message is written as JSON once, whoever listens. Each connection has a mailbox that
keeps the latest message per subject, so a slow client gets fewer messages, not older ones, and holds up nobody.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sd_model_manager.domain.events import (
    MAX_NAMED_MODELS,
    CollectionsChanged,
    Event,
    FoldersChanged,
    ModelsChanged,
    SearchesChanged,
    SettingsChanged,
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
    SettingsMessage,
    TaskMessage,
)

MAX_WAITING = 1000
"""Messages that wait for one connection; whoever has so many unread has fallen behind for good."""

_AT_A_TIME = 100
_ANY_MODELS = ModelsMessage(model_ids=[]).model_dump_json()


class FellBehind(Exception):
    """A client reads less than it is told: it has to begin anew."""


class Mailbox:
    """Messages for one connection, the latest per subject, in the order in which the subjects came up."""

    def __init__(self) -> None:
        self._waiting: dict[object, tuple[str, bool]] = {}
        self._arrived = asyncio.Event()
        self._is_over = False

    def put(self, subject: object, message: str, *, is_last: bool = False, if_unread: str | None = None) -> None:
        """`if_unread` is what to say instead where the last message on this subject has not been taken yet."""
        if subject in self._waiting:
            message = if_unread or message
        elif len(self._waiting) >= MAX_WAITING:
            self._waiting.clear()
            self._is_over = True
        if not self._is_over:
            self._waiting[subject] = (message, is_last)
        self._arrived.set()

    def put_older(self, subject: object, message: str, *, is_last: bool = False) -> None:
        """A message that was true before this: dropped where there is news on its subject already."""
        if subject not in self._waiting:
            self.put(subject, message, is_last=is_last)

    async def take(self) -> tuple[str, bool]:
        """The next message, and whether it is the last there will be.

        Raises:
            FellBehind: more than `MAX_WAITING` have been waiting.
        """
        while not self._waiting:
            if self._is_over:
                raise FellBehind
            self._arrived.clear()
            await self._arrived.wait()
        subject = next(iter(self._waiting))
        return self._waiting.pop(subject)


class LiveFeed:
    """Belongs to one event loop.

    Args:
        is_hidden: whether a task's names are to be told to nobody; may ask the database.
    """

    def __init__(self, hub: EventHub[Event], is_hidden: Callable[[Task], bool] = lambda _: False) -> None:
        self._hub = hub
        self._is_hidden = is_hidden
        self._loop: asyncio.AbstractEventLoop | None = None
        self._for_all: set[Mailbox] = set()
        self._for_task: dict[TaskId, set[Mailbox]] = {}
        self._models_changed_at: float | None = None

    @property
    def models_changed_seconds_ago(self) -> float | None:
        """`None` where nothing changed since the start."""
        at = self._models_changed_at
        return None if at is None else time.monotonic() - at

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
        if self._loop is None or self._loop.is_closed():
            return
        is_hidden = isinstance(event, TaskChanged) and self._is_hidden(event.task)
        self._loop.call_soon_threadsafe(self._deliver, event, is_hidden)

    def write_progress(self, task: Task) -> str:
        """As somebody who follows this task is told; to be called in a thread."""
        return _write_progress(task, self._is_hidden(task))

    def _deliver(self, event: Event, is_hidden: bool) -> None:
        match event:
            case TaskChanged(task):
                self._deliver_task(task, is_hidden)
            case ModelsChanged(model_ids):
                self._models_changed_at = time.monotonic()
                ids = list(model_ids) if len(model_ids) <= MAX_NAMED_MODELS else []
                self._deliver_to_all("models", ModelsMessage(model_ids=ids).model_dump_json(), if_unread=_ANY_MODELS)
            case FoldersChanged():
                self._deliver_to_all("folders", FoldersMessage().model_dump_json())
            case CollectionsChanged():
                self._deliver_to_all("collections", CollectionsMessage().model_dump_json())
            case SearchesChanged():
                self._deliver_to_all("searches", SearchesMessage().model_dump_json())
            case SettingsChanged():
                self._deliver_to_all("settings", SettingsMessage().model_dump_json())

    def _deliver_task(self, task: Task, is_hidden: bool) -> None:
        if listeners := self._for_task.get(task.task_id):
            self._put(tuple(listeners), task.task_id, _write_progress(task, is_hidden), is_last=task.state.is_final)
        if self._for_all:
            message = TaskMessage(task=present_task(task, is_hidden=is_hidden))
            self._deliver_to_all(task.task_id, message.model_dump_json())

    def _deliver_to_all(self, subject: object, message: str, if_unread: str | None = None) -> None:
        self._put(tuple(self._for_all), subject, message, if_unread=if_unread)

    def _put(self, mailboxes: tuple[Mailbox, ...], subject: object, message: str, **how: Any) -> None:
        """A few at a time, so that requests are answered between them; those that wait get all in their order."""
        for mailbox in mailboxes[:_AT_A_TIME]:
            mailbox.put(subject, message, **how)
        if rest := mailboxes[_AT_A_TIME:]:
            asyncio.get_running_loop().call_soon(partial(self._put, rest, subject, message, **how))


def _write_progress(task: Task, is_hidden: bool) -> str:
    return ProgressMessage(task=present_task(task, is_hidden=is_hidden)).model_dump_json()
