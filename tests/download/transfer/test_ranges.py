"""The bookkeeping of bytes agrees with a plain set of offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.download.transfer.ranges import Ranges

SIZE = 60
pair = st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)).map(lambda ends: (min(ends), max(ends)))
pairs = st.lists(pair, max_size=12)


def offsets(ranges: Ranges) -> set[int]:
    return {offset for start, end in ranges.pairs for offset in range(start, end)}


@given(pairs)
def test_ranges_hold_exactly_what_was_put_in(given_pairs: list[tuple[int, int]]) -> None:
    ranges = Ranges.of(given_pairs)
    assert offsets(ranges) == {offset for start, end in given_pairs for offset in range(start, end)}
    assert ranges.byte_count == len(offsets(ranges))


@given(pairs)
def test_ranges_are_sorted_and_apart(given_pairs: list[tuple[int, int]]) -> None:
    flat = [end for pair in Ranges.of(given_pairs).pairs for end in pair]
    assert flat == sorted(set(flat))


@given(pairs, pair)
def test_adding_is_a_union(given_pairs: list[tuple[int, int]], added: tuple[int, int]) -> None:
    assert Ranges.of(given_pairs).add(*added) == Ranges.of([*given_pairs, added])


@given(pairs, st.integers(0, SIZE))
def test_gaps_are_what_is_missing(given_pairs: list[tuple[int, int]], size: int) -> None:
    ranges = Ranges.of(given_pairs)
    missing = {offset for start, end in ranges.gaps(size) for offset in range(start, end)}
    assert missing == set(range(size)) - offsets(ranges)
    assert ranges.covers(size) == (not missing)


@given(pairs)
def test_the_frontier_is_the_first_missing_byte(given_pairs: list[tuple[int, int]]) -> None:
    ranges = Ranges.of(given_pairs)
    assert ranges.frontier == min(set(range(SIZE + 1)) - offsets(ranges))


@given(pairs, st.integers(0, SIZE))
def test_cutting_keeps_what_lies_before(given_pairs: list[tuple[int, int]], size: int) -> None:
    ranges = Ranges.of(given_pairs)
    assert offsets(ranges.cut(size)) == {offset for offset in offsets(ranges) if offset < size}


@pytest.mark.parametrize("pair", [(-1, 5), (5, 4)])
def test_a_range_that_is_none_is_an_error(pair: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="not a range"):
        Ranges.of([pair])
