"""`/api/download`: paste a link, watch the file arrive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.maturity import Viewing
from sd_model_manager.domain.tasks import Task, TaskCommand, TaskKind, TaskState
from sd_model_manager.download.plan import is_companion
from sd_model_manager.download.wishes import DownloadWish, PlannedDownload, StartedDownloads
from sd_model_manager.lib.errors import Conflict, NotFound
from sd_model_manager.registry.hidden_downloads import is_hidden_download
from sd_model_manager.tasks.listing import TaskOrder
from sd_model_manager.tasks.order import End
from sd_model_manager.ui.api.dependencies import ServicesDep
from sd_model_manager.ui.api.presenters.models import (
    ModelPresenter,
    present_identity,
    present_images,
    present_version_name,
)
from sd_model_manager.ui.api.presenters.published import describe_file, present_cautions
from sd_model_manager.ui.api.presenters.tasks import TaskPresenter
from sd_model_manager.ui.api.schemas.downloads import (
    ClearedOut,
    ClearIn,
    CommandedOut,
    DownloadIn,
    InspectOut,
    LimitsOut,
    MoveIn,
    OfferedFile,
    RefusedFile,
    RefusedTask,
    RoomOut,
    StartedOut,
)
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.schemas.tasks import DownloadOut, DownloadPage
from sd_model_manager.ui.api.viewing import CatalogDep, PresenterDep, TaskPresenterDep, ViewingDep
from sd_model_manager.wiring import Services

router = APIRouter(prefix="/api/download", tags=["downloads"])


class Existing:
    """Tells, of what is not fetched again, what there is."""

    def __init__(
        self, services: ServicesDep, catalog: CatalogDep, models: PresenterDep, tasks: TaskPresenterDep
    ) -> None:
        self._services = services
        self._catalog = catalog
        self._models = models
        self._tasks = tasks

    def add_to(self, conflict: Conflict) -> None:
        """Raises NotAllowed where that is a model that is hidden."""
        details = conflict.details
        if task_id := details.get("task_id"):
            details["task"] = self._tasks.download(self._services.queue.store.get(task_id)).model_dump(mode="json")
        if model_id := details.get("model_id"):
            details["model"] = self._models.model(self._catalog.get_listing(model_id)).model_dump(mode="json")


ExistingDep = Annotated[Existing, Depends()]


@router.post("", status_code=202)
def start_download(
    services: ServicesDep, tasks: TaskPresenterDep, existing: ExistingDep, body: DownloadIn
) -> Answer[StartedOut]:
    """Queue a download, or one for each of several files. 409 with the existing task or model where it is under way or
    on the disk already."""
    try:
        return Answer(data=_start(services, tasks, body))
    except Conflict as conflict:
        existing.add_to(conflict)
        raise


def _start(services: Services, presenter: TaskPresenter, body: DownloadIn) -> StartedOut:
    wish = _to_wish(body)
    if not body.file_ids:
        started = StartedDownloads((services.downloads.start(wish),), {})
    else:
        chosen = [body.file_id] if body.file_id is not None else []
        started = services.downloads.start_several(wish, [str(file_id) for file_id in (*chosen, *body.file_ids)])
    tasks = presenter.downloads(started.tasks)
    refused = [
        RefusedFile(file_id=file_id, code=error.error_code, error=error.message, details=error.details)
        for file_id, error in started.refused.items()
    ]
    return StartedOut(**tasks[0].model_dump(), tasks=tasks, refused=refused)


@router.post("/inspect")
def inspect_download(
    services: ServicesDep, viewing: ViewingDep, presenter: PresenterDep, body: DownloadIn
) -> Answer[InspectOut]:
    """What would be fetched, from where to where, and what to know before. Fetches no more than a header."""
    return Answer(data=_present_plan(services.downloads.inspect(_to_wish(body)), presenter, viewing))


@router.get("")
def list_downloads(
    services: ServicesDep,
    viewing: ViewingDep,
    presenter: TaskPresenterDep,
    state: Annotated[list[TaskState] | None, Query()] = None,
    q: Annotated[str, Query(max_length=500)] = "",
    order: TaskOrder = TaskOrder.NEWEST,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Answer[DownloadPage]:
    """The queue and the history, newest first, or with `order=queue` as they will be worked on.

    `q`: words that all occur in the name, the link or the file's name; those of hidden models find nothing.
    """
    mature_below = viewing.mature_below if q else None
    unless = None if mature_below is None else is_hidden_download(mature_below)
    page = services.queue.store.list_page(
        kinds=[TaskKind.DOWNLOAD], states=state or (), words=q, unless=unless, order=order, limit=limit, cursor=cursor
    )
    items = presenter.downloads(page.items)
    return Answer(data=DownloadPage(items=items, total=page.total, next_cursor=page.next_cursor))


@router.post("/pause-all")
def pause_all(services: ServicesDep, presenter: TaskPresenterDep) -> Answer[CommandedOut]:
    """Pause all that waits or runs."""
    return _command_all(services, presenter, TaskCommand.PAUSE)


@router.post("/resume-all")
def resume_all(services: ServicesDep, presenter: TaskPresenterDep) -> Answer[CommandedOut]:
    """Let all that is paused go on."""
    return _command_all(services, presenter, TaskCommand.RESUME)


@router.post("/cancel-all")
def cancel_all(services: ServicesDep, presenter: TaskPresenterDep) -> Answer[CommandedOut]:
    """Cancel all that is not finished."""
    return _command_all(services, presenter, TaskCommand.CANCEL)


@router.post("/retry-all")
def retry_all(services: ServicesDep, presenter: TaskPresenterDep) -> Answer[CommandedOut]:
    """Try again all that failed; what was cancelled stays so."""
    return _command_all(services, presenter, TaskCommand.RETRY, [TaskState.FAILED])


@router.post("/clear")
def clear_history(services: ServicesDep, body: ClearIn | None = None) -> Answer[ClearedOut]:
    """Take finished downloads out of the history. The models stay."""
    states = (body or ClearIn()).states
    return Answer(data=ClearedOut(removed=services.queue.store.clear(TaskKind.DOWNLOAD, states)))


@router.get("/limits")
def get_limits(services: ServicesDep) -> Answer[LimitsOut]:
    """What holds for downloads now: speed, how many at once, and room on the disks they go to."""
    limit = services.bandwidth.find_limit()
    rooms = [
        RoomOut(path=str(room.folder), free_bytes=room.free_bytes, needed_bytes=room.needed_bytes)
        for room in services.space.list_rooms()
    ]
    return Answer(
        data=LimitsOut(
            bytes_per_second=limit,
            is_scheduled=limit != (services.settings.get("bandwidth_limit") or None),
            downloads_at_once=services.settings.get("downloads_at_once"),
            downloads_per_host=services.settings.get("downloads_per_host"),
            rooms=rooms,
        )
    )


@router.get("/{task_id}")
def get_download(services: ServicesDep, presenter: TaskPresenterDep, task_id: str) -> Answer[DownloadOut]:
    return Answer(data=presenter.download(_get(services, task_id)))


@router.post("/{task_id}/move")
def move_download(
    services: ServicesDep, presenter: TaskPresenterDep, task_id: str, body: MoveIn
) -> Answer[DownloadOut]:
    """Change the order of what waits. 409 `TASK_STATE` where one of the two is finished."""
    target = body.to or (TaskId(body.before) if body.before else End.LAST)
    return Answer(data=presenter.download(services.queue.move(_get(services, task_id).task_id, target)))


@router.post("/{task_id}/again", status_code=202)
def download_again(
    services: ServicesDep, presenter: TaskPresenterDep, existing: ExistingDep, task_id: str
) -> Answer[DownloadOut]:
    """Queue once more what a finished download was for. 409 as for a new one."""
    task = _get(services, task_id)
    try:
        return Answer(data=presenter.download(services.downloads.start_again(task)))
    except Conflict as conflict:
        existing.add_to(conflict)
        raise


@router.post("/{task_id}/{command}")
def command_download(
    services: ServicesDep, presenter: TaskPresenterDep, task_id: str, command: TaskCommand
) -> Answer[DownloadOut]:
    """409 `TASK_STATE` where its state does not allow that."""
    task = _get(services, task_id)
    return Answer(data=presenter.download(services.queue.command(task.task_id, command)))


@router.delete("/{task_id}")
def remove_download(services: ServicesDep, task_id: str) -> Answer[None]:
    """Take a finished download out of the history. The model stays."""
    services.queue.store.remove_finished(_get(services, task_id).task_id)
    return Answer(data=None)


def _command_all(
    services: Services, presenter: TaskPresenter, command: TaskCommand, states: Sequence[TaskState] | None = None
) -> Answer[CommandedOut]:
    commanded = services.queue.command_all(TaskKind.DOWNLOAD, command, states)
    refused = [
        RefusedTask(task_id=task_id, code=conflict.error_code, error=conflict.message, details=conflict.details)
        for task_id, conflict in commanded.refused.items()
    ]
    return Answer(data=CommandedOut(changed=presenter.downloads(commanded.changed), refused=refused))


def _get(services: Services, task_id: str) -> Task:
    task = services.queue.store.get(TaskId(task_id))
    if task.kind is not TaskKind.DOWNLOAD:
        raise NotFound(f"Task {task_id} is no download.")
    return task


def _to_wish(body: DownloadIn) -> DownloadWish:
    return DownloadWish(
        url=body.url,
        file_id=str(body.file_id) if body.file_id is not None else None,
        folder=body.folder,
        filename=body.filename,
        category=body.category,
        is_urgent=body.position is End.FIRST,
    )


def _present_plan(planned: PlannedDownload, presenter: ModelPresenter, viewing: Viewing) -> InspectOut:
    version, chosen, here = planned.version, planned.file, planned.on_disk
    if here and viewing.hides(here.mature_bits):
        here = None
    return InspectOut(
        published=present_version_name(version),
        type=version.model_type,
        base_model=version.base_model,
        description_html=version.description_html,
        trigger_words=list(version.trigger_words),
        images=[image.url for image in present_images(version, viewing) if image.url],
        nsfw_level=version.nsfw_level,
        licence=version.licence,
        licence_terms=list(version.licence_terms),
        available_from=version.available_from,
        files=[
            OfferedFile(
                **describe_file(file, version.model_type),
                is_chosen=file.file_id == chosen.file_id,
                is_companion=is_companion(file, chosen),
            )
            for file in version.files
        ],
        path=str(planned.destination.path),
        size_bytes=chosen.size_bytes,
        free_bytes=planned.room.free_bytes,
        needed_bytes=planned.room.needed_bytes + (0 if planned.on_disk else chosen.size_bytes or 0),
        on_disk=presenter.model(here) if here else None,
        identity=present_identity(planned.identity) if planned.identity else None,
        warnings=present_cautions(planned.cautions),
    )
