"""Carries events between the processes that share a database, through a small table that is read ten times a second.

An event is passed on once per process. Of several changes of one task within a tenth of a second, the last is sent.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import delete, func, insert, select

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import events
from sd_model_manager.domain.events import (
    CollectionsChanged,
    Event,
    FoldersChanged,
    ModelsChanged,
    SearchesChanged,
    SettingsChanged,
    TaskChanged,
)
from sd_model_manager.lib.events import EventHub

log = logging.getLogger(__name__)

_EVERY_SECONDS = 0.1
_KEPT_FOR = timedelta(minutes=1)
_LOOK_BACK = 500
_ADAPTERS: dict[str, TypeAdapter[Event]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (TaskChanged, ModelsChanged, FoldersChanged, CollectionsChanged, SearchesChanged, SettingsChanged)
}


class EventRelay:
    """One thread per process. `process_name` tells our own events from the others'."""

    def __init__(self, database: Database, hub: EventHub[Event], process_name: str) -> None:
        self._database = database
        self._hub = hub
        self._process_name = process_name
        self._lock = threading.Lock()
        self._outbox: dict[object, Event] = {}
        self._seen: deque[int] = deque(maxlen=2 * _LOOK_BACK)
        self._last_id = 0
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._relay, name="event-relay", daemon=True)

    def start(self) -> None:
        with self._database.read() as connection:
            self._last_id = connection.scalar(select(func.max(events.c.id))) or 0
            recent = select(events.c.id).where(events.c.id > self._last_id - _LOOK_BACK)
            self._seen.extend(connection.scalars(recent))
        self._hub.subscribe(self._on_event)
        self._thread.start()

    def stop(self) -> None:
        self._hub.unsubscribe(self._on_event)
        self._is_stopping.set()
        self._thread.join(timeout=5)

    def _on_event(self, event: Event) -> None:
        if threading.current_thread() is self._thread:
            return  # it came from another process
        key = event.task.task_id if isinstance(event, TaskChanged) else object()
        with self._lock:
            self._outbox.pop(key, None)
            self._outbox[key] = event

    def _relay(self) -> None:
        while not self._is_stopping.wait(_EVERY_SECONDS):
            try:
                self._send()
                self._receive()
            except Exception:
                log.exception("events could not be exchanged with other processes; trying again")
        self._send()

    def _send(self) -> None:
        with self._lock:
            waiting, self._outbox = list(self._outbox.values()), {}
        if not waiting:
            return
        now = datetime.now(UTC)
        rows = [{"process_id": self._process_name, "body": _to_body(event), "happened_at": now} for event in waiting]
        with self._database.write() as connection:
            connection.execute(insert(events), rows)
            connection.execute(delete(events).where(events.c.happened_at < now - _KEPT_FOR))

    def _receive(self) -> None:
        """Looks back a little: on PostgreSQL a lower number may become visible after a higher one."""
        query = (
            select(events.c.id, events.c.body)
            .where(events.c.id > self._last_id - _LOOK_BACK, events.c.process_id != self._process_name)
            .order_by(events.c.id)
        )
        with self._database.read() as connection:
            rows = [row for row in connection.execute(query) if row.id not in self._seen]
        for row in rows:
            self._seen.append(row.id)
            self._last_id = max(self._last_id, row.id)
            self._hub.publish(_ADAPTERS[row.body["kind"]].validate_python(row.body["event"]))


def _to_body(event: Event) -> dict[str, object]:
    kind = type(event).__name__
    return {"kind": kind, "event": _ADAPTERS[kind].dump_python(event, mode="json")}
