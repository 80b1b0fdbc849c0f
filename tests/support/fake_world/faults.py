"""Things that go wrong, switched on by name, for so many requests, on paths that match."""

from __future__ import annotations

import re
import threading
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One switch.

    Args:
        kind: on any server `reply` (status, headers, text), `drop` (reset before any header), `html` (200 with a web
            page), `empty` (200 without a byte), `slow_headers` (hold until released), `truncated_json`. On the storage
            servers also `cut` / `reset` / `hold` (after `after_bytes` of this answer), `corrupt` (one wrong byte at
            `after_bytes` of the file), `ignore_range`, `wrong_offset`, `changed_etag`, `no_etag`, `no_length`,
            `length_off` (Content-Length off by `amount`), `total_off` (Content-Range total off by `amount`), `gzip`,
            `endless`, `expired`, `json_error`, `slow` (`amount` bytes per second).
            On the api server `redirect` (download endpoint: Location = text), `undefined_host`.
        server: `api`, `storage-r2`, `storage-b2`, `images`, `huggingface`, `storage-hf`,
            `civarchive`, or `storage` for all three.
        path: a regular expression searched in the path; empty matches all.
        times: how many requests it strikes; `None` for all until cleared.
        skip: how many matching requests pass before it strikes.
    """

    kind: str
    server: str = "storage"
    path: str = ""
    times: int | None = 1
    skip: int = 0
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    after_bytes: int = 0
    amount: int = 0


@dataclass
class _Armed:
    fault: Fault
    left: int | None
    skip: int


class Faults:
    """Which faults are armed. Thread-safe."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._armed.append(_Armed(fault, fault.times, fault.skip))

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def take(self, server: str, path: str) -> list[Fault]:
        """The faults that strike this request, counted down."""
        with self._lock:
            return [armed.fault for armed in self._armed if self._strikes(armed, server, path)]

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(armed.fault) | {"left": armed.left} for armed in self._armed]

    def _strikes(self, armed: _Armed, server: str, path: str) -> bool:
        fault = armed.fault
        is_here = server == fault.server or (fault.server == "storage" and server.startswith("storage-"))
        if not is_here or not re.search(fault.path, path) or armed.left == 0:
            return False
        if armed.skip > 0:
            armed.skip -= 1
            return False
        if armed.left is not None:
            armed.left -= 1
        return True


def find(faults: list[Fault], kind: str) -> Fault | None:
    return next((fault for fault in faults if fault.kind == kind), None)
