from __future__ import annotations

import threading

from sd_model_manager.lib.throttle import HostThrottle


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def make_throttle(clock: Clock, *, burst: int = 1, per_second: float = 2.0) -> HostThrottle:
    return HostThrottle(per_second=per_second, burst=burst, clock=clock, sleep=clock.sleep)


def start_times(throttle: HostThrottle, clock: Clock, count: int) -> list[float]:
    times = []
    for _ in range(count):
        with throttle.turn():
            times.append(clock.seconds - 100.0)
    return times


def test_calls_start_at_a_steady_pace() -> None:
    clock = Clock()
    assert start_times(make_throttle(clock), clock, 4) == [0.0, 0.5, 1.0, 1.5]


def test_a_few_calls_may_start_at_once_after_a_quiet_time() -> None:
    clock = Clock()
    throttle = make_throttle(clock, burst=3)
    assert start_times(throttle, clock, 5) == [0.0, 0.0, 0.0, 0.5, 1.0]
    clock.seconds += 60
    assert [time - 61.0 for time in start_times(throttle, clock, 4)] == [0.0, 0.0, 0.0, 0.5]


def test_after_a_rest_is_asked_for_nobody_calls_before_it_is_over() -> None:
    clock = Clock()
    throttle = make_throttle(clock)
    throttle.rest(30)
    throttle.rest(5)
    assert start_times(throttle, clock, 2) == [30.0, 30.0]


def test_the_pace_is_halved_when_the_host_is_overtaxed_and_comes_back_by_tenths() -> None:
    clock = Clock()
    throttle = make_throttle(clock, burst=3)
    throttle.slow_down()
    assert start_times(throttle, clock, 3) == [0.0, 1.0, 2.0]
    for _ in range(20):
        throttle.slow_down()
    assert throttle.per_second == 2.0 / 16
    paces = []
    for _ in range(11):
        throttle.speed_up()
        paces.append(round(throttle.per_second, 3))
    assert paces == [0.325, 0.525, 0.725, 0.925, 1.125, 1.325, 1.525, 1.725, 1.925, 2.0, 2.0]


def test_no_more_calls_are_under_way_than_allowed() -> None:
    throttle = HostThrottle(max_concurrent=2, per_second=1000, burst=100)
    most = 0
    under_way = 0
    lock = threading.Lock()
    both_in = threading.Barrier(2, timeout=10)

    def call() -> None:
        nonlocal most, under_way
        with throttle.turn():
            with lock:
                under_way += 1
                most = max(most, under_way)
            both_in.wait()
            with lock:
                under_way -= 1

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_a_call_that_fails_gives_its_place_back() -> None:
    throttle = HostThrottle(max_concurrent=1, per_second=1000, burst=100)
    for _ in range(3):
        try:
            with throttle.turn():
                raise ValueError
        except ValueError:
            continue
    with throttle.turn():
        pass
