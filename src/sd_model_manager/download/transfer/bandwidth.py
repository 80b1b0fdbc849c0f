"""A speed limit that all transfers share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Bandwidth:
    """A token bucket of bytes: bursts of up to a quarter of a second, no limit while the rate is `None`.

    Transfers take what they have read and wait as long as they are told to; the rate may change at any time.
    With `find_rate` it is asked for again once a second while something is read.
    """

    BURST_SECONDS = 0.25
    ASK_EVERY_SECONDS = 1.0

    def __init__(
        self,
        bytes_per_second: int | None = None,
        *,
        find_rate: Callable[[], int | None] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._find_rate = find_rate
        self._rate = bytes_per_second
        self._free_at = self._ask_at = now()

    @property
    def bytes_per_second(self) -> int | None:
        return self._rate

    def set_rate(self, bytes_per_second: int | None) -> None:
        """Limit from now on; `None` lifts the limit. Debts of the old rate are forgiven."""
        with self._lock:
            self._rate = bytes_per_second
            self._free_at = self._now()

    def take(self, byte_count: int) -> float:
        """Seconds to wait before reading more, now that so many bytes have been read.

        Bytes read before a change was noticed cost nothing: at a rate that has just become slow, one large read would
        be a long silence.
        """
        if self._follow():
            return 0.0
        with self._lock:
            if not self._rate:
                return 0.0
            now = self._now()
            self._free_at = max(self._free_at, now - self.BURST_SECONDS) + byte_count / self._rate
            return max(0.0, self._free_at - now)

    def suggest_read_bytes(self, at_most: int) -> int:
        """How much to read at a time so that a slow limit still flows evenly."""
        self._follow()
        rate = self._rate
        return at_most if not rate else min(at_most, max(4096, rate // 16))

    def _follow(self) -> bool:
        """Ask for the rate where it is time to. Returns whether it has changed."""
        if self._find_rate is None or self._now() < self._ask_at:
            return False
        with self._lock:
            if self._now() < self._ask_at:
                return False
            self._ask_at = self._now() + self.ASK_EVERY_SECONDS
        rate = self._find_rate()
        if rate == self._rate:
            return False
        self.set_rate(rate)
        return True
