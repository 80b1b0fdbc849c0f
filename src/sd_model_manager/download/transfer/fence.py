"""Nothing is written unless the transfer was told lately that it may go on."""

from __future__ import annotations

import threading

from sd_model_manager.download.transfer.outcomes import Stopped
from sd_model_manager.download.transfer.request import Clock


class Fence:
    """Shuts when the transfer ends, and holds writers back while its owner has not been heard.

    A process that was suspended wakes up in the middle of a write loop, when another may have taken over its task; the
    owner then notices first, because writers wait for it.
    """

    def __init__(self, clock: Clock, patience_seconds: float) -> None:
        self._clock = clock
        self._patience_seconds = patience_seconds
        self._shut = threading.Event()
        self._heard_at = clock.now()

    @property
    def is_shut(self) -> bool:
        return self._shut.is_set()

    @property
    def is_overdue(self) -> bool:
        """Whether the owner has not been heard for too long, so that it has to make sure it still is the owner."""
        return self._clock.now() - self._heard_at > self._patience_seconds

    def hear(self) -> None:
        """The owner still holds the task."""
        self._heard_at = self._clock.now()

    def shut(self) -> None:
        self._shut.set()

    def pass_through(self) -> None:
        """Return when going on is allowed.

        Raises:
            Stopped: it never will be again.
        """
        while not self._shut.is_set() and self.is_overdue:
            self._shut.wait(0.05)
        if self._shut.is_set():
            raise Stopped

    def pause(self, seconds: float) -> None:
        """Let time pass, cut short when the fence shuts."""
        self._shut.wait(seconds)
