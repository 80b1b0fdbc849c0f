"""What a benchmark says is what was measured."""

from __future__ import annotations

import pytest

from tests.perf.finding import Finding, percentile, print_table
from tests.perf.progress_age import Told, find_ages


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert [percentile(values, percent) for percent in (1, 50, 95, 100)] == [1, 50, 95, 100]
    assert percentile([7.0], 50) == 7


def test_bytes_are_as_old_as_the_first_message_that_counts_them() -> None:
    sent = [(1.0, 40), (1.1, 60), (1.2, 100)]
    told = [Told(1.05, 10), Told(1.25, 110), Told(1.3, 110), Told(1.5, 210)]
    assert list(find_ages(sent, told, head_bytes=10)) == pytest.approx([250, 150, 300])


def test_a_figure_over_its_bar_is_marked_and_has_its_ratio(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([Finding("kept", 1.0, "s", "a loop", 0.5, bar=1.5), Finding("missed", 31.0, "ms", bar=30)])
    _, kept, missed = capsys.readouterr().out.splitlines()
    assert kept.split() == ["kept", "1.00", "s", "1.5", "s", "2.00x", "a", "loop:", "0.50", "s"]
    assert missed.split() == ["missed", "31.0", "ms", "!30", "ms"]
