"""Writes other tools' files after something changed, where the settings name formats for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sd_model_manager.domain.ids import ModelId
from sd_model_manager.library.exporter import new_export
from sd_model_manager.tasks.queue import TaskQueue
from sd_model_manager.wiring.live_settings import LiveSettings


def make_auto_export(queue: TaskQueue, settings: LiveSettings) -> Callable[[Sequence[ModelId]], None]:
    """What to call behind a change of models: it queues a task at most, so it can be called anywhere.

    Every change has a task of its own, for one that runs already may have read what was there before.
    """

    def export_after_change(model_ids: Sequence[ModelId]) -> None:
        if formats := settings.get("sidecar_export"):
            queue.add(new_export(formats, model_ids=list(model_ids)))

    return export_after_change
