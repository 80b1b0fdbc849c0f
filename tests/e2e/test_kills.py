"""The server killed again and again while it downloads."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.e2e.server import Server
from tests.support.fake_world.payloads import Payload, make_safetensors
from tests.support.fake_world.world import FakeWorld

pytestmark = [pytest.mark.timeout(180)]

SIZE_BYTES = 64 * 1024 * 1024
KILLS = 3
PATIENCE_SECONDS = 60


class CountingPayload:
    """A file whose bytes are counted as they are sent."""

    def __init__(self, plain: Payload) -> None:
        self._plain = plain
        self._sent: list[int] = []
        self.payload = replace(plain, body=self._send)
        _ = self.payload.sha256  # the site knows it before anybody downloads
        self._sent.clear()

    def _send(self, offset: int, length: int) -> bytes:
        self._sent.append(length)
        return self._plain.body(offset, length)

    @property
    def sha256(self) -> str:
        return self._plain.sha256

    @property
    def sent_bytes(self) -> int:
        return sum(self._sent)


def follow(server: Server, task_id: str) -> ClientConnection:
    return connect(f"{server.url.replace('http', 'ws', 1)}/ws/download/{task_id}", open_timeout=PATIENCE_SECONDS)


def listen(socket: ClientConnection) -> Iterator[dict[str, Any]]:
    """What is told of the task, up to its end."""
    for message in socket:
        yield json.loads(message)["task"]


def wait_for_bytes(server: Server, task_id: str, byte_count: int) -> None:
    with follow(server, task_id) as socket:
        assert any(task["bytes_done"] >= byte_count for task in listen(socket))


def test_a_server_killed_at_random_moments_of_a_download_ends_with_the_exact_file_and_nothing_else(
    tmp_path: Path, fake_world: FakeWorld
) -> None:
    counting = CountingPayload(make_safetensors(size_bytes=SIZE_BYTES))
    model = fake_world.add_model("Quiet Harbour", payload=counting.payload)
    fake_world.storage.bytes_per_second = 8_000_000
    moments = sorted(random.Random(7).sample(range(SIZE_BYTES), KILLS))
    with Server(tmp_path, fake_world, save_previews="false") as server:
        answer = httpx.post(f"{server.url}/api/download", json={"url": fake_world.page_url(model)}, trust_env=False)
        task_id = answer.raise_for_status().json()["data"]["task_id"]
        for moment in moments:
            wait_for_bytes(server, task_id, moment)
            server.kill()
            server.start()
        fake_world.storage.bytes_per_second = None
        with follow(server, task_id) as socket:
            last = list(listen(socket))[-1]
    assert last["state"] == "done"
    (found,) = [path for path in server.models.rglob("*") if path.is_file()]
    assert hashlib.sha256(found.read_bytes()).hexdigest() == counting.sha256
    # Each start goes on where the last one was, but for the little that was not yet sure to be on the disk.
    assert counting.sent_bytes < 2 * SIZE_BYTES
