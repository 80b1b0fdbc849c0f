"""Holds the garbage collector back while a header is taken apart.

A header is up to a million small objects that are all still needed: looking for garbage among them again and again
takes as long as reading them does.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Not for long: other threads do without it, too. Whoever found it running lets it run again."""
    was_running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_running:
            gc.enable()
