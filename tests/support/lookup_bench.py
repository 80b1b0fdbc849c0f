"""A registry of contents that are only rows, and a source that is asked for them where the test can watch it."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import content_headers, contents, published_versions, search_texts
from sd_model_manager.domain.catalogue import ModelDetail, ModelFilter
from sd_model_manager.domain.events import Event, ModelsChanged
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.local import Identity
from sd_model_manager.domain.lookups import LookupOutcome
from sd_model_manager.domain.tasks import NewTask, Task, TaskKind, TaskState
from sd_model_manager.domain.taxonomy import FileFormat, ModelType
from sd_model_manager.lib.throttle import HostThrottle
from sd_model_manager.library.enricher import Enricher, HashArchive
from sd_model_manager.library.enrichment_wish import EnrichmentWish, new_enrichment
from sd_model_manager.library.update_checker import UpdateChecker, new_update_check
from sd_model_manager.registry.bodies import identity_to_json
from sd_model_manager.registry.catalog import Catalog
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.lookups import LookupRegistry
from sd_model_manager.registry.published import PublishedRegistry
from sd_model_manager.registry.updates import UpdateRegistry
from sd_model_manager.sources.civarchive.source import CivArchiveSource
from sd_model_manager.sources.civitai.source import CivitaiSource
from sd_model_manager.tasks.running import RunningTask, TaskHandler
from sd_model_manager.tasks.store import Claim, TaskStore

START = datetime(2026, 9, 1, 12, tzinfo=UTC)
_IDENTITY = identity_to_json(Identity(ModelType.LORA, FileFormat.SAFETENSORS))


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class LookupBench:
    """`now` is what time it is; waiting for the source only lets `waited_seconds` grow."""

    def __init__(self, database: Database, base_url: str, archive_url: str = "https://archive.example") -> None:
        self.database = database
        self.now = START
        self.waited_seconds = 0.0
        self.events: list[Event] = []
        self.on_event: Callable[[Event], None] = lambda _: None
        self.throttle = HostThrottle(clock=lambda: self.waited_seconds, sleep=self._wait)
        self.source = CivitaiSource(base_url, throttle=self.throttle, now=lambda: self.now)
        self.archive = CivArchiveSource(archive_url, throttle=self.throttle, now=lambda: self.now)
        self.catalog = Catalog(database)
        self.published = PublishedRegistry(database)
        self.updates = UpdateRegistry(database)
        self.lookups = LookupRegistry(database, "civitai")
        parts = (self.published, lambda: self.source)
        archive = HashArchive(LookupRegistry(database, "civarchive"), lambda: self.archive)
        self.enricher = Enricher(self.lookups, *parts, archive, self._find, self._note, lambda: self.now)
        self.checker = UpdateChecker(self.updates, *parts, self._note, lambda: self.now)
        self._store = TaskStore(database)
        self._numbers = itertools.count(1)

    def close(self) -> None:
        self.source.close()
        self.archive.close()

    def add(self, name: str = "ink", sha256: str | None = None, **values: Any) -> ModelId:
        return self.add_many([{"name": name, "sha256": sha256, **values}])[0]

    def add_many(self, rows: Sequence[dict[str, Any]]) -> list[ModelId]:
        filled = [self._row(row) for row in rows]
        with change_models(self.database) as connection:
            connection.execute(insert(contents), filled)
            headers = [{"content_id": row["id"], "identity": _IDENTITY, "header_metadata": {}} for row in filled]
            connection.execute(insert(content_headers), headers)
            texts = [{"content_id": row["id"], "text": row["sort_name"]} for row in filled]
            connection.execute(insert(search_texts), texts)
        return [ModelId(row["id"]) for row in filled]

    def change(self, model_id: ModelId, **values: Any) -> None:
        with change_models(self.database) as connection:
            connection.execute(update(contents).where(contents.c.id == model_id).values(values))

    def enrich(self, query: str = "", *, attempt: int = 1, **options: Any) -> Task:
        wish = EnrichmentWish(ModelFilter(text=query), **options)
        return self.work(self.enricher, new_enrichment(wish), attempt=attempt)

    def check(self, *, attempt: int = 1) -> Task:
        return self.work(self.checker, new_update_check(), attempt=attempt)

    def work(
        self,
        handler: TaskHandler,
        new: NewTask,
        *,
        attempt: int = 1,
        before: Callable[[RunningTask], None] = lambda _: None,
    ) -> Task:
        """Do a task as a worker would, at this attempt; what it raises comes out."""
        self._store.add(new, now=self.now)
        while (claim := self._claim()).task.attempts < attempt:
            self._store.let_go(claim)
        running = RunningTask(claim, self._store, self.events.append)
        before(running)
        try:
            handler.run(running)
        except BaseException:
            self._store.let_go(claim)
            raise
        return self._store.finish(claim, TaskState.DONE, now=self.now)

    def _claim(self) -> Claim:
        limits = {TaskKind.ENRICH: 1, TaskKind.CHECK_UPDATES: 1}
        claim = self._store.claim("bench", limits, now=self.now, lease=timedelta(hours=1))
        assert claim is not None
        return claim

    def get(self, model_id: ModelId) -> ModelDetail:
        return self.catalog.get(model_id)

    def outcome_of(self, model_id: ModelId) -> LookupOutcome | None:
        lookup = self.get(model_id).lookup
        return lookup.outcome if lookup else None

    def published_name(self, model_id: ModelId) -> str | None:
        published = self.get(model_id).published
        return published.model_name if published else None

    def names(self, query: str = "") -> list[str]:
        return [model.name for model in self.catalog.list_models(ModelFilter(query), sort="name").items]

    def count_versions(self) -> int:
        with self.database.read() as connection:
            return len(connection.scalars(select(published_versions.c.id)).all())

    def changed_models(self) -> set[int]:
        changed = (event.model_ids for event in self.events if isinstance(event, ModelsChanged))
        return {model_id for ids in changed for model_id in ids}

    def _find(self, wanted: ModelFilter) -> list[ModelId]:
        return self.catalog.list_ids(wanted)

    def _note(self, event: Event) -> None:
        self.events.append(event)
        self.on_event(event)

    def _wait(self, seconds: float) -> None:
        self.waited_seconds += seconds

    def _row(self, values: dict[str, Any]) -> dict[str, Any]:
        number = next(self._numbers)
        return {
            "id": number,
            "quick_fingerprint": f"{number:064x}",
            "sha256": None,
            "claimed_sha256": None,
            "autov3": None,
            "size_bytes": number,
            "format": "safetensors",
            "identity_version": 1,
            "sort_name": str(values["name"]).casefold(),
            "type": "lora",
            "relative_path": f"{values['name']}.safetensors",
            "modified_at": START,
            "added_at": START,
            **values,
        }
