"""From what a file system says has changed to the folders that have to be looked at again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.local import Place
from sd_model_manager.domain.taxonomy import MODEL_EXTENSIONS, Category
from sd_model_manager.library.parts import PIPELINE_INDEX
from sd_model_manager.library.scanner import TouchedFolder
from sd_model_manager.library.walker import COMPANION_EXTENSIONS

Root = tuple[FolderId, Category]

_UNFINISHED = (".part", ".tmp", ".crdownload", ".aria2", ".download", ".lock")
"""What downloads are called before they are whole; when they are, another name appears."""

_MANY = 2000
"""Changes beyond which looking at the whole root costs less than looking at each."""


class RestlessPaths:
    """Paths that changed, kept until nothing has happened to them for `quiet_seconds`: a copy is let grow."""

    def __init__(self, roots: Mapping[Path, Root], *, quiet_seconds: float) -> None:
        self._roots = {f"{path}{os.sep}": root for path, root in roots.items()}
        for path, root in roots.items():  # macOS tells of a path without the links in it
            self._roots.setdefault(f"{os.path.realpath(path)}{os.sep}", root)
        self._quiet_seconds = quiet_seconds
        self._changed_at: dict[tuple[Root, str], float] = {}

    def note(self, paths: Iterable[str], now: float) -> None:
        """`now` is of any clock that never goes back. Paths that cannot matter are left out."""
        for path in paths:
            if found := self._find_root(path):
                root, relative = found
                parts = relative.split("/")
                if not any(part.startswith(".") for part in parts) and not parts[-1].lower().endswith(_UNFINISHED):
                    self._changed_at[root, relative] = now

    def take_quiet(self, now: float) -> tuple[list[TouchedFolder], list[Place]]:
        """The folders to look at now, each once, and the files in them to leave alone, since they still change."""
        quiet = [key for key, at in self._changed_at.items() if now - at >= self._quiet_seconds]
        if not quiet:
            return [], []
        for key in quiet:
            del self._changed_at[key]
        restless = [Place(folder_id, path, category) for (folder_id, category), path in self._changed_at]
        if len(quiet) > _MANY:
            return [
                TouchedFolder(*root, "", with_subfolders=True) for root in dict.fromkeys(root for root, _ in quiet)
            ], restless
        return list(dict.fromkeys(self._to_touched(root, path) for root, path in quiet)), restless

    def _find_root(self, path: str) -> tuple[Root, str] | None:
        for prefix, root in self._roots.items():
            if path.startswith(prefix):
                return root, path[len(prefix) :].replace(os.sep, "/")
        return None

    def _to_touched(self, root: Root, path: str) -> TouchedFolder:
        """What has no name of a file that is looked at may be, or have been, a folder."""
        suffix = path[path.rfind(".") :].lower()
        is_file_name = suffix in MODEL_EXTENSIONS or suffix in COMPANION_EXTENSIONS
        if path.rpartition("/")[2] == PIPELINE_INDEX:  # which makes its whole folder one model
            return TouchedFolder(*root, path.rpartition("/")[0], with_subfolders=True)
        if is_file_name and not self._is_folder(root, path):
            return TouchedFolder(*root, path.rpartition("/")[0])
        return TouchedFolder(*root, path, with_subfolders=True)

    def _is_folder(self, root: Root, path: str) -> bool:
        return any(os.path.isdir(prefix + path) for prefix, one in self._roots.items() if one == root)  # noqa: PTH112
