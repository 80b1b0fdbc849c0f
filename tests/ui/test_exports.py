"""Other tools' files through the API: written, planned, put back, shown as text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.app_bench import AppBench, settings_of
from tests.support.fake_world.world import FakeWorld
from tests.ui.test_api import add_lora
from tests.ui.test_user_data import patch


@pytest.fixture
def app(make_app: Callable[..., AppBench]) -> AppBench:
    return make_app(hash_in_background=False)


@pytest.fixture
def model(app: AppBench) -> str:
    add_lora(app, "loras/a.safetensors")
    app.scan()
    (listed,) = app.get("/api/models")["items"]
    return f"/api/models/{listed['id']}"


@pytest.fixture
def sidecar(app: AppBench) -> Path:
    return app.models / "loras/a.json"


def export(app: AppBench, *formats: str, **body: Any) -> Any:
    started = app.post("/api/models/export", {"formats": formats, **body}, status=202)
    app.wait_for_task(started["task"]["task_id"])
    return app.get(f"/api/models/export/{started['task']['task_id']}")


def exports(app: AppBench) -> list[Any]:
    return [task for task in app.get("/api/tasks")["items"] if task["kind"] == "export"]


def wait_for_exports(app: AppBench, count: int) -> None:
    app.wait_until(lambda: [task["state"] for task in exports(app)] == ["done"] * count)


def test_an_export_tells_what_it_did_and_is_taken_back(app: AppBench, model: str, sidecar: Path) -> None:
    patch(app, model, {"notes": "At dusk."})
    done = export(app, "user_metadata", q="type:lora")
    assert (done["written"], done["task"]["done"]) == (1, 1)
    assert [(item["outcome"], item["path"], item["format"]) for item in done["items"]] == [
        ("written", str(sidecar), "user_metadata")
    ]
    assert sidecar.exists()
    undo = app.post(f"/api/models/export/{done['task']['task_id']}/undo", status=202)
    app.wait_for_task(undo["task"]["task_id"])
    assert not sidecar.exists()


def test_a_dry_run_tells_what_would_be(app: AppBench, model: str, sidecar: Path) -> None:
    patch(app, model, {"notes": "At dusk."})
    planned = app.post("/api/models/export", {"formats": ["user_metadata", "lora_manager"], "dry_run": True})
    assert planned["task"] is None
    assert (planned["written"], planned["refused"]) == (1, 1)
    assert not sidecar.exists()
    assert exports(app) == []


@pytest.fixture
def two(app: AppBench, model: str) -> list[int]:
    """The ids of `a` and `b`, of which something can be written."""
    add_lora(app, "loras/b.safetensors")
    app.scan()
    listed = app.get("/api/models?sort=name")["items"]
    for item in listed:
        patch(app, f"/api/models/{item['id']}", {"notes": "At dusk."})
    return [item["id"] for item in listed]


def names(result: Any) -> list[str]:
    return [Path(item["path"]).name for item in result["items"]]


def test_files_are_written_beside_models_by_number(app: AppBench, two: list[int], sidecar: Path) -> None:
    body = {"formats": ["user_metadata"], "model_ids": two[1:]}
    assert names(app.post("/api/models/export", {**body, "dry_run": True})) == ["b.json"]
    assert names(export(app, "user_metadata", model_ids=two[1:])) == ["b.json"]
    assert not sidecar.exists()


def test_files_are_written_beside_what_a_list_with_a_filter_shows(app: AppBench, two: list[int]) -> None:
    assert names(export(app, "user_metadata", wanted={"q": "b", "types": ["lora"]})) == ["b.json"]
    assert export(app, "user_metadata", wanted={"types": ["vae"]})["written"] == 0


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_filter_leaves_hidden_models_out(app: AppBench, two: list[int], dry_run: bool) -> None:
    patch(app, f"/api/models/{two[0]}", {"own_mature_level": "xxx"})
    app.request("PATCH", "/api/settings", 200, json={"values": {"mature_content": "hide"}})
    body = {"formats": ["user_metadata"], "wanted": {}, "dry_run": True}
    done = app.post("/api/models/export", body) if dry_run else export(app, "user_metadata", wanted={})
    assert (done["written"], names(done)) == (1, ["b.json"])


@pytest.mark.parametrize("body", [{"q": "b", "wanted": {}}, {"q": "b", "model_ids": [1]}, {"model_ids": []}])
def test_models_are_meant_in_one_way(app: AppBench, body: Any) -> None:
    app.post("/api/models/export", {"formats": ["user_metadata"], **body}, status=422)


def test_the_task_of_an_export_counts_what_was_written_and_put_back(app: AppBench, two: list[int]) -> None:
    task = export(app, "user_metadata")["task"]
    assert task["outcomes"] == {"written": 2, "unchanged": 0, "refused": 0}
    undo = app.post(f"/api/models/export/{task['task_id']}/undo", status=202)["task"]
    app.wait_for_task(undo["task_id"])
    outcomes = app.get(f"/api/tasks/{undo['task_id']}")["outcomes"]
    assert outcomes == {"restored": 2, "unchanged": 0, "refused": 0}


def test_files_of_hidden_models_are_counted_and_not_named(app: AppBench, model: str) -> None:
    add_lora(app, "loras/b.safetensors")
    app.scan()
    for listed in app.get("/api/models")["items"]:
        patch(app, f"/api/models/{listed['id']}", {"notes": "At dusk."})
    patch(app, model, {"own_mature_level": "xxx"})
    app.request("PATCH", "/api/settings", 200, json={"values": {"mature_content": "hide"}})
    done = export(app, "user_metadata")
    assert done["written"] == 2
    assert [Path(item["path"]).name for item in done["items"]] == ["b.json"]


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize(
    ("body", "code"), [({"formats": ["text"]}, "UNKNOWN_FORMAT"), ({"formats": ["swarm_ui"], "q": "x:"}, "BAD_QUERY")]
)
def test_what_cannot_be_meant_is_refused(app: AppBench, body: Any, code: str, dry_run: bool) -> None:
    assert app.post("/api/models/export", {**body, "dry_run": dry_run}, status=400)["code"] == code


def test_only_an_export_that_changed_something_can_be_undone(app: AppBench, model: str) -> None:
    scan = app.get("/api/tasks")["items"][0]["task_id"]
    nothing = export(app, "user_metadata")["task"]["task_id"]
    for task_id in (scan, nothing, "none"):
        app.post(f"/api/models/export/{task_id}/undo", status=404)


def test_nothing_is_written_unless_the_user_asks_for_it(app: AppBench, model: str, sidecar: Path) -> None:
    patch(app, model, {"notes": "At dusk."})
    assert exports(app) == []
    assert list(sidecar.parent.iterdir()) == [sidecar.with_suffix(".safetensors")]


def test_what_is_said_on_the_page_lies_beside_the_model_where_that_is_wanted(
    app: AppBench, model: str, sidecar: Path
) -> None:
    app.request("PATCH", "/api/settings", 200, json={"values": {"sidecar_export": ["user_metadata"]}})
    patch(app, model, {"notes": "At dusk."})
    wait_for_exports(app, 1)
    assert '"At dusk."' in sidecar.read_text("utf-8")
    patch(app, model, {"notes": ""})
    wait_for_exports(app, 2)
    assert '"At dusk."' not in sidecar.read_text("utf-8")


def test_a_format_that_is_not_written_cannot_be_set(app: AppBench) -> None:
    app.request("PATCH", "/api/settings", 400, json={"values": {"sidecar_export": ["text"]}})


def test_a_download_gets_the_files_that_are_wanted(
    make_app: Callable[..., AppBench], fake_world: FakeWorld, tmp_path: Path
) -> None:
    app = make_app(sidecar_export=["civitai_info"], hash_in_background=False, **settings_of(fake_world))
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=300_000)
    started = app.post("/api/download", {"url": fake_world.page_url(made)}, status=202)
    model_id = app.wait_for_task(started["task_id"])["model_id"]
    wait_for_exports(app, 1)
    (written,) = tmp_path.rglob("*.civitai.info")
    detail = app.get(f"/api/models/{model_id}")
    assert [one["kind"] for one in detail["sidecars"]] == ["civitai_info"]
    assert json.loads(written.read_bytes())["id"] == int(detail["published"]["version_id"])


def test_a_file_that_was_written_is_no_news_of_the_source(
    make_app: Callable[..., AppBench], fake_world: FakeWorld
) -> None:
    app = make_app(hash_in_background=False, **settings_of(fake_world))
    made = fake_world.add_model("Quiet Harbour", tags=("sea",), description="<p>Fog.</p>", trained_words=("hrbr",))
    started = app.post("/api/download", {"url": fake_world.page_url(made)}, status=202)
    model = f"/api/models/{app.wait_for_task(started['task_id'])['model_id']}"
    before = app.get(model)
    assert before["published_detail"]["description_html"] == "<p>Fog.</p>"
    done = export(app, "civitai_info", "lora_manager", "stability_matrix", "swarm_ui", "user_metadata")
    assert done["written"] == 5, done
    app.wait_for_task(app.post("/api/models/scan", {"full": True}, status=202)["task_id"])
    after = app.get(model)
    for field in ("published_detail", "name", "tags", "trigger_words", "base_model", "type"):
        assert after[field] == before[field]
    assert len(after["sidecars"]) == 5
    patch(app, model, {"own_name": "Mine", "notes": "At dusk."})
    assert export(app, "lora_manager", "stability_matrix")["written"] == 2
    app.wait_for_task(app.post("/api/models/scan", {"full": True}, status=202)["task_id"])
    assert app.get(model)["published_detail"] == before["published_detail"]


def test_who_said_what_is_shown_with_the_model(app: AppBench, model: str, sidecar: Path) -> None:
    sidecar.write_text(
        '{"activation text": "ink", "notes": "<b>Low.</b>", "description": "Soft.", "preferred weight": 0.6}'
    )
    app.scan()
    patch(app, model, {"own_name": "Mine"})
    detail = app.get(model)
    assert detail["provenance"] == {
        "name": "user", "type": "header", "base_model": "header", "trigger_words": "user_metadata",
        "description": "user_metadata", "notes": "user_metadata", "preferred_weight": "user_metadata",
    }  # fmt: skip
    assert (detail["description_html"], detail["preferred_weight"]) == ("<p>Soft.</p>", 0.6)
    assert detail["claimed_notes"] == [{"kind": "user_metadata", "text": "<b>Low.</b>"}]


def test_a_sidecar_is_shown_as_text_and_never_as_a_page(app: AppBench, model: str, sidecar: Path) -> None:
    raw = b'\xef\xbb\xbf{"notes": "<script>alert(1)</script>", "activation text": "\xe7\x81\xaf"}'
    sidecar.write_bytes(raw)
    app.scan()
    (listed,) = app.get(model)["sidecars"]
    answer = app.http.get(f"{model}/sidecars/{listed['id']}")
    assert (answer.status_code, answer.content) == (200, raw)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''a.json"


def test_there_is_no_sidecar_of_another_model(app: AppBench, model: str, sidecar: Path) -> None:
    sidecar.write_text('{"activation text": "ink"}')
    app.scan()
    (listed,) = app.get(model)["sidecars"]
    app.request("GET", f"/api/models/999/sidecars/{listed['id']}", 404)
    app.request("GET", f"{model}/sidecars/999", 404)
