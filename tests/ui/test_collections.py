"""Collections of models, through the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from tests.support.app_bench import AppBench
from tests.ui.test_api import add_lora

NAMES = "abcdef"


@pytest.fixture
def app(make_app: Callable[..., AppBench]) -> AppBench:
    return make_app(hash_in_background=False)


@pytest.fixture
def ids(app: AppBench) -> dict[str, int]:
    """Six models by their names; all but `a` have a preview."""
    for name in NAMES:
        path = add_lora(app, f"{name}.safetensors")
        if name != "a":
            Image.new("RGB", (8, 8)).save(path.with_suffix(".png"))
    app.scan()
    return {model["name"]: model["id"] for model in app.get("/api/models")["items"]}


def patch(app: AppBench, path: str, body: Any, status: int = 200) -> Any:
    headers = {"Content-Type": "application/json"}
    return app.request("PATCH", path, status, content=json.dumps(body), headers=headers)


def create(app: AppBench, name: str = "Portraits", **body: Any) -> int:
    number: int = app.post("/api/collections", {"name": name, **body}, status=201)["id"]
    return number


def add(app: AppBench, collection_id: int, *model_ids: int) -> Any:
    return app.post(f"/api/collections/{collection_id}/models", {"model_ids": model_ids})


def remove(app: AppBench, collection_id: int, *model_ids: int) -> Any:
    return app.post(f"/api/collections/{collection_id}/models/remove", {"model_ids": model_ids})


def members(app: AppBench, collection_id: int) -> list[int]:
    numbers: list[int] = app.get(f"/api/collections/{collection_id}")["model_ids"]
    return numbers


def test_a_new_collection_is_empty_and_listed(app: AppBench) -> None:
    made = app.post("/api/collections", {"name": "  Port\nraits ", "notes": "for the shop"}, status=201)
    assert made == {
        "id": made["id"],
        "name": "Port raits",
        "notes": "for the shop",
        "created_at": made["created_at"],
        "models": 0,
        "size_bytes": 0,
        "cover": [],
    }
    assert app.get("/api/collections") == [made]
    assert app.get(f"/api/collections/{made['id']}") == {**made, "model_ids": []}


def test_collections_are_listed_by_name_whatever_its_case(app: AppBench) -> None:
    for name in ("beta", "Gamma", "Alpha"):
        create(app, name)
    assert [collection["name"] for collection in app.get("/api/collections")] == ["Alpha", "beta", "Gamma"]


def test_models_stand_in_the_order_in_which_they_were_added(app: AppBench, ids: dict[str, int]) -> None:
    collection = create(app)
    add(app, collection, ids["e"], ids["b"])
    add(app, collection, ids["a"], ids["e"])
    assert members(app, collection) == [ids["e"], ids["b"], ids["a"]]


def test_a_collection_counts_its_models_and_shows_the_first_pictures(app: AppBench, ids: dict[str, int]) -> None:
    collection = create(app)
    add(app, collection, *(ids[name] for name in "fabedc"))
    (listed,) = app.get("/api/collections")
    size_of = {model["name"]: model["size_bytes"] for model in app.get("/api/models")["items"]}
    assert (listed["models"], listed["size_bytes"]) == (6, sum(size_of.values()))
    assert [picture["url"].split("/")[3] for picture in listed["cover"]] == [str(ids[name]) for name in "fbed"]
    assert {picture["media"] for picture in listed["cover"]} == {"image"}
    assert app.http.get(listed["cover"][0]["url"]).headers["content-type"] == "image/png"


def test_what_cannot_be_added_is_named_and_the_rest_is(app: AppBench, ids: dict[str, int]) -> None:
    collection = create(app)
    add(app, collection, ids["a"])
    outcome = add(app, collection, ids["a"], 999, ids["b"], ids["b"])
    assert (outcome["changed"], outcome["unchanged"]) == (1, 1)
    assert [(failure["model_id"], failure["code"]) for failure in outcome["failures"]] == [(999, "NOT_FOUND")]
    assert members(app, collection) == [ids["a"], ids["b"]]


def test_models_are_taken_out_and_stay_in_the_library(app: AppBench, ids: dict[str, int]) -> None:
    collection = create(app)
    add(app, collection, ids["a"], ids["b"], ids["c"])
    outcome = remove(app, collection, ids["b"], ids["d"], 999)
    assert (outcome["changed"], outcome["unchanged"], len(outcome["failures"])) == (1, 1, 1)
    assert members(app, collection) == [ids["a"], ids["c"]]
    assert app.get("/api/models")["total"] == len(ids)


def test_taking_out_can_be_undone_in_place(app: AppBench, ids: dict[str, int]) -> None:
    collection = create(app)
    add(app, collection, ids["a"], ids["b"], ids["c"])
    previous = remove(app, collection, ids["b"])["previous"]
    app.post("/api/models/bulk/restore", {"restore": previous})
    assert members(app, collection) == [ids["a"], ids["b"], ids["c"]]


def test_a_collection_can_be_renamed_and_noted_about_alone(app: AppBench) -> None:
    collection = create(app, notes="old")
    renamed = patch(app, f"/api/collections/{collection}", {"name": "PORTRAITS"})
    assert (renamed["name"], renamed["notes"]) == ("PORTRAITS", "old")
    noted = patch(app, f"/api/collections/{collection}", {"notes": ""})
    assert (noted["name"], noted["notes"]) == ("PORTRAITS", "")
    assert patch(app, f"/api/collections/{collection}", {}) == noted


@pytest.mark.parametrize("taken", ["Portraits", "pOrtraits", " portraits ", "ÉTÉ", "été"])
def test_a_name_is_given_once_whatever_its_case(app: AppBench, taken: str) -> None:
    id_of = {name: create(app, name) for name in ("Portraits", "Été")}
    other = create(app, "Landscapes")
    for refused in (
        app.post("/api/collections", {"name": taken}, status=409),
        patch(app, f"/api/collections/{other}", {"name": taken}, 409),
    ):
        assert refused["code"] == "NAME_TAKEN"
        existing = refused["details"]["collection"]
        assert id_of[existing["name"]] == existing["id"]
        assert existing["name"].casefold() == taken.strip().casefold()


def test_a_removed_collection_is_gone_and_its_models_are_not(app: AppBench, ids: dict[str, int]) -> None:
    collection = create(app)
    add(app, collection, *ids.values())
    app.request("DELETE", f"/api/collections/{collection}", 200)
    assert app.get("/api/collections") == []
    assert app.get("/api/models")["total"] == len(ids)
    create(app)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"name": "x"}),
        ("DELETE", "", None),
        ("POST", "/models", {"model_ids": [1]}),
        ("POST", "/models/remove", {"model_ids": [1]}),
    ],
)
def test_an_unknown_collection_is_a_404(app: AppBench, method: str, path: str, body: Any) -> None:
    assert app.request(method, f"/api/collections/7{path}", 404, json=body)["code"] == "NOT_FOUND"


@pytest.mark.parametrize("name", ["", "  ", "\x1c", "x" * 201, "a\0b", None, 7])
def test_what_is_no_name_is_refused(app: AppBench, name: Any) -> None:
    assert list(app.post("/api/collections", {"name": name}, status=422)["details"]) == ["name"]


@pytest.mark.parametrize("model_ids", [[], [-1], [2**63], ["1"], [True], [1.5], list(range(10_001))])
def test_what_are_no_models_is_refused(app: AppBench, model_ids: list[Any]) -> None:
    collection = create(app)
    app.post(f"/api/collections/{collection}/models", {"model_ids": model_ids}, status=422)


def test_other_pages_hear_of_it(app: AppBench, ids: dict[str, int]) -> None:
    with app.socket("/ws/events") as socket:

        def heard(kind: str) -> Any:
            while (message := socket.receive_json())["type"] != kind:
                pass
            return message

        collection = create(app)
        heard("collections_changed")
        add(app, collection, ids["a"])
        assert heard("models_changed")["model_ids"] == [ids["a"]]
        heard("collections_changed")
        app.request("DELETE", f"/api/collections/{collection}", 200)
        heard("collections_changed")
        assert heard("models_changed")["model_ids"] == [ids["a"]]
