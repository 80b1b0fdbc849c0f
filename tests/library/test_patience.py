"""A source that does not answer is left alone for a while, and a longer while each time."""

from __future__ import annotations

import pytest

from sd_model_manager.lib.errors import (
    SourceBroken,
    SourceError,
    SourceForbidden,
    SourceOffline,
    SourceRateLimited,
    SourceUnavailable,
)
from sd_model_manager.library.patience import FAILURES_IN_A_ROW, MAX_ATTEMPTS, Patience
from sd_model_manager.tasks.running import TaskPostponed

UNAVAILABLE = SourceUnavailable("It fails.")


def test_only_failures_in_a_row_count() -> None:
    patience = Patience(1)
    for _ in range(3):
        for _ in range(FAILURES_IN_A_ROW - 1):
            patience.failed(UNAVAILABLE)
        patience.succeeded()
    with pytest.raises(TaskPostponed, match="It fails"):
        patience.finish()


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (SourceOffline("No network."), 60),
        (SourceRateLimited("Slow down."), 60),
        (SourceRateLimited("Slow down.", retry_after_seconds=1500), 1500),
        (SourceUnavailable("Overloaded.", retry_after_seconds=90), 90),
    ],
)
def test_what_holds_for_every_question_ends_the_asking_at_once(error: SourceError, seconds: float) -> None:
    with pytest.raises(TaskPostponed) as postponed:
        Patience(1).failed(error)
    assert postponed.value.after_seconds == seconds


def test_an_answer_that_makes_no_sense_is_worth_another_try_and_a_refusal_is_not() -> None:
    Patience(1).failed(SourceBroken("Cut off."))
    with pytest.raises(SourceForbidden):
        Patience(1).failed(SourceForbidden("No."))


def test_in_the_end_the_error_is_the_users_to_see() -> None:
    patience = Patience(MAX_ATTEMPTS)
    patience.failed(UNAVAILABLE)
    patience.finish()
    with pytest.raises(SourceOffline):
        patience.failed(SourceOffline("No network."))


def test_without_a_failure_the_task_is_done() -> None:
    Patience(1).finish()
