"""Stability Matrix: a data folder with the models that the programs it has installed share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sd_model_manager.integrations.engine import (
    Install,
    has,
    keep_existing,
    list_objects,
    read_object,
    resolve_from,
    text_of,
)
from sd_model_manager.integrations.machine import Machine


class StabilityMatrix:
    kind = "stability_matrix"

    def list_known_roots(self, machine: Machine) -> Iterator[Path]:
        for folder in machine.settings_folders:
            if path := text_of(read_object(folder / "StabilityMatrix/library.json"), "LibraryPath"):
                yield Path(path)
            yield folder / "StabilityMatrix"

    def recognise(self, root: Path, _machine: Machine) -> Install | None:
        """Its data folder is beside the program where it was made portable."""
        if has(root, "Data/.sm-portable"):
            root = root / "Data"
        elif not has(root, ".sm-portable") and not has(root, "settings.json", "Models", "Packages"):
            return None
        settings = read_object(root / "settings.json")
        elsewhere = text_of(settings, "ModelDirectoryOverride")
        models = resolve_from(root, elsewhere) if elsewhere else root / "Models"
        programs = tuple(_list_programs(root, settings))
        return Install(self.kind, "Stability Matrix", root, keep_existing(models), holds=programs)


def _list_programs(root: Path, settings: dict[str, Any]) -> Iterator[Path]:
    for entry in list_objects(settings.get("InstalledPackages")):
        if path := text_of(entry, "LibraryPath"):
            yield resolve_from(root, path.replace("\\", "/"))
