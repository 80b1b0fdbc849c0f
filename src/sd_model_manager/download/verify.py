"""Is what arrived what was announced? By checksum where there is one, by size and by structure."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from sd_model_manager.download.place import rename_without_overwriting
from sd_model_manager.download.transfer.journal import remove_journal
from sd_model_manager.download.transfer.request import Fetched, find_checksum
from sd_model_manager.lib.errors import Code, DamagedFile

CheckStructure = Callable[[Path], None]
"""Raises DamagedFile when a file does not open as what it claims to be."""


class Verdict(StrEnum):
    """How sure it is that the bytes are the right ones: the source's checksum agrees, or it named none."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


class WrongHash(DamagedFile):
    """The SHA-256 differs from the announced one; both are in `details`, and where the file was kept."""

    code: ClassVar[Code] = "WRONG_HASH"


class WrongSize(DamagedFile):
    """The size differs from the announced one, and there is no checksum to decide."""

    code: ClassVar[Code] = "WRONG_SIZE"


def verify(
    fetched: Fetched,
    *,
    quarantine_path: Path,
    size_bytes: int | None = None,
    sha256: str | None = None,
    check_structure: CheckStructure | None = None,
) -> Verdict:
    """Check a fetched file; one that fails is moved aside, so that it is never taken for the right one.

    A checksum decides alone: sources round sizes. `quarantine_path` is in the same file system; when it is taken, a
    number is added. An announced checksum that is none (empty, all zeros) counts as not announced.

    Raises:
        WrongHash, WrongSize: `details` say what was expected, what came, and `kept_at`.
        DamagedFile: of `check_structure`, with `kept_at` added.
    """
    try:
        return _judge(fetched, size_bytes, find_checksum(sha256), check_structure)
    except DamagedFile as error:
        kept = _move_aside(fetched.path, quarantine_path)
        error.details["kept_at"] = str(kept)
        error.message += f" It was put aside as '{kept.name}'."
        raise


def _judge(
    fetched: Fetched, size_bytes: int | None, sha256: str | None, check_structure: CheckStructure | None
) -> Verdict:
    if sha256 is not None and sha256 != fetched.sha256.lower():
        raise WrongHash(
            f"The downloaded file is not the one that was announced: its SHA-256 is {_show(fetched.sha256)}, and "
            f"should be {_show(sha256)}. Try again; if it stays so, report it at the source.",
            expected=sha256,
            got=fetched.sha256,
        )
    if sha256 is None and size_bytes is not None and size_bytes != fetched.size_bytes:
        raise WrongSize(
            f"The downloaded file has {fetched.size_bytes:,} bytes instead of {size_bytes:,}. Try again later.",
            expected=size_bytes,
            got=fetched.size_bytes,
        )
    if check_structure is not None:
        check_structure(fetched.path)
    return Verdict.UNVERIFIED if sha256 is None else Verdict.VERIFIED


def _show(sha256: str) -> str:
    return f"{sha256[:16]}..."


def _move_aside(part_path: Path, quarantine_path: Path) -> Path:
    quarantine_path.parent.mkdir(parents=True, exist_ok=True)
    for number in range(1, 1000):
        candidate = quarantine_path if number == 1 else quarantine_path.with_name(f"{quarantine_path.name}.{number}")
        try:
            rename_without_overwriting(part_path, candidate)
        except FileExistsError:
            continue
        remove_journal(part_path)
        return candidate
    raise DamagedFile(
        f"'{part_path}' is damaged and could not be put aside: '{quarantine_path.parent}' is full of such."
    )
