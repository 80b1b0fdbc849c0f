"""The server killed at random moments of a download, with nothing said to it, and started again."""

from __future__ import annotations

import hashlib
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.server import Server
from tests.perf.asking import Asker
from tests.perf.big_file import LIMITED_BYTES_PER_SECOND, BigFile, Shop
from tests.perf.download_speed import wait_for
from tests.perf.finding import Finding, percentile

CONNECTIONS = 4
MAX_FETCHED_OF_SIZE = 1.1


def measure_kills(folder: Path, big_file: BigFile, kills: int, seed: int = 1) -> Iterator[Finding]:
    """Each moment of the time a download takes is as likely as another; each kill has a download of its own."""
    folder.mkdir()
    chance = random.Random(seed)
    size, exact, stray = big_file.payload.size_bytes, 0, 0
    seconds = size / (CONNECTIONS * LIMITED_BYTES_PER_SECOND)
    fetched: list[float] = []
    for number in range(kills):
        own, before = folder / str(number), big_file.count_served_bytes()
        own.mkdir()
        _interrupt(own, big_file, chance.uniform(0, seconds))
        exact += _is_exact(own / "models", big_file.payload.sha256)
        stray += len(_list_strays(own / "models"))
        fetched.append((big_file.count_served_bytes() - before) / size)
        shutil.rmtree(own)
    yield Finding(f"files that were not exact, of {kills} downloads", kills - exact, "files", bar=0)
    yield Finding("stray files", stray, "files", bar=0)
    for percent in (50, 95):
        yield Finding(f"bytes fetched, of the size, p{percent}", percentile(fetched, percent), "x")
    yield Finding("bytes fetched, of the size, most", max(fetched), "x", bar=MAX_FETCHED_OF_SIZE)


def _interrupt(folder: Path, big_file: BigFile, after_seconds: float) -> None:
    with Shop(big_file, is_limited=True) as shop:
        settings = {"save_previews": "false", "connections_per_download": str(CONNECTIONS)}
        with Server(folder, shop, **settings) as server:
            asker = Asker(server.url)
            url = shop.page_url(shop.add_big_model("Big"))
            task_id = asker.post("/api/download", {"url": url})["task_id"]
            asker.close()
            time.sleep(after_seconds)
            server.kill()
            server.start()
            wait_for(server, task_id)


def _is_exact(models: Path, sha256: str) -> bool:
    found = list(models.rglob("*.safetensors"))
    return len(found) == 1 and hashlib.sha256(found[0].read_bytes()).hexdigest() == sha256


def _list_strays(models: Path) -> list[Path]:
    return [path for path in models.rglob("*") if path.is_file() and path.suffix != ".safetensors"]
