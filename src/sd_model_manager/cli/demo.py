"""`demo`: a sample library in a temporary folder, served."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from sd_model_manager.cli.serve import run_server


def demo(
    port: Annotated[int | None, typer.Option(help="Port to listen on (SDMM_PORT).")] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Fill this folder and keep it, instead of a temporary one.")
    ] = None,
) -> None:
    """Fill a folder with a few dozen small, valid sample models and serve it."""
    from sd_model_manager.library.sample import fill_sample_library

    # The server passes a signal on once it has ended; the folder is to be removed before the process is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="sd-model-manager-demo-", ignore_cleanup_errors=True) as temporary:
        base = folder or Path(temporary)
        count = fill_sample_library(base / "models")
        typer.echo(
            f"{count} sample models in {base / 'models'}" + ("" if folder else ", gone when the server ends"), err=True
        )
        run_server({"port": port, "model_dir": base / "models", "data_dir": base / "data", "log_dir": base / "logs"})
