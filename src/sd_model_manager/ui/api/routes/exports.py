"""`/api/models/export`: other tools' files, written and taken back."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.tasks import Task, TaskKind
from sd_model_manager.lib.errors import NotFound
from sd_model_manager.library.export_results import Tally
from sd_model_manager.library.export_wish import new_export, new_undo
from sd_model_manager.registry.catalog import Catalog
from sd_model_manager.ui.api.dependencies import ServicesDep
from sd_model_manager.ui.api.presenters.tasks import present_task
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.schemas.exports import ExportIn, ExportOut
from sd_model_manager.ui.api.viewing import CatalogDep, ViewingDep
from sd_model_manager.wiring import Services

router = APIRouter(prefix="/api/models/export", tags=["models"])


@router.post("", status_code=202)
def export_sidecars(
    services: ServicesDep, catalog: CatalogDep, viewing: ViewingDep, body: ExportIn, response: Response
) -> Answer[ExportOut]:
    """Write other tools' files beside the whole library, what a query or filter means, or models by number, in a task;
    a dry run tells at once (200) what it would do."""
    wish = body.to_wish(viewing.mature_below)
    if not body.dry_run:
        task, _ = services.queue.add(new_export(wish))
        return Answer(data=_present(task, task.result, catalog))
    tally = Tally()
    for result in services.exporter.plan(wish):
        tally.add(result)
    response.status_code = 200
    return Answer(data=_present(None, tally.to_json(), catalog))


@router.get("/{task_id}")
def get_export(services: ServicesDep, catalog: CatalogDep, task_id: str) -> Answer[ExportOut]:
    """What an export did, file by file."""
    task = _get(services, task_id)
    return Answer(data=_present(task, task.result, catalog))


@router.post("/{task_id}/undo", status_code=202)
def undo_export(services: ServicesDep, catalog: CatalogDep, task_id: str) -> Answer[ExportOut]:
    """Put back what an export changed, in a task, wherever a file is still as the export left it."""
    done = _get(services, task_id)
    services.exporter.changes_of(task_id)
    task, _ = services.queue.add(new_undo(task_id, name=done.name))
    return Answer(data=_present(task, task.result, catalog))


def _get(services: Services, task_id: str) -> Task:
    task = services.queue.store.get(TaskId(task_id))
    if task.kind is not TaskKind.EXPORT:
        raise NotFound("This task is no export.")
    return task


def _present(task: Task | None, result: dict[str, Any], catalog: Catalog) -> ExportOut:
    """Files of models that are hidden are counted and not named; so are those of which nobody knows the model, as in
    an undo, while anything is hidden."""
    told = ExportOut(task=present_task(task) if task else None, **{**Tally().to_json(), **result})
    if catalog.hides_any:
        shown = catalog.find_shown(item.model_id for item in told.items if item.model_id is not None)
        told.items = [item for item in told.items if item.model_id in shown]
    return told
