"""Which of the models that a source offers are here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, Select, func, select, union

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import contents, published_versions
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.taxonomy import Presence


@dataclass(frozen=True, slots=True)
class Holding:
    """A model of the library. The published ids are `None` where it is known by its hash alone, or from elsewhere."""

    model_id: ModelId
    sha256: str | None
    published_model_id: str | None
    version_id: str | None


class Holdings:
    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, source: str, model_ids: Collection[str], sha256s: Collection[str]) -> list[Holding]:
        """What is here of these published models and these files; what is missing is not. A hash that another tool
        claims counts until the file's own is known. One statement, of parts that each have an index."""
        is_same = (published_versions.c.id == contents.c.published_id) & (published_versions.c.source == source)
        known = _select(contents.outerjoin(published_versions, is_same))
        parts = (
            known.where(contents.c.sha256.in_(sha256s)),
            known.where(contents.c.claimed_sha256.in_(sha256s)),
            _select(contents.join(published_versions, is_same)).where(published_versions.c.model_id.in_(model_ids)),
        )
        with self._database.read() as connection:
            rows = connection.execute(union(*parts).order_by("content_id")).all()
        return [Holding(ModelId(row.content_id), row.digits, row.published_model_id, row.version_id) for row in rows]


def _select(joined: FromClause) -> Select[Any]:
    return (
        select(
            contents.c.id.label("content_id"),
            func.coalesce(contents.c.sha256, contents.c.claimed_sha256).label("digits"),
            published_versions.c.model_id.label("published_model_id"),
            published_versions.c.version_id,
        )
        .select_from(joined)
        .where(contents.c.state != Presence.MISSING.value)
    )
