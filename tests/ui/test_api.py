"""The interface other programs rely on: one envelope, clear errors, models as they are."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.library.test_model_sets import save_pipeline
from tests.support.app_bench import AppBench
from tests.support.model_files import write_safetensors

MakeApp = Callable[..., AppBench]
LORA = {
    "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight": ("F16", (4, 768)),
    "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_up.weight": ("F16", (320, 4)),
}


def add_lora(app: AppBench, name: str) -> Path:
    path = app.models / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_safetensors(path, LORA, {"title": name})


def test_health_tells_what_there_is(app: AppBench) -> None:
    health = app.get("/api/health")
    assert health["status"] == "ok"
    assert health["database"] in {"sqlite", "postgresql"}
    assert health["models"] == 0


def test_health_counts_anew_as_soon_as_something_has_changed(app: AppBench) -> None:
    before = app.get("/api/health")
    assert before["models"] == 0
    add_lora(app, "one.safetensors")
    app.scan()
    after = app.get("/api/health")
    assert after["models"] == 1
    assert after["tasks"]["done"] > before["tasks"]["done"]


@pytest.mark.parametrize("path", ["/api/nowhere", "/api", "/api/models/7", "/api/tasks/7", "/api/download/7"])
def test_what_does_not_exist_is_a_json_404(app: AppBench, path: str) -> None:
    assert app.request("GET", path, 404)["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=0", "limit"), ("limit=501", "limit"), ("sort=colour", "sort"), ("category=cellar", "category")],
)
def test_an_invalid_query_names_the_field(app: AppBench, query: str, field: str) -> None:
    body = app.request("GET", f"/api/models?{query}", 422)
    assert field in body["details"]
    assert field in body["error"]


@pytest.mark.parametrize("body", ["", "{", "[]", '{"url": 7}', '{"url": "x", "colour": "red"}', '{"url": ""}'])
def test_an_invalid_body_is_a_422_that_says_why(app: AppBench, body: str) -> None:
    answer = app.http.post("/api/download", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["details"]


@pytest.mark.parametrize("number", ["-1", "99999999999999999999", "x", "1e3"])
def test_a_number_no_model_can_have_is_an_invalid_one(app: AppBench, number: str) -> None:
    app.request("GET", f"/api/models/{number}", 422)


def test_a_nul_in_an_address_is_bad_input(app: AppBench) -> None:
    for path in ("/api/models?q=%00", "/api/models?folder=a%00b", "/api/tasks/%00"):
        assert app.request("GET", path, 400)["code"] == "BAD_INPUT"


def test_a_cursor_that_is_none_is_bad_input(app: AppBench) -> None:
    assert app.request("GET", "/api/models?cursor=made-up", 400)["code"] == "BAD_CURSOR"


def test_a_scan_lists_models_with_all_that_the_contract_names(app: AppBench) -> None:
    path = add_lora(app, "loras/style/ink.safetensors")
    app.scan()
    page = app.get("/api/models", params={"q": "INK", "type": "lora", "base_model": "SD 1.5", "sort": "name"})
    (model,) = page["items"]
    assert page["total"] == 1
    assert page["next_cursor"] is None
    assert model["path"] == str(path)
    assert (model["filename"], model["folder"], model["category"]) == ("ink.safetensors", "loras/style", "active")
    assert (model["type"], model["base_model"], model["format"]) == ("lora", "SD 1.5", "safetensors")
    assert (model["state"], model["duplicates"], model["favorite"], model["rating"]) == ("present", 0, False, None)
    assert model["size_bytes"] == path.stat().st_size
    assert model["added_at"].endswith("Z")


def test_a_search_that_cannot_be_read_says_where_and_what_is_possible(app: AppBench) -> None:
    add_lora(app, "ink.safetensors")
    app.scan()
    assert app.get("/api/models", params={"q": "is:present size:<1MB sort:-size"})["total"] == 1
    for path in ("/api/models", "/api/models/facets"):
        failure = app.request("GET", path, 400, params={"q": "ink tpye:lora"})
        told = {key: failure["details"][key] for key in ("position", "problem", "text", "alike")}
        assert failure["code"] == "BAD_QUERY"
        assert told == {"position": 4, "problem": "UNKNOWN_FIELD", "text": "tpye", "alike": "type"}
        assert "Did you mean 'type'?" in failure["error"]


def test_one_model_tells_where_it_lies_what_it_is_and_why(app: AppBench) -> None:
    path = add_lora(app, "a.safetensors")
    shutil.copy(path, app.models / "b.safetensors")
    app.scan()
    (listed,) = app.get("/api/models")["items"]
    model = app.get(f"/api/models/{listed['id']}")
    assert {location["filename"] for location in model["locations"]} == {"a.safetensors", "b.safetensors"}
    assert model["identity"]["evidence"]
    assert model["header_metadata"] == {"title": "a.safetensors"}
    assert listed["duplicates"] == 1


def test_a_model_of_several_files_names_them_and_shows_its_picture(app: AppBench) -> None:
    folder = save_pipeline(app.models / "dream-1.5")
    Image.new("RGB", (8, 8)).save(folder / "cover.png")
    app.scan()
    (listed,) = app.get("/api/models")["items"]
    model = app.get(f"/api/models/{listed['id']}")
    assert (listed["filename"], listed["path"], listed["sha256"]) == ("dream-1.5", str(folder), None)
    index = folder / "model_index.json"
    assert model["parts"][0] == {"filename": index.name, "size_bytes": index.stat().st_size}
    assert sum(part["size_bytes"] for part in model["parts"]) == listed["size_bytes"]
    assert app.http.get(listed["preview_url"]).status_code == 200


def test_pages_join_without_gap_or_overlap(app: AppBench) -> None:
    for number in range(5):
        add_lora(app, f"m{number}.safetensors")
    app.scan()
    names, cursor = [], None
    while True:
        page = app.get("/api/models", params={"limit": 2, "sort": "name", **({"cursor": cursor} if cursor else {})})
        names += [model["name"] for model in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert names == [f"m{number}" for number in range(5)]


def test_facets_count_what_each_choice_would_give(app: AppBench) -> None:
    add_lora(app, "loras/a.safetensors")
    app.scan()
    facets = app.get("/api/models/facets")
    assert facets["type"] == [{"value": "lora", "count": 1}]
    assert facets["folder"] == [{"value": "loras", "count": 1}]


def test_a_picture_beside_a_model_is_served_and_kept_by_the_browser(app: AppBench) -> None:
    add_lora(app, "a.safetensors")
    Image.new("RGB", (8, 8), "teal").save(app.models / "a.preview.png")
    app.scan()
    (model,) = app.get("/api/models")["items"]
    answer = app.http.get(model["preview_url"])
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content == (app.models / "a.preview.png").read_bytes()


def test_what_only_calls_itself_a_picture_is_never_served(app: AppBench, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the user's secret")
    add_lora(app, "a.safetensors")
    (app.models / "a.png").write_text("<svg onload=alert(1)>")
    add_lora(app, "b.safetensors")
    (app.models / "b.png").symlink_to(secret)
    app.scan()
    for model in app.get("/api/models")["items"]:
        answer = app.http.get(model["preview_url"])
        assert answer.status_code in {403, 404}
        assert "secret" not in answer.text.replace("secret.txt", "")


def test_folders_are_added_scanned_and_forgotten_without_touching_files(app: AppBench, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    kept = write_safetensors(other / "x.safetensors", LORA, {"title": "x"})
    added = app.request("POST", "/api/folders", 201, json={"path": str(other)})
    app.wait_until(lambda: app.get("/api/models")["total"] == 1)
    assert app.request("POST", "/api/folders", 409, json={"path": str(other)})["code"] == "FOLDER_OVERLAPS"
    app.request("DELETE", f"/api/folders/{added['id']}", 200)
    assert [folder["path"] for folder in app.get("/api/folders")] == [str(app.models)]
    assert kept.exists()
    assert app.get("/api/models")["items"][0]["state"] == "missing"


@pytest.mark.parametrize("path", ["relative", "/does/not/exist", "/etc/passwd"])
def test_what_is_no_folder_cannot_be_added(app: AppBench, path: str) -> None:
    app.request("POST", "/api/folders", 400, json={"path": path})


def test_a_folder_that_the_configuration_names_is_removed_there(app: AppBench) -> None:
    (folder,) = app.get("/api/folders")
    assert folder["is_locked"]
    app.request("DELETE", f"/api/folders/{folder['id']}", 409)


def test_settings_are_changed_kept_and_taken_back(make_app: MakeApp) -> None:
    app = make_app()
    app.request("PATCH", "/api/settings", 200, json={"values": {"downloads_at_once": 5}})
    states = {s["key"]: s for s in make_app().get("/api/settings")["settings"]}
    assert states["downloads_at_once"]["value"] == 5
    assert states["model_dir"]["is_locked"]
    app.request("PATCH", "/api/settings", 200, json={"values": {"downloads_at_once": None}})
    states = {s["key"]: s for s in app.get("/api/settings")["settings"]}
    assert states["downloads_at_once"]["value"] == 3


def test_a_setting_tells_what_it_can_be(app: AppBench) -> None:
    states = {s["key"]: s for s in app.get("/api/settings")["settings"]}
    assert (states["downloads_at_once"]["minimum"], states["downloads_at_once"]["maximum"]) == (1, 32)
    assert states["log_level"]["choices"] == ["DEBUG", "INFO", "WARNING", "ERROR"]
    assert "user_metadata" in states["sidecar_export"]["choices"]
    assert states["civitai_base_url"]["choices"] == []


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"downloads_at_once": 0}, 400),
        ({"downloads_at_once": "many"}, 400),
        ({"colour": "red"}, 400),
        ({"host": "0.0.0.0"}, 400),
        ({"save_previews": False}, 409),
    ],
)
def test_a_setting_that_cannot_be_is_refused(make_app: MakeApp, values: dict[str, object], status: int) -> None:
    app = make_app(save_previews=True)
    app.request("PATCH", "/api/settings", status, json={"values": values})


def test_a_key_is_kept_for_its_user_alone_and_never_shown_again(app: AppBench, tmp_path: Path) -> None:
    app.request("PATCH", "/api/settings", 200, json={"values": {"civitai_api_key": "0123456789abcdef"}})
    shown = app.http.get("/api/settings").text
    assert "0123456789abcdef" not in shown
    assert '"is_set":true' in shown
    file = tmp_path / "data/credentials.json"
    assert file.stat().st_mode & 0o077 == 0
    assert app.services.settings.get("civitai_api_key") == "0123456789abcdef"


def test_the_page_is_served_for_every_address_of_its_own(app: AppBench) -> None:
    for path in ("/", "/downloads", "/models/7", "/insights", "/settings"):
        answer = app.http.get(path)
        assert "text/html" in answer.headers["content-type"]
    assert app.http.get("/assets/nowhere.js").status_code == 404


def test_paths_out_of_the_pages_folder_lead_nowhere(app: AppBench) -> None:
    for path in ("/..%2f..%2fconfig.py", "/%2e%2e/config.py", "/.stamp", "/..\\config.py"):
        assert "pydantic" not in app.http.get(path).text


def test_the_reference_names_every_route_and_needs_nothing_from_elsewhere(app: AppBench) -> None:
    text = app.http.get("/docs").text
    paths = app.http.get("/openapi.json").json()["paths"]
    assert all(path in text for path in paths)
    assert "<script" not in text
    assert "https://" not in text


def test_other_pages_hear_of_another_setting(app: AppBench) -> None:
    with app.socket("/ws/events") as socket:
        app.request("PATCH", "/api/settings", 200, json={"values": {"downloads_at_once": 2}})
        while socket.receive_json()["type"] != "settings_changed":
            pass
