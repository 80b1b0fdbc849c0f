"""Which engines there are, and what a folder is."""

from __future__ import annotations

from pathlib import Path

from sd_model_manager.integrations.comfyui import ComfyDesktop, ComfyUi
from sd_model_manager.integrations.engine import Engine, Install
from sd_model_manager.integrations.invoke_ai import InvokeAi
from sd_model_manager.integrations.machine import Machine
from sd_model_manager.integrations.stability_matrix import StabilityMatrix
from sd_model_manager.integrations.swarm_ui import SwarmUi
from sd_model_manager.integrations.webui import WEB_UIS

ENGINES: tuple[Engine, ...] = (ComfyUi(), ComfyDesktop(), *WEB_UIS, SwarmUi(), InvokeAi(), StabilityMatrix())
"""The first that recognises a folder has it."""

_PARENTS = 3
"""How far above a folder the program's own may be: `ComfyUI/models/loras/style` is three below."""


def recognise(root: Path, machine: Machine) -> Install | None:
    """The install whose own folder this is; a folder that may not be read is none."""
    for engine in ENGINES:
        try:
            if found := engine.recognise(root, machine):
                return found
        except OSError:
            continue
    return None


def find_around(folder: Path, machine: Machine) -> Install | None:
    """The install that a folder belongs to: it, one it lies in, or the only one right inside, as in portable ones."""
    for near in (folder, *folder.parents[:_PARENTS]):
        found = recognise(near, machine)
        if found and (near == folder or any(folder.is_relative_to(models) for models in found.models_folders)):
            return found
    return next((found for inner in list_subfolders(folder) if (found := recognise(inner, machine))), None)


def list_subfolders(folder: Path, *, at_most: int = 200) -> list[Path]:
    """By name, without hidden ones and links; empty where it may not be read. Raises nothing."""
    try:
        inner = [path for path in folder.iterdir() if not path.name.startswith((".", "$")) and _is_own_folder(path)]
    except OSError:
        return []
    return sorted(inner)[:at_most]


def _is_own_folder(path: Path) -> bool:
    try:
        return path.is_dir() and not path.is_symlink()
    except OSError:
        return False
