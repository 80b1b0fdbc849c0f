"""Telling a ComfyUI of the library: shown first, written with a backup, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from sd_model_manager.integrations.comfy_paths import ComfyPaths
from sd_model_manager.integrations.paths_section import SECTION
from sd_model_manager.lib.errors import AppError, BadInput, Conflict, NotAllowed, NotFound
from sd_model_manager.lib.file_changes import FileBackups
from tests.support.engine_trees import a_machine, make_comfy_desktop, make_comfyui, make_tree, write_json


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return make_tree(tmp_path / "library", folders=("loras", "checkpoints"))


@pytest.fixture
def comfyui(tmp_path: Path) -> Path:
    return make_comfyui(tmp_path / "ComfyUI")


@pytest.fixture
def file(comfyui: Path) -> Path:
    return comfyui / "extra_model_paths.yaml"


@pytest.fixture
def paths(tmp_path: Path, library: Path) -> ComfyPaths:
    return ComfyPaths(lambda: [library], FileBackups(tmp_path / "backups"), lambda: a_machine(tmp_path / "home"))


def test_a_plan_shows_what_would_be_and_writes_nothing(paths: ComfyPaths, comfyui: Path, file: Path) -> None:
    plan = paths.plan(comfyui)
    assert (plan.file, plan.exists, plan.is_change) == (file, False, True)
    assert f"+{SECTION}:" in plan.diff
    assert not file.exists()


def test_what_was_planned_is_written_once_and_taken_back(paths: ComfyPaths, comfyui: Path, file: Path) -> None:
    file.write_text("# mine\na:\n  vae: /v\n")
    file.chmod(0o640)
    written, run_id = paths.write(comfyui, paths.plan(comfyui).digest)
    assert written == file
    assert file.read_text().startswith("# mine\na:\n  vae: /v\n\n# The library folders")
    assert file.stat().st_mode & 0o777 == 0o640
    again = paths.plan(comfyui)
    assert not again.is_change
    with pytest.raises(Conflict) as refused:
        paths.write(comfyui, again.digest)
    assert refused.value.error_code == "UNCHANGED"
    assert paths.undo(run_id) == file
    assert file.read_text() == "# mine\na:\n  vae: /v\n"


def test_a_file_that_was_not_there_is_gone_again_after_an_undo(paths: ComfyPaths, comfyui: Path, file: Path) -> None:
    _, run_id = paths.write(comfyui, paths.plan(comfyui).digest)
    assert file.exists()
    paths.undo(run_id)
    assert not file.exists()


def test_a_file_that_changed_since_the_plan_is_not_written(paths: ComfyPaths, comfyui: Path, file: Path) -> None:
    plan = paths.plan(comfyui)
    file.write_text("theirs: {vae: /v}\n")
    with pytest.raises(Conflict) as refused:
        paths.write(comfyui, plan.digest)
    assert refused.value.error_code == "CHANGED_SINCE"
    assert file.read_text() == "theirs: {vae: /v}\n"


def test_a_file_that_changed_since_it_was_written_is_not_taken_back(
    paths: ComfyPaths, comfyui: Path, file: Path
) -> None:
    _, run_id = paths.write(comfyui, paths.plan(comfyui).digest)
    file.write_text("theirs: {vae: /v}\n")
    with pytest.raises(Conflict):
        paths.undo(run_id)
    assert file.read_text() == "theirs: {vae: /v}\n"
    with pytest.raises(NotFound):
        paths.undo("0")


def test_a_read_only_file_and_one_that_is_no_list_stay_as_they_are(
    paths: ComfyPaths, comfyui: Path, file: Path
) -> None:
    file.write_text("a:\n  vae: /v\n")
    file.chmod(0o444)
    with pytest.raises(NotAllowed):
        paths.write(comfyui, paths.plan(comfyui).digest)
    file.chmod(0o644)
    file.write_text("- a\n")
    with pytest.raises(Conflict, match="no sections"):
        paths.plan(comfyui)
    file.unlink()
    file.mkdir()
    with pytest.raises(AppError):
        paths.plan(comfyui)


def test_the_desktop_app_reads_another_file(paths: ComfyPaths, tmp_path: Path) -> None:
    root = make_comfy_desktop(tmp_path / "work")
    settings = tmp_path / "home/.config/ComfyUI"
    write_json(settings / "config.json", {"basePath": str(root)})
    listed = settings / "extra_models_config.yaml"
    listed.write_text(f"comfyui_desktop:\n  base_path: {root}\n")
    assert paths.plan(root).file == listed
    assert paths.plan(listed).file == listed


def test_only_a_comfyui_is_told(paths: ComfyPaths, tmp_path: Path) -> None:
    for where in (tmp_path, tmp_path / "gone", tmp_path / "extra_model_paths.yaml", Path("/etc/passwd")):
        with pytest.raises(BadInput, match="is no ComfyUI"):
            paths.plan(where)


def test_the_text_can_be_had_without_any_comfyui(paths: ComfyPaths, library: Path) -> None:
    text, listed = paths.compose()
    assert f"    {library / 'loras'}\n" in text
    assert "checkpoints" in listed
