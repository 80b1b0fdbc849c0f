"""The web interfaces that come from AUTOMATIC1111's: its own, Forge, reForge and SD.Next."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sd_model_manager.integrations.engine import (
    Install,
    gather,
    has,
    keep_existing,
    read_config,
    read_object,
    resolve_from,
    text_of,
)
from sd_model_manager.integrations.machine import Machine

_STARTERS = ("webui-user.sh", "webui-user.bat")
_FOLDER_OPTION = re.compile(
    r"""--(?:ckpt-dir|vae-dir|text-encoder-dir|lora-dir|lyco-dir(?:-backcompat)?|embeddings-dir|hypernetwork-dir
        |controlnet-dir|(?:\w+-)?models-path|models-dir)[= ]+("[^"\n]+"|'[^'\n]+'|[^\s"']+)""",
    re.VERBOSE,
)
_SDNEXT_FOLDERS = (
    "ckpt_dir", "diffusers_dir", "vae_dir", "unet_dir", "te_dir", "lora_dir", "embeddings_dir", "control_dir",
    "yolo_dir", "esrgan_models_path", "realesrgan_models_path", "scunet_models_path", "swinir_models_path",
)  # fmt: skip
"""Settings of its `config.json` that name folders of models."""


@dataclass(frozen=True, slots=True)
class WebUi:
    """One of the family: what tells it from the others, and where its settings name further folders."""

    kind: str
    name: str
    is_one: Callable[[Path], bool]
    list_named: Callable[[Path], list[Path]]

    def list_known_roots(self, _machine: Machine) -> Iterable[Path]:
        return ()

    def recognise(self, root: Path, _machine: Machine) -> Install | None:
        if not has(root, "webui.py", "launch.py", "modules") or not self.is_one(root):
            return None
        own = [root / "models", root / "embeddings", root / "extensions/sd-webui-controlnet/models"]
        elsewhere = [folder for folder in self.list_named(root) if not folder.is_relative_to(root)]
        return Install(self.kind, self.name, root, keep_existing(*own, *gather(elsewhere)))


def _is_reforge(root: Path) -> bool:
    """It shares every folder with Forge, so its name and where it was fetched from have to tell."""
    return "reforge" in f"{root.name} {read_config(root / '.git/config')}".lower()


def _list_named_when_started(root: Path) -> list[Path]:
    """The folders that the options in its starters name; lines that are comments do not count."""
    lines = "\n".join(read_config(root / name) for name in _STARTERS).splitlines()
    active = "\n".join(line for line in lines if not re.match(r"\s*(#|::|@?rem\b)", line, re.IGNORECASE))
    return [resolve_from(root, match[1]) for match in _FOLDER_OPTION.finditer(active)]


def _list_named_in_settings(root: Path) -> list[Path]:
    settings = read_object(root / "config.json")
    return [resolve_from(root, text) for key in _SDNEXT_FOLDERS if (text := text_of(settings, key))]


def _is_forge(root: Path) -> bool:
    return has(root, "modules_forge")


def _is_sdnext(root: Path) -> bool:
    return has(root, "installer.py") and not _is_forge(root)


WEB_UIS = (
    WebUi("sdnext", "SD.Next", _is_sdnext, _list_named_in_settings),
    WebUi("reforge", "reForge", lambda root: _is_forge(root) and _is_reforge(root), _list_named_when_started),
    WebUi("forge", "Forge", _is_forge, _list_named_when_started),
    WebUi("a1111", "AUTOMATIC1111", lambda root: not _is_forge(root), _list_named_when_started),
)
"""The first that fits: each is told by what the next ones lack."""
