"""Runs queued tasks in threads: claims, keeps the leases, stops what was paused, takes over from the dead."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic_core import to_jsonable_python

from sd_model_manager.domain.events import Event, TaskChanged
from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.tasks import TaskKind, TaskState
from sd_model_manager.lib.errors import AppError
from sd_model_manager.lib.events import EventHub
from sd_model_manager.tasks.owners import Owner
from sd_model_manager.tasks.running import STOPPED_BY, RunningTask, StopReason, TaskHandler, TaskPostponed, TaskStopped
from sd_model_manager.tasks.store import Claim, TaskStore

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=20)
RENEW_EVERY_SECONDS = 5.0
LOOK_EVERY_SECONDS = 1.0


class TaskWorker:
    """One per process. `limits` says how many tasks of a kind may run at once, `per_host` how many that keep the same
    host busy (`None`: any number), each in all processes together."""

    def __init__(
        self,
        store: TaskStore,
        hub: EventHub[Event],
        owner: Owner,
        handlers: Mapping[TaskKind, TaskHandler],
        limits: Callable[[], Mapping[TaskKind, int]],
        per_host: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._store = store
        self._hub = hub
        self._owner = owner
        self._handlers = handlers
        self._limits = limits
        self._per_host = per_host
        self._running: dict[TaskId, tuple[RunningTask, threading.Thread]] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._is_stopping = threading.Event()
        self._dispatcher = threading.Thread(target=self._dispatch, name="task-dispatcher", daemon=True)

    def start(self) -> None:
        self._take_over_from_dead()
        self._hub.subscribe(self._on_event)
        self._dispatcher.start()

    def stop(self, *, timeout_seconds: float = 10.0) -> None:
        """Interrupt what runs, so that it goes on at the next start, and wait for it."""
        deadline = time.monotonic() + timeout_seconds
        self._is_stopping.set()
        self._wake.set()
        if self._dispatcher.is_alive():
            self._dispatcher.join(timeout_seconds)  # from here on nothing new is begun
        with self._lock:
            running = list(self._running.values())
        for task, _ in running:
            task.stop(StopReason.SHUTDOWN)
        for _, thread in running:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._hub.unsubscribe(self._on_event)

    def _on_event(self, event: Event) -> None:
        if not isinstance(event, TaskChanged) or event.task.state is TaskState.RUNNING:
            return
        if event.task.state in {TaskState.PAUSED, TaskState.CANCELLED}:
            with self._lock:
                running = self._running.get(event.task.task_id)
            if running:
                running[0].stop(STOPPED_BY[event.task.state])
        self._wake.set()

    def _dispatch(self) -> None:
        renewed_at = time.monotonic()
        while not self._is_stopping.is_set():
            try:
                if time.monotonic() - renewed_at >= RENEW_EVERY_SECONDS:
                    self._renew()
                    self._take_over_from_dead()
                    renewed_at = time.monotonic()
                self._start_what_can()
            except Exception:
                log.exception("the task queue could not be read; trying again")
            self._wake.wait(LOOK_EVERY_SECONDS)
            self._wake.clear()

    def _start_what_can(self) -> None:
        limits = {kind: limit for kind, limit in self._limits().items() if kind in self._handlers}
        while not self._is_stopping.is_set():
            now, per_host = datetime.now(UTC), self._per_host()
            claim = self._store.claim(self._owner.name, limits, now=now, lease=LEASE, per_host=per_host)
            if claim is None:
                return
            running = RunningTask(claim, self._store, self._hub.publish)
            name = f"{claim.task.kind.value}-{claim.task.task_id[:8]}"
            thread = threading.Thread(target=self._work, args=(running,), name=name, daemon=True)
            with self._lock:
                self._running[claim.task.task_id] = (running, thread)
            self._hub.publish(TaskChanged(claim.task))
            thread.start()

    def _work(self, running: RunningTask) -> None:
        claim = running.claim
        try:
            if claim.is_discard:
                self._discard(claim)
            else:
                self._run(running)
        except Exception:
            log.exception("the end of task %s could not be recorded", claim.task.task_id)
        finally:
            with self._lock:
                current = self._running.get(claim.task.task_id)
                if current and current[0] is running:  # it may have been resumed and begun again already
                    del self._running[claim.task.task_id]
            self._wake.set()

    def _run(self, running: RunningTask) -> None:
        claim = running.claim
        if running.task.result.get("waits_because"):
            running.save_result(waits_because=None, waits_code=None, waits_details=None, waits_until=None)
        try:
            self._handlers[claim.task.kind].run(running)
        except TaskStopped as stopped:
            if stopped.reason is StopReason.LEASE_LOST:
                log.warning("task %s went to another worker", claim.task.task_id)
                return
            self._hub.publish(TaskChanged(self._store.let_go(claim)))
        except TaskPostponed as postponed:
            after = datetime.now(UTC) + timedelta(seconds=postponed.after_seconds)
            why = postponed.why
            running.save_result(
                waits_because=why.message,
                waits_code=why.error_code,
                waits_details=_told(why),
                waits_until=after.isoformat(),
            )
            log.info("task %s waits until %s: %s", claim.task.task_id, after.isoformat(timespec="seconds"), postponed)
            self._hub.publish(TaskChanged(self._store.let_go(claim, run_after=after)))
        except AppError as error:
            log.warning("task %s (%s) failed: %s", claim.task.task_id, claim.task.name, error.message)
            self._fail(running, error.message, error.error_code, _told(error))
        except Exception as error:
            log.exception("task %s (%s) failed", claim.task.task_id, claim.task.name)
            text = f"Something unexpected went wrong ({type(error).__name__}); the log says more."
            self._fail(running, text, "INTERNAL", {})
        else:
            self._hub.publish(TaskChanged(self._store.finish(claim, TaskState.DONE, now=datetime.now(UTC))))

    def _fail(self, running: RunningTask, message: str, code: str, details: dict[str, Any]) -> None:
        running.save_result(details=details)
        now = datetime.now(UTC)
        task = self._store.finish(running.claim, TaskState.FAILED, now=now, error=message, code=code)
        self._hub.publish(TaskChanged(task))

    def _discard(self, claim: Claim) -> None:
        try:
            self._handlers[claim.task.kind].discard(claim.task)
        except (AppError, OSError):
            log.exception("what the cancelled task %s left could not be removed", claim.task.task_id)
        self._hub.publish(TaskChanged(self._store.finish_discard(claim)))

    def _renew(self) -> None:
        with self._lock:
            running = [task for task, _ in self._running.values()]
        if not running:
            return
        states = self._store.renew([task.claim for task in running], until=datetime.now(UTC) + LEASE)
        for task in running:
            state = states[task.task.task_id]
            if (state is None or not task.claim.is_discard) and (reason := STOPPED_BY.get(state)):
                task.stop(reason)

    def _take_over_from_dead(self) -> None:
        owners = self._store.list_owners() - {self._owner.name}
        dead = [name for name in owners if self._owner.is_dead(name)]
        for task in self._store.release_lost(now=datetime.now(UTC), dead_owners=dead):
            log.info("task %s (%s) was left by a worker that is gone; it goes on", task.task_id, task.name)
            self._hub.publish(TaskChanged(task))


def _told(error: AppError) -> dict[str, Any]:
    """The details of an error as they go into JSON."""
    told: dict[str, Any] = to_jsonable_python(error.details, fallback=str)
    return told
