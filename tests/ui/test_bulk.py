"""What the user says of many models at once, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from sd_model_manager.domain.events import MAX_NAMED_MODELS, Event, ModelsChanged
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.user_data import BulkOutcome
from sd_model_manager.domain.user_data import PreviousValues as Previous
from sd_model_manager.ui.api.presenters.bulk import present_outcome
from sd_model_manager.ui.api.routes.bulk import tell_of
from sd_model_manager.ui.api.schemas.bulk import MAX_PREVIOUS, BulkChangeIn, BulkIn, PreviousValues
from tests.support.app_bench import AppBench
from tests.ui.test_api import add_lora

NAMES = "abcd"


@pytest.fixture
def app(make_app: Callable[..., AppBench]) -> AppBench:
    return make_app(hash_in_background=False)


@pytest.fixture
def ids(app: AppBench) -> dict[str, int]:
    for name in NAMES:
        add_lora(app, f"{name}.safetensors")
    app.scan()
    return {model["name"]: model["id"] for model in app.get("/api/models")["items"]}


def say(app: AppBench, models: list[int] | dict[str, Any], status: int = 200, **change: Any) -> Any:
    chosen = {"model_ids": models} if isinstance(models, list) else {"wanted": models}
    return app.post("/api/models/bulk", {**chosen, "change": change}, status=status)


def undo(app: AppBench, outcome: Any) -> Any:
    return app.post("/api/models/bulk/restore", {"restore": outcome["previous"]})


def users(app: AppBench, ids: dict[str, int]) -> dict[str, Any]:
    return {name: app.get(f"/api/models/{number}")["user"] for name, number in ids.items()}


def collect(app: AppBench, name: str, *model_ids: int) -> int:
    collection: int = app.post("/api/collections", {"name": name}, status=201)["id"]
    if model_ids:
        app.post(f"/api/collections/{collection}/models", {"model_ids": model_ids})
    return collection


def members(app: AppBench, collection: int) -> list[int]:
    numbers: list[int] = app.get(f"/api/collections/{collection}")["model_ids"]
    return numbers


@pytest.mark.parametrize(
    ("change", "user"),
    [
        ({"favorite": True}, {"favorite": True}),
        ({"rating": 4}, {"rating": 4}),
        ({"own_type": "vae"}, {"own_type": "vae"}),
        ({"own_base_model": " Pony "}, {"own_base_model": "Pony"}),
        ({"add_tags": ["ink", "INK"]}, {"own_tags": ["ink"]}),
        ({"favorite": True, "rating": 0, "add_tags": ["x"]}, {"favorite": True, "rating": 0, "own_tags": ["x"]}),
    ],
)
def test_the_same_is_said_of_many_and_can_be_undone_and_redone(
    app: AppBench, ids: dict[str, int], change: Any, user: Any
) -> None:
    before = users(app, ids)
    outcome = say(app, [ids["a"], ids["c"]], **change)
    assert (outcome["changed"], outcome["unchanged"], outcome["failures"]) == (2, 0, [])
    after = {name: {**said, **user} if name in "ac" else said for name, said in before.items()}
    assert users(app, ids) == after
    undone = undo(app, outcome)
    assert users(app, ids) == before
    undo(app, undone)
    assert users(app, ids) == after


def test_tags_are_added_to_and_taken_from_those_of_each_model(app: AppBench, ids: dict[str, int]) -> None:
    say(app, [ids["a"]], add_tags=["one", "two"])
    say(app, [ids["b"]], add_tags=["Three", "one"])
    outcome = say(app, [ids["a"], ids["b"]], add_tags=["four", "TWO"], remove_tags=["three"])
    said = users(app, ids)
    assert said["a"]["own_tags"] == ["one", "two", "four"]
    assert said["b"]["own_tags"] == ["one", "four", "TWO"]
    assert app.get("/api/models", params={"tag": "four"})["total"] == 2
    undo(app, outcome)
    assert users(app, ids)["b"]["own_tags"] == ["Three", "one"]
    assert app.get("/api/models", params={"tag": "four"})["total"] == 0


def test_null_takes_back_what_was_said(app: AppBench, ids: dict[str, int]) -> None:
    before = users(app, ids)
    say(app, list(ids.values()), rating=3, own_type="vae", own_base_model="Pony")
    say(app, list(ids.values()), rating=None, own_type=None, own_base_model=None)
    assert users(app, ids) == before


def test_what_is_said_is_shown_in_the_list(app: AppBench, ids: dict[str, int]) -> None:
    say(app, [ids["a"]], own_type="vae", own_base_model="Pony", add_tags=["ink"])
    (listed,) = app.get("/api/models", params={"q": "ink type:vae base:pony"})["items"]
    assert listed["id"] == ids["a"]


def test_models_can_be_chosen_by_a_search(app: AppBench, ids: dict[str, int]) -> None:
    say(app, [ids["a"], ids["b"]], add_tags=["ink"])
    outcome = say(app, {"q": "-a.safetensors type:lora", "types": ["lora"], "tags": ["ink"]}, favorite=True)
    assert outcome["changed"] == 1
    assert [name for name, user in users(app, ids).items() if user["favorite"]] == ["b"]


def test_an_empty_filter_is_all_models(app: AppBench, ids: dict[str, int]) -> None:
    assert say(app, {}, favorite=True)["changed"] == len(ids)


def test_a_query_that_cannot_be_read_changes_nothing(app: AppBench, ids: dict[str, int]) -> None:
    before = users(app, ids)
    assert say(app, {"q": "colour:red"}, 400, favorite=True)["code"] == "BAD_QUERY"
    assert users(app, ids) == before


def test_unknown_models_are_named_and_the_others_changed(app: AppBench, ids: dict[str, int]) -> None:
    outcome = say(app, [999, ids["a"], ids["a"]], favorite=True)
    assert (outcome["changed"], outcome["unchanged"]) == (1, 0)
    (failure,) = outcome["failures"]
    assert (failure["model_id"], failure["code"]) == (999, "NOT_FOUND")
    assert "999" in failure["error"]


def test_a_model_that_would_have_too_many_tags_is_named_and_left_as_it_is(app: AppBench, ids: dict[str, int]) -> None:
    say(app, [ids["a"]], add_tags=[str(number) for number in range(200)])
    collection = collect(app, "Portraits")
    outcome = say(app, [ids["a"], ids["b"]], add_tags=["one more"], favorite=True, add_to_collection=collection)
    assert [(failure["model_id"], failure["code"]) for failure in outcome["failures"]] == [(ids["a"], "TOO_MANY_TAGS")]
    said = users(app, ids)
    assert (len(said["a"]["own_tags"]), said["a"]["favorite"]) == (200, False)
    assert (said["b"]["own_tags"], said["b"]["favorite"]) == (["one more"], True)
    assert members(app, collection) == [ids["b"]]


def test_what_is_so_already_is_not_changed_and_nobody_is_told(app: AppBench, ids: dict[str, int]) -> None:
    say(app, [ids["a"]], favorite=True)
    heard: list[Event] = []
    app.services.hub.subscribe(heard.append)
    outcome = say(app, [ids["a"]], favorite=True)
    assert outcome == {"changed": 0, "unchanged": 1, "failures": [], "previous": []}
    assert not [event for event in heard if isinstance(event, ModelsChanged)]


def test_one_event_tells_of_all_that_were_changed(app: AppBench, ids: dict[str, int]) -> None:
    say(app, [ids["a"]], favorite=True)
    heard: list[Event] = []
    app.services.hub.subscribe(heard.append)
    say(app, list(ids.values()), favorite=True)
    (event,) = [event for event in heard if isinstance(event, ModelsChanged)]
    assert set(event.model_ids) == {ids["b"], ids["c"], ids["d"]}


def test_models_are_moved_from_one_collection_to_another_and_back(app: AppBench, ids: dict[str, int]) -> None:
    old = collect(app, "Old", ids["a"], ids["b"], ids["c"])
    new = collect(app, "New", ids["b"])
    outcome = say(app, [ids["b"], ids["a"]], remove_from_collection=old, add_to_collection=new)
    assert (members(app, old), members(app, new)) == ([ids["c"]], [ids["b"], ids["a"]])
    undo(app, outcome)
    assert (members(app, old), members(app, new)) == ([ids["a"], ids["b"], ids["c"]], [ids["b"]])


def test_an_unknown_collection_is_a_404_and_nothing_is_changed(app: AppBench, ids: dict[str, int]) -> None:
    before = users(app, ids)
    assert say(app, [ids["a"]], 404, favorite=True, add_to_collection=7)["code"] == "NOT_FOUND"
    assert users(app, ids) == before


def test_undoing_passes_over_a_collection_that_is_gone(app: AppBench, ids: dict[str, int]) -> None:
    collection = collect(app, "Portraits", ids["a"])
    outcome = say(app, [ids["a"]], remove_from_collection=collection, favorite=True)
    app.request("DELETE", f"/api/collections/{collection}", 200)
    assert undo(app, outcome)["changed"] == 1
    assert not users(app, ids)["a"]["favorite"]


def test_undoing_leaves_what_else_was_said_since(app: AppBench, ids: dict[str, int]) -> None:
    outcome = say(app, [ids["a"]], favorite=True)
    say(app, [ids["a"]], rating=5)
    undo(app, outcome)
    said = users(app, ids)["a"]
    assert (said["favorite"], said["rating"]) == (False, 5)


def test_of_more_changes_than_can_be_named_pages_hear_that_any_may_have_changed() -> None:
    heard: list[Event] = []
    for count in (MAX_PREVIOUS, MAX_PREVIOUS + 1):
        outcome = BulkOutcome(tuple(Previous(ModelId(number)) for number in range(count)))
        tell_of(outcome, heard.append)
        assert (present_outcome(outcome).previous is None) is (count > MAX_PREVIOUS)
    assert heard == [ModelsChanged(tuple(map(ModelId, range(MAX_NAMED_MODELS)))), ModelsChanged()]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"favorite": None},
        {"favorite": 1},
        {"rating": 6},
        {"own_type": "spaceship"},
        {"add_tags": [" "]},
        {"add_tags": None},
        {"add_tags": ["ink"], "remove_tags": ["INK"]},
        {"add_to_collection": None},
        {"add_to_collection": 3, "remove_from_collection": 3},
        {"notes": "x"},
    ],
)
def test_what_cannot_be_said_is_refused(change: Any) -> None:
    with pytest.raises(ValidationError):
        BulkChangeIn.model_validate(change)


@pytest.mark.parametrize(
    "chosen", [{}, {"model_ids": [1], "wanted": {}}, {"model_ids": []}, {"model_ids": list(range(10_001))}]
)
def test_models_are_chosen_in_one_way(chosen: Any) -> None:
    with pytest.raises(ValidationError):
        BulkIn.model_validate({**chosen, "change": {"favorite": True}})


@pytest.mark.parametrize(
    "previous", [{}, {"model_id": -1}, {"model_id": 1, "memberships": [{"collection_id": 1, "added_at": "yesterday"}]}]
)
def test_what_never_stood_cannot_be_restored(previous: Any) -> None:
    with pytest.raises(ValidationError):
        PreviousValues.model_validate(previous)
