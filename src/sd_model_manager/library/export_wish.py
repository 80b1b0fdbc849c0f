"""Beside which models which files of other tools are to be written, or what is to be put back; a task carries it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import TypeAdapter

from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.query import parse_query
from sd_model_manager.domain.tasks import NewTask, TaskKind
from sd_model_manager.lib.errors import BadInput
from sd_model_manager.sidecars.reader import WRITABLE


@dataclass(frozen=True, slots=True)
class ExportWish:
    """Files of these formats beside some models by number, or else beside all that a filter leaves, which may be the
    whole library."""

    formats: tuple[str, ...]
    wanted: ModelFilter = field(default_factory=ModelFilter)
    model_ids: tuple[ModelId, ...] | None = None


_WISH = TypeAdapter(ExportWish)


def new_export(wish: ExportWish) -> NewTask:
    """The task that writes them. Raises BadInput for a format that is not written, or a query that cannot be read."""
    parse_query(wish.wanted.text)
    payload = {**asdict(wish), "formats": require_formats(wish.formats)}
    return NewTask(kind=TaskKind.EXPORT, name=wish.wanted.text, payload=payload)


def read_wish(payload: Mapping[str, Any]) -> ExportWish:
    """The wish that a task carries; one that an older version has queued knows a query alone."""
    return _WISH.validate_python({"wanted": {"text": payload.get("q", "")}, **payload})


def new_undo(run_id: str, *, name: str = "") -> NewTask:
    """The task that puts back what an export changed, where it is still as the export left it."""
    return NewTask(kind=TaskKind.EXPORT, name=name, payload={"undo": run_id}, dedupe_key=f"undo:{run_id}")


def require_formats(names: Sequence[str]) -> tuple[str, ...]:
    """Each once. Raises BadInput naming those there are."""
    chosen = tuple(dict.fromkeys(names))
    unknown = [name for name in chosen if name not in WRITABLE]
    if unknown or not chosen:
        what = f"'{unknown[0]}' is not a format that is written." if unknown else "Name a format to write."
        raise BadInput(f"{what} There are: {', '.join(WRITABLE)}.", code="UNKNOWN_FORMAT")
    return chosen
