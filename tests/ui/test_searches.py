"""Saved searches, through the API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.app_bench import AppBench

NOTHING: dict[str, Any] = {
    "q": "",
    "types": [],
    "base_models": [],
    "tags": [],
    "category": None,
    "folder": None,
    "sort": None,
}
EVERYTHING: dict[str, Any] = {
    "q": "ink -style size:>100MB",
    "types": ["lora", "vae"],
    "base_models": ["Pony", "unknown"],
    "tags": ["to try"],
    "category": "active",
    "folder": "loras/style",
    "sort": "-size_bytes",
}


def patch(app: AppBench, search: int, body: Any, status: int = 200) -> Any:
    headers = {"Content-Type": "application/json"}
    return app.request("PATCH", f"/api/searches/{search}", status, content=json.dumps(body), headers=headers)


def create(app: AppBench, name: str, **wanted: Any) -> int:
    number: int = app.post("/api/searches", {"name": name, "wanted": wanted}, status=201)["id"]
    return number


def names(app: AppBench) -> list[str]:
    listed = app.get("/api/searches")
    assert [search["position"] for search in listed] == list(range(len(listed)))
    return [search["name"] for search in listed]


@pytest.mark.parametrize(("wanted", "kept"), [({}, NOTHING), (EVERYTHING, EVERYTHING)])
def test_a_search_is_kept_as_it_was_said(app: AppBench, wanted: Any, kept: Any) -> None:
    made = app.post("/api/searches", {"name": " Inky ", "wanted": wanted}, status=201)
    assert (made["name"], made["wanted"], made["position"]) == ("Inky", kept, 0)
    assert app.get("/api/searches") == [made]


def test_a_new_search_stands_behind_the_others(app: AppBench) -> None:
    for name in ("c", "a", "b"):
        create(app, name)
    assert names(app) == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("position", "expected"), [(0, "cabd"), (1, "acbd"), (2, "abcd"), (3, "abdc"), (100_000, "abdc")]
)
def test_a_search_is_moved_and_the_others_make_room(app: AppBench, position: int, expected: str) -> None:
    number = {name: create(app, name) for name in "abcd"}
    patch(app, number["c"], {"position": position})
    assert names(app) == list(expected)


def test_a_removed_search_leaves_no_gap(app: AppBench) -> None:
    number = {name: create(app, name) for name in "abc"}
    app.request("DELETE", f"/api/searches/{number['b']}", 200)
    assert names(app) == ["a", "c"]


def test_each_thing_can_be_changed_alone(app: AppBench) -> None:
    search = create(app, "Inky", **EVERYTHING)
    renamed = patch(app, search, {"name": "INKY"})
    assert (renamed["name"], renamed["wanted"]) == ("INKY", EVERYTHING)
    replaced = patch(app, search, {"wanted": {"q": "other"}})
    assert (replaced["name"], replaced["wanted"]) == ("INKY", {**NOTHING, "q": "other"})
    assert patch(app, search, {}) == replaced


def test_a_query_that_cannot_be_read_is_not_kept(app: AppBench) -> None:
    refused = app.post("/api/searches", {"name": "x", "wanted": {"q": "ink colour:red"}}, status=400)
    assert (refused["code"], refused["details"]["position"]) == ("BAD_QUERY", 4)
    assert app.get("/api/searches") == []


def test_where_the_new_query_cannot_be_read_nothing_is_changed(app: AppBench) -> None:
    search = create(app, "Inky", q="ink")
    before = app.get("/api/searches")
    refused = patch(app, search, {"name": "Other", "wanted": {"q": "size:big"}}, 400)
    assert refused["code"] == "BAD_QUERY"
    assert app.get("/api/searches") == before


@pytest.mark.parametrize("taken", ["Été", "ÉTÉ", " été "])
def test_a_name_is_given_once_whatever_its_case(app: AppBench, taken: str) -> None:
    first, other = create(app, "Été"), create(app, "Winter")
    for refused in (
        app.post("/api/searches", {"name": taken, "wanted": {}}, status=409),
        patch(app, other, {"name": taken, "position": 0}, 409),
    ):
        assert refused["code"] == "NAME_TAKEN"
        assert refused["details"]["search"] == {"id": first, "name": "Été"}
    assert names(app) == ["Été", "Winter"]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"types": ["spaceship"]}, "wanted.types.0"),
        ({"sort": "colour"}, "wanted.sort"),
        ({"category": "cellar"}, "wanted.category"),
        ({"q": "x" * 1001}, "wanted.q"),
        ({"tags": [""]}, "wanted.tags.0"),
        ({"folder": "a\0b"}, "wanted.folder"),
        ({"colour": "red"}, "wanted.colour"),
    ],
)
def test_what_cannot_be_searched_for_is_refused_by_its_field(app: AppBench, wanted: Any, field: str) -> None:
    assert list(app.post("/api/searches", {"name": "x", "wanted": wanted}, status=422)["details"]) == [field]


def test_an_unknown_search_is_a_404(app: AppBench) -> None:
    assert patch(app, 7, {"name": "x"}, 404)["code"] == "NOT_FOUND"
    assert app.request("DELETE", "/api/searches/7", 404)["code"] == "NOT_FOUND"


def test_other_pages_hear_of_it(app: AppBench) -> None:
    with app.socket("/ws/events") as socket:

        def hear() -> None:
            while socket.receive_json()["type"] != "searches_changed":
                pass

        search = create(app, "Inky")
        hear()
        patch(app, search, {"name": "Inkier"})
        hear()
        app.request("DELETE", f"/api/searches/{search}", 200)
        hear()
