"""How long after bytes of a download were sent a WebSocket tells of them."""

from __future__ import annotations

import json
import time
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosedOK
from websockets.sync.client import connect

from tests.e2e.server import Server
from tests.perf.asking import PATIENCE_SECONDS, Asker
from tests.perf.finding import Finding, percentile
from tests.support.fake_world import FakeWorld
from tests.support.fake_world.payloads import make_safetensors

SIZE_BYTES = 40_000_000
BYTES_PER_SECOND = 1_000_000
"""Of each connection; so slow that the storage sends 20 pieces a second."""

MILLISECONDS_BETWEEN_MESSAGES = 100.0
"""No client gets more than ten messages a second, so this is the greatest age where all else takes no time."""


@dataclass(frozen=True)
class Told:
    """A message: when it came, how many bytes it counts."""

    at: float
    bytes_done: int


def measure_progress(folder: Path) -> Iterator[Finding]:
    folder.mkdir()
    with FakeWorld() as world:
        world.storage.bytes_per_second = BYTES_PER_SECOND
        sent: list[tuple[float, int]] = []
        plain = make_safetensors(size_bytes=SIZE_BYTES)

        def send(offset: int, length: int) -> bytes:
            sent.append((time.perf_counter(), length))
            return plain.body(offset, length)

        payload = replace(plain, body=send)
        model = world.add_model(payload=payload)
        _ = payload.sha256  # the site knows it before anybody downloads
        sent.clear()
        with Server(folder, world) as server:
            told = list(_download(server, world.page_url(model)))
    if sum(length for _, length in sent) != SIZE_BYTES:
        raise SystemExit("some bytes were sent twice, so that it cannot be told which were counted when")
    ages = list(find_ages(sent, told, len(payload.head)))
    yardstick = ("the pause between two messages", MILLISECONDS_BETWEEN_MESSAGES)
    for percent in (50, 95):
        what = f"from bytes sent to the message that counts them, p{percent}"
        yield Finding(what, percentile(ages, percent), "ms", *yardstick)


def _download(server: Server, url: str) -> Iterator[Told]:
    asker = Asker(server.url)
    task: dict[str, Any] = asker.post("/api/download", {"url": url})
    asker.close()
    with connect(f"{server.url.replace('http', 'ws', 1)}/ws/download/{task['task_id']}") as socket:
        try:
            while True:
                task = json.loads(socket.recv(PATIENCE_SECONDS))["task"]
                yield Told(time.perf_counter(), task["bytes_done"])
        except ConnectionClosedOK:
            if task["state"] != "done":
                raise SystemExit(f"the download ended as {task['state']}: {task['error']}") from None


def find_ages(sent: list[tuple[float, int]], told: list[Told], head_bytes: int) -> Iterator[float]:
    """Milliseconds for each piece, from (when it was sent, its length) to the first message that counts it.

    Pieces and messages count the bytes of all connections together, with `head_bytes` that were sent before them.
    """
    counts = [message.bytes_done for message in told]
    totals = accumulate((length for _, length in sent), initial=head_bytes)
    next(totals)
    for (at, _), total in zip(sent, totals, strict=True):
        yield (told[bisect_left(counts, total)].at - at) * 1000
