"""However pieces are taken, cut and given back, every byte is fetched and none is forgotten."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.download.transfer.board import Board, Segment
from sd_model_manager.download.transfer.ranges import Ranges


def make_board(total: int | None, finished: Ranges | None = None, connections: int = 4) -> Board:
    return Board(finished or Ranges(), total, connections=connections, min_segment_bytes=4, max_segment_bytes=32)


@given(
    st.integers(1, 300), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 40)), max_size=4), st.integers(0, 10**6)
)
def test_every_byte_is_fetched_in_the_end(total: int, there: list[tuple[int, int]], seed: int) -> None:
    choices = random.Random(seed)
    finished = Ranges.of((start, start + length) for start, length in there).cut(total)
    board, live, fetched = make_board(total, finished), list[Segment](), finished
    for _ in range(5000):
        if board.is_complete:
            break
        if len(live) < 4 and (not live or choices.random() < 0.3):
            live.extend(segment for segment in [board.take()] if segment)
            continue
        segment = choices.choice(live)
        if room := board.room(segment):
            count = choices.randint(1, room)
            fetched = fetched.add(segment.position, segment.position + count)
            board.advance(segment, count)
        if not board.room(segment) or choices.random() < 0.1:
            live.remove(segment)
            board.release(segment)
    assert board.is_complete
    assert fetched.covers(total)
    assert board.finished == fetched


def test_pieces_are_given_out_from_the_front() -> None:
    board = make_board(100)
    taken = [board.take() for _ in range(3)]
    assert [segment and segment.start for segment in taken] == sorted(s.start for s in taken if s)
    assert taken[0] is not None
    assert taken[0].start == 0


def test_an_idle_connection_takes_half_of_the_largest_piece() -> None:
    board = make_board(64, connections=1)
    slow = board.take()
    assert slow is not None
    while (next_one := board.take()) is not None and next_one.start >= 32:
        board.advance(next_one, board.room(next_one) or 0)
        board.release(next_one)
    assert next_one is not None
    assert (slow.end, next_one.start, next_one.end) == (16, 16, 32)


def test_a_small_rest_is_not_shared() -> None:
    board = make_board(6)
    assert board.take() is not None
    assert board.take() is None


def test_while_the_size_is_unknown_one_connection_works() -> None:
    board = make_board(None)
    first = board.take()
    assert first is not None
    assert first.end is None
    assert board.take() is None
    board.advance(first, 5)
    board.settle(first, 100, end=20)
    assert board.room(first) == 15
    second = board.take()
    assert second is not None
    assert second.start == 20


def test_a_file_of_unknown_size_is_continued_at_its_end() -> None:
    board = make_board(None, Ranges.of([(0, 50)]))
    segment = board.take()
    assert segment is not None
    assert segment.position == 50


def test_a_file_that_must_not_be_split_is_given_to_one() -> None:
    board = make_board(100)
    board.forbid_splitting()
    segment = board.take()
    assert segment is not None
    assert (segment.start, segment.end) == (0, 100)
    assert board.take() is None


def test_a_piece_that_was_cut_while_it_was_written_is_done() -> None:
    board = make_board(32)
    slow = board.take()
    assert slow is not None
    slow.end = 32
    board.advance(slow, 10)
    slow.end = 8
    assert board.room(slow) == 0
    board.release(slow)
    assert board.finished == Ranges.of([(0, 10)])
