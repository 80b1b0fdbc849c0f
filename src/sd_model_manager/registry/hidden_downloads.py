"""Which downloads are of models that are hidden as mature content, lest the queue and the history name them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, func, select

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import contents, published_versions, tasks
from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.tasks import TaskKind
from sd_model_manager.registry.maturity import MATURE_BITS, with_published


def is_hidden_download(mature_below: int) -> ColumnElement[bool]:
    """Of a task: by what holds for the model it has become, else by what its source said of the version."""
    model = select(MATURE_BITS).select_from(with_published())
    version = select(published_versions.c.nsfw_level).where(
        published_versions.c.source == tasks.c.payload["source"].as_string(),
        published_versions.c.version_id == tasks.c.payload["version_id"].as_string(),
    )
    landed_as = model.where(contents.c.id == tasks.c.result["model_id"].as_integer())
    bits = func.coalesce(landed_as.scalar_subquery(), version.scalar_subquery(), 0)
    return and_(tasks.c.kind == TaskKind.DOWNLOAD.value, bits >= mature_below)


class HiddenDownloads:
    def __init__(self, database: Database) -> None:
        self._database = database

    def among(self, task_ids: Collection[TaskId], mature_below: int | None) -> frozenset[TaskId]:
        """Those of these tasks that are kept from somebody who sees nothing from this bit on; `None` sees all."""
        if mature_below is None or not task_ids:
            return frozenset()
        query = select(tasks.c.task_id).where(tasks.c.task_id.in_(task_ids), is_hidden_download(mature_below))
        with self._database.read() as connection:
            return frozenset(TaskId(key) for key in connection.scalars(query))
