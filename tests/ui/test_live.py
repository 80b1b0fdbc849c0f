"""Whoever listens is told the latest, in order; a slow listener costs neither the others nor memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest

from sd_model_manager.domain.events import Event, ModelsChanged, TaskChanged
from sd_model_manager.domain.ids import ModelId, TaskId
from sd_model_manager.domain.tasks import Task, TaskKind, TaskProgress, TaskState
from sd_model_manager.lib.events import EventHub
from sd_model_manager.ui.api.live import MAX_WAITING, FellBehind, LiveFeed, Mailbox
from tests.support.loops import run_apart


def make_task(done: int, *, state: TaskState = TaskState.RUNNING) -> Task:
    progress = TaskProgress(done, 100, "bytes")
    return Task(TaskId("t"), TaskKind.DOWNLOAD, state, "x", progress, datetime(2026, 1, 1, tzinfo=UTC))


def in_a_loop(act: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return run_apart(act(), seconds=30)


def test_of_one_subject_the_latest_message_is_kept() -> None:
    async def act() -> list[str]:
        mailbox = Mailbox()
        for subject, message in (("a", "1"), ("b", "2"), ("a", "3")):
            mailbox.put(subject, message)
        return [(await mailbox.take())[0] for _ in range(2)]

    assert in_a_loop(act) == ["3", "2"]


def test_a_state_that_was_read_before_an_event_came_does_not_replace_it() -> None:
    async def act() -> tuple[str, bool]:
        mailbox = Mailbox()
        mailbox.put("a", "done", is_last=True)
        mailbox.put_older("a", "running")
        return await mailbox.take()

    assert in_a_loop(act) == ("done", True)


def test_a_client_that_reads_nothing_is_told_to_begin_anew_instead_of_filling_the_memory() -> None:
    async def act() -> None:
        mailbox = Mailbox()
        for number in range(MAX_WAITING + 1):
            mailbox.put(number, "x")
        mailbox.put("more", "x")
        await mailbox.take()

    with pytest.raises(FellBehind):
        in_a_loop(act)


def test_ids_of_models_that_were_not_read_yet_are_not_lost() -> None:
    async def act() -> list[str]:
        hub: EventHub[Event] = EventHub()
        feed = LiveFeed(hub)
        feed.start()
        with feed.everything() as mailbox:
            hub.publish(ModelsChanged((ModelId(1),)))
            first = await mailbox.take()
            hub.publish(ModelsChanged((ModelId(2),)))
            hub.publish(ModelsChanged((ModelId(3),)))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            return [first[0], (await mailbox.take())[0]]

    first, both = in_a_loop(act)
    assert first == '{"type":"models_changed","model_ids":[1]}'
    assert both == '{"type":"models_changed","model_ids":[]}'  # any may have changed


@pytest.mark.parametrize("is_on_task", [True, False])
def test_hundreds_are_told_in_order_and_each_of_the_end(is_on_task: bool) -> None:
    async def act() -> list[str]:
        hub: EventHub[Event] = EventHub()
        feed = LiveFeed(hub)
        feed.start()

        async def listen() -> str:
            with feed.task(TaskId("t")) if is_on_task else feed.everything() as mailbox:
                there.append(mailbox)
                if len(there) == 500:
                    are_all_there.set()
                while '"done"' not in (message := (await mailbox.take())[0]).partition('"name"')[0]:
                    pass
                return message

        there: list[Mailbox] = []
        are_all_there = asyncio.Event()
        crowd = [asyncio.create_task(listen()) for _ in range(500)]
        await are_all_there.wait()
        hub.publish(TaskChanged(make_task(1)))
        hub.publish(TaskChanged(make_task(2)))
        hub.publish(TaskChanged(make_task(100, state=TaskState.DONE)))
        return list(await asyncio.gather(*crowd))

    told = in_a_loop(act)
    assert len(told) == 500
    assert len(set(told)) == 1
    assert '"bytes_done":100' in told[0]
