"""What makes a module in this room a reader of a file format."""

from __future__ import annotations

from typing import BinaryIO, Protocol, cast

from sd_model_manager.domain.local import Problem
from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.formats.clean_text import clean_text
from sd_model_manager.identify.formats.limits import MAX_NAMES_IN_MESSAGE
from sd_model_manager.identify.header import Header
from sd_model_manager.lib.codes import ProblemCode
from sd_model_manager.lib.errors import AppError, DamagedFile

START_BYTES = 512
"""How much of a file's start a reader sees before it says whether the file is its own."""


class FormatReader(Protocol):
    """A module with these three names is a reader; a line in `READERS` makes it known.

    `recognises` sees the first `START_BYTES` of the file (all of a shorter one) and decides by them alone.
    `read` never loads weights, never runs anything, and never raises for what the bytes say: whatever is wrong with
    the file becomes a problem of the header. It may raise `OSError` where the disk fails.
    """

    FORMAT: FileFormat

    def recognises(self, start: bytes, size_bytes: int) -> bool: ...

    def read(self, file: BinaryIO, size_bytes: int) -> Header: ...


def make_truncated(expected_bytes: int, found_bytes: int) -> Problem:
    return Problem(
        "truncated",
        f"The file ends too early: {expected_bytes:,} bytes are expected and {found_bytes:,} are there, as after an "
        "unfinished download. Download it again or resume the download.",
        {"expected_bytes": expected_bytes, "found_bytes": found_bytes},
    )


def make_damaged(problem: Problem) -> DamagedFile:
    """A problem that nothing can be read behind; `to_problem` takes it out again."""
    return DamagedFile(problem.message, code=problem.code, **problem.details)


def to_problem(error: AppError) -> Problem:
    return Problem(cast(ProblemCode, error.error_code), error.message, error.details)


def list_some(names: list[str]) -> dict[str, object]:
    """The first names, and how many there are, as details of a problem."""
    return {"names": [clean_text(name[:120]) for name in names[:MAX_NAMES_IN_MESSAGE]], "count": len(names)}


def name_some(names: list[str]) -> str:
    """The first names in quotes, and how many more there are."""
    shown = ", ".join(f"'{clean_text(name[:120])}'" for name in names[:MAX_NAMES_IN_MESSAGE])
    rest = len(names) - MAX_NAMES_IN_MESSAGE
    return f"{shown} and {rest:,} more" if rest > 0 else shown
