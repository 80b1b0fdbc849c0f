"""Everything fails at random, from a known seed, and the right bytes arrive all the same."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sd_model_manager.lib.errors import SourceForbidden
from tests.download.conftest import Download, Serve, make_settings
from tests.download.file_server import (
    Fault,
    FileServer,
    Handler,
    Seen,
    cut_after,
    make_bytes,
    redirect,
    reset_after,
    reset_at_once,
    status,
)


def answer_muddled(handler: Handler) -> None:
    handler.answer(206, {"Content-Range": "bytes 1-2/3"}, b"xx")


def make_storm(seed: int, storage: FileServer) -> Callable[[Seen], Fault | None]:
    """A fault for every second request, of any kind; every sixteenth begins the file anew."""
    dice = random.Random(seed)

    def storm(seen: Seen) -> Fault | None:
        amount = dice.randrange(20_000, 400_000)
        kinds: list[tuple[int, Fault | None]] = [
            (16, None),
            (4, cut_after(amount)),
            (3, reset_after(amount)),
            (2, reset_at_once),
            (2, status(503)),
            (1, status(403)),
            (1, status(429, b"", Retry_After="0")),
            (2, redirect(f"{storage.url}?{dice.random()}")),
            (1, answer_muddled if dice.random() < 0.3 else None),
        ]
        return dice.choices([fault for _, fault in kinds], [weight for weight, _ in kinds])[0]

    return storm


@pytest.mark.parametrize("seed", range(12))
def test_the_right_bytes_arrive_through_a_storm(tmp_path: Path, serve: Serve, seed: int) -> None:
    content = make_bytes(3_000_000, seed=seed)
    first, second = serve(content), serve(content, etag='"other"')
    first.served.fault_for = make_storm(seed, second)
    second.served.fault_for = make_storm(seed + 1000, second)
    settings = make_settings(max_attempts=40, max_refusals=40, max_restarts=40, stall_timeout_seconds=2)
    download = Download(tmp_path, first, url=f"{first.url}?signature=1")
    for _ in range(60):
        # A refusal by the source itself is final; the user tries again.
        with contextlib.suppress(SourceForbidden):
            fetched = download.run(settings)
            break
    assert download.has_all(fetched)
