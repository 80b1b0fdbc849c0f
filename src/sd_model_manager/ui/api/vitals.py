"""The numbers of the health check, counted in a thread of their own, so that the check never waits for the others."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sd_model_manager.wiring import Services

_PATIENCE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Counts:
    models: int
    tasks: dict[str, int]


class Vitals:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="vitals")
        self._latest: Counts | None = None
        self._counting: asyncio.Future[Counts] | None = None

    async def read(self) -> Counts | None:
        """The counts now, or the last known ones while the database is busy; `None` if there never were any."""
        if self._counting is None or self._counting.done():
            loop = asyncio.get_running_loop()
            self._counting = loop.run_in_executor(self._executor, self._count)
        await asyncio.wait((self._counting,), timeout=_PATIENCE_SECONDS)
        if self._counting.done():
            self._latest = self._counting.result()
        return self._latest

    def close(self) -> None:
        self._executor.shutdown(cancel_futures=True)

    def _count(self) -> Counts:
        tasks = self._services.queue.store.count_by_state()
        return Counts(self._services.catalog.count(), {state.value: count for state, count in tasks.items()})
