"""`serve`: the page and the API."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from sd_model_manager.config import Settings, load_settings
from sd_model_manager.lib.errors import AppError, BadInput, Code

_OPEN_FILES = 8192


class PortTaken(AppError):
    code: ClassVar[Code] = "BAD_CONFIGURATION"


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (SDMM_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (SDMM_PORT).")] = None,
    model_dir: Annotated[Path | None, typer.Option(help="The first library folder (SDMM_MODEL_DIR).")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Where the database lies (SDMM_DATA_DIR).")] = None,
    insecure_no_auth: Annotated[
        bool, typer.Option("--insecure-no-auth", help="Serve other machines without an access token.")
    ] = False,
) -> None:
    """Serve the page and the API."""
    run_server(
        {
            "host": host,
            "port": port,
            "model_dir": model_dir,
            "data_dir": data_dir,
            "insecure_no_auth": insecure_no_auth or None,
        }
    )


def run_server(options: Mapping[str, object]) -> None:
    """Serve until interrupted. Options that are `None` are left to the environment.

    Raises BadInput and PortTaken before anything is started.
    """
    settings = load_settings(**options)
    _require_token(settings)
    _require_free_port(settings)
    _allow_many_connections()
    for key, value in options.items():
        if value is not None:
            os.environ[f"SDMM_{key.upper()}"] = str(value)  # the application reads it, in this process or in workers
    import uvicorn

    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    typer.echo(f"SD Model Manager serves http://{shown}:{settings.port} (Ctrl+C ends it)", err=True)
    uvicorn.run(
        "sd_model_manager.ui.api.main:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
        ws_max_size=64 * 1024,
        # Messages are short, and each client would have each of them compressed anew.
        ws_per_message_deflate=False,
    )


def _require_token(settings: Settings) -> None:
    if settings.is_loopback or settings.access_token.get_secret_value() or settings.insecure_no_auth:
        return
    raise BadInput(
        f"Listening on {settings.host} lets other machines in, so an access token is needed: set SDMM_ACCESS_TOKEN to "
        "a long random text, or pass --insecure-no-auth if everybody who reaches this port may use the library.",
        code="BAD_CONFIGURATION",
    )


def _require_free_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # on Windows it would allow to share a port that is in use
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PortTaken(
                f"Port {settings.port} on {settings.host} cannot be used ({(error.strerror or 'error').lower()}"
                f"{_who_is_there(settings)}). Choose another with --port or SDMM_PORT."
            ) from error


def _allow_many_connections() -> None:
    """Open files, connections among them, are limited to 256 on macOS where nobody asks for more."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            with suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _who_is_there(settings: Settings) -> str:
    """ComfyUI has the same default port and tells who it is; so do we."""
    import httpx

    base = f"http://{'127.0.0.1' if settings.host == '0.0.0.0' else settings.host}:{settings.port}"  # noqa: S104
    questions = (("/system_stats", "comfyui_version", "ComfyUI"), ("/api/health", '"success"', "SD Model Manager"))
    for path, sign, name in questions:
        try:
            answer = httpx.get(base + path, timeout=1.0, trust_env=False)
        except httpx.HTTPError:
            return ""
        if answer.status_code == 200 and sign in answer.text:
            return f": {name} is running there"
    return ""
