"""Writing other tools' files, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, Field

from sd_model_manager.library.export_wish import ExportWish
from sd_model_manager.ui.api.schemas.meant_models import MeantModels
from sd_model_manager.ui.api.schemas.tasks import TaskOut


class ExportIn(MeantModels):
    """Without any of `q`, `wanted` and `model_ids` it is the whole library. With `dry_run` nothing is written, and what
    would be comes as the answer."""

    formats: list[str] = Field(min_length=1, max_length=20)
    dry_run: bool = False

    def to_wish(self, mature_below: int | None) -> ExportWish:
        """A query means hidden models, too; a filter what a list shows, without what is mature from this bit on."""
        wanted = replace(self.to_filter(), mature_below=mature_below if self.wanted else None)
        return ExportWish(tuple(self.formats), wanted, self.to_ids())


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
