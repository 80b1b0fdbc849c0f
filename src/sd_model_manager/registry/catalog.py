"""Reads models: pages of a list, counts for its filters, and one with all that is known of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import (
    content_headers,
    contents,
    locations,
    previews,
    published_versions,
    sidecars,
)
from sd_model_manager.domain.catalogue import (
    Facets,
    KnownHashes,
    Location,
    ModelDetail,
    ModelFilter,
    ModelListing,
    ModelPage,
    Preview,
    PublishedName,
    ReadSidecar,
)
from sd_model_manager.domain.ids import FolderId, ModelId, PreviewId
from sd_model_manager.domain.local import Place
from sd_model_manager.domain.taxonomy import Category, FileFormat, ModelType, Presence
from sd_model_manager.lib.errors import NotFound
from sd_model_manager.registry.bodies import identity_from_json, published_from_json
from sd_model_manager.registry.claims import read_claims
from sd_model_manager.registry.search import choose_order, conditions, without

FACET_FIELDS = ("type", "base_model", "tag", "category", "folder")
_MAX_FACET_VALUES = 200

_LISTED = (
    contents.c.id,
    contents.c.name,
    contents.c.sort_name,
    contents.c.folder_id,
    contents.c.relative_path,
    contents.c.category,
    contents.c.size_bytes,
    contents.c.type,
    contents.c.base_model,
    contents.c.format,
    contents.c.precision,
    contents.c.sha256,
    contents.c.autov3,
    contents.c.preview_id,
    contents.c.preview_media,
    contents.c.trigger_words,
    contents.c.tags,
    contents.c.rating,
    contents.c.favorite,
    contents.c.added_at,
    contents.c.modified_at,
    contents.c.state,
    contents.c.location_count,
    published_versions.c.source,
    published_versions.c.model_id,
    published_versions.c.version_id,
    published_versions.c.model_name,
    published_versions.c.version_name,
    published_versions.c.creator,
    published_versions.c.url,
)


class Catalog:
    """Every method is one read of one moment."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_models(
        self, wanted: ModelFilter, *, sort: str = "-added_at", limit: int = 100, cursor: str | None = None
    ) -> ModelPage:
        """One page. An order that the query asks for goes before `sort`. Raises BadInput for a query that cannot be
        read, an unknown sort or a cursor that is not ours."""
        order = choose_order(wanted, sort)
        where = conditions(wanted, now=datetime.now(UTC))
        query = _listing_query().where(*where).order_by(*order.columns()).limit(limit + 1)
        if cursor:
            query = query.where(order.after(cursor))
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            total = connection.scalar(select(func.count()).select_from(contents).where(*where)) or 0
        next_cursor = order.cursor_of(rows[limit - 1]) if len(rows) > limit else None
        return ModelPage(tuple(_to_listing(row) for row in rows[:limit]), total, next_cursor)

    def count(self) -> int:
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(contents)) or 0

    def count_facets(self, wanted: ModelFilter) -> Facets:
        """How many models each value of each field would give, the field's own choice put aside."""
        now = datetime.now(UTC)
        where_of = {field: conditions(without(wanted, field), now=now) for field in FACET_FIELDS}
        where = conditions(wanted, now=now)
        with self._database.read() as connection:
            counts = {field: _count_facet(connection, field, where_of[field]) for field in FACET_FIELDS}
            total = connection.scalar(select(func.count()).select_from(contents).where(*where)) or 0
        return Facets(counts, total)

    def get(self, model_id: ModelId) -> ModelDetail:
        """Raises NotFound."""
        with self._database.read() as connection:
            row = connection.execute(_detail_query().where(contents.c.id == model_id)).first()
            if row is None:
                raise NotFound(f"There is no model number {model_id}. It may have been removed from the registry.")
            return ModelDetail(
                listing=_to_listing(row),
                locations=_read_locations(connection, model_id),
                identity=identity_from_json(row.identity),
                hashes=_to_hashes(row),
                header_metadata=row.header_metadata,
                previews=_read_previews(connection, model_id),
                sidecars=_read_sidecars(connection, model_id),
                published=published_from_json(row.body, row.raw) if row.body else None,
                published_fetched_at=row.fetched_at,
                own_name=row.own_name,
                own_type=ModelType(row.own_type) if row.own_type else None,
                own_base_model=row.own_base_model,
                own_tags=tuple(row.own_tags),
                notes=row.notes,
                claims=read_claims(connection, model_id),
            )

    def get_listing(self, model_id: ModelId) -> ModelListing:
        """Raises NotFound."""
        with self._database.read() as connection:
            row = connection.execute(_listing_query().where(contents.c.id == model_id)).first()
        if row is None:
            raise NotFound(f"There is no model number {model_id}.")
        return _to_listing(row)

    def find_by_sha256(self, sha256: str) -> ModelListing | None:
        """A model that lies somewhere with this content, verified or claimed."""
        same = (contents.c.sha256 == sha256) | ((contents.c.claimed_sha256 == sha256) & contents.c.sha256.is_(None))
        query = _listing_query().where(same, contents.c.state != Presence.MISSING.value)
        with self._database.read() as connection:
            row = connection.execute(query.limit(1)).first()
        return _to_listing(row) if row else None

    def find_at(self, place: Place) -> ModelId | None:
        query = select(locations.c.content_id).where(
            locations.c.folder_id == place.folder_id,
            locations.c.category == place.category.value,
            locations.c.relative_path == place.relative_path,
        )
        with self._database.read() as connection:
            found = connection.scalar(query)
        return ModelId(found) if found is not None else None

    def get_preview(self, model_id: ModelId, preview_id: PreviewId) -> Preview:
        """Raises NotFound."""
        with self._database.read() as connection:
            for preview in _read_previews(connection, model_id):
                if preview.preview_id == preview_id:
                    return preview
        raise NotFound("There is no such preview; it may have been replaced.")


def _listing_query() -> Select[Any]:
    joined = contents.outerjoin(published_versions, published_versions.c.id == contents.c.published_id)
    return select(*_LISTED).select_from(joined)


def _detail_query() -> Select[Any]:
    joined = contents.outerjoin(published_versions, published_versions.c.id == contents.c.published_id).join(
        content_headers, content_headers.c.content_id == contents.c.id
    )
    further = (
        contents.c.claimed_sha256,
        contents.c.autov1,
        contents.c.blake3,
        contents.c.crc32,
        contents.c.hashed_at,
        contents.c.own_name,
        contents.c.own_type,
        contents.c.own_base_model,
        contents.c.own_tags,
        contents.c.notes,
        content_headers.c.identity,
        content_headers.c.header_metadata,
        published_versions.c.body,
        published_versions.c.raw,
        published_versions.c.fetched_at,
    )
    return select(*_LISTED, *further).select_from(joined)


def _count_facet(
    connection: Connection, field: str, where: list[ColumnElement[bool]]
) -> tuple[tuple[str | None, int], ...]:
    count = func.count()
    if field == "tag":
        return ()
    column = contents.c[field]
    query = select(column, count).where(*where).group_by(column)
    rows = connection.execute(query.order_by(count.desc()).limit(_MAX_FACET_VALUES)).all()
    return tuple((value, number) for value, number in rows)


def _read_locations(connection: Connection, model_id: ModelId) -> tuple[Location, ...]:
    query = select(locations).where(locations.c.content_id == model_id).order_by(locations.c.state, locations.c.id)
    return tuple(
        Location(
            location_id=row.id,
            place=_to_place(row),
            state=Presence(row.state),
            size_bytes=row.size_bytes,
            modified_at=datetime.fromtimestamp(row.mtime_ns / 1e9, UTC),
            found_at=row.found_at,
        )
        for row in connection.execute(query)
    )


def _read_previews(connection: Connection, model_id: ModelId) -> tuple[Preview, ...]:
    query = (
        select(previews, locations.c.folder_id, locations.c.category)
        .join(locations, locations.c.id == previews.c.location_id)
        .where(previews.c.content_id == model_id, locations.c.state == Presence.PRESENT.value)
        .order_by(previews.c.location_id, previews.c.position)
    )
    return tuple(Preview(PreviewId(row.id), _to_place(row), row.media) for row in connection.execute(query))


def _read_sidecars(connection: Connection, model_id: ModelId) -> tuple[ReadSidecar, ...]:
    query = (
        select(
            sidecars.c.kind,
            sidecars.c.relative_path,
            sidecars.c.read_at,
            locations.c.folder_id,
            locations.c.category,
        )
        .join(locations, locations.c.id == sidecars.c.location_id)
        .where(sidecars.c.content_id == model_id)
        .order_by(sidecars.c.id)
    )
    return tuple(ReadSidecar(row.kind, _to_place(row), row.read_at) for row in connection.execute(query))


def _to_place(row: Any) -> Place:
    return Place(FolderId(row.folder_id), row.relative_path, Category(row.category))


def _to_hashes(row: Row[Any]) -> KnownHashes:
    return KnownHashes(
        sha256=row.sha256,
        claimed_sha256=row.claimed_sha256,
        autov1=row.autov1,
        autov3=row.autov3,
        blake3=row.blake3,
        crc32=row.crc32,
        hashed_at=row.hashed_at,
    )


def _to_listing(row: Row[Any]) -> ModelListing:
    return ModelListing(
        model_id=ModelId(row.id),
        name=row.name,
        place=Place(FolderId(row.folder_id or 0), row.relative_path, Category(row.category)),
        size_bytes=row.size_bytes,
        type=ModelType(row.type),
        base_model=row.base_model,
        format=FileFormat(row.format),
        precision=row.precision,
        sha256=row.sha256,
        autov3=row.autov3,
        preview_id=PreviewId(row.preview_id) if row.preview_id else None,
        preview_media=row.preview_media,
        trigger_words=tuple(row.trigger_words),
        tags=tuple(row.tags),
        rating=row.rating,
        favorite=row.favorite,
        added_at=row.added_at,
        modified_at=row.modified_at,
        state=Presence(row.state),
        published=_to_published_name(row) if row.source else None,
        duplicates=max(0, row.location_count - 1),
    )


def _to_published_name(row: Row[Any]) -> PublishedName:
    return PublishedName(
        source=row.source,
        model_id=row.model_id,
        version_id=row.version_id,
        model_name=row.model_name,
        version_name=row.version_name,
        creator=row.creator,
        url=row.url,
    )
