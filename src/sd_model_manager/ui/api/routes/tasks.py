"""`/api/tasks`: everything that goes on after the answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.tasks import TaskCommand, TaskKind, TaskState
from sd_model_manager.ui.api.dependencies import ServicesDep
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.schemas.tasks import DownloadOut, TaskOut, TaskPage
from sd_model_manager.ui.api.viewing import TaskPresenterDep

router = APIRouter(prefix="/api/tasks", tags=["tasks"])


@router.get("")
def list_tasks(
    services: ServicesDep,
    presenter: TaskPresenterDep,
    kind: Annotated[list[TaskKind] | None, Query()] = None,
    state: Annotated[list[TaskState] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Answer[TaskPage]:
    """Newest first."""
    page = services.queue.store.list_page(kinds=kind or (), states=state or (), limit=limit, cursor=cursor)
    return Answer(data=TaskPage(items=presenter.tasks(page.items), total=page.total, next_cursor=page.next_cursor))


@router.get("/{task_id}")
def get_task(services: ServicesDep, presenter: TaskPresenterDep, task_id: str) -> Answer[DownloadOut | TaskOut]:
    return Answer(data=presenter.task(services.queue.store.get(TaskId(task_id))))


@router.post("/{task_id}/{command}")
def command_task(
    services: ServicesDep, presenter: TaskPresenterDep, task_id: str, command: TaskCommand
) -> Answer[DownloadOut | TaskOut]:
    """409 `TASK_STATE` where its state does not allow that."""
    return Answer(data=presenter.task(services.queue.command(TaskId(task_id), command)))
