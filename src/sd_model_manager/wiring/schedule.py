"""Looks for updates as often as the settings say."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sd_model_manager.domain.tasks import TaskKind
from sd_model_manager.library.update_checker import new_update_check
from sd_model_manager.tasks.queue import TaskQueue

log = logging.getLogger(__name__)

_LOOK_EVERY_SECONDS = 60.0


class UpdateSchedule:
    """A thread that queues a check when the last one was long enough ago; `every_hours` is asked each time, 0 is never.
    Several processes queue one together."""

    def __init__(
        self,
        queue: TaskQueue,
        every_hours: Callable[[], int],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._queue = queue
        self._every_hours = every_hours
        self._now = now
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="update-schedule", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> bool:
        """Queue a check if it is time; whether it was."""
        hours = self._every_hours()
        if hours <= 0:
            return False
        last = self._queue.store.list_page(kinds=[TaskKind.CHECK_UPDATES], limit=1).items
        if last and (not last[0].state.is_final or self._now() - last[0].created_at < timedelta(hours=hours)):
            return False
        return self._queue.add(new_update_check())[1]

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except Exception:  # the outermost edge of this thread: it is tried again
                log.exception("it could not be seen whether to look for updates")
            self._stopping.wait(_LOOK_EVERY_SECONDS)
