"""Looking around at the sources, through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.app_bench import AppBench, settings_of
from tests.support.fake_world import LANTERN, FakeWorld, make_safetensors
from tests.support.fake_world.library import FakeModel

TAME_AND_MATURE = ({"nsfwLevel": 1}, {"nsfwLevel": 4}, {"nsfwLevel": 16}, {"nsfwLevel": 0})


@pytest.fixture
def app(make_app: Callable[..., AppBench], fake_world: FakeWorld) -> AppBench:
    return make_app(**settings_of(fake_world), huggingface_base_url=fake_world.urls["huggingface"])


def find(app: AppBench, words: str, source: str = "civitai", **query: Any) -> list[Any]:
    items: list[Any] = app.get(f"/api/discover/{source}", params={"q": words, **query})["items"]
    return items


def download(app: AppBench, url: str, **wish: Any) -> int:
    task = app.post("/api/download", {"url": url, **wish}, status=202)
    model_id: int = app.wait_for_task(task["task_id"])["model_id"]
    return model_id


def show(model: FakeModel, *images: dict[str, Any]) -> None:
    """Give the model's first version pictures that differ from its own in these facts."""
    facts = model.versions[0].facts
    own = facts["images"][0]
    facts["images"] = [{**own, "url": f"{own['url']}{n}", **image} for n, image in enumerate(images)]


def test_nothing_is_asked_of_a_source_until_somebody_looks(app: AppBench, fake_world: FakeWorld) -> None:
    sources = {offer["source"]: offer for offer in app.get("/api/discover")}
    assert list(sources) == ["civitai", "huggingface"]
    assert sources["civitai"]["sorts"][0] == "rating"
    assert "lora" in sources["civitai"]["types"]
    assert fake_world.requests == []


def test_what_is_found_can_be_downloaded_and_is_marked_as_here_then(app: AppBench, fake_world: FakeWorld) -> None:
    fake_world.add_model("Quiet Harbour")
    (found,) = find(app, "harbour")
    assert (found["name"], found["type"], found["here"]) == ("Quiet Harbour", "lora", [])
    model_id = download(app, found["link"])
    (again,) = find(app, "harbour")
    assert again["here"] == [{"id": model_id, "version_id": found["version_id"]}]


def test_another_version_that_is_here_is_told_apart(app: AppBench, fake_world: FakeWorld) -> None:
    made = fake_world.add_model("Quiet Harbour", versions=2)
    older = str(made.versions[1].version_id)
    model_id = download(app, fake_world.page_url(made, 1))
    (found,) = find(app, "harbour")
    assert found["version_id"] != older
    assert found["here"] == [{"id": model_id, "version_id": older}]


def test_a_file_is_known_by_its_hash_whatever_it_is_called(app: AppBench, fake_world: FakeWorld) -> None:
    payload = fake_world.add_model("Quiet Harbour").versions[0].files[0].payload
    (app.models / "mine.safetensors").write_bytes(payload.read(0, payload.size_bytes))
    app.scan()
    app.wait_until(lambda: all(model["sha256"] for model in app.get("/api/models")["items"]))
    (found,) = find(app, "harbour")
    (mine,) = app.get("/api/models")["items"]
    assert found["here"] == [{"id": mine["id"], "version_id": found["version_id"]}]
    opened = app.get(f"/api/discover/civitai/{found['model_id']}")
    assert [file["here"] for file in opened["versions"][0]["files"]] == [mine["id"]]


def test_a_file_that_has_gone_missing_is_not_here(app: AppBench, fake_world: FakeWorld) -> None:
    made = fake_world.add_model("Quiet Harbour")
    download(app, fake_world.page_url(made))
    next(app.models.rglob("*.safetensors")).unlink()
    app.scan()
    (found,) = find(app, "harbour")
    assert found["here"] == []


def test_without_a_bound_what_is_shown_is_pg_and_pg_13(app: AppBench, fake_world: FakeWorld) -> None:
    mixed = fake_world.add_model("Harbour mixed", nsfw_level=1)
    mixed.facts["nsfwLevel"] = 1 | 4 | 16
    show(mixed, *reversed(TAME_AND_MATURE))
    fake_world.add_model("Harbour mature", nsfw_level=8)
    (found,) = find(app, "harbour")
    assert (found["name"], found["picture"]["nsfw_level"]) == ("Harbour mixed", 1)
    assert len(find(app, "harbour", max_level=31)) == 2


@pytest.mark.parametrize(("bound", "levels"), [(3, [1]), (4, [1, 4]), (31, [1, 4, 16, 0])])
def test_pictures_beyond_the_bound_are_not_told_of(
    app: AppBench, fake_world: FakeWorld, bound: int, levels: list[int]
) -> None:
    made = fake_world.add_model("Quiet Harbour")
    show(made, *TAME_AND_MATURE)
    opened = app.get(f"/api/discover/civitai/{made.model_id}", params={"max_level": bound})
    assert [image["nsfw_level"] for image in opened["versions"][0]["images"]] == levels


def test_a_model_beyond_the_bound_is_not_opened(app: AppBench, fake_world: FakeWorld) -> None:
    made = fake_world.add_model("Harbour mature", nsfw_level=8)
    refused = app.request("GET", f"/api/discover/civitai/{made.model_id}", 403)
    assert refused["code"] == "MATURE"
    assert app.get(f"/api/discover/civitai/{made.model_id}", params={"max_level": 8})["name"] == "Harbour mature"


def test_pages_of_which_nothing_may_be_shown_are_passed_over(app: AppBench, fake_world: FakeWorld) -> None:
    for number in range(2):
        fake_world.add_model(f"Harbour mature {number}", nsfw_level=8)
    fake_world.add_model("Harbour tame")
    page = app.get("/api/discover/civitai", params={"q": "harbour", "limit": 1})
    assert [item["name"] for item in page["items"]] == ["Harbour tame"]
    assert page["next_cursor"] is None


def test_not_more_than_a_few_pages_are_passed_over_at_once(app: AppBench, fake_world: FakeWorld) -> None:
    for number in range(5):
        fake_world.add_model(f"Harbour mature {number}", nsfw_level=8)
    page = app.get("/api/discover/civitai", params={"q": "harbour", "limit": 1})
    assert page["items"] == []
    assert page["next_cursor"] == "3"
    assert len(fake_world.requests_to("api", "/api/v1/models")) == 3


def test_a_model_is_opened_with_its_versions_files_words_and_licence(app: AppBench) -> None:
    opened = app.get(f"/api/discover/civitai/{LANTERN}", params={"max_level": 31})
    assert (opened["name"], opened["creator"], len(opened["versions"])) == ("Paper Lantern Style", "lantern_maker", 3)
    assert "credit" in opened["licence"]
    assert "<script" not in (opened["description_html"] or "")
    first, second, _ = opened["versions"]
    assert [caution["code"] for caution in first["warnings"]] == ["EARLY_ACCESS"]
    assert second["trigger_words"]
    assert second["files"][0]["sha256"]
    assert second["images"][0]["thumbnail_url"].endswith("jpeg")


def test_a_file_of_a_version_is_downloaded_by_its_number(app: AppBench, fake_world: FakeWorld) -> None:
    made = fake_world.add_model("Quiet Harbour")
    other = fake_world.library.add_file(made.versions[0], "small.safetensors", make_safetensors(size_bytes=90_000))
    version = app.get(f"/api/discover/civitai/{made.model_id}")["versions"][0]
    model_id = download(app, version["link"], file_id=str(other.file_id))
    files = app.get(f"/api/discover/civitai/{made.model_id}")["versions"][0]["files"]
    assert {file["name"]: file["here"] for file in files}["small.safetensors"] == model_id
    assert [file["here"] for file in files].count(None) == 1


def test_hugging_face_is_searched_opened_and_marked_in_the_same_way(app: AppBench, fake_world: FakeWorld) -> None:
    fake_world.hugging_face.add("harbor-fog/mix", {"mix.safetensors": make_safetensors()})
    (found,) = find(app, "mix", "huggingface")
    assert (found["model_id"], found["picture"]) == ("harbor-fog/mix", None)
    model_id = download(app, found["link"])
    assert [here["id"] for here in find(app, "mix", "huggingface")[0]["here"]] == [model_id]
    opened = app.get("/api/discover/huggingface/harbor-fog/mix")
    assert [file["here"] for file in opened["versions"][0]["files"]] == [model_id]


def test_mature_repositories_of_hugging_face_are_left_out(app: AppBench, fake_world: FakeWorld) -> None:
    facts = {"tags": ["not-for-all-audiences"]}
    fake_world.hugging_face.add("lab/adult", {"a.safetensors": make_safetensors()}, facts=facts)
    assert find(app, "adult", "huggingface") == []
    assert len(find(app, "adult", "huggingface", max_level=31)) == 1


@pytest.mark.parametrize("path", ["/api/discover/url", "/api/discover/nowhere", "/api/discover/url/1"])
def test_what_cannot_be_looked_around_in_is_not_found(app: AppBench, path: str) -> None:
    assert "civitai, huggingface" in app.request("GET", path, 404)["error"]


def test_a_source_that_asks_for_a_pause_says_how_long(app: AppBench, fake_world: FakeWorld) -> None:
    fake_world.fault("reply", server="api", status=429, headers={"Retry-After": "1500"}, text="slow down")
    refused = app.request("GET", "/api/discover/civitai", 502)
    assert (refused["code"], refused["details"]["retry_after_seconds"]) == ("SOURCE_RATE_LIMITED", 1500)


@pytest.mark.parametrize(
    "query", ["type=lorra", "limit=0", "limit=101", "max_level=0", "max_level=32", "sort=x", "nonsense=1"]
)
def test_a_query_that_cannot_be_meant_is_refused(app: AppBench, fake_world: FakeWorld, query: str) -> None:
    assert app.request("GET", f"/api/discover/civitai?{query}", 422)["code"] == "INVALID"
    assert fake_world.requests == []


@pytest.mark.parametrize("model_id", ["a/b/c", "..%2F..%2Fme", "a/..%2Fme", "a%20b", "%3Fx"])
def test_an_id_that_cannot_be_one_asks_nobody(app: AppBench, fake_world: FakeWorld, model_id: str) -> None:
    assert app.http.get(f"/api/discover/civitai/{model_id}").status_code == 422
    assert fake_world.requests == []


@pytest.mark.parametrize("mature_from", ["r", "pg13"])
def test_what_is_hidden_here_is_not_shown_from_there(app: AppBench, fake_world: FakeWorld, mature_from: str) -> None:
    for number, level in enumerate((1, 2, 4, 16)):
        fake_world.add_model(f"Harbour {number}", nsfw_level=level)
    app.request("PATCH", "/api/settings", 200, json={"values": {"mature_content": "hide", "mature_from": mature_from}})
    assert len(find(app, "harbour", max_level=31)) == (2 if mature_from == "r" else 1)


@pytest.mark.parametrize(("treatment", "count"), [("show", 4), ("blur", 1), ("hide", 1)])
def test_without_a_bound_the_settings_say_what_is_shown(
    app: AppBench, fake_world: FakeWorld, treatment: str, count: int
) -> None:
    for number, level in enumerate((1, 2, 4, 16)):
        fake_world.add_model(f"Harbour {number}", nsfw_level=level)
    values = {"mature_content": treatment, "mature_from": "pg13"}
    app.request("PATCH", "/api/settings", 200, json={"values": values})
    assert len(find(app, "harbour")) == count


def test_while_mature_content_is_locked_none_is_shown_from_there(app: AppBench, fake_world: FakeWorld) -> None:
    made = fake_world.add_model("Harbour mature", nsfw_level=8)
    path = f"/api/discover/civitai/{made.model_id}"
    app.request("PUT", "/api/mature/passphrase", 200, json={"passphrase": "open sesame"})
    assert app.get(path, params={"max_level": 31})["name"] == "Harbour mature"
    app.post("/api/mature/lock")
    assert app.request("GET", path, 403, params={"max_level": 31})["code"] == "MATURE"
    assert find(app, "harbour", max_level=31) == []


def test_tags_and_creators_are_completed_where_the_source_helps_with_that(app: AppBench, fake_world: FakeWorld) -> None:
    fake_world.add_model("Quiet Harbour", tags=["harbour light"])
    sources = {offer["source"]: offer["completes"] for offer in app.get("/api/discover")}
    assert sources == {"civitai": True, "huggingface": False}
    assert fake_world.requests == []
    names = app.get("/api/discover/civitai/names", params={"field": "tag", "part": "harb"})
    assert {"name": "harbour light", "models": None} in names
    assert app.get("/api/discover/huggingface/names", params={"field": "tag", "part": "harb"}) == []
    assert app.request("GET", "/api/discover/civitai/names?field=tag&part=%20", 422)["code"] == "INVALID"
