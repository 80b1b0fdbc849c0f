"""Reads models: pages of a list, counts for its filters, and one with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Select, func, select

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
    Completion,
    Facets,
    KnownHashes,
    Location,
    ModelDetail,
    ModelFilter,
    ModelListing,
    ModelPage,
    Preview,
    ReadSidecar,
    Statistics,
)
from sd_model_manager.domain.ids import FolderId, ModelId, PreviewId
from sd_model_manager.domain.local import Place
from sd_model_manager.domain.lookups import OwnMatch
from sd_model_manager.domain.query import parse_query
from sd_model_manager.domain.taxonomy import Category, Presence
from sd_model_manager.lib.errors import BadInput, NotAllowed, NotFound
from sd_model_manager.registry.bodies import parts_from_json, unpack
from sd_model_manager.registry.claims import read_claimed_hashes
from sd_model_manager.registry.listing_rows import LISTED, listing_query, read_listings
from sd_model_manager.registry.lookups import find_lookup
from sd_model_manager.registry.maturity import MATURE_BITS, is_shown, with_published
from sd_model_manager.registry.provenance import explain
from sd_model_manager.registry.published import read_claims, to_facts
from sd_model_manager.registry.search.paging import Order

if TYPE_CHECKING:
    from sd_model_manager.registry.search.finder import Finder


class Catalog:
    """What is read of one model is of one moment; a page's rows may be a moment younger than the choice of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._mature_below: int | None = None
        self._make_finder = cache(partial(_make_finder, database))

    def without_mature(self, mature_below: int | None) -> Catalog:
        """The same for somebody to whom models with this bit of maturity or a higher one are not shown: they are in no
        list and no count, and asking for one of them raises NotAllowed."""
        if mature_below is None:
            return self
        restricted = copy(self)
        restricted._mature_below = mature_below
        return restricted

    @property
    def hides_any(self) -> bool:
        return self._mature_below is not None

    def list_models(
        self,
        wanted: ModelFilter,
        *,
        sort: str = "-added_at",
        limit: int = 100,
        cursor: str | None = None,
        offset: int = 0,
    ) -> ModelPage:
        """One page: behind a cursor, or after `offset` models. An order that the query asks for goes before `sort`.

        Raises BadInput for a query that cannot be read, an unknown sort, a cursor that is not ours, and one with an
        offset.
        """
        if cursor and offset:
            raise BadInput("A page begins behind a cursor or at an offset. Leave one of them out.")
        query = parse_query(wanted.text)
        order = Order(query.sort or sort)
        wanted = self._shown(wanted)
        if order.is_indexed and not query.terms and replace(wanted, text="") == ModelFilter():
            return self._list_all(order, limit, cursor, offset)
        found = self._finder.find_page(wanted, query, order, limit, cursor, offset)
        with self._database.read() as connection:
            row_of = {row.id: row for row in connection.execute(listing_query().where(contents.c.id.in_(found.ids)))}
            rows = [row_of[key] for key in found.ids if key in row_of]
            return _read_page(connection, rows, found.total, order, limit, found.did_you_mean)

    def _list_all(self, order: Order, limit: int, cursor: str | None, offset: int) -> ModelPage:
        """Without the columns in memory, so that a server that has just started need not read them first."""
        query = listing_query().order_by(*order.columns()).limit(limit + 1)
        if cursor:
            query = query.where(order.after(cursor))
        if offset:  # counted off in an index, before anything is joined
            ids = select(contents.c.id).order_by(*order.columns()).limit(limit + 1).offset(offset)
            query = query.where(contents.c.id.in_(ids))
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            total = connection.scalar(select(func.count()).select_from(contents)) or 0
            return _read_page(connection, rows, total, order, limit)

    def list_ids(self, wanted: ModelFilter) -> list[ModelId]:
        """All that a filter means, by id. Raises BadInput for a query that cannot be read."""
        return [ModelId(key) for key in self._finder.list_ids(self._shown(wanted))]

    def count(self) -> int:
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(contents)) or 0

    def count_facets(self, wanted: ModelFilter) -> Facets:
        """How many models each value of each field would give, the field's own choice put aside. Raises BadInput."""
        return self._finder.count_facets(self._shown(wanted))

    def count_sizes(self, wanted: ModelFilter) -> Statistics:
        """How many models there are of what, how large, and since when. Raises BadInput."""
        return self._finder.count_sizes(self._shown(wanted))

    def complete(self, text: str, position: int) -> list[Completion]:
        """What may stand where a user is typing, at a character of a query."""
        return self._finder.complete(text, position, self._shown(ModelFilter()))

    def _shown(self, wanted: ModelFilter) -> ModelFilter:
        return replace(wanted, mature_below=self._mature_below) if self._mature_below is not None else wanted

    def _refuse_hidden(self, mature_bits: int) -> None:
        if self._mature_below is not None and mature_bits >= self._mature_below:
            raise NotAllowed(
                "This model is hidden as mature content. The settings of mature content can show it.",
                code="MATURE_HIDDEN",
            )

    @property
    def _finder(self) -> Finder:
        return self._make_finder()

    def get(self, model_id: ModelId) -> ModelDetail:
        """Raises NotFound; NotAllowed for what is not shown."""
        with self._database.read() as connection:
            row = connection.execute(_detail_query().where(contents.c.id == model_id)).first()
            if row is None:
                raise NotFound(f"There is no model number {model_id}. It may have been removed from the registry.")
            self._refuse_hidden(row.mature_bits)
            facts, claims = to_facts(row, ()), read_claims(connection, [model_id]).get(model_id, [])
            facts = replace(facts, claims=tuple(claim for _, claim in claims))
            explained = explain(facts, [kind for kind, _ in claims])
            return ModelDetail(
                listing=read_listings(connection, [row])[0],
                locations=_read_locations(connection, model_id),
                identity=facts.identity,
                hashes=_to_hashes(row),
                header_metadata=row.header_metadata,
                previews=_read_previews(connection, model_id),
                sidecars=_read_sidecars(connection, model_id),
                published=facts.published,
                published_fetched_at=row.fetched_at,
                own_name=row.own_name,
                own_type=facts.own_type,
                own_base_model=row.own_base_model,
                own_mature_bits=row.own_mature_bits,
                own_tags=tuple(row.own_tags),
                notes=row.notes,
                provenance=explained.provenance,
                description_html=explained.description_html,
                claimed_notes=explained.claimed_notes,
                preferred_weight=explained.preferred_weight,
                claims=tuple(claims),
                claimed_hashes=read_claimed_hashes(connection, model_id),
                own_match=OwnMatch(row.own_match) if row.own_match else None,
                lookup=find_lookup(connection, model_id),
                parts=parts_from_json(row.identity),
            )

    def get_listing(self, model_id: ModelId) -> ModelListing:
        """Raises NotFound; NotAllowed for what is not shown."""
        with self._database.read() as connection:
            found = read_listings(
                connection, connection.execute(listing_query().where(contents.c.id == model_id)).all()
            )
        if not found:
            raise NotFound(f"There is no model number {model_id}.")
        self._refuse_hidden(found[0].mature_bits)
        return found[0]

    def get_mature_bits(self, model_id: ModelId) -> int:
        """Raises NotFound; NotAllowed for what is not shown."""
        query = select(MATURE_BITS).select_from(with_published()).where(contents.c.id == model_id)
        with self._database.read() as connection:
            bits = connection.scalar(query)
        if bits is None:
            raise NotFound(f"There is no model number {model_id}.")
        self._refuse_hidden(bits)
        return bits

    def find_shown(self, model_ids: Iterable[int]) -> set[int]:
        """Those of these models that are shown."""
        query = select(contents.c.id).select_from(with_published()).where(is_shown(self._mature_below))
        with self._database.read() as connection:
            return set(connection.scalars(query.where(contents.c.id.in_(set(model_ids)))))

    def find_by_sha256(self, sha256: str) -> ModelListing | None:
        """A model that lies somewhere with this content, verified or claimed."""
        same = (contents.c.sha256 == sha256) | ((contents.c.claimed_sha256 == sha256) & contents.c.sha256.is_(None))
        query = listing_query().where(same, contents.c.state != Presence.MISSING.value)
        with self._database.read() as connection:
            return next(iter(read_listings(connection, connection.execute(query.limit(1)).all())), None)

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

    def get_sidecar_raw(self, model_id: ModelId, sidecar_id: int) -> tuple[str, bytes]:
        """The path of a sidecar below its library folder, and its bytes as they were last read. Raises NotFound."""
        query = select(sidecars.c.relative_path, sidecars.c.raw).where(
            sidecars.c.content_id == model_id, sidecars.c.id == sidecar_id
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotFound("There is no such sidecar; it may have been read anew since.")
        return row.relative_path, unpack(row.raw)


def _make_finder(database: Database) -> Finder:
    from sd_model_manager.registry.search.finder import Finder

    return Finder(database)


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
        contents.c.own_mature_bits,
        contents.c.own_tags,
        contents.c.notes,
        contents.c.own_match,
        content_headers.c.identity,
        content_headers.c.header_metadata,
        published_versions.c.body,
        published_versions.c.raw,
        published_versions.c.fetched_at,
    )
    return select(*LISTED, *further).select_from(joined)


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
    return tuple(Preview(PreviewId(row.id), _to_place(row), row.media, row.origin) for row in connection.execute(query))


def _read_sidecars(connection: Connection, model_id: ModelId) -> tuple[ReadSidecar, ...]:
    query = (
        select(
            sidecars.c.id,
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
    return tuple(ReadSidecar(row.id, row.kind, _to_place(row), row.read_at) for row in connection.execute(query))


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


def _read_page(
    connection: Connection,
    rows: Sequence[Row[Any]],
    total: int,
    order: Order,
    limit: int,
    did_you_mean: str | None = None,
) -> ModelPage:
    """Of up to one row more than the limit, which says that there is more."""
    next_cursor = order.cursor_of(rows[limit - 1]) if len(rows) > limit else None
    return ModelPage(read_listings(connection, rows[:limit]), total, next_cursor, did_you_mean)
