"""What a measurement found, beside a yardstick taken on the same machine in the same minute."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Finding:
    """`yardstick` says what the ratio is to. `bar` is what the product promises, `None` where it promises nothing."""

    what: str
    measured: float
    unit: str
    yardstick: str = ""
    yardstick_measured: float | None = None
    bar: float | None = None


def count_seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def count_milliseconds_each(act: Callable[[], object], times: int) -> list[float]:
    """How long each of so many calls took, after one that does not count."""
    act()
    return [count_seconds(act) * 1000 for _ in range(times)]


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent of them do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def middle(values: Iterable[float]) -> float:
    return median(values)


def print_table(findings: Sequence[Finding]) -> None:
    wide = max(len(finding.what) for finding in findings)
    print(f"{'':{wide}} {'measured':>12} {'bar':>10}  {'ratio':>7}  yardstick")
    for finding in findings:
        print(f"{finding.what:{wide}} {_say(finding.measured, finding.unit):>12} {_say_bar(finding):>10}  ", end="")
        print(_say_yardstick(finding))


def _say(value: float, unit: str) -> str:
    return f"{value:.{0 if value >= 100 else 2 if value < 10 else 1}f} {unit}"


def _say_bar(finding: Finding) -> str:
    return (
        ""
        if finding.bar is None
        else f"{'' if finding.measured <= finding.bar else '!'}{finding.bar:.4g} {finding.unit}"
    )


def _say_yardstick(finding: Finding) -> str:
    if not finding.yardstick_measured:
        return ""
    ratio = finding.measured / finding.yardstick_measured
    return f"{ratio:6.2f}x  {finding.yardstick}: {_say(finding.yardstick_measured, finding.unit)}"
