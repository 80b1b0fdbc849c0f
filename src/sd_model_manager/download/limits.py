"""How fast downloads may be now: what the user set, at this time of day, and this process's part of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sd_model_manager.domain.bandwidth import find_limit, parse_schedule


@dataclass(frozen=True, slots=True)
class SpeedLimits:
    """As set: `bytes_per_second` (0 for none) is for when no entry of `schedule` fits."""

    bytes_per_second: int
    schedule: str


def _now() -> datetime:
    return datetime.now().astimezone()


class BandwidthPlan:
    """`count_workers` says how many processes download now: they share the limit in equal parts."""

    def __init__(
        self,
        limits: Callable[[], SpeedLimits],
        count_workers: Callable[[], int],
        *,
        local_now: Callable[[], datetime] = _now,
    ) -> None:
        self._limits = limits
        self._count_workers = count_workers
        self._local_now = local_now

    def find_limit(self) -> int | None:
        """Bytes per second for all processes together, `None` for no limit."""
        limits = self._limits()
        return find_limit(parse_schedule(limits.schedule), limits.bytes_per_second, self._local_now())

    def find_share(self) -> int | None:
        """Bytes per second for this process, which downloads; asks the database where there is a limit."""
        limit = self.find_limit()
        return None if limit is None else max(1, limit // max(1, self._count_workers()))
