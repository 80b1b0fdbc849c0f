"""Tasks as the API shows them."""

from __future__ import annotations

from typing import Any

from sd_model_manager.domain.tasks import Task, TaskKind, TaskState
from sd_model_manager.ui.api.schemas.tasks import DownloadOut, TaskOut


def present_task(task: Task) -> DownloadOut | TaskOut:
    return present_download(task) if task.kind is TaskKind.DOWNLOAD else TaskOut(**_common(task))


def present_download(task: Task) -> DownloadOut:
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
        "outcomes": task.result.get("outcomes"),
        "waits_because": task.result.get("waits_because"),
        "waits_code": task.result.get("waits_code"),
        "waits_details": task.result.get("waits_details") or {},
        "waits_until": task.result.get("waits_until"),
    }
