"""A speed limit follows the clock, the settings and the other processes while bytes come in."""

from __future__ import annotations

from datetime import UTC, datetime

from sd_model_manager.download.limits import BandwidthPlan, SpeedLimits
from sd_model_manager.download.transfer import Bandwidth


class World:
    """What a limit depends on, to be changed at will."""

    def __init__(self) -> None:
        self.limits = SpeedLimits(1000, "")
        self.workers = 1
        self.local = datetime(2026, 1, 5, 12, tzinfo=UTC)
        self.seconds = 0.0
        plan = BandwidthPlan(lambda: self.limits, lambda: self.workers, local_now=lambda: self.local)
        self.bandwidth = Bandwidth(find_rate=plan.find_share, now=lambda: self.seconds)

    def rate(self) -> int | None:
        """What holds a little later."""
        self.seconds += Bandwidth.ASK_EVERY_SECONDS
        self.bandwidth.take(1)
        return self.bandwidth.bytes_per_second


def test_a_limit_that_is_changed_holds_for_what_is_running() -> None:
    world = World()
    assert world.rate() == 1000
    world.limits = SpeedLimits(50, "")
    assert world.rate() == 50
    world.limits = SpeedLimits(0, "")
    assert world.rate() is None


def test_the_schedule_comes_before_the_usual_limit_and_only_in_its_time() -> None:
    world = World()
    world.limits = SpeedLimits(1000, "13:00-14:00=5KB; 14:00-15:00=0")
    assert world.rate() == 1000
    world.local = world.local.replace(hour=13)
    assert world.rate() == 5000
    world.local = world.local.replace(hour=14)
    assert world.rate() is None


def test_processes_that_download_share_the_limit() -> None:
    world = World()
    world.workers = 4
    assert world.rate() == 250
    world.workers = 0  # nobody is counted yet in the first moment of a download
    assert world.rate() == 1000
    world.workers = 5000
    assert world.rate() == 1


def test_what_was_read_fast_is_not_held_against_a_limit_that_comes_after() -> None:
    world = World()
    world.limits = SpeedLimits(0, "")
    assert world.bandwidth.take(10**9) == 0
    world.limits = SpeedLimits(1000, "")
    world.seconds += Bandwidth.ASK_EVERY_SECONDS
    assert world.bandwidth.take(10**9) == 0
    assert world.bandwidth.take(1000) > 0


def test_the_rate_is_not_asked_for_at_every_read() -> None:
    asked: list[int] = []

    def find_rate() -> int | None:
        asked.append(1)
        return None

    bandwidth = Bandwidth(find_rate=find_rate, now=lambda: 0.0)
    for _ in range(100):
        bandwidth.take(1)
        bandwidth.suggest_read_bytes(1)
    assert len(asked) == 1
