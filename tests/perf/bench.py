"""What the product promises, measured: `python -m tests.perf.bench [--models 10000] [--rounds 3] [--large]`.

Starts the real server, as a process of its own, on libraries of synthetic LoRAs with headers of true size and on a
stand-in for Civitai, and prints each figure beside its bar and beside a yardstick on the same machine: absolute figures
differ from machine to machine and from hour to hour, ratios hardly do. `!` marks a figure over its bar. Measure on a
machine that does nothing else; the load averages before and after are printed. Takes about three minutes, and
some more with `--large`, which scans 100,000 models.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.perf.finding import Finding, print_table
from tests.perf.large_library import measure_large_library
from tests.perf.page_weight import measure_page
from tests.perf.progress_age import measure_progress
from tests.perf.registry_speed import measure_registry
from tests.perf.scan_speed import measure_large_scans, measure_scans


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.perf.bench")
    parser.add_argument("--models", type=int, default=10_000, help="of the large library")
    parser.add_argument("--registry-models", type=int, default=100_000, help="of the registry that has no files")
    parser.add_argument("--scan-models", type=int, default=10_000, help="of the library whose first scan is measured")
    parser.add_argument("--large", action="store_true", help="scan 100,000 models, too; takes some minutes and 1 GB")
    parser.add_argument("--rounds", type=int, default=3, help="medians are taken over so many")
    parser.add_argument("--folder", type=Path, help="where to put libraries; its disk has to make holes in files")
    options = parser.parse_args()
    print(f"load averages before: {_say_load()}")
    with tempfile.TemporaryDirectory(prefix="sdmm-bench-", dir=options.folder) as name:
        base = Path(name)
        _keep_compiled_modules(base / "compiled")
        parts: tuple[Callable[[], Iterator[Finding]], ...] = (
            lambda: measure_scans(base / "scans", options.scan_models, options.rounds),
            lambda: measure_large_library(base / "large", options.models, options.rounds),
            lambda: measure_registry(base / "registry", options.registry_models),
            lambda: measure_progress(base / "progress"),
            measure_page,
        )
        if options.large:
            parts = (lambda: measure_large_scans(base / "many", 100_000, options.rounds), *parts)
        findings = [finding for part in parts for finding in part()]
    print(f"load averages after: {_say_load()}, {os.cpu_count()} processors")
    print_table(findings)


def _keep_compiled_modules(folder: Path) -> None:
    """As a user's Python does, whatever the environment of the one who measures says."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


def _say_load() -> str:
    """Of the last 1, 5 and 15 minutes."""
    return " ".join(f"{load:.2f}" for load in os.getloadavg()) if hasattr(os, "getloadavg") else "not told here"


if __name__ == "__main__":
    main()
