"""How the command line speaks: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic_core import to_json

from sd_model_manager.lib.errors import AppError
from sd_model_manager.lib.redaction import redact

if TYPE_CHECKING:
    from rich.console import Console

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


@cache
def stdout() -> Console:
    """Loaded when something is to be shown: a server that starts shows nothing."""
    from rich.console import Console

    return Console(highlight=False)


@cache
def stderr() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def print_json(document: Any) -> None:
    sys.stdout.write(to_json(document, indent=2, serialize_unknown=True).decode() + "\n")


def say_error(error: AppError, *, as_json: bool) -> None:
    message = redact(error.message)
    if as_json:
        document = {"success": False, "error": message, "code": error.error_code, "details": error.details}
        sys.stdout.write(json.dumps(document, default=str) + "\n")
    stderr().print(f"[red]Error:[/] {_escape(message)}")


def show_size(size_bytes: int) -> str:
    """Such as `144.1 MB`, in powers of 1000 as disks are sold."""
    size = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


@contextmanager
def progress_of(what: str, *, unit: str, quiet: bool) -> Iterator[Any]:
    """A bar on a terminal, nothing elsewhere. Yields `update(done, total)`."""
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    amounts = (DownloadColumn(), TransferSpeedColumn()) if unit == "bytes" else (MofNCompleteColumn(),)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), *amounts, TimeRemainingColumn())
    with Progress(*columns, console=stderr(), disable=quiet or not stderr().is_terminal, transient=True) as progress:
        bar = progress.add_task(_escape(what), total=None)
        yield lambda done, total: progress.update(bar, completed=done, total=total)


def _escape(text: str) -> str:
    from rich.markup import escape

    return escape(text)
