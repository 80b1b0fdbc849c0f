"""A big model file on a fast static server (nginx), and a stand-in for Civitai that sends downloads there."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.perf.asking import PATIENCE_SECONDS
from tests.support.fake_world import FakeWorld
from tests.support.fake_world.library import FakeFile, FakeModel
from tests.support.fake_world.payloads import Payload, make_safetensors
from tests.support.ports import find_free_port, wait_for_server

LIMITED_BYTES_PER_SECOND = 20_000_000
"""What each connection gets at the limited address."""


class BigFile:
    """`url` serves it as fast as it goes, `limited_url` so many bytes a second for each connection."""

    def __init__(self, folder: Path, port: int, payload: Payload) -> None:
        self.payload = payload
        self.port = port
        self.url = f"http://127.0.0.1:{port}/file"
        self.limited_url = f"http://127.0.0.1:{port}/limited/file"
        self._log = folder / "served.log"

    def count_served_bytes(self) -> int:
        """Of all requests that have ended; what a client that was killed had not read yet is counted, too."""
        return sum(int(line) for line in self._log.read_text().split())


class Shop(FakeWorld):
    """Sends whoever downloads to the static server."""

    def __init__(self, big_file: BigFile, *, is_limited: bool = False) -> None:
        super().__init__()
        self.big_file = big_file
        self._file_url = big_file.limited_url if is_limited else big_file.url
        self._open = threading.Event()
        self._open.set()

    @property
    def private_hosts(self) -> tuple[str, ...]:
        return (*super().private_hosts, f"127.0.0.1:{self.big_file.port}")

    def hold(self) -> None:
        """Whoever wants to download waits until `let_go`."""
        self._open.clear()

    def let_go(self) -> None:
        self._open.set()

    def sign(self, file: FakeFile) -> str:
        self._open.wait(PATIENCE_SECONDS)
        return self._file_url

    def add_big_model(self, name: str) -> FakeModel:
        return self.add_model(name, payload=self.big_file.payload)


@contextmanager
def serve_big_file(folder: Path, size_bytes: int) -> Iterator[BigFile]:
    """A safetensors file of about so many bytes that nobody could compress."""
    folder.mkdir(parents=True)
    payload = make_safetensors(size_bytes=size_bytes)
    with (folder / "file").open("wb") as file:
        file.writelines(payload.chunks())
    _ = payload.sha256  # the site knows it before anybody downloads
    big_file = BigFile(folder, find_free_port(), payload)
    configuration = folder / "nginx.conf"
    configuration.write_text(_configure(folder, big_file.port))
    folder.chmod(0o755)
    server = subprocess.Popen(["nginx", "-c", str(configuration)])
    try:
        wait_for_server(f"http://127.0.0.1:{big_file.port}/", server)
        yield big_file
    finally:
        server.terminate()
        server.wait()


def _configure(folder: Path, port: int) -> str:
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""
        daemon off; user root; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit;
        events {{ worker_connections 256; }}
        http {{
            log_format bytes $body_bytes_sent; access_log {folder}/served.log bytes;
            sendfile on; {temporary}
            server {{
                listen 127.0.0.1:{port};
                location / {{ root {folder}; }}
                location /limited/ {{ alias {folder}/; limit_rate {LIMITED_BYTES_PER_SECOND}; }}
            }}
        }}
        """
