"""A registry of very many models, asked through HTTP: lists, searches, counts, a favourite, a note; and its memory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import count as count_up
from itertools import cycle
from pathlib import Path

from sd_model_manager.db.engine import open_database, sqlite_url
from tests.e2e.server import Server
from tests.perf.asking import Asker
from tests.perf.filled_registry import COMMON_WORDS, fill_registry, find_words
from tests.perf.finding import Finding, count_milliseconds_each, count_seconds, percentile

ASKED_TIMES = 200
LARGE = 100_000
BARS_MS = {"list": 10.0, "search": 20.0, "counts": 50.0, "mark": 10.0}
"""At 100,000 models, p95; three times that at 1,000,000, but for marks."""
MEMORY_BAR_MIB = 300.0


def measure_registry(base: Path, model_count: int) -> Iterator[Finding]:
    base.mkdir()
    words = fill(base, model_count)
    server = Server(base, hash_in_background="false")
    yield Finding(f"start with {model_count:,} models until a list is answered", _start(server), "s", bar=1.5)
    with server:
        asker = Asker(server.url)
        asker.get("/api/models/facets")
        for kind, what, act in _acts(asker, words):
            took = count_milliseconds_each(act, ASKED_TIMES)
            bar = BARS_MS[kind] * (3 if model_count > LARGE and kind != "mark" else 1)
            yield Finding(f"{what} ({model_count:,} models), p95", percentile(took, 95), "ms", bar=bar)
        if memory := server.memory_mib():
            bar_mib = MEMORY_BAR_MIB if model_count <= LARGE else None
            yield Finding(f"memory of the server with {model_count:,} models", memory, "MiB", bar=bar_mib)
        asker.close()


def fill(base: Path, model_count: int) -> list[str]:
    """A server's folder with a registry of so many. Words of its names, a frequent one among every four."""
    print(f"filling a registry with {model_count:,} models ...", file=sys.stderr)
    (base / "data").mkdir()
    database = open_database(sqlite_url(base / "data" / "registry.db"))
    fill_registry(database, model_count)
    words = find_words(database, 30)
    database.close()
    return [word for pair in zip(words, cycle(COMMON_WORDS), strict=False) for word in pair]


def _start(server: Server) -> float:
    def start() -> None:
        server.start()
        asker = Asker(server.url)
        asker.get("/api/models", limit=100)
        asker.close()

    seconds = count_seconds(start)
    server.stop()
    return seconds


def _acts(asker: Asker, words: list[str]) -> Iterator[tuple[str, str, Callable[[], object]]]:
    """Each call asks something else, so that no answer is the last one again."""
    numbers, word, second = count_up(1), cycle(words), cycle(reversed(words))
    cursors = cycle(_cursors(asker))
    sorts = cycle(("name", "-added_at", "size_bytes", "-modified_at"))
    narrow = cycle(("type:lora", "base:pony", "tag:style rating:>=4", "-tag:anime size:>1GB", "added:<1y is:favorite"))

    def search(path: str) -> bytes:
        return asker.get_bytes(path, q=f"{next(word)} {next(narrow)} -{next(second)}", limit=100)

    yield "list", "a page of 100", lambda: asker.get_bytes("/api/models", limit=100, **next(cursors))
    yield (
        "list",
        "a page of 100 of one type",
        lambda: asker.get_bytes("/api/models", limit=100, type="lora", sort=next(sorts)),
    )
    yield "search", "search for a word", lambda: asker.get_bytes("/api/models", q=next(word), limit=100)
    yield "search", "search for words and fields", lambda: search("/api/models")
    yield "counts", "counts for the filters", lambda: asker.get_bytes("/api/models/facets")
    yield "counts", "counts for the filters of a search", lambda: search("/api/models/facets")
    yield "mark", "a favourite", lambda: asker.patch(f"/api/models/{next(numbers)}", {"favorite": True})
    yield "mark", "a note", lambda: asker.patch(f"/api/models/{next(numbers)}", {"notes": "to try again"})


def _cursors(asker: Asker) -> list[dict[str, str]]:
    """Of the first fifty pages."""
    queries: list[dict[str, str]] = [{}]
    for _ in range(50):
        cursor = asker.get("/api/models", limit=100, **queries[-1])["next_cursor"]
        if cursor is None:
            break
        queries.append({"cursor": cursor})
    return queries
