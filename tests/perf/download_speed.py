"""How fast a download through the running server is beside aria2c, and what it costs."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosedOK
from websockets.sync.client import connect

from tests.e2e.server import Server
from tests.perf.asking import PATIENCE_SECONDS, Asker
from tests.perf.big_file import LIMITED_BYTES_PER_SECOND, BigFile, Shop
from tests.perf.finding import Finding, middle
from tests.perf.transfer_bench import Run, measure

GIB = 1024**3
MAX_OF_CHECKED, MAX_OF_UNCHECKED, MAX_CPU_OF_CHECKED = 0.7, 1.15, 0.9
MAX_GROWTH_MIB = 150.0
MIN_SPEED_UP = 6.0


def measure_speed(folder: Path, big_file: BigFile, rounds: int) -> Iterator[Finding]:
    """aria2c with its check, without one, and ours, in turn; each where as much was removed before, so that none has to
    take more memory from the machine than another."""
    folder.mkdir()
    target = folder / "aria2c"
    plain = ["aria2c", "-q", "-x4", "-s4", "--file-allocation=none", "-d", str(target), "-o", "got", big_file.url]
    checking = [*plain, f"--checksum=sha-256={big_file.payload.sha256}"]
    checked, unchecked, ours = list[Run](), list[Run](), list[Run]()
    for number in range(rounds):
        for runs, command in ((unchecked, plain), (checked, checking)):
            runs.append(measure(command, target))
            shutil.rmtree(target)
        ours.append(_run_ours(folder / str(number), big_file))
    wall = middle(run.wall_seconds for run in ours)
    for title, runs, ratio in (
        ("aria2c with its check", checked, MAX_OF_CHECKED),
        ("aria2c without one", unchecked, MAX_OF_UNCHECKED),
    ):
        theirs = middle(run.wall_seconds for run in runs)
        yield Finding("download, until it is done", wall, "s", title, theirs, ratio * theirs)
    gib = big_file.payload.size_bytes / GIB
    cpu, theirs = (middle(run.cpu_seconds for run in runs) / gib for runs in (ours, checked))
    yield Finding("download, CPU per GiB", cpu, "s", "aria2c with its check", theirs, MAX_CPU_OF_CHECKED * theirs)


def _run_ours(folder: Path, big_file: BigFile) -> Run:
    folder.mkdir()
    with Shop(big_file) as shop, Server(folder, shop) as server:
        url = shop.page_url(shop.add_big_model("Big"))
        os.sync()
        cpu_before, started = server.cpu_seconds() or 0.0, time.perf_counter()
        download(server, [url])
        wall = time.perf_counter() - started
        run = Run(wall, (server.cpu_seconds() or 0.0) - cpu_before, server.memory_mib() or 0.0)
    shutil.rmtree(folder)
    return run


def measure_memory(folder: Path, big_file: BigFile, downloads: int = 8) -> Iterator[Finding]:
    """How much the server's memory grows at most; the disk has to hold all the files."""
    folder.mkdir()
    at_once = {"downloads_at_once": str(downloads), "downloads_per_host": str(downloads)}
    with Shop(big_file) as shop, Server(folder, shop, **at_once) as server:
        urls = [shop.page_url(shop.add_big_model(f"Big {number}")) for number in range(downloads)]
        before = server.memory_mib() or 0.0
        shop.hold()  # what was done before the next is asked for would be on the disk already
        tasks = ask_for(server, urls)
        shop.let_go()
        for task_id in tasks:
            wait_for(server, task_id)
        growth = (server.peak_memory_mib() or 0.0) - before
    shutil.rmtree(folder)
    yield Finding(f"memory that {downloads} downloads at once take", growth, "MiB", "before", before, MAX_GROWTH_MIB)


def measure_speed_up(folder: Path, big_file: BigFile) -> Iterator[Finding]:
    folder.mkdir()
    seconds: dict[int, float] = {}
    for connections in (8, 1):
        own = folder / str(connections)
        own.mkdir()
        settings = {"connections_per_download": str(connections)}
        with Shop(big_file, is_limited=True) as shop, Server(own, shop, **settings) as server:
            url = shop.page_url(shop.add_big_model("Big"))
            started = time.perf_counter()
            download(server, [url])
            seconds[connections] = time.perf_counter() - started
        shutil.rmtree(own)
    limit = f"8 connections of {LIMITED_BYTES_PER_SECOND // 10**6} MB/s each"
    yield Finding(limit, seconds[8], "s", "one of them", seconds[1], seconds[1] / MIN_SPEED_UP)


def download(server: Server, urls: Sequence[str]) -> None:
    """Ask for all of them, and wait until they are done."""
    for task_id in ask_for(server, urls):
        wait_for(server, task_id)


def ask_for(server: Server, urls: Sequence[str]) -> list[str]:
    asker = Asker(server.url)
    tasks = [asker.post("/api/download", {"url": url})["task_id"] for url in urls]
    asker.close()
    return tasks


def wait_for(server: Server, task_id: str) -> None:
    task: dict[str, Any] = {}
    with connect(f"{server.url.replace('http', 'ws', 1)}/ws/download/{task_id}", open_timeout=60) as socket:
        try:
            while True:
                task = json.loads(socket.recv(PATIENCE_SECONDS))["task"]
        except ConnectionClosedOK:
            if task["state"] != "done":
                raise SystemExit(f"the download ended as {task['state']}: {task['error']}") from None
