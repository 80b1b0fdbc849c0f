"""Builds folders as the installers of engines leave them, without their programs, and a machine to find them on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from sd_model_manager.integrations.machine import Machine


def make_tree(root: Path, *files: str, folders: tuple[str, ...] = ()) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    for name in folders:
        (root / name).mkdir(parents=True, exist_ok=True)
    return root


def make_comfyui(root: Path) -> Path:
    return make_tree(root, "main.py", "folder_paths.py", "comfy/sd.py", folders=("models/checkpoints", "models/loras"))


def make_comfy_desktop(root: Path) -> Path:
    return make_tree(root, folders=("models/checkpoints", "custom_nodes", "user/default", "input", "output"))


def make_a1111(root: Path) -> Path:
    return make_tree(
        root, "webui.py", "launch.py", "modules/sd_models.py", folders=("models/Stable-diffusion", "embeddings")
    )


def make_forge(root: Path) -> Path:
    return make_tree(make_a1111(root), "modules_forge/main_entry.py", "backend/args.py")


def make_reforge(root: Path) -> Path:
    make_tree(make_a1111(root), "modules_forge/main_thread.py", "ldm_patched/modules/sd.py", ".git/config")
    (root / ".git/config").write_text("[remote]\n\turl = https://github.com/Panchovix/stable-diffusion-webui-reForge\n")
    return root


def make_sdnext(root: Path) -> Path:
    return make_tree(root, "webui.py", "launch.py", "installer.py", "modules/sd_models.py", folders=("models/Lora",))


def make_swarm_ui(root: Path) -> Path:
    return make_tree(root, "src/SwarmUI.csproj", "Data/Settings.fds", folders=("Models/Lora", "Models/VAE"))


def make_invoke_ai(root: Path) -> Path:
    return make_tree(root, "invokeai.yaml", "databases/invokeai.db", folders=("models",))


def make_stability_matrix(root: Path) -> Path:
    make_tree(root, "settings.json", "StabilityMatrix.db", folders=("Models/StableDiffusion", "Packages"))
    (root / "settings.json").write_text("{}")
    return root


MAKE: dict[str, Callable[[Path], Path]] = {
    "comfyui": make_comfyui,
    "comfyui_desktop": make_comfy_desktop,
    "sdnext": make_sdnext,
    "reforge": make_reforge,
    "forge": make_forge,
    "a1111": make_a1111,
    "swarmui": make_swarm_ui,
    "invokeai": make_invoke_ai,
    "stability_matrix": make_stability_matrix,
}
"""How each engine lies on a disk. A new engine adds a line."""


def a_machine(home: Path, *places: Path, **environment: str) -> Machine:
    home.mkdir(exist_ok=True)
    return Machine(home, (home / ".config",), (home, *places), environment)


def write_json(path: Path, body: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body))
