"""What an engine is: a program that makes pictures with the models, and where one keeps them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sd_model_manager.integrations.machine import Machine

MAX_CONFIG_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Install:
    """One installation. `kind` is the engine's short name, `name` what people call it.

    `models_folders` hold its models; all exist, and none lies inside another. `paths_file` is the file from which
    ComfyUI learns of further folders, whether it exists or not. `holds` are folders of other installs inside.
    """

    kind: str
    name: str
    root: Path
    models_folders: tuple[Path, ...]
    paths_file: Path | None = None
    holds: tuple[Path, ...] = ()


class Engine(Protocol):
    """One program. `recognise` reads a handful of small files at most, and may raise OSError."""

    @property
    def kind(self) -> str: ...

    def list_known_roots(self, machine: Machine, /) -> Iterable[Path]:
        """Where its own settings on this machine say that it is installed; none of them need exist."""

    def recognise(self, root: Path, machine: Machine, /) -> Install | None:
        """The install whose own folder this is; `None` where it is none of this engine."""


def has(root: Path, *names: str) -> bool:
    """Whether all of these are in a folder."""
    return all((root / name).exists() for name in names)


def read_config(path: Path) -> str:
    """A small text file of another program; empty where there is none that can be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_CONFIG_BYTES).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""


def read_json(path: Path) -> Any:
    """The JSON in a file; `None` where there is none that can be read."""
    try:
        return json.loads(read_config(path))
    except (ValueError, RecursionError):
        return None


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file; empty where there is none that can be read."""
    body = read_json(path)
    return body if isinstance(body, dict) else {}


def list_objects(body: Any) -> list[dict[str, Any]]:
    """The objects in a JSON list; empty where it is none."""
    return [entry for entry in body if isinstance(entry, dict)] if isinstance(body, list) else []


def text_of(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    return value.strip() if isinstance(value, str) else ""


def resolve_from(root: Path, text: str) -> Path:
    """A path as a configuration gives it: `~`, variables of the environment, relative to the program's folder."""
    return Path(os.path.normpath(root / Path(os.path.expandvars(text.strip().strip("\"'"))).expanduser()))


def keep_existing(*folders: Path) -> tuple[Path, ...]:
    """Those that are there, each once, without what lies inside another."""
    there = [folder for folder in dict.fromkeys(folders) if _is_folder(folder)]
    return tuple(f for f in there if not any(f != other and f.is_relative_to(other) for other in there))


def gather(folders: Iterable[Path], *, never: Iterable[Path] = ()) -> list[Path]:
    """The folders to offer for folders of single types: their parent where several lie in it, else themselves.

    `never` are parents that hold far more than models, such as a program's own folder.
    """
    too_wide = {*never, Path.home()}
    siblings: dict[Path, list[Path]] = {}
    for folder in dict.fromkeys(folders):
        siblings.setdefault(folder.parent, []).append(folder)
    found: list[Path] = []
    for parent, several in siblings.items():
        is_shared = len(several) > 1 and parent not in too_wide and parent.parent != parent
        found += [parent] if is_shared else several
    return found


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
