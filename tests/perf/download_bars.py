"""What the product promises of downloads, measured: `python -m tests.perf.download_bars [--part NAME] [--quick]`.

Starts the real server, as a process of its own, on a stand-in for Civitai that sends downloads to nginx on loopback,
and prints each figure beside its bar and beside a yardstick on the same machine; `!` marks a figure over its bar.
Needs Linux, nginx and aria2c. Measure on a machine that does nothing else; load averages are printed. The part `memory`
writes eight times `--bytes`, and all are in `--folder` (else the system's temporary folder).
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from tests.perf.big_file import BigFile, serve_big_file
from tests.perf.download_speed import measure_memory, measure_speed, measure_speed_up
from tests.perf.fan_out import measure_fan_out
from tests.perf.finding import Finding, print_table
from tests.perf.kill_storm import measure_kills

MIB = 1024**2
Part = Callable[[Path, BigFile, argparse.Namespace], Iterator[Finding]]

PARTS: dict[str, tuple[int, int, Part]] = {
    "speed": (2048 * MIB, 512 * MIB, lambda folder, big, options: measure_speed(folder, big, options.rounds)),
    "memory": (2048 * MIB, 256 * MIB, lambda folder, big, _: measure_memory(folder, big)),
    "connections": (1024 * MIB, 512 * MIB, lambda folder, big, _: measure_speed_up(folder, big)),
    "clients": (
        2048 * MIB,
        512 * MIB,
        lambda folder, big, options: chain.from_iterable(
            measure_fan_out(folder / str(count), big, count, options.rounds) for count in options.clients
        ),
    ),
    "kills": (256 * MIB, 64 * MIB, lambda folder, big, options: measure_kills(folder, big, options.kills)),
}
"""By name: bytes of the file, the same with `--quick`, and what measures it."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.perf.download_bars")
    parser.add_argument("--part", choices=PARTS, action="append", help="may be given several times; else all")
    parser.add_argument("--quick", action="store_true", help="smaller files, one round, ten kills")
    parser.add_argument("--bytes", type=int, help="size of the file")
    parser.add_argument("--rounds", type=int, help="medians are taken over so many")
    parser.add_argument("--kills", type=int)
    parser.add_argument("--clients", type=int, action="append", help="may be given several times; else 100 and 500")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 3)
    options.kills = options.kills or (10 if options.quick else 100)
    options.clients = options.clients or [100, 500]
    for name in options.part or PARTS:
        size, quick_size, part = PARTS[name]
        print(f"{name}, load averages before: {' '.join(f'{load:.2f}' for load in os.getloadavg())}")
        with tempfile.TemporaryDirectory(prefix="sdmm-bars-", dir=options.folder) as folder:
            chosen = options.bytes or (quick_size if options.quick else size)
            with serve_big_file(Path(folder) / "served", chosen) as big_file:
                (Path(folder) / "part").mkdir()
                print_table(list(part(Path(folder) / "part" / name, big_file, options)))


if __name__ == "__main__":
    main()
