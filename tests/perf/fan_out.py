"""How old what clients are told is, with many of them on a download at full speed, and how the health check fares.

The age of a message is the time from when its number was true to its arrival. From outside, a number is true once the
partial file takes so many bytes of the disk, which is looked at every millisecond; so an age is at most a millisecond
too small. The number of the last byte has a figure of its own: it stays true while it waits for its turn, a tenth of a
second at most.
"""

from __future__ import annotations

import http.client
import shutil
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.e2e.server import Server
from tests.perf.asking import PATIENCE_SECONDS, Asker
from tests.perf.big_file import BigFile, Shop
from tests.perf.finding import Finding, percentile
from tests.perf.following import Client, Crowd

MAX_AGE_MILLISECONDS, MAX_HEALTH_MILLISECONDS = 50.0, 20.0
_LOOK_EVERY_SECONDS = 0.001
_ASK_EVERY_SECONDS = 0.02


class Watch:
    """Looks at something again and again in a thread of its own, as long as the `with` block lasts."""

    def __init__(self) -> None:
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def look(self) -> float:
        """Look once. Returns the seconds until the next look."""
        raise NotImplementedError

    def _run(self) -> None:
        while not self._is_over.wait(self.look()):
            pass


class SizeWatch(Watch):
    """When the partial file below a folder took how many bytes."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._path: Path | None = None
        self.times: list[float] = [time.perf_counter()]
        self.sizes: list[int] = [0]

    def look(self) -> float:
        self._path = self._path or next(self._folder.rglob("*.part"), None)
        try:
            size = self._path.stat().st_blocks * 512 if self._path else 0
        except FileNotFoundError:
            return _LOOK_EVERY_SECONDS  # it has its own name now
        if size > self.sizes[-1]:
            self.times.append(time.perf_counter())
            self.sizes.append(size)
        return _LOOK_EVERY_SECONDS


class HealthWatch(Watch):
    """Milliseconds of each answer of the health check."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_SECONDS)
        self.milliseconds: list[float] = []

    def look(self) -> float:
        started = time.perf_counter()
        self._connection.request("GET", "/api/health")
        answer = self._connection.getresponse()
        answer.read()
        self.milliseconds.append((time.perf_counter() - started) * 1000)
        if answer.status != 200:
            raise SystemExit(f"the health check answered {answer.status}")
        return _ASK_EVERY_SECONDS


def measure_fan_out(folder: Path, big_file: BigFile, clients: int, rounds: int) -> Iterator[Finding]:
    folder.mkdir(parents=True)
    ages: list[float] = []
    last_ages: list[float] = []
    health: list[float] = []
    counts: list[int] = []
    for number in range(rounds):
        watch, health_watch, crowd = _follow(folder / str(number), big_file, clients)
        health += health_watch.milliseconds
        for client in crowd.clients:
            *told, last = _find_ages(client, watch)
            counts.append(len(told) + 1)
            ages += told
            last_ages.append(last)
    among = f"with {clients} clients"
    is_promised = clients <= 100
    yield Finding(f"age of progress, p50, {among}", percentile(ages, 50), "ms")
    bar = MAX_AGE_MILLISECONDS if is_promised else None
    yield Finding(f"age of progress, p95, {among}", percentile(ages, 95), "ms", bar=bar)
    yield Finding(f"age of the last number, p95, {among}", percentile(last_ages, 95), "ms")
    yield Finding(f"messages to each client, fewest, {among}", min(counts), "messages")
    bar = MAX_HEALTH_MILLISECONDS if is_promised else None
    yield Finding(f"health check meanwhile, p95, {among}", percentile(health, 95), "ms", bar=bar)


def _follow(folder: Path, big_file: BigFile, clients: int) -> tuple[SizeWatch, HealthWatch, Crowd]:
    """One download at full speed, which begins once all clients are there."""
    folder.mkdir()
    with Shop(big_file) as shop, Server(folder, shop) as server:
        asker = Asker(server.url)
        url = shop.page_url(shop.add_big_model("Big"))
        shop.hold()
        task_id = asker.post("/api/download", {"url": url})["task_id"]
        crowd = Crowd(server.url, task_id, clients)
        crowd.wait_for_first_messages(PATIENCE_SECONDS)
        watch, health_watch = SizeWatch(server.models), HealthWatch(server.url)
        with watch, health_watch:
            shop.let_go()
            crowd.wait(PATIENCE_SECONDS)
        task = asker.get(f"/api/tasks/{task_id}")
        asker.close()
    shutil.rmtree(folder)
    if task["state"] != "done":
        raise SystemExit(f"the download ended as {task['state']}: {task['error']}")
    return watch, health_watch, crowd


def _find_ages(client: Client, watch: SizeWatch) -> Iterator[float]:
    """Milliseconds for each message that tells of more bytes than the one before it."""
    before = 0
    for told in client.read_messages():
        if told.bytes_done > before:
            true_from = bisect_left(watch.sizes, told.bytes_done)
            yield (told.at - watch.times[min(true_from, len(watch.times) - 1)]) * 1000
            before = told.bytes_done
