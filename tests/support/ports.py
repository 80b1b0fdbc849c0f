"""A port that is free now, and a server that is up."""

from __future__ import annotations

import socket
import subprocess
import time

import httpx

PATIENCE_SECONDS = 60


def find_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_for_server(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until the address answers; fails at once where the process ends instead."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            httpx.get(url, timeout=5, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"{url} did not answer")
