"""`/api/engines` and `/api/folders/browse`: where models may lie on this machine.

What takes a path is asked by POST, which no page of another site can send unnoticed: a path may name another machine,
and looking there would introduce the user to it.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter

from sd_model_manager.integrations.finder import FoundInstall, count_folders, count_models, make_deadline
from sd_model_manager.integrations.registry import find_around, list_subfolders, recognise
from sd_model_manager.ui.api.dependencies import ServicesDep
from sd_model_manager.ui.api.presenters.engines import present_counted, present_install
from sd_model_manager.ui.api.routes.settings import require_folder
from sd_model_manager.ui.api.schemas.engines import (
    BrowseIn,
    FolderListOut,
    InstallsOut,
    PlaceIn,
    PlaceOut,
    SubfolderOut,
)
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.wiring import Services

router = APIRouter(prefix="/api", tags=["settings"])

_COUNT_SECONDS = 2


@router.get("/engines")
def list_engines(services: ServicesDep) -> Answer[InstallsOut]:
    """Look for programs that use models in the usual places of this machine, for seconds at most; the one with the most
    models first."""
    search = services.installs.find()
    folders = _library_folders(services)
    found = [present_install(one, folders) for one in list(search.found)]
    found.sort(key=lambda install: -sum(folder.models for folder in install.folders))
    return Answer(data=InstallsOut(installs=found, is_complete=search.is_complete))


@router.post("/engines/recognise")
def recognise_folder(services: ServicesDep, body: PlaceIn) -> Answer[PlaceOut]:
    """What a folder is, and where the program that it belongs to keeps its models."""
    folder = require_folder(body.path)
    is_over = make_deadline(_COUNT_SECONDS)
    install = find_around(folder, services.installs.machine)
    known = _library_folders(services)
    present = present_install(FoundInstall(install, count_folders(install, is_over)), known) if install else None
    return Answer(data=PlaceOut(install=present, folder=present_counted(count_models(folder, is_over), known)))


@router.post("/folders/browse")
def browse_folders(services: ServicesDep, body: BrowseIn) -> Answer[FolderListOut]:
    """The folders in a folder of the machine that the server runs on; without `path` those to begin with."""
    machine = services.installs.machine
    if not body.path:
        places = [place for place in dict.fromkeys(machine.places) if place.is_dir()]
        begin = [SubfolderOut(name=str(place), path=str(place), engine_name=None) for place in places]
        return Answer(data=FolderListOut(path=None, parent=None, folders=begin))
    folder = require_folder(body.path)

    def name_engine(inner: Path) -> str | None:
        found = recognise(inner, machine)
        return found.name if found else None

    inside = [
        SubfolderOut(name=inner.name, path=str(inner), engine_name=name_engine(inner))
        for inner in list_subfolders(folder, at_most=1000)
    ]
    parent = None if folder.parent == folder else str(folder.parent)
    return Answer(data=FolderListOut(path=str(folder), parent=parent, folders=inside))


def _library_folders(services: Services) -> list[Path]:
    return [Path(folder.path) for folder in services.folders.list_all()]
