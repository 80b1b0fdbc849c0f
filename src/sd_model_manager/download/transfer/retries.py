"""When to try again, how many connections to use, and when to give up: decisions alone, no waiting."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from sd_model_manager.download.transfer.outcomes import Interrupted
from sd_model_manager.download.transfer.request import TransferSettings

PROGRESS_BYTES = 16 * 1024
"""Less than this counts as nothing: a server that drips must not be asked for ever."""

_REGROW_SECONDS = 30.0
_REFUSED_SECONDS = 3.0
"""An address that has merely expired for all is replaced at once; then there is no reason to go slowly for long."""


@dataclass(slots=True)
class Retries:
    """Keeps count of attempts in a row that brought nothing.

    Attributes:
        connections: how many may work at once now: fewer while the server turns additional ones away.
        not_before: the moment (of the clock) from which on the next connection may be opened.
    """

    settings: TransferSettings
    random: random.Random = field(default_factory=random.SystemRandom)
    connections: int = field(init=False)
    not_before: float = field(init=False, default=float("-inf"))
    _fruitless: int = field(init=False, default=0)
    _refused: int = field(init=False, default=0)
    _pause_seconds: float = field(init=False)
    _regrow_at: float = field(init=False, default=float("inf"))
    _counted_from_bytes: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.connections = self.settings.connections
        self._pause_seconds = self.settings.backoff_base_seconds

    def note_success(self) -> None:
        self._fruitless = self._refused = 0
        self._pause_seconds = self.settings.backoff_base_seconds

    def note_interruption(self, cause: Interrupted, *, received_bytes: int, others: int, finished_bytes: int) -> None:
        """A connection ended early, after so many bytes, while `others` go on; the file has so many bytes by now.

        Raises:
            AppError: that was one attempt too many, or the source asks for too long a pause.
        """
        now = self.settings.clock.now()
        if finished_bytes - self._counted_from_bytes >= PROGRESS_BYTES:
            self.note_success()
            self._counted_from_bytes = finished_bytes
        if received_bytes >= PROGRESS_BYTES:
            self.not_before = now + (cause.retry_after_seconds or self._draw_pause())
        elif others:
            # The file still comes: this server, or this one signed address, does not serve so many at once.
            self.connections = others
            pause = _REFUSED_SECONDS if cause.is_refusal else _REGROW_SECONDS
            self._regrow_at = now + max(pause, cause.retry_after_seconds or 0.0)
        else:
            self._count(cause)
            self.not_before = now + self._choose_pause(cause)

    def may_open(self, now: float, open_connections: int) -> bool:
        """Whether one more connection may be opened."""
        if now >= self._regrow_at:
            self.connections, self._regrow_at = self.settings.connections, float("inf")
        return now >= self.not_before and open_connections < self.connections

    def _count(self, cause: Interrupted) -> None:
        self._fruitless += 1
        self._refused += cause.is_refusal
        too_many = self._fruitless >= self.settings.max_attempts or self._refused > self.settings.max_refusals
        if too_many or (cause.retry_after_seconds or 0.0) > self.settings.max_wait_seconds:
            raise cause.error from cause

    def _choose_pause(self, cause: Interrupted) -> float:
        if cause.retry_after_seconds is not None:
            return cause.retry_after_seconds
        if cause.is_refusal and self._refused == 1:
            return 0.0
        return self._draw_pause()

    def _draw_pause(self) -> float:
        """Decorrelated jitter: from the base to three times the last pause, so that clients do not march in step."""
        base, cap = self.settings.backoff_base_seconds, self.settings.backoff_cap_seconds
        self._pause_seconds = min(cap, self.random.uniform(base, max(base, self._pause_seconds * 3)))
        return self._pause_seconds
