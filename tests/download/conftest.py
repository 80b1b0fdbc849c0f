"""A transfer over loopback with short patience, and everything it said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sd_model_manager.download.transfer import (
    Fetched,
    FileUrl,
    Transfer,
    TransferRequest,
    TransferSettings,
)
from sd_model_manager.lib.address_guard import AddressGuard
from tests.download.file_server import FileServer, Served, make_bytes

KIB = 1024
LOOPBACK = AddressGuard(["127.0.0.1", "localhost"])


def make_settings(**changes: Any) -> TransferSettings:
    """As in the product, but with small pieces and little patience, so that small files take every path."""
    quick: dict[str, Any] = {
        "min_segment_bytes": 64 * KIB,
        "max_segment_bytes": 512 * KIB,
        "stall_timeout_seconds": 5,
        "backoff_base_seconds": 0.001,
        "backoff_cap_seconds": 0.01,
        "journal_interval_seconds": 0.02,
        "max_attempts": 4,
        "find_proxy": lambda scheme, host, port: None,
    }
    return TransferSettings(**{**quick, **changes})


@dataclass
class Download:
    """One file on its way from a server of the test."""

    folder: Path
    server: FileServer
    progress: list[tuple[int, int | None]] = field(default_factory=list)
    should_stop: Callable[[], None] = lambda: None
    headers: dict[str, str] = field(default_factory=dict)
    url: str | None = None

    @property
    def part(self) -> Path:
        return self.folder / "model.safetensors.part"

    @property
    def journal(self) -> Path:
        return self.folder / "model.safetensors.part.json"

    @property
    def served(self) -> Served:
        return self.server.served

    def run(
        self,
        settings: TransferSettings | None = None,
        guard: AddressGuard = LOOPBACK,
        still_ours: Callable[[], bool] = lambda: True,
        **request: Any,
    ) -> Fetched:
        asked: dict[str, Any] = {
            "resolve": lambda: FileUrl(self.url or self.server.url, self.headers),
            "part_path": self.part,
            "expected_size_bytes": len(self.served.content),
            "expected_sha256": self.served.sha256,
        }
        transfer = Transfer(TransferRequest(**{**asked, **request}), settings or make_settings(), guard)
        return transfer.run(lambda done, total: self.progress.append((done, total)), self.should_stop, still_ours)

    def has_all(self, fetched: Fetched) -> bool:
        """Whether exactly the bytes of the server are on the disk, and the answer says so."""
        content = self.served.content
        told = fetched.size_bytes == len(content) and fetched.sha256 == self.served.sha256
        return told and fetched.path.read_bytes() == content


Serve = Callable[..., FileServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers: `serve(content, etag=..., ...)`, see `Served`."""
    with ExitStack() as stack:

        def start(content: bytes | None = None, **changes: Any) -> FileServer:
            tls = changes.pop("tls", None)
            served = Served(make_bytes(2_000_003) if content is None else content, **changes)
            return stack.enter_context(FileServer(served, tls=tls))

        yield start


@pytest.fixture
def server(serve: Serve) -> FileServer:
    return serve()


@pytest.fixture
def download(tmp_path: Path, server: FileServer) -> Download:
    return Download(tmp_path / "loras", server)
