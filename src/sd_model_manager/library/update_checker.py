"""Asks a source for the versions of the models that the library has, a hundred models to a request."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from sd_model_manager.domain.events import Event, ModelsChanged
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.tasks import NewTask, Task, TaskKind
from sd_model_manager.lib.errors import SourceError
from sd_model_manager.library.patience import Patience
from sd_model_manager.registry.published import PublishedRegistry
from sd_model_manager.registry.updates import UpdateRegistry
from sd_model_manager.tasks.running import RunningTask

log = logging.getLogger(__name__)

MODELS_AT_ONCE = 100


class VersionSource(Protocol):
    @property
    def name(self) -> str: ...

    def fetch_with_siblings(
        self, versions: Sequence[PublishedVersion]
    ) -> tuple[tuple[PublishedVersion, ...], tuple[PublishedVersion, ...]]: ...


def new_update_check() -> NewTask:
    """The task. One is enough."""
    return NewTask(kind=TaskKind.CHECK_UPDATES, name="", dedupe_key="check_updates", priority=-5)


class UpdateChecker:
    """Handles update checks. What is learnt of each hundred models is kept at once."""

    def __init__(
        self,
        updates: UpdateRegistry,
        published: PublishedRegistry,
        source: Callable[[], VersionSource],
        publish: Callable[[Event], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._updates = updates
        self._published = published
        self._source = source
        self._publish = publish
        self._now = now

    def run(self, running: RunningTask) -> None:
        source, patience = self._source(), Patience(running.task.attempts)
        model_ids = self._updates.list_models_to_check(source.name, not_since=running.task.created_at)
        for start in range(0, len(model_ids), MODELS_AT_ONCE):
            running.report(start, len(model_ids))
            try:
                self._check(source, model_ids[start : start + MODELS_AT_ONCE])
            except SourceError as error:
                log.warning("the versions of some models could not be had: %s", error.message)
                patience.failed(error)
            else:
                patience.succeeded()
        running.settle(len(model_ids), len(model_ids))
        patience.finish()

    def discard(self, task: Task) -> None:
        """What was learnt stays."""

    def _check(self, source: VersionSource, model_ids: Sequence[str]) -> None:
        """A model that the source's list hides keeps what was known of it."""
        known = self._updates.read_installed(source.name, model_ids)
        completed, others = source.fetch_with_siblings(known)
        told = [new for new, old in zip(completed, known, strict=True) if new is not old]
        if changed := self._published.complete(told, others, now=self._now()):
            self._publish(ModelsChanged.naming(changed))
