"""ComfyUI: from its sources, portable for Windows, or as a desktop app whose folder has no program in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sd_model_manager.integrations.engine import (
    Install,
    gather,
    has,
    keep_existing,
    read_object,
    text_of,
)
from sd_model_manager.integrations.extra_paths import list_paths
from sd_model_manager.integrations.machine import Machine

_PATHS_FILE = "extra_model_paths.yaml"
_DESKTOP_PATHS_FILE = "extra_models_config.yaml"
PATHS_FILES = (_PATHS_FILE, _DESKTOP_PATHS_FILE)
"""What ComfyUI reads beside its program, and its desktop app in its settings' folder."""


class ComfyUi:
    kind = "comfyui"

    def list_known_roots(self, machine: Machine) -> Iterator[Path]:
        """Where its launcher says that it has installed one."""
        for folder in machine.settings_folders:
            listed = read_object(folder / "comfyui-launcher/installations.json").get("installations", [])
            for entry in listed if isinstance(listed, list) else []:
                if isinstance(entry, dict) and (path := text_of(entry, "installPath")):
                    yield from (Path(path), Path(path) / "ComfyUI")

    def recognise(self, root: Path, _machine: Machine) -> Install | None:
        if not has(root, "main.py", "folder_paths.py", "comfy"):
            return None
        is_portable = has(root.parent, "python_embeded") or has(root.parent, "python_embedded")
        name = "ComfyUI (portable)" if is_portable else "ComfyUI"
        return _describe(self.kind, name, root, root / _PATHS_FILE)


class ComfyDesktop:
    """The desktop app: its program is elsewhere, its models, nodes and output lie in a folder the user chose."""

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


def _describe(kind: str, name: str, root: Path, paths_file: Path) -> Install:
    further = [path for _, paths in list_paths(paths_file) for path in paths if not path.is_relative_to(root)]
    return Install(kind, name, root, keep_existing(root / "models", *gather(further)), paths_file)
