"""The commands there are. Modules of commands are loaded when one is called, so that `--help` is quick."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sd_model_manager import __version__
from sd_model_manager.cli import demo, export, files, library, serve
from sd_model_manager.cli.output import say_error
from sd_model_manager.lib.errors import AppError

app = typer.Typer(
    name="sd-model-manager",
    help="Find, identify, download and organise Stable Diffusion model files.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def choose(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and stop.")] = False,
) -> None:
    """Without a command: serve."""
    if version:
        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        serve.serve()


app.command()(serve.serve)
app.command()(library.scan)
app.command()(library.enrich)
app.command(name="list")(library.list_models)
app.command()(library.show)
app.command()(library.collections)
app.command()(library.download)
app.command()(export.export)
app.command()(library.verify)
app.command()(files.identify)
app.command(name="hash")(files.hash_files)
app.command()(files.strip)
app.command()(demo.demo)

_WRONG_USE = {
    "BAD_CONFIGURATION",
    "BAD_INPUT",
    "BAD_URL",
    "LINK_WITH_PASSWORD",
    "BAD_PATH",
    "UNKNOWN_FORMAT",
    "NOT_COMFYUI",
}


def main() -> None:
    """Exit codes: 0 done, 1 failed, 2 bad usage or configuration."""
    try:
        app()
    except AppError as error:
        say_error(error, as_json="--json" in sys.argv)
        sys.exit(2 if error.error_code in _WRONG_USE else 1)
    except KeyboardInterrupt:
        sys.exit(130)
