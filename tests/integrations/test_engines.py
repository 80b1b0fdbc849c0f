"""Where each engine's own settings say that its models lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from sd_model_manager.integrations.engine import Install
from sd_model_manager.integrations.finder import find_installs
from sd_model_manager.integrations.registry import find_around, recognise
from tests.support.engine_trees import (
    a_machine,
    make_a1111,
    make_comfy_desktop,
    make_comfyui,
    make_forge,
    make_invoke_ai,
    make_sdnext,
    make_stability_matrix,
    make_swarm_ui,
    make_tree,
    write_json,
)


def get_install(root: Path, home: Path) -> Install:
    found = recognise(root, a_machine(home))
    assert found is not None
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Another disk, with folders of models."""
    return make_tree(tmp_path / "disk", folders=("models/checkpoints", "models/loras", "vaes/sd15", "nodes"))


def test_comfyui_has_the_folders_that_its_paths_file_lists(tmp_path: Path, home: Path, disk: Path) -> None:
    root = make_comfyui(tmp_path / "ComfyUI")
    (root / "extra_model_paths.yaml").write_text(
        f"# mine\nshared:\n  base_path: {disk}\n  is_default: true\n  checkpoints: models/checkpoints\n"
        f"  loras: |\n    models/loras\n    models/gone\n  vae: vaes/sd15\n  custom_nodes: nodes\n"
    )
    found = get_install(root, home)
    assert found.models_folders == (root / "models", disk / "models", disk / "vaes/sd15")
    assert found.paths_file == root / "extra_model_paths.yaml"


def test_a_portable_comfyui_says_so_and_is_found_from_its_outer_folder(tmp_path: Path, home: Path) -> None:
    outer = tmp_path / "ComfyUI_windows_portable"
    root = make_comfyui(outer / "ComfyUI")
    (outer / "python_embeded").mkdir()
    found = find_around(outer, a_machine(home))
    assert found is not None
    assert (found.name, found.root) == ("ComfyUI (portable)", root)


def test_the_desktop_app_is_found_by_its_settings_and_told_of_folders_there(tmp_path: Path, home: Path) -> None:
    root = make_comfy_desktop(tmp_path / "far/away/from/all/usual/places")
    write_json(home / ".config/ComfyUI/config.json", {"basePath": str(root)})
    paths_file = home / ".config/ComfyUI/extra_models_config.yaml"
    paths_file.write_text(f"comfyui_desktop:\n  base_path: {root}\n  checkpoints: models/checkpoints/\n")
    (found,) = find_installs(a_machine(home), lambda: False)
    assert (found.kind, found.root, found.paths_file) == ("comfyui_desktop", root, paths_file)
    assert found.models_folders == (root / "models",)


@pytest.mark.parametrize("app", ["Comfy Desktop", "comfyui-launcher"])
def test_what_comfyuis_app_has_installed_is_found_with_the_models_it_shares(
    tmp_path: Path, home: Path, disk: Path, app: str
) -> None:
    root = make_comfyui(tmp_path / "a/b/c/d/e/ComfyUI")
    write_json(home / f".config/{app}/installations.json", [{"installPath": str(root.parent)}, {"id": "cloud"}, 1])
    write_json(home / f".config/{app}/settings.json", {"modelsDirs": [str(disk / "models"), str(disk / "gone"), 3]})
    (found,) = find_installs(a_machine(home), lambda: False)
    assert (found.root, found.name) == (root, "ComfyUI (Comfy Desktop)")
    assert found.models_folders == (root / "models", disk / "models")


def test_a1111_and_forge_have_the_folders_that_their_options_name(tmp_path: Path, home: Path, disk: Path) -> None:
    root = make_a1111(tmp_path / "stable-diffusion-webui")
    (root / "webui-user.bat").write_text(
        f"@echo off\r\nrem set COMMANDLINE_ARGS=--vae-dir {disk}\\vaes\r\n"
        f'set COMMANDLINE_ARGS=--xformers --ckpt-dir "{disk}/models/checkpoints" --lora-dir={disk}/models/loras\r\n'
    )
    assert get_install(root, home).models_folders == (root / "models", root / "embeddings", disk / "models")
    forge = make_forge(tmp_path / "forge")
    (forge / "webui-user.sh").write_text(f"export COMMANDLINE_ARGS='--vae-dir {disk}/vaes/sd15'\n")
    assert get_install(forge, home).models_folders[-1] == disk / "vaes/sd15"


def test_sdnext_has_the_folders_of_its_settings(tmp_path: Path, home: Path, disk: Path) -> None:
    root = make_sdnext(tmp_path / "sdnext")
    folders = {"ckpt_dir": str(disk / "models/checkpoints"), "lora_dir": "models/Lora", "vae_dir": 5}
    write_json(root / "config.json", folders)
    assert get_install(root, home).models_folders == (root / "models", disk / "models/checkpoints")


def test_swarmui_has_every_root_of_its_settings_and_what_lies_elsewhere(tmp_path: Path, home: Path, disk: Path) -> None:
    root = make_swarm_ui(tmp_path / "SwarmUI")
    (root / "Data/Settings.fds").write_text(
        f"# settings\nPaths:\n\tModelRoot: Models;{disk / 'models'}\n\tSDModelFolder: Stable-Diffusion;checkpoints\n"
        f"\tSDVAEFolder: VAE;{disk / 'vaes/sd15'}\n"
    )
    expected = (root / "Models", disk / "models", disk / "vaes/sd15")
    assert get_install(root, home).models_folders == expected


def test_invokeai_has_the_folder_of_its_settings(tmp_path: Path, home: Path, disk: Path) -> None:
    root = make_invoke_ai(tmp_path / "invoke")
    (root / "invokeai.yaml").write_text(f"schema_version: 4.0.2\nmodels_dir: {disk / 'models'}  # moved\n")
    assert get_install(root, home).models_folders == (disk / "models",)
    machine = a_machine(home, INVOKEAI_ROOT=str(root))
    assert [found.root for found in find_installs(machine, lambda: False)] == [root]


def test_stability_matrix_is_found_by_its_settings_with_all_it_has_installed(
    tmp_path: Path, home: Path, disk: Path
) -> None:
    data = make_stability_matrix(tmp_path / "w/x/y/z/StabilityMatrix")
    comfyui = make_comfyui(data / "Packages/ComfyUI")
    packages = [{"LibraryPath": "Packages\\ComfyUI"}, {"LibraryPath": "Packages\\gone"}, {}]
    write_json(data / "settings.json", {"InstalledPackages": packages, "ModelDirectoryOverride": str(disk / "models")})
    write_json(home / ".config/StabilityMatrix/library.json", {"LibraryPath": str(data)})
    found = list(find_installs(a_machine(home), lambda: False))
    assert [install.root for install in found] == [data, comfyui]
    assert found[0].models_folders == (disk / "models",)


def test_a_portable_stability_matrix_is_found_from_beside_its_program(tmp_path: Path, home: Path) -> None:
    data = make_stability_matrix(tmp_path / "SM/Data")
    (data / ".sm-portable").touch()
    assert get_install(tmp_path / "SM", home).root == data


def test_a_folder_beside_an_engines_models_is_not_taken_for_the_engine(tmp_path: Path, home: Path) -> None:
    root = make_comfyui(tmp_path / "ComfyUI")
    (root / "output").mkdir()
    assert find_around(root / "output", a_machine(home)) is None
