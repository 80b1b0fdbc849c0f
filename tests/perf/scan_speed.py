"""How long until the models of a folder are listed, beside a loop that merely reads their headers."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from sd_model_manager.library.sample.synthetic import write_synthetic_library
from tests.e2e.server import Server
from tests.perf.asking import Asker
from tests.perf.finding import Finding, count_seconds, middle


def make_server(folder: Path) -> Server:
    """One that does not go on to hash what it has found, and so leaves the processors to what is measured."""
    return Server(folder, hash_in_background="false")


def measure_scans(base: Path, count: int, rounds: int) -> Iterator[Finding]:
    """The first scan of a folder that has just been filled, by a server that has never seen one of the files.

    The files' headers are in the page cache for both.
    """
    library = base / "library"
    write_synthetic_library(library, count)
    first, listed, bare = [], [], []
    for number in range(rounds):
        bare.append(count_seconds(lambda: read_headers(library)))
        until_first, until_all = _scan_once(base / str(number), library, count)
        first.append(until_first)
        listed.append(until_all)
    yardstick = ("a loop that reads and parses their headers", middle(bare))
    yield Finding(f"scan of {count:,} new LoRAs until the first are listed", middle(first), "s", *yardstick)
    yield Finding(f"scan of {count:,} new LoRAs until all are listed", middle(listed), "s", *yardstick, bar=1.5)


def read_headers(folder: Path) -> int:
    """Walk, open, read and parse; nothing is kept."""
    count = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with Path(parent, name).open("rb") as file:
                json.loads(file.read(int.from_bytes(file.read(8), "little")))
                count += 1
    return count


def _scan_once(folder: Path, library: Path, count: int) -> tuple[float, float]:
    """Seconds until the server says that models have changed, and until it lists all."""
    folder.mkdir()
    with make_server(folder) as server:
        asker = Asker(server.url)
        asker.wait_for_scan()
        library.rename(server.models / "library")
        started, until_first = time.perf_counter(), 0.0
        for message in asker.scan():
            if message["type"] == "models_changed" and not until_first:
                until_first = time.perf_counter() - started
        found = asker.get("/api/models", limit=100)["total"]
        until_all = time.perf_counter() - started
        asker.close()
    (server.models / "library").rename(library)
    if found != count:
        raise SystemExit(f"{found} of {count} models are listed")
    return until_first, until_all
