"""Installed programs and ComfyUI's list of folders through the API."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.app_bench import AppBench
from tests.support.engine_trees import make_comfyui, make_stability_matrix, make_tree


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder; what else is on the machine that runs the tests is not asserted."""
    folder = make_tree(tmp_path / "home")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    for name in ("XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def app(make_app: Callable[..., AppBench], home: Path) -> AppBench:
    return make_app(hash_in_background=False)


def installs_below(app: AppBench, home: Path) -> list[Any]:
    return [one for one in app.get("/api/engines")["installs"] if Path(one["root"]).is_relative_to(home)]


def test_installs_are_listed_with_their_folders_as_they_stand_to_the_library(app: AppBench, home: Path) -> None:
    root = make_comfyui(home / "AI/ComfyUI")
    (root / "models/loras/a.safetensors").touch()
    make_stability_matrix(home / "StabilityMatrix")
    comfyui, matrix = installs_below(app, home)
    folder = {"path": str(root / "models"), "models": 1, "is_exact": True, "state": "new"}
    expected = {"engine": "comfyui", "name": "ComfyUI", "root": str(root), "reads_paths": True, "folders": [folder]}
    assert comfyui == expected
    assert (matrix["engine"], matrix["reads_paths"]) == ("stability_matrix", False)
    app.post("/api/folders", {"path": str(root / "models")}, status=201)
    assert [one["folders"][0]["state"] for one in installs_below(app, home)] == ["library", "new"]


def test_a_folder_that_is_chosen_is_told_apart(app: AppBench, home: Path) -> None:
    root = make_comfyui(home / "ComfyUI")
    (root / "models/loras/a.safetensors").touch()
    by_program = app.post("/api/engines/recognise", {"path": str(root)})
    assert by_program["install"]["folders"][0]["path"] == str(root / "models")
    by_models = app.post("/api/engines/recognise", {"path": str(root / "models/loras")})
    assert by_models["install"]["root"] == str(root)
    assert by_models["folder"] == {
        "path": str(root / "models/loras"), "models": 1, "is_exact": True, "state": "new"
    }  # fmt: skip
    other = app.post("/api/engines/recognise", {"path": str(home)})
    assert other["install"] == by_program["install"]  # the one right inside
    app.post("/api/folders", {"path": str(root / "models")}, status=201)
    assert app.post("/api/engines/recognise", {"path": str(root / "models/loras")})["folder"]["state"] == "inside"
    assert app.post("/api/engines/recognise", {"path": str(root)})["folder"]["state"] == "around"
    refused = app.request("POST", "/api/engines/recognise", 400, json={"path": "models"})
    assert refused["code"] == "BAD_PATH"


def test_folders_are_browsed_from_the_usual_places_down(app: AppBench, home: Path) -> None:
    make_comfyui(home / "AI/ComfyUI")
    make_tree(home / "AI/.hidden")
    (home / "AI/file.txt").touch()
    begin = app.post("/api/folders/browse", {})
    assert str(home) in [folder["path"] for folder in begin["folders"]]
    assert (begin["path"], begin["parent"]) == (None, None)
    inside = app.post("/api/folders/browse", {"path": str(home / "AI")})
    expected = {"name": "ComfyUI", "path": str(home / "AI/ComfyUI"), "engine_name": "ComfyUI"}
    assert (inside["parent"], inside["folders"]) == (str(home), [expected])
    assert app.post("/api/folders/browse", {"path": "/"})["parent"] is None
    assert app.request("POST", "/api/folders/browse", 400, json={"path": str(home / "no")})["code"] == "NOT_A_FOLDER"


def test_comfyui_is_told_of_the_library_and_that_is_taken_back(app: AppBench, home: Path) -> None:
    root = make_comfyui(home / "ComfyUI")
    file = root / "extra_model_paths.yaml"
    file.write_text("# mine\n")
    assert "sd_model_manager:" in app.get("/api/comfyui/paths")["text"]
    plan = app.post("/api/comfyui/paths/plan", {"path": str(root)})
    assert (plan["file"], plan["exists"]) == (str(file), True)
    assert "+sd_model_manager:" in plan["diff"]
    assert plan["folders"]["loras"] == [str(app.models / "loras")]
    written = app.post("/api/comfyui/paths/write", {"path": str(root), "digest": plan["digest"]})
    assert file.read_text().startswith("# mine\n\n#")
    refused = app.request("POST", "/api/comfyui/paths/write", 409, json={"path": str(root), "digest": plan["digest"]})
    assert refused["code"] == "CHANGED_SINCE"
    assert app.post("/api/comfyui/paths/plan", {"path": str(root)})["diff"] == []
    undone = app.post("/api/comfyui/paths/undo", {"undo_id": written["undo_id"]})
    assert undone == {"file": str(file), "undo_id": None}
    assert file.read_text() == "# mine\n"


def test_what_is_no_comfyui_is_not_written_to(app: AppBench, home: Path) -> None:
    for path in (str(home), str(home / "extra_model_paths.yaml")):
        refused = app.request("POST", "/api/comfyui/paths/plan", 400, json={"path": path})
        assert refused["code"] == "NOT_COMFYUI"
    assert app.request("POST", "/api/comfyui/paths/undo", 404, json={"undo_id": "../x"})["code"] == "NOT_FOUND"
