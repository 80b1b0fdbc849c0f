"""The search for installs: where it looks, and what it does not."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from sd_model_manager.integrations.finder import InstallFinder, count_models, find_installs
from sd_model_manager.integrations.machine import Machine
from tests.support.engine_trees import a_machine, make_a1111, make_comfyui, make_invoke_ai, make_stability_matrix


def roots_on(machine: Machine) -> list[Path]:
    return [install.root for install in find_installs(machine, lambda: False)]


def test_installs_up_to_three_levels_deep_are_found_each_once(tmp_path: Path) -> None:
    home, drive = tmp_path / "home", tmp_path / "D"
    expected = {
        make_comfyui(home / "ComfyUI"),
        make_a1111(home / "ai/webui"),
        make_comfyui(drive / "AI/tools/ComfyUI"),
        make_invoke_ai(drive / "invokeai"),
    }
    make_comfyui(drive / "1/2/3/4/ComfyUI")
    found = roots_on(a_machine(home, drive, home / "ai", drive))
    assert len(found) == len(expected)
    assert set(found) == expected


def test_nothing_inside_an_install_is_taken_for_another(tmp_path: Path) -> None:
    root = make_a1111(tmp_path / "home/webui")
    make_comfyui(root / "extensions/ComfyUI")
    assert roots_on(a_machine(tmp_path / "home")) == [root]


def test_links_are_not_followed_round_and_round(tmp_path: Path) -> None:
    home = tmp_path / "home"
    root = make_comfyui(home / "ComfyUI")
    (home / "loop").symlink_to(home)
    (home / "again").symlink_to(root)
    assert roots_on(a_machine(home, home / "again")) == [root]


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_passed_over(tmp_path: Path) -> None:
    home = tmp_path / "home"
    root = make_comfyui(home / "ComfyUI")
    closed = home / "closed"
    closed.mkdir()
    closed.chmod(0)
    assert roots_on(a_machine(home)) == [root]
    closed.chmod(0o700)


def test_names_that_hold_no_programs_of_people_are_not_looked_into(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for name in (".cache", "node_modules", "Windows", "$Recycle.Bin"):
        make_comfyui(home / name / "ComfyUI")
    assert roots_on(a_machine(home)) == []


def test_a_search_that_takes_too_long_tells_what_it_has(tmp_path: Path) -> None:
    home = tmp_path / "home"
    root = make_comfyui(home / "ComfyUI")
    looked: list[Path] = []
    for install in find_installs(a_machine(home), lambda: bool(looked)):
        looked.append(install.root)
    assert looked == [root]


def test_a_drive_that_does_not_answer_holds_nobody_up(tmp_path: Path) -> None:
    answers = threading.Event()

    def machine() -> Machine:
        answers.wait(30)
        return a_machine(tmp_path / "home")

    finder = InstallFinder(machine)
    first = finder.find(patience_seconds=0.01)
    assert not first.done.is_set()
    assert finder.find(patience_seconds=0.01) is first  # and no second one is begun behind it
    answers.set()
    assert first.done.wait(30)
    assert finder.find(patience_seconds=30).is_complete


def test_model_files_are_counted_and_nothing_else(tmp_path: Path) -> None:
    home = tmp_path / "home"
    root = make_comfyui(home / "ComfyUI")
    for name in ("a.safetensors", "b.CKPT", "c.gguf", "a.png", "put_models_here"):
        (root / "models/checkpoints" / name).touch()
    (search,) = InstallFinder(lambda: a_machine(home)).find(patience_seconds=30).found
    (folder,) = search.folders
    assert (folder.path, folder.model_count, folder.is_exact) == (root / "models", 3, True)
    cut_short = count_models(root / "models", lambda: True)
    assert not cut_short.is_exact


def test_programs_of_a_library_share_its_models_and_are_listed_behind_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    data = make_stability_matrix(home / "StabilityMatrix")
    (data / "settings.json").write_text('{"InstalledPackages": [{"LibraryPath": "Packages/ComfyUI"}]}')
    comfyui = make_comfyui(data / "Packages/ComfyUI")
    (comfyui / "models/linked").symlink_to(data / "Models")
    (data / "Models/a.safetensors").touch()
    found = InstallFinder(lambda: a_machine(home)).find(patience_seconds=30).found
    assert [(one.install.root, one.folders[0].model_count) for one in found] == [(data, 1), (comfyui, 0)]
