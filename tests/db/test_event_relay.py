"""What happens in one process is seen in the others."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sd_model_manager.db.engine import Database
from sd_model_manager.db.event_relay import EventRelay
from sd_model_manager.domain.events import (
    CollectionsChanged,
    Event,
    FoldersChanged,
    ModelsChanged,
    SearchesChanged,
    SettingsChanged,
    TaskChanged,
)
from sd_model_manager.domain.ids import ModelId, TaskId
from sd_model_manager.domain.tasks import Task, TaskKind, TaskProgress, TaskState
from sd_model_manager.lib.events import EventHub

TASK = Task(
    TaskId("1" * 32), TaskKind.SCAN, TaskState.RUNNING, "s", TaskProgress(1, 2), datetime(2026, 1, 1, tzinfo=UTC)
)


@pytest.fixture
def hubs(database: Database) -> Iterator[tuple[EventHub[Event], EventHub[Event]]]:
    made: tuple[EventHub[Event], EventHub[Event]] = (EventHub(), EventHub())
    relays = [EventRelay(database, hub, f"process {number}") for number, hub in enumerate(made)]
    for relay in relays:
        relay.start()
    yield made
    for relay in relays:
        relay.stop()


@pytest.mark.parametrize(
    "event",
    [
        TaskChanged(TASK),
        ModelsChanged((ModelId(7),)),
        ModelsChanged(),
        FoldersChanged(),
        CollectionsChanged(),
        SearchesChanged(),
        SettingsChanged(),
    ],
)
def test_an_event_arrives_elsewhere_as_it_was_and_not_twice_at_home(
    hubs: tuple[EventHub[Event], EventHub[Event]], event: Event
) -> None:
    here, there = hubs
    heard_here: list[Event] = []
    heard_there: queue.Queue[Event] = queue.Queue()
    here.subscribe(heard_here.append)
    there.subscribe(heard_there.put)
    here.publish(event)
    assert heard_there.get(timeout=20) == event
    assert heard_here == [event]
