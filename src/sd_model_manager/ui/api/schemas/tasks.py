"""Tasks and downloads as the API shows them. Times are RFC 3339 UTC, speeds `unit` per second."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from sd_model_manager.domain.tasks import TaskKind, TaskState


class TaskOut(BaseModel):
    """`error`, `code` and `details` are those of a failure. `outcomes` counts files by what became of looking them up,
    or of writing other tools' files, where `restored` are those that were put back; `waits_because`, with a code and
    details likewise, says why a task that is queued does not go on before `waits_until`."""

    task_id: str
    kind: TaskKind
    state: TaskState
    name: str
    done: int
    total: int | None
    unit: Literal["bytes", "files"]
    per_second: float
    eta_seconds: float | None
    error: str | None
    code: str | None
    details: dict[str, Any] = {}
    attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    outcomes: dict[str, int] | None = None
    waits_because: str | None = None
    waits_code: str | None = None
    waits_details: dict[str, Any] = {}
    waits_until: datetime | None = None


class DownloadOut(TaskOut):
    """`path` is known once the destination is, `sha256` and `model_id` once the file has arrived.

    `is_hidden`: its model is hidden as mature content, and nothing here tells what it is. What waits is worked on
    by `priority`, highest first, and of equals by `created_at`.
    """

    url: str
    priority: int
    path: str | None
    sha256: str | None
    model_id: int | None
    bytes_done: int
    bytes_total: int | None
    is_hidden: bool = False


class TaskPage(BaseModel):
    items: list[DownloadOut | TaskOut]
    total: int
    next_cursor: str | None


class DownloadPage(BaseModel):
    items: list[DownloadOut]
    total: int
    next_cursor: str | None
