"""How long until the models of a folder are listed, beside a loop that merely reads their headers, and how long until
a library of many is found unchanged, beside a loop that merely looks at each file's size."""

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

MOST_SECONDS = 4.0
"""For 10,000 new LoRAs."""

MOST_TIMES_THE_BARE_LOOP = 2.0


def make_server(folder: Path) -> Server:
    """One that does not go on to hash what it has found, nor looks by itself at what is put into its folder, and so
    leaves the processors to what is measured."""
    return Server(folder, hash_in_background="false", watch="false")


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
    bar = round(min(MOST_SECONDS * count / 10_000, MOST_TIMES_THE_BARE_LOOP * middle(bare)), 2)
    yield Finding(f"scan of {count:,} new LoRAs until all are listed", middle(listed), "s", *yardstick, bar=bar)


def measure_large_scans(base: Path, count: int, rounds: int) -> Iterator[Finding]:
    """A library with short headers, which take less room: until the first of it is listed, and again once it is
    known."""
    library = base / "library"
    write_synthetic_library(library, count, header_bytes=(2_000, 4_000))
    (base / "server").mkdir()
    with make_server(base / "server") as server:
        asker = Asker(server.url)
        asker.wait_for_scan()
        library.rename(server.models / "library")
        first, _ = _scan_new(asker)
        yield Finding(f"scan of {count:,} new LoRAs until the first are listed", first, "s", bar=1.0)
        bare, took = [], []
        for _ in range(rounds):
            bare.append(count_seconds(lambda: look_at_all(server.models)))
            took.append(count_seconds(asker.wait_for_scan))
        asker.close()
    yardstick = ("a loop that looks at each file's size", middle(bare))
    bar = round(MOST_TIMES_THE_BARE_LOOP * middle(bare), 2)
    yield Finding(f"scan of {count:,} models, nothing new", middle(took), "s", *yardstick, bar=bar)


def look_at_all(folder: Path | str) -> int:
    """Walk and stat; the bytes of all files."""
    with os.scandir(folder) as entries:
        return sum(look_at_all(e.path) if e.is_dir() else e.stat().st_size for e in entries)


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
        until_first, started = _scan_new(asker)
        found = asker.get("/api/models", limit=100)["total"]
        until_all = time.perf_counter() - started
        asker.close()
    (server.models / "library").rename(library)
    if found != count:
        raise SystemExit(f"{found} of {count} models are listed")
    return until_first, until_all


def _scan_new(asker: Asker) -> tuple[float, float]:
    """Seconds until the server says that models have changed, and the time at which the scan was asked for."""
    started, until_first = time.perf_counter(), 0.0
    for message in asker.scan():
        if message["type"] == "models_changed" and not until_first:
            until_first = time.perf_counter() - started
    return until_first, started
