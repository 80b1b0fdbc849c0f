"""The only SQL about tasks.

A task is worked on under a lease with a fence: a number that grows with every claim, and that every write of the worker
names, so that a worker which was suspended and has lost its task can no longer change it. Commands change the state
at once; a worker that is still winding down keeps its lease, and nobody claims the task before it lets go.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, insert, or_, select, text, update
from sqlalchemy.exc import IntegrityError

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import tasks
from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.tasks import (
    ALLOWED_FROM,
    FINAL_STATES,
    NewTask,
    Task,
    TaskCommand,
    TaskKind,
    TaskProgress,
    TaskState,
)
from sd_model_manager.lib.errors import NotFound, TaskStateConflict
from sd_model_manager.tasks.listing import IN_ORDER, TaskFilter, TaskOrder, make_cursor, select_page
from sd_model_manager.tasks.order import End, move, next_first_priority

_CLAIM_LOCK = 7_351_881_001
_HOST = tasks.c.payload["host"].as_string()
_STATE_AFTER = {
    TaskCommand.PAUSE: TaskState.PAUSED,
    TaskCommand.RESUME: TaskState.QUEUED,
    TaskCommand.CANCEL: TaskState.CANCELLED,
    TaskCommand.RETRY: TaskState.QUEUED,
}


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a task until the lease runs out. `is_discard`: to remove what a cancelled one left."""

    task: Task
    owner: str
    fence: int
    is_discard: bool


@dataclass(frozen=True, slots=True)
class TaskPage:
    items: tuple[Task, ...]
    total: int
    next_cursor: str | None


class TaskStore:
    """Every method is one transaction. Correct when several processes share the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewTask, *, now: datetime) -> tuple[Task, bool]:
        """Queue work; the unfinished task with the same `dedupe_key` and `False` where there is one."""
        task_id = TaskId(uuid.uuid4().hex)
        values: dict[str, Any] = {
            "task_id": task_id,
            "kind": new.kind.value,
            "state": TaskState.QUEUED.value,
            "name": new.name,
            "priority": new.priority,
            "dedupe_key": new.dedupe_key,
            "payload": new.payload,
            "unit": new.unit,
            "total": new.total,
            "created_at": now,
        }
        while True:
            try:
                with self._database.write() as connection:
                    if new.is_first:
                        values["priority"] = next_first_priority(connection, new.kind)
                    connection.execute(insert(tasks).values(values))
                return self.get(task_id), True
            except IntegrityError:
                if new.dedupe_key is None:
                    raise
            if existing := self.find_active(new.dedupe_key):
                return existing, False  # otherwise it ended in this very moment, and the place is free again

    def find_active(self, dedupe_key: str) -> Task | None:
        active = [state.value for state in TaskState if state not in FINAL_STATES]
        query = select(tasks).where(tasks.c.dedupe_key == dedupe_key, tasks.c.state.in_(active))
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return _to_task(row) if row else None

    def get(self, task_id: TaskId) -> Task:
        """Raises NotFound."""
        with self._database.read() as connection:
            return _get(connection, task_id)

    def list_page(
        self,
        *,
        kinds: Collection[TaskKind] = (),
        states: Collection[TaskState] = (),
        words: str = "",
        unless: ColumnElement[bool] | None = None,
        order: TaskOrder = TaskOrder.NEWEST,
        limit: int = 100,
        cursor: str | None = None,
    ) -> TaskPage:
        """Newest first, or as they are worked on; for the filter see `TaskFilter`. Raises BadInput for a cursor that is
        not ours."""
        where = TaskFilter(kinds, states, words, unless).to_sql()
        query = select_page(where, order, cursor).limit(limit + 1)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            total = connection.scalar(select(func.count()).select_from(tasks).where(*where)) or 0
        next_cursor = make_cursor(rows[limit - 1], order) if len(rows) > limit else None
        return TaskPage(tuple(_to_task(row) for row in rows[:limit]), total, next_cursor)

    def list_all(self, kind: TaskKind, states: Collection[TaskState]) -> list[Task]:
        """All of a kind in some states, as they are worked on."""
        query = select_page(TaskFilter([kind], states).to_sql(), TaskOrder.QUEUE, None)
        with self._database.read() as connection:
            return [_to_task(row) for row in connection.execute(query)]

    def move(self, task_id: TaskId, target: TaskId | End) -> Task:
        """Change the order of what waits. Raises NotFound, and TaskStateConflict where one of them is finished."""
        with self._database.write() as connection:
            self._hold_queue(connection)
            move(connection, _get(connection, task_id).kind, task_id, target)
            return _get(connection, task_id)

    def count_by_state(self) -> dict[TaskState, int]:
        query = select(tasks.c.state, func.count()).group_by(tasks.c.state)
        with self._database.read() as connection:
            return {TaskState(state): count for state, count in connection.execute(query)}

    def command(self, task_id: TaskId, command: TaskCommand, *, now: datetime) -> Task:
        """Pause, resume, cancel or retry, at once.

        Raises:
            NotFound: there is no such task.
            TaskStateConflict: its state does not allow that now.
        """
        values: dict[str, Any] = {"state": _STATE_AFTER[command].value, "run_after": None}
        if command is TaskCommand.CANCEL:
            values |= {"needs_discard": True, "finished_at": now}
        if command is TaskCommand.RETRY:
            values |= {"error": None, "code": None, "finished_at": None, "needs_discard": False}
        allowed = [state.value for state in ALLOWED_FROM[command]]
        try:
            with self._database.write() as connection:
                where = (tasks.c.task_id == task_id, tasks.c.state.in_(allowed))
                changed = connection.execute(update(tasks).where(*where).values(values)).rowcount
                task = _get(connection, task_id)
        except IntegrityError as error:
            raise TaskStateConflict(
                "The same work has been queued again since then; follow that task instead.", task_id=task_id
            ) from error
        if not changed:
            raise TaskStateConflict(
                f"This {task.kind.value} is {task.state.value}, so it cannot be asked to {command.value}.",
                state=task.state.value,
                command=command.value,
            )
        return task

    def remove_finished(self, task_id: TaskId) -> None:
        """Take a task out of the history. Raises NotFound, and TaskStateConflict while it is not at its end."""
        with self._database.write() as connection:
            task = _get(connection, task_id)
            final = [state.value for state in FINAL_STATES]
            where = (tasks.c.task_id == task_id, tasks.c.state.in_(final), tasks.c.needs_discard.is_(False))
            if not connection.execute(tasks.delete().where(*where)).rowcount:
                text = f"This {task.kind.value} is not finished; cancel it first."
                raise TaskStateConflict(text, state=task.state.value)

    def clear(self, kind: TaskKind, states: Collection[TaskState]) -> int:
        """Take finished tasks out of the history. Returns how many; what is not finished stays."""
        final = [state for state in states if state in FINAL_STATES]
        where = (*TaskFilter([kind], final).to_sql(), tasks.c.needs_discard.is_(False), tasks.c.lease_owner.is_(None))
        if not final:
            return 0
        with self._database.write() as connection:
            return connection.execute(tasks.delete().where(*where)).rowcount

    def claim(
        self,
        owner: str,
        limits: Mapping[TaskKind, int],
        *,
        now: datetime,
        lease: timedelta,
        per_host: int | None = None,
    ) -> Claim | None:
        """Take the next task whose kind has a free slot, and whose host is asked for fewer than `per_host`.

        Both hold for all processes together.
        """
        with self._database.write() as connection:
            self._hold_queue(connection)
            row = _find_discard(connection, limits) or _find_queued(connection, limits, now, per_host)
            if row is None:
                return None
            is_discard = row.state == TaskState.CANCELLED.value
            values: dict[str, Any] = {"lease_owner": owner, "lease_until": now + lease, "fence": row.fence + 1}
            if not is_discard:
                values |= {
                    "state": TaskState.RUNNING.value,
                    "attempts": row.attempts + 1,
                    "started_at": row.started_at or now,
                    "per_second": 0.0,
                }
            connection.execute(update(tasks).where(tasks.c.task_id == row.task_id).values(values))
            return Claim(_get(connection, TaskId(row.task_id)), owner, row.fence + 1, is_discard)

    def renew(self, claims: Sequence[Claim], *, until: datetime) -> dict[TaskId, TaskState | None]:
        """Prolong leases. For each claim the state its task has now, `None` where the claim is lost."""
        states: dict[TaskId, TaskState | None] = {}
        with self._database.write() as connection:
            for claim in claims:
                held = connection.execute(update(tasks).where(*_held(claim)).values(lease_until=until)).rowcount
                states[claim.task.task_id] = _get(connection, claim.task.task_id).state if held else None
        return states

    def find_state(self, claim: Claim) -> TaskState | None:
        """The state of a claim's task, `None` where the claim is lost."""
        query = select(tasks.c.state).where(*_held(claim))
        with self._database.read() as connection:
            state = connection.scalar(query)
        return TaskState(state) if state else None

    def save_progress(self, claim: Claim, progress: TaskProgress) -> None:
        values = {
            "done": progress.done,
            "total": progress.total,
            "unit": progress.unit,
            "per_second": progress.per_second,
        }
        with self._database.write() as connection:
            connection.execute(update(tasks).where(*_held(claim)).values(values))

    def save_result(self, claim: Claim, result: Mapping[str, Any], *, name: str | None = None) -> Task:
        values: dict[str, Any] = {"result": dict(result)}
        if name is not None:
            values["name"] = name
        with self._database.write() as connection:
            connection.execute(update(tasks).where(*_held(claim)).values(values))
            return _get(connection, claim.task.task_id)

    def finish(
        self, claim: Claim, state: TaskState, *, now: datetime, error: str | None = None, code: str | None = None
    ) -> Task:
        """End a claim. What was done is done even if a pause came meanwhile; a cancelled task stays cancelled."""
        over = [TaskState.RUNNING.value]
        if state is TaskState.DONE:
            over += [TaskState.PAUSED.value, TaskState.QUEUED.value]
        ended = tasks.c.state.in_(over)
        values = {
            "state": case((ended, state.value), else_=tasks.c.state),
            "error": case((ended, error), else_=tasks.c.error),
            "code": case((ended, code), else_=tasks.c.code),
            "finished_at": case((ended, now), else_=tasks.c.finished_at),
            "lease_owner": None,
            "lease_until": None,
        }
        return self._end(claim, values)

    def let_go(self, claim: Claim, *, run_after: datetime | None = None) -> Task:
        """End a claim without an end of the task: a running one is queued again, any other stays as it is."""
        running = tasks.c.state == TaskState.RUNNING.value
        values = {
            "state": case((running, TaskState.QUEUED.value), else_=tasks.c.state),
            "run_after": run_after,
            "per_second": 0.0,
            "lease_owner": None,
            "lease_until": None,
        }
        return self._end(claim, values)

    def finish_discard(self, claim: Claim) -> Task:
        return self._end(claim, {"needs_discard": False, "lease_owner": None, "lease_until": None})

    def list_owners(self) -> frozenset[str]:
        query = select(tasks.c.lease_owner).where(tasks.c.lease_owner.is_not(None)).distinct()
        with self._database.read() as connection:
            return frozenset(connection.scalars(query))

    def release_lost(self, *, now: datetime, dead_owners: Collection[str] = ()) -> list[Task]:
        """Give tasks free whose worker is dead or has not renewed its lease; what was running is queued again."""
        lost = or_(tasks.c.lease_until < now, tasks.c.lease_owner.in_(list(dead_owners)))
        where = and_(tasks.c.lease_owner.is_not(None), lost)
        running = tasks.c.state == TaskState.RUNNING.value
        values = {
            "state": case((running, TaskState.QUEUED.value), else_=tasks.c.state),
            "per_second": 0.0,
            "lease_owner": None,
            "lease_until": None,
        }
        with self._database.write() as connection:
            ids = list(connection.scalars(select(tasks.c.task_id).where(where)))
            if not ids:
                return []
            connection.execute(update(tasks).where(where).values(values))
            return [_get(connection, TaskId(task_id)) for task_id in ids]

    def count_workers(self, kind: TaskKind) -> int:
        """How many processes work on tasks of a kind now."""
        query = select(func.count(tasks.c.lease_owner.distinct())).where(tasks.c.kind == kind.value)
        with self._database.read() as connection:
            return connection.scalar(query) or 0

    def _hold_queue(self, connection: Connection) -> None:
        """Let no other process choose from the queue meanwhile; SQLite has one writer anyway."""
        if not self._database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CLAIM_LOCK})

    def _end(self, claim: Claim, values: dict[str, Any]) -> Task:
        with self._database.write() as connection:
            connection.execute(update(tasks).where(*_held(claim)).values(values))
            return _get(connection, claim.task.task_id)


def _held(claim: Claim) -> tuple[Any, ...]:
    return (
        tasks.c.task_id == claim.task.task_id,
        tasks.c.fence == claim.fence,
        tasks.c.lease_owner == claim.owner,
    )


def _find_discard(connection: Connection, limits: Mapping[TaskKind, int]) -> Row[Any] | None:
    query = select(tasks).where(
        tasks.c.state == TaskState.CANCELLED.value,
        tasks.c.needs_discard.is_(True),
        tasks.c.lease_owner.is_(None),
        tasks.c.kind.in_([kind.value for kind in limits]),
    )
    return connection.execute(query.limit(1)).first()


def _find_queued(
    connection: Connection, limits: Mapping[TaskKind, int], now: datetime, per_host: int | None
) -> Row[Any] | None:
    busy_query = select(tasks.c.kind, _HOST.label("host")).where(tasks.c.lease_owner.is_not(None))
    busy = connection.execute(busy_query).all()
    kinds, hosts = Counter(row.kind for row in busy), Counter(row.host for row in busy if row.host)
    free = [kind.value for kind, limit in limits.items() if kinds[kind.value] < limit]
    if not free:
        return None
    query = select(tasks).where(
        tasks.c.state == TaskState.QUEUED.value,
        tasks.c.kind.in_(free),
        tasks.c.lease_owner.is_(None),
        or_(tasks.c.run_after.is_(None), tasks.c.run_after <= now),
    )
    full = [host for host, count in hosts.items() if per_host is not None and count >= per_host]
    if full:
        query = query.where(func.coalesce(_HOST, "").not_in(full))
    return connection.execute(query.order_by(*IN_ORDER).limit(1)).first()


def _get(connection: Connection, task_id: TaskId) -> Task:
    row = connection.execute(select(tasks).where(tasks.c.task_id == task_id)).first()
    if row is None:
        raise NotFound(f"There is no task {task_id}. It may have been removed from the history.")
    return _to_task(row)


def _to_task(row: Row[Any]) -> Task:
    return Task(
        task_id=TaskId(row.task_id),
        kind=TaskKind(row.kind),
        state=TaskState(row.state),
        name=row.name,
        progress=TaskProgress(row.done, row.total, row.unit, row.per_second),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        error=row.error,
        code=row.code,
        attempts=row.attempts,
        priority=row.priority,
        payload=row.payload,
        result=row.result,
    )
