"""Pages of tasks, newest first or as they will be worked on, filtered by what is said of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select

from sd_model_manager.db.tables import tasks
from sd_model_manager.domain.tasks import TaskKind, TaskState
from sd_model_manager.lib.errors import BadInput

IN_ORDER = (tasks.c.priority.desc(), tasks.c.created_at, tasks.c.task_id)
"""How tasks are worked on: the most urgent first, among equals the oldest."""

_NEWEST_FIRST = (tasks.c.created_at.desc(), tasks.c.task_id.desc())
_SEARCHED = (
    tasks.c.name,
    tasks.c.payload["url"].as_string(),
    tasks.c.payload["relative_path"].as_string(),
    tasks.c.result["path"].as_string(),
)


class TaskOrder(StrEnum):
    """`queue`: as they will be worked on."""

    NEWEST = "newest"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Each part that is set narrows. `words` is text whose words all have to occur in a task's name, link or file.

    Case does not count, on SQLite for the letters of ASCII alone. `unless` leaves out the tasks of which it holds.
    """

    kinds: Collection[TaskKind] = ()
    states: Collection[TaskState] = ()
    words: str = ""
    unless: ColumnElement[bool] | None = None

    def to_sql(self) -> list[ColumnElement[bool]]:
        where: list[ColumnElement[bool]] = []
        if self.kinds:
            where.append(tasks.c.kind.in_([kind.value for kind in self.kinds]))
        if self.states:
            where.append(tasks.c.state.in_([state.value for state in self.states]))
        for word in self.words.split():
            where.append(or_(*(text.icontains(word, autoescape=True) for text in _SEARCHED)))
        if self.unless is not None:
            where.append(~self.unless)
        return where


def select_page(where: list[ColumnElement[bool]], order: TaskOrder, cursor: str | None) -> Select[Any]:
    """The rows after a cursor. Raises BadInput for a cursor that is not ours, or of another order."""
    query = select(tasks).where(*where).order_by(*(IN_ORDER if order is TaskOrder.QUEUE else _NEWEST_FIRST))
    return query.where(_after(cursor, order)) if cursor else query


def make_cursor(row: Row[Any], order: TaskOrder) -> str:
    """Where the next page begins: after this row."""
    place = f"{row.created_at.isoformat()}~{row.task_id}"
    return f"{row.priority}~{place}" if order is TaskOrder.QUEUE else place


def _after(cursor: str, order: TaskOrder) -> ColumnElement[bool]:
    priority, created_at, task_id = _parse_cursor(cursor, order)
    same_time = tasks.c.created_at == created_at
    if order is TaskOrder.NEWEST:
        return or_(tasks.c.created_at < created_at, and_(same_time, tasks.c.task_id < task_id))
    later = or_(tasks.c.created_at > created_at, and_(same_time, tasks.c.task_id > task_id))
    return or_(tasks.c.priority < priority, and_(tasks.c.priority == priority, later))


def _parse_cursor(cursor: str, order: TaskOrder) -> tuple[int, datetime, str]:
    parts = cursor.split("~")
    try:
        priority = int(parts.pop(0)) if order is TaskOrder.QUEUE else 0
        created_at, task_id = parts
        moment = datetime.fromisoformat(created_at)
    except (ValueError, IndexError) as error:
        raise _bad_cursor() from error
    if moment.tzinfo is None or not task_id or abs(priority) >= 2**31:
        raise _bad_cursor()
    return priority, moment, task_id


def _bad_cursor() -> BadInput:
    return BadInput("This cursor is not one this server gave. Ask for the first page again.", code="BAD_CURSOR")
