"""How fast one host is asked: few calls at a time, a pace that it can bear, and one rest for all after it says "slow
down"."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SLOWEST_SHARE = 1 / 16
_STEP_SHARE = 1 / 10


class HostThrottle:
    """Shared by every thread that talks to one host. Each time the host is overtaxed its pace is halved; each call that
    goes well adds a tenth of the full pace, until that is reached (additive increase, multiplicative decrease).

    Args:
        max_concurrent: calls under way at once.
        per_second: the full pace; at this one, `burst` calls may start at once after a quiet time.
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
        self._full_pace = self._pace = per_second
        self._burst = burst
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

    @property
    def per_second(self) -> float:
        """The pace that the host bears now."""
        return self._pace

    def slow_down(self) -> None:
        """The host could not keep up: half the pace, and no bursts before the full pace is reached again."""
        with self._lock:
            self._pace = max(self._pace / 2, self._full_pace * _SLOWEST_SHARE)

    def speed_up(self) -> None:
        """A call went well."""
        with self._lock:
            self._pace = min(self._pace + self._full_pace * _STEP_SHARE, self._full_pace)

    def _reserve(self) -> float:
        with self._lock:
            now = self._clock()
            interval_seconds = 1.0 / self._pace
            burst = self._burst if self._pace >= self._full_pace else 1
            starts_at = max(now, self._paced_until - (burst - 1) * interval_seconds)
            self._paced_until = max(self._paced_until, now) + interval_seconds
            return starts_at - now
