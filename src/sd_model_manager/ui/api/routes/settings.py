"""`/api/settings` and `/api/folders`."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path

from fastapi import APIRouter

from sd_model_manager.domain.catalogue import LibraryFolder
from sd_model_manager.domain.events import FoldersChanged, ModelsChanged, SettingsChanged
from sd_model_manager.domain.ids import FolderId
from sd_model_manager.lib.errors import BadInput, Conflict
from sd_model_manager.ui.api.dependencies import Number, ServicesDep
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.schemas.settings import (
    CheckKeyIn,
    CheckKeyOut,
    FolderIn,
    FolderOut,
    ScanProblemOut,
    SettingOut,
    SettingsIn,
    SettingsOut,
)
from sd_model_manager.ui.api.viewing import MATURE_SETTINGS, ViewingDep, require_open
from sd_model_manager.wiring import Services

router = APIRouter(prefix="/api", tags=["settings"])


@router.get("/settings")
def list_settings(services: ServicesDep) -> Answer[SettingsOut]:
    return Answer(data=_present_settings(services))


@router.patch("/settings")
def change_settings(services: ServicesDep, viewing: ViewingDep, body: SettingsIn) -> Answer[SettingsOut]:
    """Change some settings at once, or none of them where one is refused. Those of mature content are refused with
    `MATURE_LOCKED` while its passphrase is not given."""
    is_about_mature = not MATURE_SETTINGS.isdisjoint(body.values)
    if is_about_mature:
        require_open(viewing)
    services.settings.change(body.values)
    services.hub.publish(SettingsChanged())
    if is_about_mature:
        services.hub.publish(ModelsChanged())
    return Answer(data=_present_settings(services))


@router.post("/settings/check-key")
def check_key(services: ServicesDep, body: CheckKeyIn) -> Answer[CheckKeyOut]:
    """Ask a source whom the key in force belongs to. 502 `SOURCE_NEEDS_LOGIN` where it does not accept it."""
    return Answer(data=CheckKeyOut(source=body.source, account=services.check_key(body.source)))


@router.get("/folders")
def list_folders(services: ServicesDep) -> Answer[list[FolderOut]]:
    return Answer(data=_present_folders(services))


@router.post("/folders", status_code=201)
def add_folder(services: ServicesDep, body: FolderIn) -> Answer[FolderOut]:
    """Add a library folder and scan it."""
    folder_id = services.add_folder(require_folder(body.path))
    return Answer(data=next(f for f in _present_folders(services) if f.id == folder_id))


@router.delete("/folders/{folder_id}")
def remove_folder(services: ServicesDep, folder_id: Number) -> Answer[None]:
    """Forget a library folder. Its files are not touched, and what is known of its models is kept."""
    folder = services.folders.get(FolderId(folder_id))
    if Path(folder.path) in services.configured_folders():
        raise Conflict("This folder is set by model_dir or extra_model_dirs; remove it there.", code="SETTING_LOCKED")
    services.folders.remove(folder.folder_id)
    services.hub.publish(FoldersChanged())
    services.hub.publish(ModelsChanged())
    return Answer(data=None)


@router.get("/folders/problems")
def list_problems(services: ServicesDep) -> Answer[list[ScanProblemOut]]:
    """What the last scans could not take in, and why."""
    roots = {folder.folder_id: folder.path for folder in services.folders.list_all()}
    problems = [
        ScanProblemOut(
            path=str(Path(roots.get(problem.place.folder_id, "")) / problem.place.relative_path),
            code=problem.code,
            message=problem.message,
            seen_at=seen_at,
        )
        for problem, seen_at in services.folders.list_problems()
    ]
    return Answer(data=problems)


def require_whole_path(text: str) -> Path:
    """Raises BadInput where it is not whole."""
    path = Path(text.strip()).expanduser()
    if not path.is_absolute() or "\0" in text:
        raise BadInput("Give the whole path of the folder, from the root of its drive.", code="BAD_PATH")
    return path


def require_folder(text: str) -> Path:
    """A folder that is there, behind its links. Raises BadInput."""
    path = require_whole_path(text)
    if not path.is_dir():
        raise BadInput(
            f"{path} is not a folder on the machine this server runs on.", code="NOT_A_FOLDER", path=str(path)
        )
    return path.resolve()


def _present_settings(services: Services) -> SettingsOut:
    return SettingsOut(settings=[SettingOut(**asdict(state)) for state in services.settings.describe()])


def _present_folders(services: Services) -> list[FolderOut]:
    locked = set(services.configured_folders())
    return [_present_folder(folder, Path(folder.path) in locked) for folder in services.folders.list_with_counts()]


def _present_folder(folder: LibraryFolder, is_locked: bool) -> FolderOut:
    try:
        free_bytes = shutil.disk_usage(folder.path).free
    except OSError:
        free_bytes = None
    return FolderOut(
        id=folder.folder_id,
        path=folder.path,
        is_online=folder.is_online,
        is_locked=is_locked,
        models=folder.model_count,
        size_bytes=folder.size_bytes,
        free_bytes=free_bytes,
        added_at=folder.added_at,
        scanned_at=folder.scanned_at,
    )
