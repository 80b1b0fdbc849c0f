"""ComfyUI: from its sources, portable for Windows, installed by its app, or as the app whose folder has no program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sd_model_manager.integrations.engine import (
    Install,
    gather,
    has,
    keep_existing,
    list_objects,
    read_json,
    read_object,
    text_of,
)
from sd_model_manager.integrations.extra_paths import list_paths
from sd_model_manager.integrations.machine import Machine

_PATHS_FILE = "extra_model_paths.yaml"
_DESKTOP_PATHS_FILE = "extra_models_config.yaml"
PATHS_FILES = (_PATHS_FILE, _DESKTOP_PATHS_FILE)
"""What ComfyUI reads beside its program, and its desktop app in its settings' folder."""


_APPS = ("Comfy Desktop", "comfyui-launcher")
"""The settings' folders of the app that installs ComfyUIs, by its present name and its earlier one."""


class ComfyUi:
    kind = "comfyui"

    def list_known_roots(self, machine: Machine) -> Iterator[Path]:
        for app in _list_apps(machine):
            for path in _list_installed(app):
                yield from (path / "ComfyUI", path)

    def recognise(self, root: Path, machine: Machine) -> Install | None:
        if not has(root, "main.py", "folder_paths.py", "comfy"):
            return None
        app = next((app for app in _list_apps(machine) if {root, root.parent} & set(_list_installed(app))), None)
        shared = _list_shared(app) if app else []
        if app:
            name = "ComfyUI (Comfy Desktop)"
        elif has(root.parent, "python_embeded") or has(root.parent, "python_embedded"):
            name = "ComfyUI (portable)"
        else:
            name = "ComfyUI"
        return _describe(self.kind, name, root, root / _PATHS_FILE, shared)


def _list_apps(machine: Machine) -> list[Path]:
    return [folder / name for folder in machine.settings_folders for name in _APPS]


def _list_installed(app: Path) -> list[Path]:
    listed = list_objects(read_json(app / "installations.json"))
    return [Path(path) for entry in listed if (path := text_of(entry, "installPath"))]


def _list_shared(app: Path) -> list[Path]:
    """The folders of models that the app hands to all that it has installed."""
    listed = read_object(app / "settings.json").get("modelsDirs")
    return [Path(path) for path in listed if isinstance(path, str)] if isinstance(listed, list) else []


class ComfyDesktop:
    """The first desktop app: its program is elsewhere, its models, nodes and output lie in a folder the user chose."""

    kind = "comfyui_desktop"

    def list_known_roots(self, machine: Machine) -> Iterator[Path]:
        for folder in machine.settings_folders:
            if path := text_of(read_object(folder / "ComfyUI/config.json"), "basePath"):
                yield Path(path)
            yield from (base for base, _ in list_paths(folder / "ComfyUI" / _DESKTOP_PATHS_FILE) if base is not None)
        yield machine.home / "Documents/ComfyUI"

    def recognise(self, root: Path, machine: Machine) -> Install | None:
        if not has(root, "models", "custom_nodes", "user") or has(root, "main.py"):
            return None
        files = [folder / "ComfyUI" / _DESKTOP_PATHS_FILE for folder in machine.settings_folders]
        own = next((file for file in files if any(base == root for base, _ in list_paths(file))), root / _PATHS_FILE)
        return _describe(self.kind, "ComfyUI Desktop", root, own)


def _describe(kind: str, name: str, root: Path, paths_file: Path, shared: Iterable[Path] = ()) -> Install:
    further = [path for _, paths in list_paths(paths_file) for path in paths if not path.is_relative_to(root)]
    return Install(kind, name, root, keep_existing(root / "models", *shared, *gather(further)), paths_file)
