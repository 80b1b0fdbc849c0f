"""A pasted link becomes a model in the library, whatever happens on the way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.websockets import WebSocketDisconnect

from tests.support.app_bench import AppBench, settings_of
from tests.support.fake_world.world import GOOD_KEY, FakeWorld

MakeApp = Callable[..., AppBench]


@pytest.fixture
def app(make_app: MakeApp, fake_world: FakeWorld) -> AppBench:
    return make_app(**settings_of(fake_world))


def start(app: AppBench, world: FakeWorld, **model: object) -> tuple[dict[str, object], Path]:
    made = world.add_model("Quiet Harbour", **{"type": "LORA", "size_bytes": 300_000, **model})
    task = app.post("/api/download", {"url": world.page_url(made)}, status=202)
    return task, app.models / "loras"


def test_a_link_becomes_a_file_with_exact_bytes_and_a_model_with_all_its_source_says(
    app: AppBench, fake_world: FakeWorld
) -> None:
    task, folder = start(app, fake_world)
    done = app.wait_for_task(str(task["task_id"]))
    path = Path(done["path"])
    assert path.parent == folder
    assert done["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (done["bytes_done"], done["bytes_total"]) == (path.stat().st_size, path.stat().st_size)
    model = app.get(f"/api/models/{done['model_id']}")
    assert model["name"] == "Quiet Harbour"
    assert model["sha256"] == done["sha256"]
    assert model["published"]["source"] == "civitai"
    assert model["preview_url"]
    assert sorted(p.suffix for p in folder.iterdir()) == [".jpeg", ".safetensors"]


@pytest.mark.parametrize("again", ["while it is queued", "when it is on the disk"])
def test_asking_twice_points_at_what_there_is(app: AppBench, fake_world: FakeWorld, again: str) -> None:
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=300_000)
    fake_world.fault("hold", after_bytes=1000, times=None) if again == "while it is queued" else None
    task = app.post("/api/download", {"url": fake_world.page_url(made)}, status=202)
    if again == "while it is queued":
        body = app.post("/api/download", {"url": fake_world.page_url(made)}, status=409)
        assert body["details"]["task"]["task_id"] == task["task_id"]
        fake_world.storage.gate.set()
    done = app.wait_for_task(task["task_id"])
    body = app.post("/api/download", {"url": fake_world.page_url(made)}, status=409)
    assert body["details"]["model"]["id"] == done["model_id"]


def test_inspecting_shows_what_would_come_and_fetches_nothing(app: AppBench, fake_world: FakeWorld) -> None:
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=300_000)
    seen = app.post("/api/download/inspect", {"url": fake_world.page_url(made)})
    assert seen["published"]["model_name"] == "Quiet Harbour"
    assert [file["is_chosen"] for file in seen["files"]] == [True]
    assert Path(seen["path"]).parent == app.models / "loras"
    assert seen["free_bytes"] > 0
    assert seen["on_disk"] is None
    assert not (app.models / "loras").exists()


def test_a_paused_download_resumes_where_it_was(app: AppBench, fake_world: FakeWorld) -> None:
    fake_world.fault("hold", after_bytes=100_000, times=None)
    task, folder = start(app, fake_world)
    assert fake_world.storage.held.wait(30)
    paused = app.post(f"/api/download/{task['task_id']}/pause")
    assert paused["state"] == "paused"
    app.post(f"/api/download/{task['task_id']}/pause", status=409)
    app.wait_until(lambda: not app.services.queue.store.list_owners())
    fake_world.storage.faults.clear()
    fake_world.storage.gate.set()
    app.post(f"/api/download/{task['task_id']}/resume")
    done = app.wait_for_task(str(task["task_id"]))
    assert done["sha256"] == hashlib.sha256(Path(done["path"]).read_bytes()).hexdigest()
    assert any("range" in request.headers for request in fake_world.requests_to("storage"))
    assert not list(folder.glob("*.part*"))


def test_nothing_remains_of_a_cancelled_download_and_it_can_be_tried_again(
    app: AppBench, fake_world: FakeWorld
) -> None:
    fake_world.fault("hold", after_bytes=100_000, times=None)
    task, folder = start(app, fake_world)
    assert fake_world.storage.held.wait(30)
    assert app.post(f"/api/download/{task['task_id']}/cancel")["state"] == "cancelled"
    app.wait_until(lambda: not app.services.queue.store.list_owners() and not list(folder.iterdir()))
    fake_world.storage.faults.clear()
    fake_world.storage.gate.set()
    app.post(f"/api/download/{task['task_id']}/retry")
    app.wait_for_task(str(task["task_id"]))


def test_a_download_that_ran_when_the_program_ended_goes_on_at_the_next_start(
    make_app: MakeApp, fake_world: FakeWorld, tmp_path: Path, database_url: str
) -> None:
    fake_world.fault("hold", after_bytes=100_000, times=None)
    with AppBench(tmp_path, database_url, **settings_of(fake_world)) as first:
        task, _ = start(first, fake_world)
        assert fake_world.storage.held.wait(30)
    fake_world.storage.faults.clear()
    fake_world.storage.gate.set()
    done = make_app(**settings_of(fake_world)).wait_for_task(str(task["task_id"]))
    assert done["sha256"] == hashlib.sha256(Path(done["path"]).read_bytes()).hexdigest()


def test_another_file_of_that_name_is_never_overwritten(app: AppBench, fake_world: FakeWorld) -> None:
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=300_000)
    planned = Path(app.post("/api/download/inspect", {"url": fake_world.page_url(made)})["path"])
    planned.parent.mkdir()
    planned.write_bytes(b"the user's own work")
    named = {"url": fake_world.page_url(made), "filename": planned.name}
    assert app.post("/api/download", named, status=409)["code"] == "FILE_EXISTS"
    task = app.post("/api/download", {"url": fake_world.page_url(made)}, status=202)
    assert Path(app.wait_for_task(task["task_id"])["path"]) != planned
    assert planned.read_bytes() == b"the user's own work"


@pytest.mark.parametrize(
    "name", ["../../evil", "/etc/evil", "C:\\evil", "con", "-rf", "a\u202egnp.safetensors", "x" * 300, "..", "a/b"]
)
def test_hostile_names_end_as_safe_ones_inside_the_library(app: AppBench, fake_world: FakeWorld, name: str) -> None:
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=3000)
    task = app.post("/api/download", {"url": fake_world.page_url(made), "filename": name}, status=202)
    path = Path(app.wait_for_task(task["task_id"])["path"])
    assert path.parent == app.models / "loras"
    assert path.suffix == ".safetensors"


@pytest.mark.parametrize("folder", ["../outside", "/etc", "loras/../../x"])
def test_a_folder_outside_the_library_is_refused(app: AppBench, fake_world: FakeWorld, folder: str) -> None:
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=3000)
    answer = app.http.post("/api/download", json={"url": fake_world.page_url(made), "folder": folder})
    assert answer.status_code in {400, 403}


def test_the_user_chooses_folder_and_category(app: AppBench, fake_world: FakeWorld) -> None:
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=3000)
    wish = {"url": fake_world.page_url(made), "folder": "loras/style", "category": "archive"}
    done = app.wait_for_task(app.post("/api/download", wish, status=202)["task_id"])
    assert Path(done["path"]).parent == app.models.with_name("models-archive") / "loras/style"
    assert app.get(f"/api/models/{done['model_id']}")["category"] == "archive"


@pytest.mark.parametrize("text", ["what is this", "ftp://x/y", "https://civitai.com/images/7", "javascript:alert(1)"])
def test_what_names_no_model_is_bad_input(app: AppBench, text: str) -> None:
    app.post("/api/download", {"url": text}, status=400)


def test_a_model_unknown_at_its_source_is_a_failure_of_the_source(app: AppBench, fake_world: FakeWorld) -> None:
    body = app.post("/api/download", {"url": f"{fake_world.api_url}/models/4040404"}, status=502)
    assert body["code"] == "SOURCE_NOT_FOUND"


def test_wrong_bytes_are_fetched_once_more_and_then_kept_aside(app: AppBench, fake_world: FakeWorld) -> None:
    fake_world.fault("corrupt", after_bytes=5000, times=None)
    task, folder = start(app, fake_world)
    failed = app.wait_for_task(str(task["task_id"]), "failed")
    assert failed["code"] == "WRONG_HASH"
    assert not list(folder.glob("*.safetensors"))
    assert len(list(folder.glob("*.wrong-hash*"))) == 1


def test_a_login_page_in_place_of_a_file_is_no_model(app: AppBench, fake_world: FakeWorld) -> None:
    fake_world.fault("html", times=None)
    task, folder = start(app, fake_world)
    app.wait_for_task(str(task["task_id"]), "failed")
    assert not list(folder.glob("*")) or not list(folder.glob("*.safetensors"))


def test_the_key_goes_to_civitai_alone_and_appears_nowhere(
    make_app: MakeApp, fake_world: FakeWorld, tmp_path: Path
) -> None:
    fake_world.login_required = True
    app = make_app(civitai_api_key=GOOD_KEY, **settings_of(fake_world))
    task, _ = start(app, fake_world)
    app.wait_for_task(str(task["task_id"]))
    assert fake_world.list_leaks() == []
    for path in ("/api/settings", "/api/download", "/api/tasks", "/api/models"):
        assert GOOD_KEY not in app.http.get(path).text
    for log in (tmp_path / "logs").glob("*"):
        assert GOOD_KEY not in log.read_text()


def test_a_missing_key_is_said_to_be_missing(app: AppBench, fake_world: FakeWorld) -> None:
    fake_world.login_required = True
    task, _ = start(app, fake_world)
    failed = app.wait_for_task(str(task["task_id"]), "failed")
    assert failed["code"] == "SOURCE_NEEDS_LOGIN"


def test_progress_is_told_from_the_present_state_to_the_end(app: AppBench, fake_world: FakeWorld) -> None:
    fake_world.fault("hold", after_bytes=100_000, times=None)
    task, _ = start(app, fake_world)
    assert fake_world.storage.held.wait(30)
    with app.socket(f"/ws/download/{task['task_id']}") as socket:
        first = socket.receive_json()
        assert first["type"] == "progress"
        assert first["task"]["state"] == "running"
        fake_world.storage.faults.clear()
        fake_world.storage.gate.set()
        while socket.receive_json()["task"]["state"] == "running":
            pass
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert closed.value.code == 1000


def test_the_socket_of_a_finished_download_says_so_and_closes(app: AppBench, fake_world: FakeWorld) -> None:
    task, _ = start(app, fake_world)
    app.wait_for_task(str(task["task_id"]))
    with app.socket(f"/ws/download/{task['task_id']}") as socket:
        assert socket.receive_json()["task"]["state"] == "done"
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert closed.value.code == 1000


def test_the_socket_of_an_unknown_task_is_closed_with_4404(app: AppBench) -> None:
    with app.socket("/ws/download/nothing") as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_json()
    assert closed.value.code == 4404


def test_everything_that_changes_is_told_on_the_events_socket(app: AppBench, fake_world: FakeWorld) -> None:
    with app.socket("/ws/events") as socket:
        assert socket.receive_json()["type"] == "hello"
        task, _ = start(app, fake_world)
        kinds: set[str] = set()
        while not {"task", "models_changed"} <= kinds:
            message = socket.receive_json()
            kinds.add(message["type"])
    app.wait_for_task(str(task["task_id"]))


def test_the_history_is_listed_filtered_and_cleared(app: AppBench, fake_world: FakeWorld) -> None:
    task, _ = start(app, fake_world)
    app.wait_for_task(str(task["task_id"]))
    assert [item["task_id"] for item in app.get("/api/download?state=done")["items"]] == [task["task_id"]]
    assert app.get("/api/download?state=failed")["items"] == []
    app.request("DELETE", f"/api/download/{task['task_id']}", 200)
    assert app.get("/api/download")["total"] == 0
    assert app.get("/api/models")["total"] == 1


def test_the_token_of_a_pasted_link_is_kept_nowhere(app: AppBench, fake_world: FakeWorld, tmp_path: Path) -> None:
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=3000)
    url = f"{fake_world.page_url(made)}&token=sesame-open-now"
    url = url if "?" in url else url.replace("&", "?", 1)
    task = app.post("/api/download", {"url": url}, status=202)
    assert "sesame-open-now" not in json.dumps(app.wait_for_task(task["task_id"]))
