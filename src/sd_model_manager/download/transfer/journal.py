"""The note beside a `.part` file that says which of its bytes are good, so that a crash loses a second at most."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sd_model_manager.download.transfer.answer import FileMark
from sd_model_manager.download.transfer.ranges import Ranges
from sd_model_manager.lib.errors import FileExists, NotAllowed

_VERSION = 1


def journal_path_of(part_path: Path) -> Path:
    return part_path.with_name(part_path.name + ".json")


@dataclass(frozen=True, slots=True)
class Journal:
    """What is known of a file that is on its way. Holds no URL: those are signed, and secret."""

    ranges: Ranges = field(default_factory=Ranges)
    total: int | None = None
    mark: FileMark | None = None
    suggested_filename: str | None = None
    expected_sha256: str | None = None


def read_journal(part_path: Path) -> Journal:
    """The journal of a partial file, empty where there is none; never claims bytes that the file does not have.

    A journal that cannot be read (a damaged disk, another version) counts as empty: the download starts over.

    Raises:
        FileExists: there is a file under the partial name that no journal speaks of, so it is not ours to write to.
        NotAllowed: there is a link under the partial name.
    """
    if part_path.is_symlink():
        raise NotAllowed(f"'{part_path}' is a link; a download is not written through it. Remove it.", code="BAD_PATH")
    try:
        text = journal_path_of(part_path).read_text("utf-8")
    except FileNotFoundError:
        if part_path.exists():
            raise FileExists(
                f"'{part_path}' is in the way and is not one of our unfinished downloads. Rename or remove it.",
                path=str(part_path),
            ) from None
        return Journal()
    if not part_path.exists():
        return Journal()
    try:
        journal = _parse(json.loads(text))
    except (ValueError, TypeError, KeyError):
        return Journal()
    return journal if _fits(journal, part_path.stat().st_size) else Journal()


def write_journal(part_path: Path, journal: Journal) -> None:
    """Replace the journal in one step. The bytes it claims must have reached the disk before (`flush_to_disk`)."""
    document = {
        "version": _VERSION,
        "ranges": journal.ranges.pairs,
        "total_bytes": journal.total,
        "mark": asdict(journal.mark) if journal.mark else None,
        "suggested_filename": journal.suggested_filename,
        "expected_sha256": journal.expected_sha256,
    }
    # The name is always the same, so that a crash in here leaves nothing that nobody would find and remove.
    fresh = _fresh_path_of(part_path)
    with fresh.open("wb") as file:
        file.write(json.dumps(document).encode())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(journal_path_of(part_path))


def flush_to_disk(path: Path) -> None:
    """Return once what was written to a file is on the disk, whoever wrote it."""
    with path.open("r+b", buffering=0) as file:
        os.fsync(file.fileno())


def discard(part_path: Path) -> None:
    """Remove a partial download and its journal; a no-op where there is none."""
    if not journal_path_of(part_path).exists():
        return
    part_path.unlink(missing_ok=True)
    remove_journal(part_path)


def remove_journal(part_path: Path) -> None:
    """Once the file is complete and elsewhere; a no-op where there is none."""
    _fresh_path_of(part_path).unlink(missing_ok=True)
    journal_path_of(part_path).unlink(missing_ok=True)


def _fresh_path_of(part_path: Path) -> Path:
    return part_path.with_name(part_path.name + ".json.new")


def _fits(journal: Journal, size_bytes: int) -> bool:
    last = journal.ranges.pairs[-1][1] if journal.ranges.pairs else 0
    return last <= size_bytes and (journal.total is None or size_bytes <= journal.total)


def _parse(document: dict[str, Any]) -> Journal:
    if document["version"] != _VERSION:
        raise ValueError("a journal of another version")
    mark = document["mark"]
    return Journal(
        Ranges.of((int(start), int(end)) for start, end in document["ranges"]),
        document["total_bytes"],
        FileMark(**mark) if mark else None,
        document["suggested_filename"],
        document["expected_sha256"],
    )
