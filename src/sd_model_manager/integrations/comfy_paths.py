"""Tells a ComfyUI of the library: planned and shown, written with a backup, taken back."""

from __future__ import annotations

import difflib
import stat
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sd_model_manager.integrations.comfyui import PATHS_FILES
from sd_model_manager.integrations.machine import Machine
from sd_model_manager.integrations.paths_section import Listed, compose_section, list_typed_folders, merge_section
from sd_model_manager.integrations.registry import find_around
from sd_model_manager.lib.errors import AppError, BadInput, Conflict, NotAllowed
from sd_model_manager.lib.file_changes import ChangedMeanwhile, FileBackups, FoundFile, find_file, replace_file

_NOTHING = "nothing"
"""Stands for the digest of a file that there is none of."""


@dataclass(frozen=True, slots=True)
class PathsPlan:
    """What would become of a file. `digest` tells what it was made for; `diff` is in unified form, by lines."""

    file: Path
    exists: bool
    digest: str
    listed: Listed
    diff: tuple[str, ...]

    @property
    def is_change(self) -> bool:
        return bool(self.diff)


class ComfyPaths:
    """Every method may raise AppError with what to do."""

    def __init__(
        self,
        list_library_folders: Callable[[], Sequence[Path]],
        backups: FileBackups,
        machine_now: Callable[[], Machine] = Machine.this,
    ) -> None:
        self._list_library_folders = list_library_folders
        self._backups = backups
        self._machine_now = machine_now

    def compose(self) -> tuple[str, Listed]:
        """The section for any ComfyUI, and what it lists."""
        listed = list_typed_folders(self._list_library_folders())
        return compose_section(listed), listed

    def plan(self, where: Path) -> PathsPlan:
        """`where` is a ComfyUI's folder, or its list of folders itself. Raises BadInput where it is neither."""
        plan, _, _ = self._plan(where)
        return plan

    def write(self, where: Path, digest: str) -> tuple[Path, str]:
        """Do what was planned for the file as it was with that digest; the file, and the id by which to undo it.

        Raises Conflict where it has changed since (`CHANGED_SINCE`), or nothing is to be done (`UNCHANGED`).
        """
        plan, found, content = self._plan(where)
        if plan.digest != digest:
            raise Conflict(
                "The file has changed since it was looked at. Look at what would change again.", code="CHANGED_SINCE"
            )
        if not plan.is_change:
            raise Conflict("The file lists all of the library already.", code="UNCHANGED")
        return plan.file, self._replace(plan.file, found, content)

    def undo(self, run_id: str) -> Path:
        """Put back what was there before. Raises NotFound, and Conflict where the file was changed since."""
        (change,) = self._backups.list_changes(run_id)
        path = Path(change.path)
        found = _read(path)
        self._replace(path, found, self._backups.restore(change, found.content))
        return path

    def _plan(self, where: Path) -> tuple[PathsPlan, FoundFile, bytes | None]:
        file, own = self._locate(where)
        found = _read(file)
        before = found.content or b""
        listed = list_typed_folders(self._list_library_folders(), own_models=own)
        merged = merge_section(before, compose_section(listed))
        content = merged if merged or found.content is not None else None
        diff = _compare(before.decode(), merged.decode(), file.name)
        plan = PathsPlan(file, found.content is not None, found.digest or _NOTHING, listed, diff)
        return plan, found, content

    def _locate(self, where: Path) -> tuple[Path, list[Path]]:
        """The list of folders to edit, and what its ComfyUI lists without it."""
        is_file = where.name in PATHS_FILES
        install = find_around(where.parent if is_file else where, self._machine_now())
        if install is not None and install.paths_file is not None:
            return (where if is_file else install.paths_file), [install.root / "models"]
        if is_file and where.is_file():
            return where, []
        raise BadInput(
            f"{where} is no ComfyUI. Name the folder with its main.py, or of the desktop app the one with its models.",
            code="NOT_COMFYUI",
            path=str(where),
        )

    def _replace(self, path: Path, found: FoundFile, content: bytes | None) -> str:
        if found.mode is not None and not found.mode & stat.S_IWUSR:
            raise NotAllowed(f"{path} is read-only, so it stays as it is.", code="READ_ONLY", path=str(path))
        run_id = uuid.uuid4().hex
        try:
            self._backups.note(run_id, path, found, content, None)
            replace_file(found, content)
        except ChangedMeanwhile as error:
            raise Conflict("Another program wrote the file at this moment. Try again.", code="CHANGED_SINCE") from error
        except OSError as error:
            raise AppError(
                f"{path} could not be written: {error.strerror or error}.", code="NOT_WRITTEN", path=str(path)
            ) from error
        return run_id


def _read(path: Path) -> FoundFile:
    try:
        return find_file(path)
    except (OSError, ChangedMeanwhile) as error:
        reason = getattr(error, "strerror", None) or "another program is writing it"
        raise Conflict(f"{path} cannot be read: {reason}.", code="UNREADABLE", path=str(path)) from error


def _compare(before: str, after: str, name: str) -> tuple[str, ...]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, lineterm="")
    return tuple(lines)
