"""How mature what is shown may be."""

from __future__ import annotations

import pytest

from sd_model_manager.domain.browsing import ALL_LEVELS, allowed_levels, may_list, may_show

PG, PG13, R, X, XXX = 1, 2, 4, 8, 16


@pytest.mark.parametrize(
    ("bound", "allowed"), [(1, PG), (2, PG | PG13), (3, PG | PG13), (4, 7), (7, 7), (8, 15), (16, 31), (31, 31)]
)
def test_a_bound_allows_all_levels_up_to_its_highest(bound: int, allowed: int) -> None:
    assert allowed_levels(bound) == allowed


def test_a_model_is_listed_where_some_of_it_lies_within_the_bound() -> None:
    assert may_list(PG | XXX, 3)
    assert not may_list(R | X, 3)


def test_a_picture_is_shown_where_it_lies_within_the_bound() -> None:
    assert may_show(PG13, 3)
    assert not may_show(R, 3)
    assert not may_show(PG | XXX, 3)


@pytest.mark.parametrize("shows", [may_list, may_show])
def test_what_nobody_has_rated_is_shown_only_where_all_is(shows: object) -> None:
    assert callable(shows)
    assert not shows(0, 15)
    assert shows(0, ALL_LEVELS)
