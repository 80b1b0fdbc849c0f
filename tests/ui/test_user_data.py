"""What the user says of a model, through the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from sd_model_manager.ui.api.schemas.user_data import UserChangeIn
from tests.support.app_bench import AppBench
from tests.ui.test_api import add_lora


@pytest.fixture
def app(make_app: Callable[..., AppBench]) -> AppBench:
    """Nothing changes a model but what the test says of it."""
    return make_app(hash_in_background=False)


@pytest.fixture
def model(app: AppBench) -> str:
    """The address of the only model."""
    add_lora(app, "loras/a.safetensors")
    app.scan()
    (listed,) = app.get("/api/models")["items"]
    return f"/api/models/{listed['id']}"


def patch(app: AppBench, model: str, body: Any, status: int = 200) -> Any:
    headers = {"Content-Type": "application/json"}
    return app.request("PATCH", model, status, content=json.dumps(body), headers=headers)


@pytest.mark.parametrize(
    ("body", "user"),
    [
        ({"favorite": True}, {"favorite": True}),
        ({"rating": 0}, {"rating": 0}),
        ({"rating": 5}, {"rating": 5}),
        ({"notes": "at 0.7\n✓"}, {"notes": "at 0.7\n✓"}),
        ({"notes": "x" * 100_000}, {"notes": "x" * 100_000}),
        ({"own_name": "  The inky\none "}, {"own_name": "The inky one"}),
        ({"own_name": " "}, {"own_name": None}),
        ({"own_type": "vae"}, {"own_type": "vae"}),
        ({"own_base_model": "Pony"}, {"own_base_model": "Pony"}),
        ({"own_mature_level": "x"}, {"own_mature_level": "x"}),
        ({"tags": [" ink ", "INK", "to try"]}, {"own_tags": ["ink", "to try"]}),
        ({}, {}),
    ],
)
def test_each_thing_can_be_said_alone(app: AppBench, model: str, body: Any, user: Any) -> None:
    before = app.get(model)
    after = patch(app, model, body)
    assert after["user"] == {**before["user"], **user}
    assert after == app.get(model)


def test_what_is_said_is_shown_in_the_list_and_told_from_what_the_file_says(app: AppBench, model: str) -> None:
    patch(app, model, {"own_name": "Inky", "own_type": "vae", "own_base_model": "Pony", "tags": ["ink"], "rating": 3})
    (listed,) = app.get("/api/models", params={"q": "inky ink", "type": "vae", "tag": "ink"})["items"]
    shown = (listed["name"], listed["type"], listed["base_model"], listed["tags"], listed["rating"])
    assert shown == ("Inky", "vae", "Pony", ["ink"], 3)
    identity = app.get(model)["identity"]
    assert (identity["type"], identity["base_model"]) == ("lora", "SD 1.5")
    assert app.get("/api/models/facets")["type"] == [{"value": "vae", "count": 1}]


def test_null_takes_back_what_was_said(app: AppBench, model: str) -> None:
    before = app.get(model)
    patch(app, model, {"rating": 3, "own_name": "Inky", "own_type": "vae", "own_base_model": "Pony", "tags": ["ink"]})
    patch(app, model, {"own_mature_level": "r"})
    nothing: dict[str, Any] = {"rating": None, "own_name": None, "own_type": None, "own_base_model": None, "tags": []}
    nothing["own_mature_level"] = None
    assert patch(app, model, nothing) == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"favorite": None}, "favorite"),
        ({"favorite": 1}, "favorite"),
        ({"rating": 6}, "rating"),
        ({"rating": -1}, "rating"),
        ({"rating": 2.5}, "rating"),
        ({"rating": True}, "rating"),
        ({"notes": None}, "notes"),
        ({"notes": "x" * 100_001}, "notes"),
        ({"notes": "a\0b"}, "notes"),
        ({"notes": "\ud800"}, "notes"),
        ({"own_name": "x" * 301}, "own_name"),
        ({"own_name": "a\0b"}, "own_name"),
        ({"own_type": "spaceship"}, "own_type"),
        ({"own_base_model": "x" * 101}, "own_base_model"),
        ({"tags": None}, "tags"),
        ({"tags": "ink"}, "tags"),
        ({"tags": ["ink", " "]}, "tags.1"),
        ({"tags": ["x" * 201]}, "tags.0"),
        ({"tags": [str(number) for number in range(201)]}, "tags"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_said_is_refused_by_its_field(body: Any, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        UserChangeIn.model_validate(body)
    (error,) = refused.value.errors()
    assert ".".join(map(str, error["loc"])) == field


def test_where_one_thing_is_refused_nothing_is_changed(app: AppBench, model: str) -> None:
    before = app.get(model)
    answer = patch(app, model, {"favorite": True, "rating": 6, "notes": "\ud800", "tags": ["ink", " "]}, 422)
    assert set(answer["details"]) == {"rating", "notes", "tags.1"}
    assert all(field in answer["error"] for field in answer["details"])
    assert app.get(model) == before


def test_an_unknown_model_is_a_404(app: AppBench) -> None:
    assert patch(app, "/api/models/7", {"favorite": True}, 404)["code"] == "NOT_FOUND"
    assert patch(app, "/api/models/7", {}, 404)["code"] == "NOT_FOUND"
    assert list(patch(app, f"/api/models/{2**63}", {}, 422)["details"]) == ["model_id"]


def test_other_pages_hear_of_it(app: AppBench, model: str) -> None:
    with app.socket("/ws/events") as socket:
        assert socket.receive_json()["type"] == "hello"
        patch(app, model, {"favorite": True})
        while (message := socket.receive_json())["type"] != "models_changed":
            pass
        assert message["model_ids"] == [int(model.rpartition("/")[2])]
    with app.socket("/ws/events") as socket:  # who comes later knows whether what it was told before still holds
        assert 0 <= socket.receive_json()["models_changed_seconds_ago"] < 60


def test_it_is_still_said_when_the_program_starts_again(app: AppBench, model: str) -> None:
    user = patch(app, model, {"favorite": True, "own_type": "vae", "tags": ["ink"]})["user"]
    app.wait_for_task(app.post("/api/models/scan", {"full": True}, status=202)["task_id"])
    assert app.get(model)["user"] == user
    assert app.get(model)["type"] == "vae"
