"""How fast one host is asked: few calls at a time, a steady pace, and one rest for all after it says "slow down"."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class HostThrottle:
    """Shared by every thread that talks to one host.

    Args:
        max_concurrent: calls under way at once.
        per_second: the steady pace; `burst` calls may start at once after a quiet time.
        clock: seconds that only grow.
        sleep: how to wait that many seconds.
    """

    def __init__(
        self,
        *,
        max_concurrent: int = 2,
        per_second: float = 2.0,
        burst: int = 6,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._slots = threading.BoundedSemaphore(max_concurrent)
        self._lock = threading.Lock()
        self._interval_seconds = 1.0 / per_second
        self._burst_seconds = (burst - 1) * self._interval_seconds
        self._clock = clock
        self._sleep = sleep
        self._paced_until = float("-inf")
        self._resting_until = float("-inf")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold one of the slots, from when the host may be asked again until the block ends."""
        with self._slots:
            if (wait_seconds := self._reserve()) > 0:
                self._sleep(wait_seconds)
            while (wait_seconds := self._resting_until - self._clock()) > 0:
                self._sleep(wait_seconds)
            yield

    def rest(self, seconds: float) -> None:
        """Let nobody ask this host before that much time has passed."""
        with self._lock:
            self._resting_until = max(self._resting_until, self._clock() + seconds)

    def _reserve(self) -> float:
        with self._lock:
            now = self._clock()
            starts_at = max(now, self._paced_until - self._burst_seconds)
            self._paced_until = max(self._paced_until, now) + self._interval_seconds
            return starts_at - now
