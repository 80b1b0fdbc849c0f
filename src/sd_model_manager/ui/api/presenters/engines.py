"""Installs and their folders, as they stand to the library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from sd_model_manager.integrations.finder import CountedFolder, FoundInstall
from sd_model_manager.integrations.paths_section import Listed
from sd_model_manager.ui.api.schemas.engines import InstallOut, ModelsFolderOut


def present_install(found: FoundInstall, library_folders: Sequence[Path]) -> InstallOut:
    return InstallOut(
        engine=found.install.kind,
        name=found.install.name,
        root=str(found.install.root),
        reads_paths=found.install.paths_file is not None,
        folders=[present_counted(folder, library_folders) for folder in found.folders],
    )


def present_counted(folder: CountedFolder, library_folders: Sequence[Path]) -> ModelsFolderOut:
    return ModelsFolderOut(
        path=str(folder.path),
        models=folder.model_count,
        is_exact=folder.is_exact,
        state=_compare(folder.path.resolve(), library_folders),
    )


def present_listed(listed: Listed) -> dict[str, list[str]]:
    return {key: [str(folder) for folder in folders] for key, folders in listed.items()}


def _compare(path: Path, library_folders: Sequence[Path]) -> Literal["new", "library", "inside", "around"]:
    if path in library_folders:
        return "library"
    if any(path.is_relative_to(known) for known in library_folders):
        return "inside"
    return "around" if any(known.is_relative_to(path) for known in library_folders) else "new"
