"""Writing other tools' files, and what came of it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from sd_model_manager.domain.query import MAX_CHARACTERS
from sd_model_manager.ui.api.schemas.tasks import TaskOut


class ExportIn(BaseModel):
    """`q` is a query as in the list; without one it is the whole library. With `dry_run` nothing is written, and what
    would be comes as the answer."""

    model_config = {"extra": "forbid"}

    q: str = Field(default="", max_length=MAX_CHARACTERS)
    formats: list[str] = Field(min_length=1, max_length=20)
    dry_run: bool = False


class ExportResultOut(BaseModel):
    """One file. `code` and `reason` say why it was refused. `format` and `model_id` are empty where a change was taken
    back."""

    path: str
    model_path: str
    outcome: Literal["written", "unchanged", "refused"]
    model_id: int | None
    format: str
    code: str | None
    reason: str | None


class ExportOut(BaseModel):
    """How many files came out how, as soon as the task has ended; `items` are the first 1,000 that were written or
    refused. `task` does the writing, and is `None` for a dry run."""

    task: TaskOut | None
    written: int
    unchanged: int
    refused: int
    items: list[ExportResultOut]
