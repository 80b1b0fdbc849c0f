"""Tasks as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.tasks import Task, TaskKind, TaskState
from sd_model_manager.registry.hidden_downloads import HiddenDownloads
from sd_model_manager.ui.api.schemas.tasks import DownloadOut, TaskOut

MASK = "•••"
"""Stands for the name of a hidden model."""


class TaskPresenter:
    """For somebody who sees nothing mature from this bit on, or with `None` everything."""

    def __init__(self, hidden: HiddenDownloads, mature_below: int | None) -> None:
        self._hidden = hidden
        self._mature_below = mature_below

    def task(self, task: Task) -> DownloadOut | TaskOut:
        return self.tasks([task])[0]

    def tasks(self, tasks: Sequence[Task]) -> list[DownloadOut | TaskOut]:
        hidden = self._list_hidden(tasks)
        return [present_task(task, is_hidden=task.task_id in hidden) for task in tasks]

    def download(self, task: Task) -> DownloadOut:
        return self.downloads([task])[0]

    def downloads(self, tasks: Sequence[Task]) -> list[DownloadOut]:
        hidden = self._list_hidden(tasks)
        return [present_download(task, is_hidden=task.task_id in hidden) for task in tasks]

    def _list_hidden(self, tasks: Sequence[Task]) -> frozenset[TaskId]:
        return self._hidden.among([task.task_id for task in tasks], self._mature_below)


def present_task(task: Task, *, is_hidden: bool = False) -> DownloadOut | TaskOut:
    if task.kind is TaskKind.DOWNLOAD:
        return present_download(task, is_hidden=is_hidden)
    return TaskOut(**_common(task))


def present_download(task: Task, *, is_hidden: bool = False) -> DownloadOut:
    """One that is hidden says how it goes, and nothing of what it is."""
    shown = _tell_all(task)
    if not is_hidden:
        return shown
    error = shown.error and _FAILED
    mask = {"name": MASK, "url": "", "path": None, "sha256": None, "model_id": None, "error": error}
    return shown.model_copy(update={**mask, "details": {}, "is_hidden": True})


_FAILED = "It failed. Why is not told while its model is hidden as mature content; the settings can show it."


def _tell_all(task: Task) -> DownloadOut:
    return DownloadOut(
        **_common(task),
        url=task.payload.get("url", ""),
        priority=task.priority,
        path=task.result.get("path"),
        sha256=task.result.get("sha256"),
        model_id=task.result.get("model_id"),
        bytes_done=task.progress.done,
        bytes_total=task.progress.total,
    )


def _outcomes(task: Task) -> dict[str, int] | None:
    if task.kind is not TaskKind.EXPORT or "written" not in task.result:
        return task.result.get("outcomes")
    written = "restored" if "undo" in task.payload else "written"
    return {written: task.result["written"], **{word: task.result[word] for word in ("unchanged", "refused")}}


def _common(task: Task) -> dict[str, Any]:
    is_running = task.state is TaskState.RUNNING
    return {
        "task_id": task.task_id,
        "kind": task.kind,
        "state": task.state,
        "name": task.name,
        "done": task.progress.done,
        "total": task.progress.total,
        "unit": task.progress.unit,
        "per_second": round(task.progress.per_second, 1) if is_running else 0.0,
        "eta_seconds": task.progress.eta_seconds if is_running else None,
        "error": task.error,
        "code": task.code,
        "details": task.result.get("details") or {} if task.error else {},
        "attempts": task.attempts,
        "created_at": task.created_at,
        "started_at": task.started_at,
        "finished_at": task.finished_at,
        "outcomes": _outcomes(task),
        "waits_because": task.result.get("waits_because"),
        "waits_code": task.result.get("waits_code"),
        "waits_details": task.result.get("waits_details") or {},
        "waits_until": task.result.get("waits_until"),
    }
