"""What a transfer is asked for, how it goes about it, and what it hands back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sd_model_manager import __version__
from sd_model_manager.download.transfer.bandwidth import Bandwidth
from sd_model_manager.download.transfer.proxies import FindProxy, find_proxy_in_environment
from sd_model_manager.download.transfer.refusals import explain_status
from sd_model_manager.lib.errors import AppError

MIB = 1024 * 1024

NICENESS = 5
"""Of the threads that fetch and hash: where they take all processors, the page is still answered at once."""

ExplainRefusal = Callable[[int, Mapping[str, str], bytes], AppError]
"""Status, headers with lower-case names, the first bytes of the body -> what to tell the user."""


def find_checksum(text: str | None) -> str | None:
    """A SHA-256 in lower case; `None` for what is none, as the sentinels that sources send for "unknown"."""
    lower = (text or "").strip().lower()
    return lower if re.fullmatch(r"[0-9a-f]{64}", lower) and lower.strip("0") else None


@dataclass(frozen=True, slots=True)
class FileUrl:
    """Where a file can be fetched from now.

    `headers` (credentials among them) are sent to this URL's origin alone, never behind a redirect to another one.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TransferRequest:
    """One file to fetch.

    `resolve` is asked again after every interruption, because signed URLs expire; it may raise an AppError.
    `part_path` is where the bytes go; its journal lies beside it. `expected_size_bytes` and `expected_sha256` are the
    source's word: they steer the transfer (how to cut it, whether pieces may be combined) and are checked by `verify`.
    `explain_refusal` translates what the source itself answers; storage behind a redirect is explained generically.
    `is_model_file`: web pages, JSON and XML are then never accepted as the file.
    `make_room` is told how large the file is going to be as soon as its server says so, and while that says nothing
    ever larger sizes, ahead of what comes; what it raises ends the transfer.
    """

    resolve: Callable[[], FileUrl]
    part_path: Path
    expected_size_bytes: int | None = None
    expected_sha256: str | None = None
    explain_refusal: ExplainRefusal = explain_status
    is_model_file: bool = True
    make_room: Callable[[int], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Clock:
    """Monotonic seconds and a way to let them pass; tests bring their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class TransferSettings:
    """How a transfer goes about it.

    Args:
        connections: at most this many at once for one file.
        min_segment_bytes, max_segment_bytes: how large a piece one request asks for.
        connect_timeout_seconds: for each address that is tried.
        stall_timeout_seconds: a connection without a byte for so long is dropped and its piece resumed.
        min_bytes_per_second: a connection slower than this over a whole stall timeout counts as stalled, too.
        max_attempts: this many attempts in a row that bring nothing end the transfer.
        max_refusals: so often in a row storage may refuse a URL (expired) before that ends the transfer.
        max_restarts: so often the file may change or ranges turn out unusable.
        max_wait_seconds: a source that asks for a longer pause ends the transfer; the task is retried later.
        backoff_base_seconds, backoff_cap_seconds: of the pause between attempts that bring nothing.
        journal_interval_seconds: what a crash loses at most; on a fast line less.
        fence_seconds: writing stops when `should_stop` was not heard for so long (the computer slept, the process was
            suspended) until it was heard again.
    """

    connections: int = 4
    min_segment_bytes: int = 4 * MIB
    max_segment_bytes: int = 128 * MIB
    connect_timeout_seconds: float = 15.0
    stall_timeout_seconds: float = 30.0
    min_bytes_per_second: int = 256
    max_attempts: int = 8
    max_refusals: int = 3
    max_restarts: int = 3
    max_wait_seconds: float = 120.0
    backoff_base_seconds: float = 0.5
    backoff_cap_seconds: float = 30.0
    journal_interval_seconds: float = 1.0
    fence_seconds: float = 10.0
    user_agent: str = f"SDModelManager/{__version__}"
    find_proxy: FindProxy = find_proxy_in_environment
    bandwidth: Bandwidth = field(default_factory=Bandwidth)
    clock: Clock = field(default_factory=Clock)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that has arrived whole, still under its `.part` name.

    `sha256` is 64 lower-case hexadecimal digits, of what lies on the disk. `suggested_filename` is the server's raw
    word, not a safe name. `notes` are sentences for the user: what was unusual on the way.
    """

    path: Path
    size_bytes: int
    sha256: str
    etag: str | None = None
    suggested_filename: str | None = None
    notes: tuple[str, ...] = ()
