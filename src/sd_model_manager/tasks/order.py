"""The order of what waits, as the user arranges it.

Tasks are numbered downwards from how many there are to 1, so that what is queued later, with priority 0, comes after
them; nothing but `priority` is kept.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection, bindparam, select, update

from sd_model_manager.db.tables import tasks
from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.tasks import FINAL_STATES, TaskKind, TaskState
from sd_model_manager.lib.errors import TaskStateConflict
from sd_model_manager.tasks.listing import IN_ORDER

_UNFINISHED = [state.value for state in TaskState if state not in FINAL_STATES]


class End(StrEnum):
    """Of the queue."""

    FIRST = "first"
    LAST = "last"


def move(connection: Connection, kind: TaskKind, task_id: TaskId, target: TaskId | End) -> None:
    """Put an unfinished task before another one of its kind, or at an end.

    Raises:
        TaskStateConflict: one of the two is finished, or of another kind.
    """
    query = select(tasks.c.task_id, tasks.c.priority).where(tasks.c.kind == kind.value, tasks.c.state.in_(_UNFINISHED))
    priorities = {TaskId(row.task_id): row.priority for row in connection.execute(query.order_by(*IN_ORDER))}
    for named in (task_id, target):
        if named not in priorities and not isinstance(named, End):
            raise TaskStateConflict(f"Task {named} does not wait any more, so its place cannot change.", task_id=named)
    if task_id == target:
        return
    order = [other for other in priorities if other != task_id]
    order.insert(_index_of(target, order), task_id)
    _renumber(connection, order, priorities)


def next_first_priority(connection: Connection, kind: TaskKind) -> int:
    """The priority that goes before all that is unfinished now."""
    query = select(tasks.c.priority).where(tasks.c.kind == kind.value, tasks.c.state.in_(_UNFINISHED))
    highest = connection.scalar(query.order_by(tasks.c.priority.desc()).limit(1))
    return max(0, highest or 0) + 1


def _index_of(target: TaskId | End, order: list[TaskId]) -> int:
    if isinstance(target, End):
        return 0 if target is End.FIRST else len(order)
    return order.index(target)


def _renumber(connection: Connection, order: list[TaskId], priorities: dict[TaskId, int]) -> None:
    numbers = {task_id: len(order) - index for index, task_id in enumerate(order)}
    changes = [{"id": key, "number": number} for key, number in numbers.items() if priorities[key] != number]
    if changes:
        query = update(tasks).where(tasks.c.task_id == bindparam("id")).values(priority=bindparam("number"))
        connection.execute(query, changes)
