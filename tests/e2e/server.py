"""The server as a user starts it: a process of its own, which can be killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.fake_world.world import FakeWorld
from tests.support.ports import find_free_port, wait_for_server


class Server:
    """Runs on `folder`/models and `folder`/data. `start` again after `kill` finds what was there."""

    def __init__(self, folder: Path, world: FakeWorld | None = None, **settings: str) -> None:
        self.folder = folder
        self.models = folder / "models"
        self.url = ""
        self._port = find_free_port()
        self._settings = settings
        if world is not None:
            self._settings |= {
                "civitai_base_url": world.api_url,
                "allowed_private_hosts": ",".join(world.private_hosts),
            }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        environment = {**os.environ, **{f"SDMM_{key.upper()}": value for key, value in self._settings.items()}}
        environment["SDMM_PORT"] = str(self._port)
        command = [sys.executable, "-m", "sd_model_manager"]
        log = (self.folder / "server.log").open("ab")
        with log:
            self._process = subprocess.Popen(command, cwd=self.folder, env=environment, stderr=log)
        self.url = f"http://127.0.0.1:{self._port}"
        wait_for_server(f"{self.url}/api/health", self._process)

    def memory_mib(self) -> float | None:
        """What is in memory of its process; `None` where the system does not tell."""
        return self._read_status("VmRSS:")

    def peak_memory_mib(self) -> float | None:
        """The most that ever was in memory of its process; `None` where the system does not tell."""
        return self._read_status("VmHWM:")

    def cpu_seconds(self) -> float | None:
        """What its process has taken of processors so far; `None` where the system does not tell."""
        counts = self._proc("stat")
        if counts is None:
            return None
        user, system = counts.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / float(os.sysconf("SC_CLK_TCK"))

    def _read_status(self, title: str) -> float | None:
        status = self._proc("status")
        if status is None:
            return None
        kib = next(line.split()[1] for line in status.splitlines() if line.startswith(title))
        return int(kib) / 1024

    def _proc(self, name: str) -> str | None:
        path = Path(f"/proc/{self._process.pid}/{name}") if self._process else None
        return path.read_text() if path is not None and path.exists() else None

    def kill(self) -> None:
        """As the system does when memory is short, or the power fails: without a word."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(30)
        self._process = None

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None
