"""A library of many models: lists, searches, a scan that finds nothing new, and the next start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from sd_model_manager.library.sample.synthetic import write_synthetic_library
from tests.e2e.server import Server
from tests.perf.asking import Asker
from tests.perf.finding import Finding, count_milliseconds_each, count_seconds, middle, percentile
from tests.perf.scan_speed import look_at_all, make_server

ASKED_TIMES = 300
WORDS = ("ember", "quartz skyline", "sdxl", "garden v2", "saffron 0042", "no such words")
FRAMEWORKS = "import alembic, fastapi, httpx, pydantic_settings, sqlalchemy, uvicorn"


def measure_large_library(base: Path, count: int, rounds: int) -> Iterator[Finding]:
    base.mkdir()
    write_synthetic_library(base / "models", count)
    server = make_server(base)
    with server:
        asker = Asker(server.url)
        asker.wait_for_scan()
        if (found := asker.get("/api/models", limit=1)["total"]) != count:
            raise SystemExit(f"{found} of {count} models are listed")
        yield from _measure_answers(asker, count)
        yield _measure_idle_scan(asker, base / "models", count, rounds)
        asker.close()
    yield _measure_start(server, count, rounds)


def _measure_answers(asker: Asker, count: int) -> Iterator[Finding]:
    floor = count_milliseconds_each(lambda: asker.get_bytes("/favicon.svg"), ASKED_TIMES)
    cursors = cycle(list(_list_cursors(asker)))
    words = cycle(WORDS)
    asked = {
        f"100 of {count:,} models, any page": lambda: asker.get_bytes("/api/models", limit=100, **next(cursors)),
        f"search in {count:,} models": lambda: asker.get_bytes("/api/models", limit=100, q=next(words)),
        f"counts for the filters of {count:,}": lambda: asker.get_bytes("/api/models/facets"),
    }
    for what, ask in asked.items():
        took = count_milliseconds_each(ask, ASKED_TIMES)
        for percent in (50, 95):
            bar = 30.0 if what.startswith("100 of") else None
            yardstick = ("a picture from the same server", percentile(floor, percent))
            yield Finding(f"{what}, p{percent}", percentile(took, percent), "ms", *yardstick, bar=bar)


def _list_cursors(asker: Asker) -> Iterator[dict[str, str]]:
    """The query of every page there is."""
    query: dict[str, str] = {}
    while True:
        yield query
        cursor = asker.get("/api/models", limit=100, **query)["next_cursor"]
        if cursor is None:
            return
        query = {"cursor": cursor}


def _measure_idle_scan(asker: Asker, folder: Path, count: int, rounds: int) -> Finding:
    bare = middle(count_seconds(lambda: look_at_all(folder)) for _ in range(rounds))
    took = middle(count_seconds(asker.wait_for_scan) for _ in range(rounds))
    return Finding(f"scan of {count:,} models, nothing new", took, "s", "a loop that looks at each file's size", bare)


def _measure_start(server: Server, count: int, rounds: int) -> Finding:
    """From the process's beginning until both the page and its first list have been answered; looks every 50 ms."""
    bare, took = [], []
    _import_frameworks()
    for _ in range(rounds):
        bare.append(count_seconds(_import_frameworks))
        took.append(count_seconds(lambda: _start(server)))
        server.stop()
    return Finding(
        f"second start with {count:,} models until the page is answered",
        middle(took),
        "s",
        "Python importing the frameworks",
        middle(bare),
        bar=2.0,
    )


def _import_frameworks() -> None:
    subprocess.run([sys.executable, "-c", FRAMEWORKS], check=True)


def _start(server: Server) -> None:
    server.start()
    asker = Asker(server.url)
    asker.get_bytes("/")
    asker.get("/api/models", limit=100)
    asker.close()
