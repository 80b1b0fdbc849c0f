"""Mature models are shown, blurred or hidden by the server, and a passphrase keeps it so."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.support.app_bench import AppBench, settings_of
from tests.support.fake_world import FakeWorld
from tests.support.model_files import write_safetensors

MakeApp = Callable[..., AppBench]
PASSPHRASE = "open sesame"


def add_model(app: AppBench, name: str, level: int, number: int, **facts: Any) -> None:
    """A model with a striped picture, and what Civitai says of it beside it."""
    path = app.models / f"{name}.safetensors"
    write_safetensors(path, {"w": ("F16", (4, 4))}, {"title": name})
    picture = Image.new("RGB", (400, 600), "white")
    for x in range(0, 400, 20):
        picture.paste("black", (x, 0, x + 10, 600))
    texts = PngInfo()
    texts.add_text("parameters", "a pier")
    picture.save(path.with_suffix(".preview.png"), pnginfo=texts)
    images = [
        {"url": f"https://image.civitai.com/{name}-{bit}.jpeg", "nsfwLevel": bit, "meta": {"prompt": "x", "steps": 20}}
        for bit in (1, level)
        if bit
    ]
    answer = {
        "id": number,
        "modelId": number * 10,
        "name": "v1",
        "nsfwLevel": level,
        "baseModel": "SD 1.5",
        "trainedWords": [f"{name}word"],
        "model": {"name": name.title(), "type": "LORA", "tags": [f"{name}tag"], **facts},
        "files": [],
        "images": images,
    }
    path.with_suffix(".civitai.info").write_text(json.dumps(answer), "utf-8")


@pytest.fixture
def shelf(app: AppBench) -> AppBench:
    """A harmless model, one of level R (and PG), and one that nobody rated."""
    add_model(app, "garden", 1, 1)
    add_model(app, "velvet", 1 | 4, 2)
    add_model(app, "plain", 0, 3)
    app.scan()
    return app


def set_mature(app: AppBench, **values: str) -> None:
    app.request("PATCH", "/api/settings", 200, json={"values": values})


def listed(app: AppBench, q: str = "") -> dict[str, Any]:
    return {model["name"]: model for model in app.get("/api/models", params={"q": q, "sort": "name"})["items"]}


def contrast_of(answer: Any) -> int:
    """How far apart the darkest and the lightest pixel are."""
    extrema: Any = Image.open(io.BytesIO(answer.content)).convert("L").getextrema()
    low, high = extrema
    return int(high - low)


def refused(app: AppBench, path: str, status: int = 403) -> str:
    code: str = app.request("GET", path, status)["code"]
    return code


# levels


def test_each_model_has_the_highest_level_of_its_version(shelf: AppBench) -> None:
    levels = {name: model["mature_level"] for name, model in listed(shelf).items()}
    assert levels == {"Garden": "pg", "Plain": None, "Velvet": "r"}


def test_what_its_creator_calls_mature_counts_as_r_where_its_pictures_are_not(app: AppBench) -> None:
    add_model(app, "flagged", 1, 1, nsfw=True)
    add_model(app, "unrated", 0, 2, nsfw=True)
    app.scan()
    assert {model["mature_level"] for model in listed(app).values()} == {"r"}


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("mature:r", ["Velvet"]),
        ("mature:>=pg13", ["Velvet"]),
        ("nsfw:<=PG-13", ["Garden"]),
        ("-mature:>=r", ["Garden", "Plain"]),
        ("mature:pg,x..xxx", ["Garden"]),
    ],
)
def test_levels_can_be_searched_for(shelf: AppBench, q: str, names: list[str]) -> None:
    assert list(listed(shelf, q)) == names


# blurred


def test_mature_models_are_blurred_unless_somebody_says_otherwise(shelf: AppBench) -> None:
    models = listed(shelf)
    assert {name: model["is_blurred"] for name, model in models.items()} == {
        "Garden": False,
        "Plain": False,
        "Velvet": True,
    }
    blurred = shelf.http.get(models["Velvet"]["preview_url"], params={"size": "large"})
    clear = shelf.http.get(models["Garden"]["preview_url"], params={"size": "small"})
    assert contrast_of(clear) > 200
    assert contrast_of(blurred) < 80
    assert "immutable" in blurred.headers["cache-control"]
    assert Image.open(io.BytesIO(blurred.content)).size == (256, 384)


def test_a_blurred_picture_is_made_once_and_known_by_its_tag(shelf: AppBench) -> None:
    url = listed(shelf)["Velvet"]["preview_url"]
    first = shelf.http.get(url)
    again = shelf.http.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    clear = shelf.http.get(url.replace("/blurred", "/clear"), params={"size": "small"})
    assert clear.headers["etag"] != first.headers["etag"]


def test_the_picture_itself_is_given_to_whoever_asks_for_it_clearly(shelf: AppBench) -> None:
    url = listed(shelf)["Velvet"]["preview_url"]
    assert refused(shelf, url.removesuffix("/blurred")) == "MATURE_BLURRED"
    clear = shelf.http.get(url.replace("/blurred", "/clear"), params={"size": "small"})
    assert contrast_of(clear) > 200
    assert clear.headers["cache-control"] == "private, no-cache"


def test_a_preview_of_ones_own_is_blurred_too(shelf: AppBench) -> None:
    model_id = listed(shelf)["Velvet"]["id"]
    picture = (shelf.models / "velvet.preview.png").read_bytes()
    shelf.request("PUT", f"/api/models/{model_id}/preview", 200, content=picture, headers={"Content-Type": "image/png"})
    url = listed(shelf)["Velvet"]["preview_url"]
    assert contrast_of(shelf.http.get(url)) < 80
    assert refused(shelf, url.removesuffix("/blurred")) == "MATURE_BLURRED"
    assert contrast_of(shelf.http.get(url.replace("/blurred", "/clear"))) > 200


def test_pictures_at_the_source_keep_their_address_until_they_are_revealed(shelf: AppBench) -> None:
    model_id = listed(shelf)["Velvet"]["id"]
    images = shelf.get(f"/api/models/{model_id}")["published_detail"]["images"]
    assert [(bool(image["url"]), image["mature_level"]) for image in images] == [(True, "pg"), (False, "r")]
    revealed = shelf.get(f"/api/models/{model_id}", params={"reveal": "true"})
    assert all(image["url"] for image in revealed["published_detail"]["images"])
    assert not revealed["is_blurred"]
    assert all(contrast_of(shelf.http.get(preview["url"])) > 200 for preview in revealed["previews"])


def test_how_a_picture_was_made_is_not_told_while_it_is_blurred(shelf: AppBench) -> None:
    path = f"/api/models/{listed(shelf)['Velvet']['id']}"

    def told(**query: str) -> list[tuple[bool, bool]]:
        images = shelf.get(path, params=query)["published_detail"]["images"]
        return [(image["prompt"] == "x", image["generation"] is not None) for image in images]

    assert told() == [(True, True), (False, False)]
    assert told(reveal="true") == [(True, True), (True, True)]
    (preview,) = shelf.get(path)["previews"]
    text = f"{path}/previews/{preview['id']}/text"
    assert refused(shelf, text) == "MATURE_BLURRED"
    assert shelf.get(text, params={"reveal": "true"})["prompt"] == "a pier"
    set_mature(shelf, mature_content="hide")
    assert refused(shelf, f"{text}?reveal=true") == "MATURE_HIDDEN"
    set_mature(shelf, mature_content="blur")
    set_passphrase(shelf, PASSPHRASE)
    lock(shelf)
    assert refused(shelf, f"{text}?reveal=true") == "MATURE_LOCKED"


def test_the_level_that_counts_as_mature_can_be_chosen(shelf: AppBench) -> None:
    set_mature(shelf, mature_from="x")
    assert not any(model["is_blurred"] for model in listed(shelf).values())


def test_nothing_is_blurred_where_all_is_to_be_shown(shelf: AppBench) -> None:
    set_mature(shelf, mature_content="show")
    model = listed(shelf)["Velvet"]
    assert not model["is_blurred"]
    assert contrast_of(shelf.http.get(model["preview_url"])) > 200


def test_the_cover_of_a_collection_is_blurred_or_left_out(shelf: AppBench) -> None:
    ids = [model["id"] for model in listed(shelf).values()]
    made = shelf.post("/api/collections", {"name": "Best"}, status=201)
    shelf.post(f"/api/collections/{made['id']}/models", {"model_ids": ids})
    (best,) = shelf.get("/api/collections")
    assert sum(picture["url"].endswith("/blurred") for picture in best["cover"]) == 1
    set_mature(shelf, mature_content="hide")
    (best,) = shelf.get("/api/collections")
    assert (best["models"], len(best["cover"])) == (2, 2)
    assert len(shelf.get(f"/api/collections/{made['id']}")["model_ids"]) == 2


def test_the_user_knows_better_how_mature_a_model_is(shelf: AppBench) -> None:
    models = listed(shelf)
    for name, level in (("Velvet", "pg"), ("Plain", "xxx")):
        model = shelf.request("PATCH", f"/api/models/{models[name]['id']}", 200, json={"own_mature_level": level})
        assert (model["mature_level"], model["is_blurred"]) == (level, level == "xxx")
    assert list(listed(shelf, "mature:>=r")) == ["Plain"]
    set_mature(shelf, mature_content="hide")
    assert list(listed(shelf)) == ["Garden", "Velvet"]


# hidden


def test_hidden_models_are_in_no_list_and_no_count(shelf: AppBench) -> None:
    set_mature(shelf, mature_content="hide")
    assert list(listed(shelf)) == ["Garden", "Plain"]
    assert listed(shelf, "velvetword") == {}
    assert shelf.get("/api/models")["total"] == 2
    assert shelf.get("/api/models/statistics")["total_count"] == 2
    facets = shelf.get("/api/models/facets")
    assert facets["total"] == 2
    assert "velvettag" not in {value["value"] for value in facets["tag"]}
    assert shelf.get("/api/models/complete", params={"q": "tag:velvet"}) == []
    assert shelf.get("/api/models", params={"q": "velvetwort"})["did_you_mean"] is None


def test_a_hidden_model_is_refused_by_its_number_and_so_are_its_pictures(shelf: AppBench) -> None:
    model = listed(shelf)["Velvet"]
    path = f"/api/models/{model['id']}"
    set_mature(shelf, mature_content="hide")
    clear = model["preview_url"].replace("/blurred", "/clear")
    for hidden in (path, f"{path}?reveal=true", clear, model["preview_url"], clear.removesuffix("/clear")):
        assert refused(shelf, hidden) == "MATURE_HIDDEN"
    assert shelf.request("PATCH", path, 403, json={"rating": 5})["code"] == "MATURE_HIDDEN"


def test_what_is_said_of_all_that_is_found_is_not_said_of_hidden_models(shelf: AppBench) -> None:
    set_mature(shelf, mature_content="hide")
    outcome = shelf.post("/api/models/bulk", {"wanted": {"q": ""}, "change": {"rating": 4}})
    assert outcome["changed"] == 2
    set_mature(shelf, mature_content="show")
    assert listed(shelf)["Velvet"]["rating"] is None


# locked


def set_passphrase(app: AppBench, passphrase: str | None, current: str = "") -> Any:
    body = {"passphrase": passphrase, "current": current}
    return app.request("PUT", "/api/mature/passphrase", 200, json=body)


def lock(app: AppBench) -> None:
    assert app.post("/api/mature/lock")["is_locked"]


def test_whoever_sets_a_passphrase_stays_unlocked_and_others_are_not(shelf: AppBench) -> None:
    state = set_passphrase(shelf, PASSPHRASE)
    assert state == {"treatment": "blur", "mature_from": "r", "has_passphrase": True, "is_locked": False}
    shelf.http.cookies.clear()
    assert shelf.get("/api/mature")["is_locked"]


def test_while_it_is_locked_nothing_is_revealed_and_nothing_changed(shelf: AppBench) -> None:
    set_passphrase(shelf, PASSPHRASE)
    lock(shelf)
    model = listed(shelf)["Velvet"]
    assert refused(shelf, model["preview_url"].replace("/blurred", "/clear")) == "MATURE_LOCKED"
    assert refused(shelf, f"/api/models/{model['id']}?reveal=true") == "MATURE_LOCKED"
    for values in ({"mature_content": "show"}, {"mature_from": None, "poll_seconds": 60}):
        body = shelf.request("PATCH", "/api/settings", 403, json={"values": values})
        assert body["code"] == "MATURE_LOCKED"
    shelf.request("PATCH", "/api/settings", 200, json={"values": {"poll_seconds": 60}})


def test_while_it_is_locked_nobody_says_that_a_model_is_harmless(shelf: AppBench) -> None:
    set_passphrase(shelf, PASSPHRASE)
    lock(shelf)
    path = f"/api/models/{listed(shelf)['Velvet']['id']}"
    assert shelf.request("PATCH", path, 403, json={"own_mature_level": "pg"})["code"] == "MATURE_LOCKED"
    shelf.request("PATCH", path, 200, json={"favorite": True})


def test_the_passphrase_opens_it_for_this_browser(shelf: AppBench) -> None:
    set_passphrase(shelf, PASSPHRASE)
    lock(shelf)
    assert shelf.request("POST", "/api/mature/unlock", 403, json={"passphrase": "wrong"})["code"] == "WRONG_PASSPHRASE"
    answer = shelf.http.post("/api/mature/unlock", json={"passphrase": PASSPHRASE})
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=strict" in answer.headers["set-cookie"]
    set_mature(shelf, mature_content="show")
    assert not listed(shelf)["Velvet"]["is_blurred"]


def test_what_is_to_be_shown_is_blurred_while_it_is_locked(shelf: AppBench) -> None:
    set_mature(shelf, mature_content="show")
    set_passphrase(shelf, PASSPHRASE)
    model = listed(shelf)["Velvet"]
    lock(shelf)
    assert listed(shelf)["Velvet"]["is_blurred"]
    assert refused(shelf, model["preview_url"]) == "MATURE_BLURRED"


def test_locking_closes_it_for_every_browser(shelf: AppBench) -> None:
    set_passphrase(shelf, PASSPHRASE)
    cookies = dict(shelf.http.cookies)
    lock(shelf)
    shelf.http.cookies.update(cookies)
    assert shelf.get("/api/mature")["is_locked"]


@pytest.mark.parametrize("forged", ["", ".", "99999999999.", f"99999999999.{'0' * 64}", "x.y", "\u00e9.1"])
def test_a_forged_pass_opens_nothing(shelf: AppBench, forged: str) -> None:
    set_passphrase(shelf, PASSPHRASE)
    shelf.http.cookies.clear()
    headers = {"Cookie": f"sdmm_mature={forged}".encode()}
    assert shelf.get("/api/mature", headers=headers)["is_locked"]


def test_guessing_is_limited(shelf: AppBench) -> None:
    set_passphrase(shelf, PASSPHRASE)
    lock(shelf)
    for _ in range(10):
        shelf.request("POST", "/api/mature/unlock", 403, json={"passphrase": "guess"})
    for path, method, body in (
        ("/api/mature/unlock", "POST", {"passphrase": PASSPHRASE}),
        ("/api/mature/passphrase", "PUT", {"passphrase": None, "current": PASSPHRASE}),
    ):
        assert shelf.request(method, path, 429, json=body)["code"] == "TOO_MANY_ATTEMPTS"


def test_it_takes_the_passphrase_to_change_or_remove_it(shelf: AppBench) -> None:
    set_passphrase(shelf, PASSPHRASE)
    body = {"passphrase": None, "current": "wrong"}
    assert shelf.request("PUT", "/api/mature/passphrase", 403, json=body)["code"] == "WRONG_PASSPHRASE"
    assert set_passphrase(shelf, "another one", PASSPHRASE)["has_passphrase"]
    assert not set_passphrase(shelf, None, "another one")["has_passphrase"]
    assert not shelf.get("/api/mature")["is_locked"]


def test_a_passphrase_of_less_than_four_characters_is_refused(shelf: AppBench) -> None:
    shelf.request("PUT", "/api/mature/passphrase", 422, json={"passphrase": "abc"})


def test_the_passphrase_itself_is_kept_nowhere(shelf: AppBench, tmp_path: Any) -> None:
    set_passphrase(shelf, PASSPHRASE)
    kept = [path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert not any(PASSPHRASE.encode() in content for content in kept)
    assert "mature_lock" not in json.dumps(shelf.get("/api/settings"))


def test_another_process_hears_of_the_passphrase(make_app: MakeApp, shelf: AppBench) -> None:
    other = make_app()
    set_passphrase(shelf, PASSPHRASE)
    other.wait_until(lambda: True)
    other.services.mature_lock._read_at = float("-inf")
    assert other.get("/api/mature")["is_locked"]


# said of many at once


def test_the_level_of_many_models_is_said_at_once_and_taken_back(shelf: AppBench) -> None:
    ids = [model["id"] for model in listed(shelf).values()]
    outcome = shelf.post("/api/models/bulk", {"model_ids": ids, "change": {"own_mature_level": "x"}})
    assert (outcome["changed"], outcome["failures"]) == (3, [])
    assert {model["mature_level"] for model in listed(shelf).values()} == {"x"}
    set_mature(shelf, mature_content="hide")
    assert listed(shelf) == {}
    shelf.post("/api/models/bulk/restore", {"restore": outcome["previous"]})
    assert list(listed(shelf)) == ["Garden", "Plain"]
    set_mature(shelf, mature_content="show")
    assert {name: model["mature_level"] for name, model in listed(shelf).items()} == {
        "Garden": "pg",
        "Plain": None,
        "Velvet": "r",
    }


def test_while_it_is_locked_the_level_of_many_is_neither_said_nor_taken_back(shelf: AppBench) -> None:
    ids = [model["id"] for model in listed(shelf).values()]
    change = {"model_ids": ids, "change": {"own_mature_level": "pg"}}
    previous = shelf.post("/api/models/bulk", change)["previous"]
    set_passphrase(shelf, PASSPHRASE)
    lock(shelf)
    assert shelf.request("POST", "/api/models/bulk", 403, json=change)["code"] == "MATURE_LOCKED"
    restore = {"restore": previous}
    assert shelf.request("POST", "/api/models/bulk/restore", 403, json=restore)["code"] == "MATURE_LOCKED"
    shelf.request("POST", "/api/models/bulk", 200, json={"model_ids": ids, "change": {"rating": 3}})


# downloads of hidden models


@pytest.fixture
def loader(make_app: MakeApp, fake_world: FakeWorld) -> AppBench:
    """Has fetched a harmless model and one of level R."""
    made = make_app(**settings_of(fake_world))
    for name, level in (("Garden", 1), ("Velvet", 4)):
        model = fake_world.add_model(name, nsfw_level=level)
        model.versions[0].facts["nsfwLevel"] = level
        task = made.post("/api/download", {"url": fake_world.page_url(model)}, status=202)
        made.wait_for_task(task["task_id"])
    return made


def test_the_queue_and_the_history_do_not_name_hidden_models(loader: AppBench) -> None:
    before = {task["name"].split()[0]: task for task in loader.get("/api/download")["items"]}
    set_mature(loader, mature_content="hide")
    hidden_id = before["Velvet"]["task_id"]
    for path in ("/api/download", "/api/tasks", f"/api/download/{hidden_id}", f"/api/tasks/{hidden_id}"):
        assert "velvet" not in json.dumps(loader.get(path)).lower()
    garden, velvet = (loader.get(f"/api/download/{before[name]['task_id']}") for name in ("Garden", "Velvet"))
    assert garden == before["Garden"]
    told = {key: velvet[key] for key in ("url", "path", "sha256", "model_id", "is_hidden", "state", "bytes_done")}
    assert told == {
        **dict.fromkeys(("path", "sha256", "model_id")),
        "url": "",
        "is_hidden": True,
        "state": "done",
        "bytes_done": before["Velvet"]["bytes_done"],
    }


def test_a_search_in_the_history_does_not_find_hidden_models(loader: AppBench) -> None:
    assert loader.get("/api/download?q=velvet")["total"] == 1
    set_mature(loader, mature_content="hide")
    assert loader.get("/api/download?q=velvet") == {"items": [], "total": 0, "next_cursor": None}
    assert loader.get("/api/download?q=garden")["total"] == 1


def test_events_and_progress_do_not_name_hidden_models(loader: AppBench, fake_world: FakeWorld) -> None:
    set_mature(loader, mature_content="hide")
    model = fake_world.add_model("Velvet Curtain", nsfw_level=16)
    model.versions[0].facts["nsfwLevel"] = 16
    with loader.socket("/ws/events") as events:
        assert events.receive_json()["type"] == "hello"
        task = loader.post("/api/download", {"url": fake_world.page_url(model)}, status=202)
        told: Any = {}
        while (told.get("task_id"), told.get("state")) != (task["task_id"], "done"):
            message = events.receive_json()
            assert "velvet" not in json.dumps(message).lower()
            told = message.get("task", {})
        assert (told["name"], told["is_hidden"]) == ("•••", True)
    with loader.socket(f"/ws/download/{task['task_id']}") as progress:
        assert "velvet" not in json.dumps(progress.receive_json()).lower()


def test_what_the_user_says_of_a_model_counts_for_its_download(loader: AppBench) -> None:
    ids = {task["name"].split()[0]: task["model_id"] for task in loader.get("/api/download")["items"]}
    for name, level in (("Velvet", "pg"), ("Garden", "xxx")):
        loader.request("PATCH", f"/api/models/{ids[name]}", 200, json={"own_mature_level": level})
    set_mature(loader, mature_content="hide")
    names = {task["name"].split()[0] for task in loader.get("/api/download")["items"]}
    assert names == {"Velvet", "•••"}


def test_a_hidden_model_is_not_shown_to_whoever_wants_to_fetch_it_again(loader: AppBench) -> None:
    urls = {task["name"].split()[0]: task["url"] for task in loader.get("/api/download")["items"]}
    set_mature(loader, mature_content="hide")
    inspected = loader.post("/api/download/inspect", {"url": urls["Velvet"]})
    assert inspected["on_disk"] is None
    assert loader.request("POST", "/api/download", 403, json={"url": urls["Velvet"]})["code"] == "MATURE_HIDDEN"
    assert loader.request("POST", "/api/download", 409, json={"url": urls["Garden"]})["code"] == "ALREADY_ON_DISK"
