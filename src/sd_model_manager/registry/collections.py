"""Collections: named sets of models, kept by content, in the order in which they were added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import collection_models, collections, contents
from sd_model_manager.domain.ids import CollectionId, ModelId, PreviewId
from sd_model_manager.domain.shelves import (
    MAX_COVER_PICTURES,
    Collection,
    CollectionChange,
    CoverPicture,
)
from sd_model_manager.lib.errors import Conflict, NotFound
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.maturity import MATURE_BITS, is_shown, with_published
from sd_model_manager.registry.placement import CHUNK

_IN_ORDER = (collection_models.c.added_at, collection_models.c.content_id)


class CollectionRegistry:
    """Every method is one transaction. Models are added and removed by BulkUserData."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_all(self, *, mature_below: int | None = None) -> list[Collection]:
        """By name. Members with the bit of maturity `mature_below`, or a higher one, do not count."""
        with self._database.read() as connection:
            found = _read(connection, select(collections), mature_below)
        return sorted(found, key=lambda collection: collection.name.casefold())

    def get(self, collection_id: CollectionId, *, mature_below: int | None = None) -> Collection:
        """Raises NotFound."""
        with self._database.read() as connection:
            require_collection(connection, collection_id)
            wanted = select(collections).where(collections.c.id == collection_id)
            return _read(connection, wanted, mature_below)[0]

    def list_model_ids(self, collection_id: CollectionId, *, mature_below: int | None = None) -> list[ModelId]:
        """In the order in which they were added. Raises NotFound."""
        query = (
            select(collection_models.c.content_id)
            .select_from(_members())
            .where(collection_models.c.collection_id == collection_id, is_shown(mature_below))
        )
        with self._database.read() as connection:
            require_collection(connection, collection_id)
            return [ModelId(key) for key in connection.scalars(query.order_by(*_IN_ORDER))]

    def create(self, name: str, notes: str, *, now: datetime) -> CollectionId:
        """Raises Conflict where a collection has this name already, in whatever case."""
        values = {"name": name, "notes": notes, "created_at": now}
        with change_models(self._database) as connection:
            _refuse_taken(connection, name)
            made = connection.scalar(insert(collections).values(values).returning(collections.c.id))
        return CollectionId(made or 0)

    def change(self, collection_id: CollectionId, change: CollectionChange) -> None:
        """Raises NotFound, and Conflict where another collection has the new name already."""
        said = {"name": change.name, "notes": change.notes}
        values = {key: value for key, value in said.items() if value is not None}
        with change_models(self._database) as connection:
            require_collection(connection, collection_id)
            if change.name is not None:
                _refuse_taken(connection, change.name, but=collection_id)
            if values:
                connection.execute(update(collections).where(collections.c.id == collection_id).values(values))

    def remove(self, collection_id: CollectionId) -> tuple[ModelId, ...]:
        """Its models stay; they are what is given. Raises NotFound."""
        members = select(collection_models.c.content_id).where(collection_models.c.collection_id == collection_id)
        with change_models(self._database) as connection:
            require_collection(connection, collection_id)
            model_ids = tuple(map(ModelId, connection.scalars(members)))
            touch(connection, model_ids)
            connection.execute(delete(collections).where(collections.c.id == collection_id))
        return model_ids


def list_members(connection: Connection) -> Iterator[tuple[int, int]]:
    """Every `(collection_id, content_id)`, by collection, in the order in which they were added. Whenever one is added
    or goes, the content's revision moves; with a collection's new name it does not."""
    query = select(collection_models.c.collection_id, collection_models.c.content_id)
    for row in connection.execute(query.order_by(collection_models.c.collection_id, *_IN_ORDER)):
        yield row.collection_id, row.content_id


def find_collection(connection: Connection, name: str) -> CollectionId | None:
    """The collection of this name, in whatever case."""
    query = select(collections.c.id, collections.c.name)
    wanted = name.casefold()
    return next((CollectionId(row.id) for row in connection.execute(query) if row.name.casefold() == wanted), None)


def require_collection(connection: Connection, collection_id: CollectionId) -> None:
    """Raises NotFound."""
    if connection.scalar(select(collections.c.id).where(collections.c.id == collection_id)) is None:
        raise NotFound(f"There is no collection number {collection_id}. It may have been removed.")


def times_of_adding(model_ids: Iterable[ModelId], now: datetime) -> dict[int, datetime]:
    """When each counts as added: a microsecond apart, so that those added at once keep their order."""
    return {key: now + timedelta(microseconds=number) for number, key in enumerate(dict.fromkeys(model_ids))}


def read_members(
    connection: Connection, collection_id: CollectionId, content_ids: Sequence[int]
) -> dict[int, datetime]:
    """Which of these contents are in the collection, and since when."""
    query = select(collection_models.c.content_id, collection_models.c.added_at).where(
        collection_models.c.collection_id == collection_id, collection_models.c.content_id.in_(content_ids)
    )
    return {row.content_id: row.added_at for row in connection.execute(query)}


def add_members(connection: Connection, collection_id: CollectionId, added_at_of: Mapping[int, datetime]) -> None:
    """Add contents that are there and not yet in it. The caller touches them."""
    rows = [
        {"collection_id": collection_id, "content_id": key, "added_at": added_at}
        for key, added_at in added_at_of.items()
    ]
    if rows:
        connection.execute(insert(collection_models), rows)


def remove_members(connection: Connection, collection_id: CollectionId, content_ids: Sequence[int]) -> None:
    """The caller touches them."""
    if content_ids:
        same = (collection_models.c.collection_id == collection_id, collection_models.c.content_id.in_(content_ids))
        connection.execute(delete(collection_models).where(*same))


def touch(connection: Connection, content_ids: Sequence[int]) -> None:
    """Give contents the revision of this transaction, for what hangs on them has changed."""
    for start in range(0, len(content_ids), CHUNK):
        chunk = content_ids[start : start + CHUNK]
        connection.execute(update(contents).where(contents.c.id.in_(chunk)).values(id=contents.c.id))


def _refuse_taken(connection: Connection, name: str, *, but: CollectionId | None = None) -> None:
    """Safe inside `change_models`, which lets nobody else in."""
    known = find_collection(connection, name)
    if known is not None and known != but:
        spelt = connection.scalar(select(collections.c.name).where(collections.c.id == known))
        raise Conflict(
            f"There is a collection '{spelt}' already. Choose another name, or add the models to that one.",
            code="NAME_TAKEN",
            collection={"id": known, "name": spelt},
        )


def _members() -> Any:
    return with_published(collection_models.join(contents, contents.c.id == collection_models.c.content_id))


def _read(connection: Connection, query: Select[Any], mature_below: int | None) -> list[Collection]:
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    counts, covers = _count(connection, ids, mature_below), _read_covers(connection, ids, mature_below)
    return [
        Collection(
            collection_id=CollectionId(row.id),
            name=row.name,
            notes=row.notes,
            created_at=row.created_at,
            model_count=counts[row.id].models if row.id in counts else 0,
            size_bytes=int(counts[row.id].size) if row.id in counts else 0,
            cover=tuple(covers.get(row.id, ())),
        )
        for row in rows
    ]


def _count(connection: Connection, collection_ids: Sequence[int], mature_below: int | None) -> dict[int, Row[Any]]:
    query = (
        select(
            collection_models.c.collection_id,
            func.count().label("models"),
            func.sum(contents.c.size_bytes).label("size"),
        )
        .select_from(_members())
        .where(collection_models.c.collection_id.in_(collection_ids), is_shown(mature_below))
        .group_by(collection_models.c.collection_id)
    )
    return {row.collection_id: row for row in connection.execute(query)}


def _read_covers(
    connection: Connection, collection_ids: Sequence[int], mature_below: int | None
) -> dict[int, list[CoverPicture]]:
    number = func.row_number().over(partition_by=collection_models.c.collection_id, order_by=_IN_ORDER)
    shown = (
        select(
            collection_models.c.collection_id,
            collection_models.c.content_id,
            contents.c.preview_id,
            contents.c.preview_media,
            MATURE_BITS.label("mature_bits"),
            number.label("number"),
        )
        .select_from(_members())
        .where(
            collection_models.c.collection_id.in_(collection_ids),
            contents.c.preview_id.is_not(None),
            is_shown(mature_below),
        )
        .subquery()
    )
    query = select(shown).where(shown.c.number <= MAX_COVER_PICTURES).order_by(shown.c.number)
    covers: dict[int, list[CoverPicture]] = {}
    for row in connection.execute(query):
        picture = CoverPicture(ModelId(row.content_id), PreviewId(row.preview_id), row.preview_media, row.mature_bits)
        covers.setdefault(row.collection_id, []).append(picture)
    return covers
