"""`/api/tasks`: everything that goes on after the answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.tasks import TaskCommand, TaskKind, TaskState
from sd_model_manager.ui.api.dependencies import ServicesDep
from sd_model_manager.ui.api.presenters.tasks import present_task
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.schemas.tasks import DownloadOut, TaskOut, TaskPage

router = APIRouter(prefix="/api/tasks", tags=["tasks"])


@router.get("")
def list_tasks(
    services: ServicesDep,
    kind: Annotated[list[TaskKind] | None, Query()] = None,
    state: Annotated[list[TaskState] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Answer[TaskPage]:
    """Newest first."""
    page = services.queue.store.list_page(kinds=kind or (), states=state or (), limit=limit, cursor=cursor)
    items = [present_task(task) for task in page.items]
    return Answer(data=TaskPage(items=items, total=page.total, next_cursor=page.next_cursor))


@router.get("/{task_id}")
def get_task(services: ServicesDep, task_id: str) -> Answer[DownloadOut | TaskOut]:
    return Answer(data=present_task(services.queue.store.get(TaskId(task_id))))


@router.post("/{task_id}/{command}")
def command_task(services: ServicesDep, task_id: str, command: TaskCommand) -> Answer[DownloadOut | TaskOut]:
    """409 `TASK_STATE` where its state does not allow that."""
    return Answer(data=present_task(services.queue.command(TaskId(task_id), command)))
