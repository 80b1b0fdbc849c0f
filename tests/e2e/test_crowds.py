"""Hundreds of clients on the real server, some of which read nothing."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from tests.e2e.server import Server
from tests.support.fake_world.payloads import make_safetensors
from tests.support.fake_world.world import FakeWorld
from tests.support.loops import run_apart

pytestmark = [pytest.mark.timeout(180)]

CLIENTS_ON_EACH = 250
DEAF_CLIENTS = 5
PATIENCE_SECONDS = 120


class Crowd:
    """Clients of one download, on its own socket and on that of all events."""

    def __init__(self, url: str, task_id: str) -> None:
        self._url = url.replace("http", "ws", 1)
        self._task_id = task_id
        self._arrived = 0
        self.are_all_there = asyncio.Event()

    async def follow(self, path: str) -> dict[str, Any]:
        """The last state of the task that this client is told of."""
        async with connect(self._url + path, open_timeout=PATIENCE_SECONDS, compression=None) as socket:
            async for message in socket:
                self._count()
                task = json.loads(message).get("task", {})
                if task.get("task_id") == self._task_id and task["state"] == "done":
                    return dict(task)
        raise AssertionError("the connection ended before the download")

    async def be_deaf(self, path: str, until: asyncio.Event) -> None:
        async with connect(self._url + path, open_timeout=PATIENCE_SECONDS, max_queue=1, compression=None):
            self._count()
            await until.wait()

    def _count(self) -> None:
        self._arrived += 1
        if self._arrived >= 2 * CLIENTS_ON_EACH + DEAF_CLIENTS:
            self.are_all_there.set()


async def ask_health(url: str, until: asyncio.Event) -> int:
    """How often the health check answered meanwhile."""
    answers = 0
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_SECONDS, trust_env=False) as client:
        while not until.is_set():
            answer = await client.get("/api/health")
            assert answer.json()["data"]["status"] == "ok"
            answers += 1
    return answers


async def watch_download(server: Server, world: FakeWorld, task_id: str) -> tuple[list[dict[str, Any]], int]:
    own, events, is_over = f"/ws/download/{task_id}", "/ws/events", asyncio.Event()
    crowd = Crowd(server.url, task_id)
    followers = [asyncio.create_task(crowd.follow(path)) for path in (own, events) for _ in range(CLIENTS_ON_EACH)]
    deaf = [asyncio.create_task(crowd.be_deaf(events, is_over)) for _ in range(DEAF_CLIENTS)]
    await crowd.are_all_there.wait()
    health = asyncio.create_task(ask_health(server.url, is_over))
    world.storage.faults.clear()
    world.storage.gate.set()
    told = await asyncio.gather(*followers)
    is_over.set()
    await asyncio.gather(*deaf)
    return list(told), await health


def test_five_hundred_clients_are_told_of_the_end_while_the_server_stays_live(
    tmp_path: Path, fake_world: FakeWorld
) -> None:
    model = fake_world.add_model("Crowded", payload=make_safetensors(size_bytes=32 * 1024 * 1024))
    fake_world.fault("hold", after_bytes=100_000, times=None)
    with Server(tmp_path, fake_world) as server:
        url = fake_world.page_url(model)
        answer = httpx.post(f"{server.url}/api/download", json={"url": url}, timeout=60, trust_env=False)
        task_id = answer.json()["data"]["task_id"]
        assert fake_world.storage.held.wait(30)
        told, health_answers = run_apart(watch_download(server, fake_world, task_id), seconds=PATIENCE_SECONDS)
    assert len(told) == 2 * CLIENTS_ON_EACH
    assert {(task["state"], task["bytes_done"] == task["bytes_total"]) for task in told} == {("done", True)}
    assert health_answers > 0
