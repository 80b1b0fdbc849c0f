"""The queue of downloads in the user's hands: its order, all of it at once, and its history."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.app_bench import AppBench, settings_of
from tests.support.fake_world.payloads import make_safetensors
from tests.support.fake_world.world import FakeWorld

MakeApp = Callable[..., AppBench]


@pytest.fixture
def app(make_app: MakeApp, fake_world: FakeWorld) -> AppBench:
    return make_app(downloads_at_once=1, **settings_of(fake_world))


def queue(app: AppBench, world: FakeWorld, name: str, **wish: object) -> Any:
    made = world.add_model(name, type="LORA", size_bytes=300_000)
    return app.post("/api/download", {"url": world.page_url(made), **wish}, status=202)


def hold(world: FakeWorld) -> None:
    """Every download stops in the middle until `let_go`."""
    world.fault("hold", after_bytes=100_000, times=None)


def let_go(world: FakeWorld) -> None:
    world.storage.faults.clear()
    world.storage.gate.set()


def names(app: AppBench, query: str = "order=queue") -> list[str]:
    return [item["name"].partition(" ·")[0] for item in app.get(f"/api/download?{query}")["items"]]


def test_what_waits_is_worked_on_in_the_order_the_user_gives_it(app: AppBench, fake_world: FakeWorld) -> None:
    hold(fake_world)
    first, a, b = (queue(app, fake_world, name) for name in ("First", "A", "B"))
    assert fake_world.storage.held.wait(30)
    app.post(f"/api/download/{b['task_id']}/move", {"before": a["task_id"]})
    c = queue(app, fake_world, "C", position="first")
    assert names(app) == ["C", "First", "B", "A"]
    app.post(f"/api/download/{c['task_id']}/move", {"to": "last"})
    assert names(app) == ["First", "B", "A", "C"]
    app.post(f"/api/download/{first['task_id']}/move", {"before": None})
    assert names(app) == ["B", "A", "C", "First"]
    let_go(fake_world)
    done = [app.wait_for_task(task["task_id"]) for task in (first, b, a, c)]
    assert sorted(task["started_at"] for task in done) == [task["started_at"] for task in done]


@pytest.mark.parametrize("body", [{}, {"to": None}, {"to": "middle"}, {"before": None, "to": "first"}])
def test_a_place_has_to_be_named(app: AppBench, fake_world: FakeWorld, body: dict[str, object]) -> None:
    task = queue(app, fake_world, "A")
    app.post(f"/api/download/{task['task_id']}/move", body, status=422)


def test_what_is_finished_cannot_be_moved(app: AppBench, fake_world: FakeWorld) -> None:
    task = queue(app, fake_world, "A")
    app.wait_for_task(task["task_id"])
    body = app.post(f"/api/download/{task['task_id']}/move", {"to": "first"}, status=409)
    assert body["code"] == "TASK_STATE"


def test_all_are_paused_resumed_and_cancelled_at_once(app: AppBench, fake_world: FakeWorld) -> None:
    hold(fake_world)
    for name in "ABC":
        queue(app, fake_world, name)
    assert fake_world.storage.held.wait(30)
    paused = app.post("/api/download/pause-all")
    assert [task["state"] for task in paused["changed"]] == ["paused"] * 3
    assert paused["refused"] == []
    assert app.post("/api/download/pause-all")["changed"] == []
    app.wait_until(lambda: not app.services.queue.store.list_owners())
    assert len(app.post("/api/download/resume-all")["changed"]) == 3
    cancelled = app.post("/api/download/cancel-all")["changed"]
    assert [task["state"] for task in cancelled] == ["cancelled"] * 3
    let_go(fake_world)
    folder = app.models / "loras"
    app.wait_until(lambda: not app.services.queue.store.list_owners() and not any(folder.iterdir()))


def test_all_that_failed_is_tried_again_and_what_was_cancelled_is_not(app: AppBench, fake_world: FakeWorld) -> None:
    fake_world.login_required = True
    failed = [queue(app, fake_world, name)["task_id"] for name in "AB"]
    for task_id in failed:
        app.wait_for_task(task_id, "failed")
    hold(fake_world)
    fake_world.login_required = False
    cancelled = queue(app, fake_world, "C")["task_id"]
    app.post(f"/api/download/{cancelled}/cancel")
    app.wait_for_task(cancelled, "cancelled")
    let_go(fake_world)
    assert {task["task_id"] for task in app.post("/api/download/retry-all")["changed"]} == set(failed)
    for task_id in failed:
        app.wait_for_task(task_id)
    assert app.get(f"/api/download/{cancelled}")["state"] == "cancelled"


def test_the_history_is_searched_and_cleared(app: AppBench, fake_world: FakeWorld) -> None:
    done = [queue(app, fake_world, name) for name in ("Quiet Harbour", "Loud Street")]
    for task in done:
        app.wait_for_task(task["task_id"])
    assert names(app, "q=harbour quiet") == ["Quiet Harbour"]
    assert names(app, "q=loud&state=failed") == []
    assert app.post("/api/download/clear", {"states": ["failed"]})["removed"] == 0
    assert app.post("/api/download/clear")["removed"] == 2
    assert app.get("/api/download")["total"] == 0
    assert app.get("/api/models")["total"] == 2


def test_a_download_is_done_again_into_the_same_folder_once_its_file_is_gone(
    app: AppBench, fake_world: FakeWorld
) -> None:
    first = queue(app, fake_world, "A", folder="loras/style", filename="mine")
    done = app.wait_for_task(first["task_id"])
    body = app.post(f"/api/download/{first['task_id']}/again", status=409)
    assert body["details"]["model"]["id"] == done["model_id"]
    Path(done["path"]).unlink()
    app.scan()
    again = app.post(f"/api/download/{first['task_id']}/again", status=202)
    assert again["task_id"] != first["task_id"]
    assert app.wait_for_task(again["task_id"])["path"] == done["path"]


def test_a_download_under_way_is_not_begun_again(app: AppBench, fake_world: FakeWorld) -> None:
    hold(fake_world)
    task = queue(app, fake_world, "A")
    assert app.post(f"/api/download/{task['task_id']}/again", status=409)["code"] == "TASK_STATE"


def test_a_host_is_spared_while_another_one_is_busy(make_app: MakeApp, fake_world: FakeWorld) -> None:
    app = make_app(downloads_at_once=3, downloads_per_host=1, **settings_of(fake_world))
    hold(fake_world)
    first, second = queue(app, fake_world, "A"), queue(app, fake_world, "B")
    assert fake_world.storage.held.wait(30)
    assert [app.get(f"/api/download/{task['task_id']}")["state"] for task in (first, second)] == ["running", "queued"]
    let_go(fake_world)
    app.wait_for_task(second["task_id"])


def test_what_does_not_fit_beside_the_queue_is_refused_with_how_much_is_missing(
    app: AppBench, fake_world: FakeWorld
) -> None:
    made = fake_world.add_model("Huge", type="LORA", size_bytes=3000)
    made.versions[0].files[0].facts["sizeKB"] = 10**15
    wish = {"url": fake_world.page_url(made)}
    seen = app.post("/api/download/inspect", wish)
    assert seen["needed_bytes"] == seen["size_bytes"]
    assert "NO_SPACE" in [warning["code"] for warning in seen["warnings"]]
    refused = app.post("/api/download", wish, status=507)
    assert refused["code"] == "NO_SPACE"
    assert refused["details"]["missing_bytes"] > 0


def test_limits_and_the_room_the_queue_needs_are_shown(app: AppBench, fake_world: FakeWorld) -> None:
    hold(fake_world)
    task = queue(app, fake_world, "A")
    queue(app, fake_world, "B")
    assert fake_world.storage.held.wait(30)
    limits = app.get("/api/download/limits")
    assert (limits["bytes_per_second"], limits["downloads_at_once"], limits["downloads_per_host"]) == (None, 1, 2)
    (room,) = limits["rooms"]
    assert room["free_bytes"] > room["needed_bytes"] >= task["bytes_total"]
    schedule = {"bandwidth_limit": 1, "bandwidth_schedule": "Mon-Sun=50MB"}
    app.request("PATCH", "/api/settings", 200, json={"values": schedule})
    limits = app.get("/api/download/limits")
    assert (limits["bytes_per_second"], limits["is_scheduled"]) == (50_000_000, True)
    let_go(fake_world)
    app.wait_for_task(task["task_id"])


def test_a_schedule_that_cannot_be_read_is_refused_with_the_reason(app: AppBench) -> None:
    body = app.request("PATCH", "/api/settings", 400, json={"values": {"bandwidth_schedule": "Mon-Fry=2MB"}})
    assert body["code"] == "BAD_SETTING"
    assert "'fry' is no day" in body["error"]


def test_a_checkpoint_is_fetched_with_what_goes_with_it_each_to_its_own_folder(
    app: AppBench, fake_world: FakeWorld
) -> None:
    made = fake_world.add_model("Harbour", type="Checkpoint", size_bytes=3000)
    vae = fake_world.library.add_file(
        made.versions[0], "harbour.vae.safetensors", make_safetensors(size_bytes=2000, seed=7), type="VAE"
    )
    wish = {"url": fake_world.page_url(made)}
    files = app.post("/api/download/inspect", wish)["files"]
    assert [(file["is_chosen"], file["is_companion"], file["type"]) for file in files] == [
        (True, False, "checkpoint"),
        (False, True, "vae"),
    ]
    started = app.post("/api/download", {**wish, "file_ids": [file["file_id"] for file in files]}, status=202)
    assert started["task_id"] == started["tasks"][0]["task_id"]
    paths = [Path(app.wait_for_task(task["task_id"])["path"]) for task in started["tasks"]]
    assert [path.parent.name for path in paths] == ["checkpoints", "vae"]
    app.post("/api/download", {**wish, "file_ids": [vae.file_id]}, status=409)
    app.post("/api/download", {**wish, "file_ids": [vae.file_id, 4711]}, status=404)
    app.post("/api/download", {**wish, "file_ids": [f["file_id"] for f in files], "filename": "x"}, status=400)


def test_of_several_files_those_that_are_here_are_named_and_the_rest_is_fetched(
    app: AppBench, fake_world: FakeWorld
) -> None:
    made = fake_world.add_model("Harbour", type="LORA", size_bytes=3000)
    other = fake_world.library.add_file(made.versions[0], "b.safetensors", make_safetensors(size_bytes=2000, seed=8))
    first = made.versions[0].files[0]
    wish = {"url": fake_world.page_url(made)}
    app.wait_for_task(app.post("/api/download", {**wish, "file_id": first.file_id}, status=202)["task_id"])
    started = app.post("/api/download", {**wish, "file_ids": [first.file_id, other.file_id]}, status=202)
    assert [refused["code"] for refused in started["refused"]] == ["ALREADY_ON_DISK"]
    assert [refused["file_id"] for refused in started["refused"]] == [str(first.file_id)]
    app.wait_for_task(started["task_id"])


def test_the_template_says_where_it_goes_and_inspecting_shows_it(app: AppBench, fake_world: FakeWorld) -> None:
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=3000, creator="../ink", base_model="Pony")
    template = "{type}/{base_model}/{creator}/{model_name}"
    app.request("PATCH", "/api/settings", 200, json={"values": {"path_template": template}})
    seen = app.post("/api/download/inspect", {"url": fake_world.page_url(made)})
    assert Path(seen["path"]).parent == app.models / "loras/Pony/_ink/Quiet Harbour"
    done = app.wait_for_task(app.post("/api/download", {"url": fake_world.page_url(made)}, status=202)["task_id"])
    assert done["path"] == seen["path"]
    body = app.request("PATCH", "/api/settings", 400, json={"values": {"path_template": "{type}/../.."}})
    assert "consists of dots" in body["error"]


def test_a_limit_that_another_process_sets_holds_here(
    make_app: MakeApp, fake_world: FakeWorld, tmp_path: Path, database_url: str
) -> None:
    app = make_app(**settings_of(fake_world))
    with AppBench(tmp_path, database_url, **settings_of(fake_world)) as other:
        other.request("PATCH", "/api/settings", 200, json={"values": {"bandwidth_limit": 123}})
    assert app.get("/api/download/limits")["bytes_per_second"] == 123
