"""A worker in a process of its own: `python -m tests.tasks.worker_process DATABASE_URL FOLDER`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from sd_model_manager.db.engine import open_database
from sd_model_manager.domain.events import Event
from sd_model_manager.domain.tasks import Task, TaskKind
from sd_model_manager.lib.events import EventHub
from sd_model_manager.tasks.owners import Owner
from sd_model_manager.tasks.running import RunningTask
from sd_model_manager.tasks.store import TaskStore
from sd_model_manager.tasks.worker import TaskWorker


class NotingHandler:
    """Works a little on each task and notes its beginning and its end in a file of the task's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(self, running: RunningTask) -> None:
        note = self._folder / running.task.name
        with note.open("a") as file:
            file.write("begun\n")
        for step in range(5):
            running.report(step, 5)
            time.sleep(0.01)
        running.commit_point()
        with note.open("a") as file:
            file.write("done\n")

    def discard(self, task: Task) -> None:
        """Nothing is left of it."""


def main() -> None:
    url, folder = sys.argv[1], Path(sys.argv[2])
    hub: EventHub[Event] = EventHub()
    handlers = {TaskKind.SCAN: NotingHandler(folder)}
    worker = TaskWorker(
        TaskStore(open_database(url)), hub, Owner(folder / "locks"), handlers, lambda: {TaskKind.SCAN: 4}
    )
    worker.start()
    sys.stdin.read()  # until whoever started this process closes the pipe
    worker.stop()


if __name__ == "__main__":
    main()
