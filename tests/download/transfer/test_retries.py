"""When a transfer tries again, and when it gives up."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from sd_model_manager.download.transfer import Bandwidth, Clock, TransferSettings
from sd_model_manager.download.transfer.fence import Fence
from sd_model_manager.download.transfer.outcomes import Interrupted, Stopped
from sd_model_manager.download.transfer.retries import PROGRESS_BYTES, Retries
from sd_model_manager.lib.errors import SourceForbidden, SourceOffline, SourceRateLimited

LOST = Interrupted(SourceOffline("gone"))
REFUSED = Interrupted(SourceForbidden("expired"), is_refusal=True)


@dataclass
class Time:
    now: float = 1000.0
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = Clock(now=lambda: self.now)


@pytest.fixture
def time() -> Time:
    return Time()


def make_retries(time: Time, **changes: float) -> Retries:
    settings = TransferSettings(clock=time.clock, **changes)  # type: ignore[arg-type]
    return Retries(settings, random.Random(7))


def fail(retries: Retries, cause: Interrupted = LOST, *, received: int = 0, others: int = 0, finished: int = 0) -> None:
    retries.note_interruption(cause, received_bytes=received, others=others, finished_bytes=finished)


def test_pauses_grow_to_their_limit_and_are_never_the_same(time: Time) -> None:
    retries = make_retries(time, max_attempts=100, backoff_base_seconds=0.5, backoff_cap_seconds=30)
    pauses = []
    for _ in range(30):
        fail(retries)
        pauses.append(retries.not_before - time.now)
    assert all(0.5 <= pause <= 30 for pause in pauses)
    assert max(pauses) > 10
    assert len(set(pauses)) > 20


def test_too_many_attempts_without_a_byte_are_the_end(time: Time) -> None:
    retries = make_retries(time, max_attempts=3)
    fail(retries)
    fail(retries)
    with pytest.raises(SourceOffline):
        fail(retries)


def test_progress_of_the_file_starts_the_count_anew(time: Time) -> None:
    retries = make_retries(time, max_attempts=2)
    for number in range(50):
        fail(retries, finished=number * PROGRESS_BYTES, received=PROGRESS_BYTES * (number % 2))


def test_a_drip_is_no_progress(time: Time) -> None:
    retries = make_retries(time, max_attempts=3)
    fail(retries, received=1, finished=1)
    fail(retries, received=1, finished=2)
    with pytest.raises(SourceOffline):
        fail(retries, received=1, finished=3)


def test_an_expired_address_is_replaced_at_once_and_then_with_pauses(time: Time) -> None:
    retries = make_retries(time, max_refusals=2)
    fail(retries, REFUSED)
    assert retries.not_before == time.now
    fail(retries, REFUSED)
    assert retries.not_before > time.now
    with pytest.raises(SourceForbidden):
        fail(retries, REFUSED)


def test_a_pause_that_is_asked_for_is_kept_to_the_second(time: Time) -> None:
    retries = make_retries(time)
    fail(retries, Interrupted(SourceRateLimited("slowly"), retry_after_seconds=60))
    assert not retries.may_open(time.now + 59.9, 0)
    assert retries.may_open(time.now + 60, 0)


def test_additional_connections_that_are_turned_away_stay_away_for_a_while(time: Time) -> None:
    retries = make_retries(time)
    fail(retries, others=2)
    assert retries.may_open(time.now, 1)
    assert not retries.may_open(time.now, 2)
    assert retries.may_open(time.now + 30, 2)


def test_the_fence_holds_writers_until_the_owner_is_heard(time: Time) -> None:
    fence = Fence(time.clock, patience_seconds=10)
    fence.pass_through()
    time.now += 11
    fence.hear()
    fence.pass_through()
    fence.shut()
    with pytest.raises(Stopped):
        fence.pass_through()


def test_a_writer_that_slept_too_long_stops_when_the_task_is_lost(time: Time) -> None:
    fence = Fence(time.clock, patience_seconds=10)
    time.now += 3600
    fence.shut()
    with pytest.raises(Stopped):
        fence.pass_through()


def test_a_limit_spreads_bytes_over_time() -> None:
    now = [0.0]
    bandwidth = Bandwidth(1000, now=lambda: now[0])
    waited = 0.0
    for _ in range(100):
        pause = bandwidth.take(100)
        waited += pause
        now[0] += pause
    assert waited == pytest.approx(10, rel=0.05)


def test_a_limit_is_shared_and_can_be_lifted() -> None:
    bandwidth = Bandwidth(1000, now=lambda: 0.0)
    assert bandwidth.take(1000) < bandwidth.take(1000)
    bandwidth.set_rate(None)
    assert bandwidth.take(10**9) == 0
    assert bandwidth.bytes_per_second is None


def test_idle_time_is_not_saved_up() -> None:
    now = [0.0]
    bandwidth = Bandwidth(1000, now=lambda: now[0])
    now[0] = 3600.0
    assert bandwidth.take(10_000) > 9


def test_slow_limits_read_in_small_steps() -> None:
    assert Bandwidth(160_000).suggest_read_bytes(500_000) == 10_000
    assert Bandwidth(10).suggest_read_bytes(500_000) == 4096
    assert Bandwidth().suggest_read_bytes(500_000) == 500_000
