"""Files become known, are said to be something, and are out of date: through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update as update_table

from sd_model_manager.db.tables import published_versions
from sd_model_manager.domain.tasks import TaskKind
from sd_model_manager.registry.changes import change_models
from tests.support.app_bench import AppBench, settings_of
from tests.support.fake_world import FakeWorld
from tests.support.fake_world.library import FakeModel


@pytest.fixture
def harbour(fake_world: FakeWorld) -> FakeModel:
    return fake_world.add_model("Quiet Harbour", versions=3, tags=["sea"])


@pytest.fixture
def app(make_app: Callable[..., AppBench], fake_world: FakeWorld, harbour: FakeModel) -> AppBench:
    """Has the oldest version of the harbour as a file, hashed, and one file of our own."""
    made = make_app(**settings_of(fake_world))
    (made.models / "ink.safetensors").write_bytes(content_of(harbour, 2))
    made.scan()
    wait_for_hashes(made)
    return made


def content_of(model: FakeModel, version: int) -> bytes:
    payload = model.versions[version].files[0].payload
    return payload.read(0, payload.size_bytes)


def wait_for_hashes(app: AppBench) -> None:
    app.wait_until(lambda: all(model["sha256"] for model in app.get("/api/models")["items"]))
    app.wait_until(lambda: all(task["state"] == "done" for task in app.get("/api/tasks?kind=hash")["items"]))


def only_model(app: AppBench) -> Any:
    (model,) = app.get("/api/models")["items"]
    return app.get(f"/api/models/{model['id']}")


def enrich(app: AppBench, **wish: Any) -> Any:
    return app.wait_for_task(app.post("/api/models/enrich", wish or None, status=202)["task_id"])


def test_nothing_is_asked_of_a_source_by_itself(app: AppBench, fake_world: FakeWorld) -> None:
    assert fake_world.requests == []
    assert only_model(app)["lookup"] is None


def test_local_files_are_looked_up_on_demand(app: AppBench) -> None:
    task = enrich(app, full=True)
    assert (task["kind"], task["outcomes"], task["done"], task["total"]) == ("enrich", {"matched": 1}, 1, 1)
    model = only_model(app)
    assert (model["name"], model["tags"], model["published"]["version_name"]) == ("Quiet Harbour", ["sea"], "v1.0")
    lookup = model["lookup"]
    assert (lookup["source"], lookup["outcome"], lookup["is_provisional"]) == ("civitai", "matched", False)
    assert app.get("/api/tasks?kind=enrich")["total"] == 1


def test_a_query_that_cannot_be_read_is_refused_at_once(app: AppBench) -> None:
    answer = app.request("POST", "/api/models/enrich", 400, json={"q": "size:>much"})
    assert answer["code"] == "BAD_QUERY"


def test_chosen_models_are_looked_up_and_no_others(app: AppBench, fake_world: FakeWorld, harbour: FakeModel) -> None:
    (app.models / "newer.safetensors").write_bytes(content_of(harbour, 0))
    app.scan()
    app.wait_until(lambda: len(app.get("/api/models")["items"]) == 2)
    wait_for_hashes(app)
    newer = next(model["id"] for model in app.get("/api/models")["items"] if model["name"] == "newer")
    assert enrich(app, model_ids=[newer])["outcomes"] == {"matched": 1}
    assert app.get("/api/models?q=is:unmatched")["total"] == 1
    assert enrich(app, wanted={"category": "active"}, again=True)["outcomes"] == {"matched": 2}


def test_a_look_up_is_for_models_by_number_or_by_filter_not_both(app: AppBench) -> None:
    answer = app.request("POST", "/api/models/enrich", 422, json={"q": "ink", "model_ids": [1]})
    assert answer["code"] == "INVALID"


def test_with_the_setting_new_files_are_looked_up_when_they_are_hashed(
    make_app: Callable[..., AppBench], fake_world: FakeWorld, harbour: FakeModel
) -> None:
    app = make_app(**settings_of(fake_world))
    app.request("PATCH", "/api/settings", 200, json={"values": {"match_in_background": True}})
    (app.models / "ink.safetensors").write_bytes(content_of(harbour, 0))
    app.scan()
    app.wait_until(lambda: [model["name"] for model in app.get("/api/models")["items"]] == ["Quiet Harbour"])


def test_a_model_is_what_the_user_says_by_a_link(app: AppBench, fake_world: FakeWorld) -> None:
    lantern = fake_world.add_model("Lantern")
    key = only_model(app)["id"]
    model = app.request("PUT", f"/api/models/{key}/published", 200, json={"url": fake_world.page_url(lantern)})
    assert (model["name"], model["own_match"]) == ("Lantern", "chosen")
    enrich(app, again=True)
    assert only_model(app)["name"] == "Lantern"


def test_a_model_that_the_user_says_is_something_else_is_not_matched_again(
    app: AppBench, fake_world: FakeWorld
) -> None:
    enrich(app)
    key = only_model(app)["id"]
    model = app.request("DELETE", f"/api/models/{key}/published", 200)
    assert (model["name"], model["published"], model["own_match"]) == ("ink", None, "none")
    enrich(app, again=True)
    assert only_model(app)["published"] is None
    app.wait_for_task(app.post("/api/models/scan", {"full": True}, status=202)["task_id"])
    assert only_model(app)["own_match"] == "none"


def test_what_the_user_said_of_a_match_can_be_taken_back(app: AppBench) -> None:
    key = only_model(app)["id"]
    app.request("DELETE", f"/api/models/{key}/published", 200)
    model = app.request("DELETE", f"/api/models/{key}/published/own", 200)
    assert (model["published"], model["own_match"]) == (None, None)
    assert enrich(app, model_ids=[key], again=True)["outcomes"] == {"matched": 1}
    assert only_model(app)["name"] == "Quiet Harbour"


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [("https://civitai.com/user/anna", 400, "NOT_A_MODEL_LINK"), ("{api}/models/123", 502, "SOURCE_NOT_FOUND")],
)
def test_a_link_that_names_no_model_changes_nothing(
    app: AppBench, fake_world: FakeWorld, url: str, status: int, code: str
) -> None:
    key = only_model(app)["id"]
    body = {"url": url.format(api=fake_world.api_url)}
    assert app.request("PUT", f"/api/models/{key}/published", status, json=body)["code"] == code
    assert only_model(app)["own_match"] is None


def test_what_a_model_is_cannot_be_said_of_none(app: AppBench, fake_world: FakeWorld, harbour: FakeModel) -> None:
    app.request("PUT", "/api/models/999/published", 404, json={"url": fake_world.page_url(harbour)})
    app.request("DELETE", "/api/models/999/published", 404)


def check(app: AppBench) -> None:
    app.wait_for_task(app.post("/api/updates/check", status=202)["task_id"])


def test_updates_are_listed_ignored_and_heeded_again(app: AppBench, harbour: FakeModel) -> None:
    enrich(app)
    assert app.get("/api/updates") == {"items": [], "total": 0, "next_cursor": None}
    check(app)
    (update,) = app.get("/api/updates")["items"]
    assert (update["id"], update["installed"]["name"]) == (only_model(app)["id"], "v1.0")
    assert [(version["name"], version["access"]) for version in update["versions"]] == [
        ("v3.0", "free"),
        ("v2.0", "free"),
    ]
    assert update["published_model_id"] == str(harbour.model_id)
    assert app.get("/api/models?q=has:update")["total"] == 1
    assert [model["has_update"] for model in app.get("/api/models")["items"]] == [True]
    ignored = app.post("/api/updates/ignore", {"model": str(harbour.model_id)})
    assert ignored == [
        {
            "source": "civitai",
            "kind": "model",
            "key": str(harbour.model_id),
            "model_name": update["published_model_name"],
            "version_name": None,
        }
    ]
    assert app.get("/api/updates")["items"] == []
    assert app.get("/api/models?q=has:update")["total"] == 0
    assert not only_model(app)["has_update"]
    assert app.get("/api/updates/ignore") == ignored
    assert app.request("DELETE", f"/api/updates/ignore?model={harbour.model_id}", 200) == []
    assert app.get("/api/updates")["total"] == 1


def test_a_model_names_all_versions_there_are_and_which_are_here(app: AppBench, harbour: FakeModel) -> None:
    model_id = only_model(app)["id"]
    address = f"/api/models/{model_id}/versions"
    assert app.get(address) == []
    enrich(app)
    check(app)
    app.post("/api/updates/ignore", {"version": str(harbour.versions[0].version_id)})
    told = [(version["name"], version["model_ids"], version["is_update"]) for version in app.get(address)]
    assert told == [("v3.0", [], False), ("v2.0", [], True), ("v1.0", [model_id], False)]
    assert app.request("GET", "/api/models/999/versions", 404)["code"] == "NOT_FOUND"


def test_versions_that_are_hidden_are_not_named(app: AppBench, harbour: FakeModel) -> None:
    enrich(app)
    check(app)
    newest = published_versions.c.version_id == str(harbour.versions[0].version_id)
    with change_models(app.services.database) as connection:
        connection.execute(update_table(published_versions).where(newest).values(nsfw_level=8))
    app.request("PATCH", "/api/settings", 200, json={"values": {"mature_content": "hide"}})
    versions = app.get(f"/api/models/{only_model(app)['id']}/versions")
    assert [version["name"] for version in versions] == ["v2.0", "v1.0"]


def test_what_is_ignored_is_named_as_its_source_does(app: AppBench, harbour: FakeModel) -> None:
    enrich(app)
    check(app)
    (update,) = app.get("/api/updates")["items"]
    newest = update["versions"][0]
    app.post("/api/updates/ignore", {"version": newest["version_id"]})
    (creator, version) = app.post("/api/updates/ignore", {"creator": "somebody"})
    assert (creator["kind"], creator["key"], creator["model_name"]) == ("creator", "somebody", None)
    assert (version["model_name"], version["version_name"]) == (update["published_model_name"], newest["name"])


def test_updates_of_hidden_models_are_hidden_with_them(app: AppBench, harbour: FakeModel) -> None:
    enrich(app)
    check(app)
    (update,) = app.get("/api/updates")["items"]
    app.post("/api/updates/ignore", {"version": update["versions"][0]["version_id"]})
    mature = update_table(published_versions).values(nsfw_level=8)
    with change_models(app.services.database) as connection:
        connection.execute(mature)
    app.request("PATCH", "/api/settings", 200, json={"values": {"mature_content": "hide"}})
    assert app.get("/api/updates") == {"items": [], "total": 0, "next_cursor": None}
    assert [ignored["model_name"] for ignored in app.get("/api/updates/ignore")] == [None]


@pytest.mark.parametrize("body", [{}, {"model": "1", "creator": "anna"}, {"version": ""}])
def test_what_is_to_be_ignored_is_one_thing(app: AppBench, body: dict[str, str]) -> None:
    assert app.request("POST", "/api/updates/ignore", 422, json=body)["code"] == "INVALID"
    assert app.request("DELETE", "/api/updates/ignore", 422, params=body)["code"] == "INVALID"


def test_updates_come_in_pages(app: AppBench, fake_world: FakeWorld) -> None:
    for number in range(4):
        model = fake_world.add_model(f"Model {number}", size_bytes=3000, versions=2)
        (app.models / f"{number}.safetensors").write_bytes(content_of(model, 1))
    app.scan()
    wait_for_hashes(app)
    enrich(app)
    check(app)
    whole = app.get("/api/updates")
    names: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = app.get(f"/api/updates?limit=2&cursor={cursor}")
        names += [update["name"] for update in page["items"]]
        cursor = page["next_cursor"]
    assert names == [update["name"] for update in whole["items"]]
    assert (len(names), whole["total"]) == (5, 5)
    assert app.request("GET", "/api/updates?cursor=nonsense", 400)["code"] == "BAD_CURSOR"


def test_updates_are_looked_for_as_often_as_the_setting_says(app: AppBench) -> None:
    def count_checks() -> int:
        return len(app.services.queue.store.list_page(kinds=[TaskKind.CHECK_UPDATES]).items)

    assert not app.services.schedule.look()
    app.request("PATCH", "/api/settings", 200, json={"values": {"check_updates_every_hours": 24}})
    assert app.services.schedule.look()
    assert not app.services.schedule.look()
    assert count_checks() == 1
