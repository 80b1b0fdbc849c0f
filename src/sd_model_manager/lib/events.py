"""Publish and subscribe inside one process, from any thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)
EventT = TypeVar("EventT")


class EventHub(Generic[EventT]):
    """Hands every published event to every subscriber, in the publisher's thread.

    Subscribers return quickly and do not raise; one that does is logged and stays subscribed. A subscriber that lives
    on an event loop passes on through `loop.call_soon_threadsafe`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: tuple[Callable[[EventT], None], ...] = ()

    def publish(self, event: EventT) -> None:
        for subscriber in self._subscribers:
            try:
                subscriber(event)
            except Exception:
                log.exception("a listener failed on %s", type(event).__name__)

    @contextmanager
    def subscribed(self, subscriber: Callable[[EventT], None]) -> Iterator[None]:
        self.subscribe(subscriber)
        try:
            yield
        finally:
            self.unsubscribe(subscriber)

    def subscribe(self, subscriber: Callable[[EventT], None]) -> None:
        with self._lock:
            self._subscribers = (*self._subscribers, subscriber)

    def unsubscribe(self, subscriber: Callable[[EventT], None]) -> None:
        with self._lock:
            self._subscribers = tuple(s for s in self._subscribers if s != subscriber)
