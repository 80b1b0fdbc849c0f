"""The hashes of contents, and what follows when two contents turn out to be one, or one to be two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import contents, locations, previews, removed_contents, sidecars
from sd_model_manager.domain.ids import FolderId, ModelId
from sd_model_manager.domain.local import FileStat, Hashes, Place
from sd_model_manager.domain.taxonomy import Category, Presence
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.collections import move_members
from sd_model_manager.registry.refresh import refresh
from sd_model_manager.registry.tags import distinct_tags


@dataclass(frozen=True, slots=True)
class UnhashedFile:
    """A file that stands for a content without verified hashes."""

    model_id: ModelId
    place: Place
    stat: FileStat


class HashRegistry:
    """Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count_unhashed(self) -> tuple[int, int]:
        """How many contents that can be read have no verified hashes yet, and how many bytes they are."""
        total = func.coalesce(func.sum(contents.c.size_bytes), 0)
        with self._database.read() as connection:
            row = connection.execute(select(func.count(), total).where(*_unhashed())).one()
        return int(row[0]), int(row[1])

    def list_unhashed(self, *, limit: int, skip: Sequence[ModelId] = ()) -> list[UnhashedFile]:
        """Small files first: many models become known soon."""
        query = (
            select(
                contents.c.id,
                locations.c.folder_id,
                locations.c.category,
                locations.c.relative_path,
                locations.c.size_bytes,
                locations.c.mtime_ns,
                locations.c.inode,
            )
            .join(locations, locations.c.content_id == contents.c.id)
            .where(*_unhashed(), locations.c.state == Presence.PRESENT.value, contents.c.id.not_in(skip))
            .order_by(contents.c.size_bytes, contents.c.id)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [
                UnhashedFile(
                    ModelId(row.id),
                    Place(FolderId(row.folder_id), row.relative_path, Category(row.category)),
                    FileStat(row.size_bytes, row.mtime_ns, int(row.inode)),
                )
                for row in connection.execute(query)
            ]

    def save(self, model_id: ModelId, hashes: Hashes, *, now: datetime) -> ModelId:
        """Record verified hashes. Returns the model that has this content now: an older one where it is the same."""
        values = {
            "sha256": hashes.sha256,
            "blake3": hashes.blake3,
            "crc32": hashes.crc32,
            "autov1": hashes.autov1,
            "autov3": hashes.autov3,
            "hashed_at": now,
        }
        return self._save(model_id, hashes.sha256, values)

    def note_sha256(self, model_id: ModelId, sha256: str) -> ModelId:
        """Record what was computed on the way here, such as during a download; the other hashes follow later."""
        return self._save(model_id, sha256, {"sha256": sha256})

    def _save(self, model_id: ModelId, sha256: str, values: Mapping[str, object]) -> ModelId:
        with change_models(self._database) as connection:
            query = select(contents.c.id).where(contents.c.sha256 == sha256, contents.c.id != model_id)
            twin = connection.scalar(query)
            kept = model_id if twin is None else ModelId(twin)
            if twin is not None:
                _merge(connection, gone=model_id, kept=kept)
            connection.execute(update(contents).where(contents.c.id == kept).values(values))
            return kept


def _unhashed() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return contents.c.hashed_at.is_(None), contents.c.state == Presence.PRESENT.value


def _merge(connection: Connection, *, gone: ModelId, kept: ModelId) -> None:
    """Two rows for one content: locations go to the kept one; what the user said there fills what is empty here."""
    for table in (locations, previews, sidecars):
        connection.execute(update(table).where(table.c.content_id == gone).values(content_id=kept))
    move_members(connection, gone=gone, kept=kept)
    row_of = select(contents).with_for_update()
    old, new = (connection.execute(row_of.where(contents.c.id == key)).one() for key in (gone, kept))
    values = {
        "favorite": new.favorite or old.favorite,
        "rating": new.rating if new.rating is not None else old.rating,
        "notes": "\n\n".join(dict.fromkeys(text for text in (new.notes, old.notes) if text)),
        "own_name": new.own_name or old.own_name,
        "own_type": new.own_type or old.own_type,
        "own_base_model": new.own_base_model or old.own_base_model,
        "own_preview": new.own_preview or old.own_preview,
        "own_tags": distinct_tags([*new.own_tags, *old.own_tags]),
        "published_id": new.published_id or old.published_id,
        "added_at": min(new.added_at, old.added_at),
    }
    connection.execute(insert(removed_contents), {"content_id": gone})
    connection.execute(delete(contents).where(contents.c.id == gone))
    connection.execute(update(contents).where(contents.c.id == kept).values(values))
    refresh(connection, [kept], also_listed=[kept])
