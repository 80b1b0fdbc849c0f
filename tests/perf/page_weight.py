"""How much JavaScript comes before the library is shown."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from tests.perf.finding import Finding

BUDGET_KB = 150 * 1.024
FIRST_CHUNKS = ("index.html", "src/locales/en.po?first")


def measure_page() -> Iterator[Finding]:
    """Nothing where the page has not been built."""
    static = Path(str(files("sd_model_manager") / "ui" / "static"))
    manifest = static / ".vite" / "manifest.json"
    if not manifest.exists():
        print("The page has not been built, so its weight is not measured.")
        return
    scripts = sorted(_list_scripts(json.loads(manifest.read_text(encoding="utf-8"))))
    packed = sum(len(gzip.compress((static / script).read_bytes())) for script in scripts)
    plain = sum((static / script).stat().st_size for script in scripts)
    yardstick = ("the same, not compressed", plain / 1000)
    yield Finding("JavaScript before the library is shown, gzip", packed / 1000, "KB", *yardstick, bar=BUDGET_KB)


def _list_scripts(manifest: dict[str, Any]) -> set[str]:
    """The first chunks and all that they import at once; the manifest is Vite's."""
    pending, found = list(FIRST_CHUNKS), set()
    while pending:
        chunk = manifest[pending.pop()]
        if chunk["file"] not in found:
            found.add(chunk["file"])
            pending += chunk.get("imports", [])
    return {file for file in found if file.endswith(".js")}
