"""When to stop asking a source that does not answer, and for how long."""

from __future__ import annotations

from sd_model_manager.lib.errors import SourceBroken, SourceError, SourceOffline, SourceRateLimited
from sd_model_manager.tasks.running import TaskPostponed

FAILURES_IN_A_ROW = 3
MAX_ATTEMPTS = 8
_FIRST_SECONDS = 60.0
_LONGEST_SECONDS = 3600.0


class Patience:
    """Of one run of a task. After some failures in a row, or where the source itself asks for it, the task is put off:
    a minute, twice as long each time, an hour at most, or as long as the source says.

    Args:
        attempt: which run of the task this is, from 1.
    """

    def __init__(self, attempt: int) -> None:
        self._attempt = max(1, attempt)
        self._in_a_row = 0
        self._last: SourceError | None = None

    def succeeded(self) -> None:
        self._in_a_row = 0

    def failed(self, error: SourceError) -> None:
        """Go on for now, or raise.

        Raises:
            TaskPostponed: it is better to wait.
            SourceError: the user has to do something, or it has been waited often enough.
        """
        self._last = error
        self._in_a_row += 1
        is_for_all = isinstance(error, SourceOffline | SourceRateLimited) or _seconds_asked(error) is not None
        if not is_worth_waiting(error):
            raise error
        if is_for_all or self._in_a_row >= FAILURES_IN_A_ROW:
            if self._attempt >= MAX_ATTEMPTS:
                raise error
            raise self._postponed(error)

    def finish(self) -> None:
        """At the end: what failed here and there is tried later, unless that was done often enough."""
        if self._last is not None and self._attempt < MAX_ATTEMPTS:
            raise self._postponed(self._last) from self._last

    def _postponed(self, error: SourceError) -> TaskPostponed:
        own = min(_FIRST_SECONDS * 2.0 ** (self._attempt - 1), _LONGEST_SECONDS)
        return TaskPostponed(error, after_seconds=max(own, _seconds_asked(error) or 0.0))


def is_worth_waiting(error: SourceError) -> bool:
    """It may pass by itself: also an answer that makes no sense, for such are cut off or a maintenance page."""
    return error.can_retry or isinstance(error, SourceBroken)


def _seconds_asked(error: SourceError) -> float | None:
    seconds: float | None = error.details.get("retry_after_seconds")
    return seconds
