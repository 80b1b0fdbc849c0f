"""All hashes of one large file and of many small ones, beside the bare primitives with as many threads:
`python -m tests.perf.hash_bench [--bytes 1073741824] [--files 500] [--file-bytes 1048576]`.

The small files are scanned and then hashed by the task that hashes a library, registry and all. A file is in the page
cache for all that read it; it is read into it again before each round, since hashing leaves no trace there. Ratios are
of seconds: below 1.11x is 0.9 of the yardstick's speed, which is the bar.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from blake3 import blake3
from sqlalchemy import update

from sd_model_manager.db.engine import open_database, sqlite_url
from sd_model_manager.db.tables import contents
from sd_model_manager.lib.priority import step_back
from sd_model_manager.library.hasher import DEFAULT_AT_ONCE, NICENESS
from sd_model_manager.library.hashing import BLOCK_BYTES, hash_file
from tests.perf.finding import Finding, count_seconds, middle, print_table
from tests.support.library_bench import LibraryBench

MIB = 1024 * 1024
SLOWEST = 1 / 0.9


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.perf.hash_bench")
    parser.add_argument("--bytes", type=int, default=1024 * MIB, help="of the file that is hashed")
    parser.add_argument("--files", type=int, default=500, help="how many small ones")
    parser.add_argument("--file-bytes", type=int, default=MIB, help="of each small one")
    parser.add_argument("--rounds", type=int, default=3, help="medians are taken over so many")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sdmm-hash-") as name:
        path = Path(name) / "model.safetensors"
        write_model(path, options.bytes)
        findings = measure(path, options.rounds)
        path.unlink()
        findings += measure_many(Path(name), options.files, options.file_bytes, options.rounds)
        print_table(findings)


def write_model(path: Path, size: int) -> None:
    """A header of 8 KiB, then what no hash is faster for. On the disk at the end, since only such pages can be left."""
    block = os.urandom(16 * MIB)
    with path.open("wb") as file:
        file.write((8192 - 8).to_bytes(8, "little") + b"{" + b" " * (8192 - 10) + b"}")
        while (left := size - file.tell()) > 0:
            file.write(block[:left])
        file.flush()
        os.fsync(file.fileno())


def measure(path: Path, rounds: int) -> list[Finding]:
    blocks = max(1, path.stat().st_size // BLOCK_BYTES)
    block = memoryview(bytearray(os.urandom(BLOCK_BYTES)))
    acts: dict[str, Callable[[], object]] = {
        "hash": lambda: hash_file(path),
        "serial": lambda: hash_file(path, lanes_from_bytes=path.stat().st_size + 1),
        "read": lambda: read(path),
        "sha256": lambda: repeat(blocks, block, sha256().update),
        "blake3": lambda: repeat(blocks, block, blake3().update),
        "crc32": lambda: repeat(blocks, block, zlib.crc32),
        "bare": lambda: run_bare(blocks, block),
        "reading": lambda: run_bare(blocks, block, path),
    }
    seconds: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            read(path)
            seconds[name].append(count_seconds(act))
    took = {name: middle(values) for name, values in seconds.items()}
    bare = ("the same hashes of bytes in memory, two threads", took["bare"])
    reading = ("the same, and a third thread that reads the file", took["reading"])
    whole = f"all hashes of {path.stat().st_size / MIB:,.0f} MiB"
    return [
        Finding(whole, took["hash"], "s", *reading, bar=round(took["reading"] * SLOWEST, 2)),
        Finding(f"{whole}, beside bytes in memory", took["hash"], "s", *bare),
        Finding(f"{whole}, one thread", took["serial"], "s", *bare),
        *(Finding(name, took[name], "s") for name in ("read", "sha256", "blake3", "crc32")),
    ]


def measure_many(folder: Path, count: int, size: int, rounds: int) -> list[Finding]:
    database = open_database(sqlite_url(folder / "registry.db"))
    library = LibraryBench(database, folder / "models")
    paths = [library.root / f"{number}.safetensors" for number in range(count)]
    for path in paths:
        write_model(path, size)
    library.scan()
    seconds: dict[str, list[float]] = {"hash": [], "bare": []}
    for _ in range(rounds):
        with database.write() as connection:
            connection.execute(update(contents).values(hashed_at=None, sha256=None))
        for name, act in {"hash": library.hash, "bare": lambda: run_bare_files(paths)}.items():
            for path in paths:
                read(path)
            seconds[name].append(count_seconds(act))
    database.close()
    took = {name: middle(values) for name, values in seconds.items()}
    yardstick = f"the bare hashes of the same files, {DEFAULT_AT_ONCE} threads as patient"
    whole = f"a task that hashes {count:,} files of {size / MIB:g} MiB"
    return [Finding(whole, took["hash"], "s", yardstick, took["bare"], bar=round(took["bare"] * SLOWEST, 2))]


def run_bare_files(paths: list[Path]) -> None:
    """Each thread takes every other file: read it into one buffer, and compute what `hash_file` computes."""

    def run(part: list[Path]) -> None:
        buffer = memoryview(bytearray(max(path.stat().st_size for path in part)))
        for path in part:
            with path.open("rb", buffering=0) as file:
                block = buffer[: file.readinto(buffer)]
            for update_one in (sha256().update, sha256().update, blake3().update, zlib.crc32):
                update_one(block)

    with ThreadPoolExecutor(DEFAULT_AT_ONCE, initializer=step_back, initargs=(NICENESS,)) as threads:
        for work in [threads.submit(run, paths[number::DEFAULT_AT_ONCE]) for number in range(DEFAULT_AT_ONCE)]:
            work.result()


def repeat(times: int, block: memoryview, update: Callable[[memoryview], object]) -> None:
    for _ in range(times):
        update(block)


def read(path: Path) -> None:
    buffer = memoryview(bytearray(BLOCK_BYTES))
    with path.open("rb", buffering=0) as file:
        while file.readinto(buffer):
            pass


def run_bare(blocks: int, block: memoryview, path: Path | None = None) -> None:
    """What `hash_file` has to do, with nothing between the parts."""
    whole, weights, tree = sha256(), sha256(), blake3()

    def first(part: memoryview) -> None:
        whole.update(part)
        zlib.crc32(part)

    def second(part: memoryview) -> None:
        tree.update(part)
        weights.update(part)

    with ThreadPoolExecutor(3) as threads:
        works = [threads.submit(repeat, blocks, block, lane) for lane in (first, second)]
        if path is not None:
            works.append(threads.submit(read, path))
        for work in works:
            work.result()


if __name__ == "__main__":
    main()
