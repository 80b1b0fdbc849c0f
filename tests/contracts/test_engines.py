"""What every engine keeps to. A new engine adds one line to `MAKE` in `tests/support/engine_trees.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from sd_model_manager.integrations.engine import Engine
from sd_model_manager.integrations.registry import ENGINES, find_around, recognise
from tests.support.engine_trees import MAKE, a_machine


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.kind)
def engine(request: pytest.FixtureRequest) -> Engine:
    one: Engine = request.param
    return one


def test_each_engine_has_a_tree_and_a_name_of_its_own() -> None:
    assert [engine.kind for engine in ENGINES] == list(MAKE)


def test_its_own_folder_is_recognised_and_as_no_other(engine: Engine, tmp_path: Path) -> None:
    root = MAKE[engine.kind](tmp_path / "here")
    found = recognise(root, a_machine(tmp_path / "home"))
    assert found is not None
    assert (found.kind, found.root) == (engine.kind, root)
    assert found.name


def test_its_models_folders_exist_and_none_lies_in_another(engine: Engine, tmp_path: Path) -> None:
    found = recognise(MAKE[engine.kind](tmp_path / "here"), a_machine(tmp_path / "home"))
    assert found is not None
    assert found.models_folders
    for folder in found.models_folders:
        assert folder.is_dir()
        assert not [other for other in found.models_folders if other != folder and folder.is_relative_to(other)]


def test_an_install_whose_models_were_removed_has_none(engine: Engine, tmp_path: Path) -> None:
    root = MAKE[engine.kind](tmp_path / "here")
    found = recognise(root, a_machine(tmp_path / "home"))
    assert found is not None
    for folder in found.models_folders:
        folder.rename(tmp_path / f"away {folder.name}")
    again = engine.recognise(root, a_machine(tmp_path / "home"))
    assert again is None or again.models_folders == ()


def test_a_folder_inside_its_models_leads_to_it(engine: Engine, tmp_path: Path) -> None:
    root = MAKE[engine.kind](tmp_path / "here")
    machine = a_machine(tmp_path / "home")
    found = recognise(root, machine)
    assert found is not None
    inside = found.models_folders[0] / "style"
    inside.mkdir()
    around = find_around(inside, machine)
    assert around is not None
    assert around.root == root


def test_it_recognises_no_empty_folder_and_no_file(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    machine = a_machine(tmp_path / "home")
    for path in (tmp_path / "empty", tmp_path / "file", tmp_path / "nothing"):
        assert engine.recognise(path, machine) is None


def test_settings_of_another_shape_harm_nothing(engine: Engine, tmp_path: Path) -> None:
    root = MAKE[engine.kind](tmp_path / "here")
    machine = a_machine(tmp_path / "home")
    for name in ("settings.json", "config.json", "extra_model_paths.yaml", "Data/Settings.fds", "webui-user.sh"):
        for body in (b"", b"[]", b"\xff\xfe\x00{", b"{" * 5000, b"a:\n  b: [1\n", b"null"):
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(body)
            assert recognise(root, machine) is not None
    for name in ("ComfyUI/config.json", "Comfy Desktop/installations.json", "StabilityMatrix/library.json"):
        (tmp_path / "home/.config" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "home/.config" / name).write_bytes(b'{"installations": [3, {}], "basePath": 7}')
    assert list(engine.list_known_roots(machine)) is not None
