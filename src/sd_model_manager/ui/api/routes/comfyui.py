"""`/api/comfyui/paths`: ComfyUI's list of folders, told of the library."""

from __future__ import annotations

from fastapi import APIRouter

from sd_model_manager.ui.api.dependencies import ServicesDep
from sd_model_manager.ui.api.presenters.engines import present_listed
from sd_model_manager.ui.api.routes.settings import require_whole_path
from sd_model_manager.ui.api.schemas.engines import (
    PathsPlanIn,
    PathsPlanOut,
    PathsSectionOut,
    PathsUndoIn,
    PathsWriteIn,
    PathsWrittenOut,
)
from sd_model_manager.ui.api.schemas.envelope import Answer

router = APIRouter(prefix="/api/comfyui/paths", tags=["settings"])


@router.get("")
def get_paths(services: ServicesDep) -> Answer[PathsSectionOut]:
    """The section for an `extra_model_paths.yaml`, to be copied by hand."""
    text, listed = services.comfy_paths.compose()
    return Answer(data=PathsSectionOut(text=text, folders=present_listed(listed)))


@router.post("/plan")
def plan_paths(services: ServicesDep, body: PathsPlanIn) -> Answer[PathsPlanOut]:
    """What would change in the file of one ComfyUI. Nothing is written."""
    plan = services.comfy_paths.plan(require_whole_path(body.path))
    planned = PathsPlanOut(
        file=str(plan.file),
        exists=plan.exists,
        digest=plan.digest,
        folders=present_listed(plan.listed),
        diff=list(plan.diff),
    )
    return Answer(data=planned)


@router.post("/write")
def write_paths(services: ServicesDep, body: PathsWriteIn) -> Answer[PathsWrittenOut]:
    """Do what was planned; 409 `CHANGED_SINCE` where the file is another by now. Its old bytes are kept."""
    file, undo_id = services.comfy_paths.write(require_whole_path(body.path), body.digest)
    return Answer(data=PathsWrittenOut(file=str(file), undo_id=undo_id))


@router.post("/undo")
def undo_paths(services: ServicesDep, body: PathsUndoIn) -> Answer[PathsWrittenOut]:
    """Put back what was there before, where the file is still as it was written."""
    return Answer(data=PathsWrittenOut(file=str(services.comfy_paths.undo(body.undo_id)), undo_id=None))
