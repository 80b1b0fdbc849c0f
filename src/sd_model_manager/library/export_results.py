"""What came of an export, file by file and in numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from sd_model_manager.domain.ids import ModelId

MAX_KEPT = 1000


class Outcome(StrEnum):
    WRITTEN = "written"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What came of one file, or in a plan, what would. `code` and `reason` say why it was refused.

    `format` is empty and `model_id` is `None` where a change was taken back.
    """

    path: str
    model_path: str
    outcome: Outcome
    model_id: ModelId | None = None
    format: str = ""
    code: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class Tally:
    """Counts all results and keeps the first of them that say something: what was refused, what was written."""

    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    kept: list[ExportResult] = field(default_factory=list)

    def add(self, result: ExportResult) -> None:
        self.counts[result.outcome] += 1
        if len(self.kept) < MAX_KEPT and result.outcome is not Outcome.UNCHANGED:
            self.kept.append(result)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def to_json(self) -> dict[str, Any]:
        """As it is kept with a task."""
        counts = {outcome.value: count for outcome, count in self.counts.items()}
        return {**counts, "items": [asdict(result) for result in self.kept]}
