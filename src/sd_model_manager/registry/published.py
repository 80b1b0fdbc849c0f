"""Published versions as their sources described them, kept even when the source forgets them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import content_headers, contents, published_versions, sidecars
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.local import PublishedRef, SidecarClaim
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.registry.bodies import claim_from_json, identity_from_json, published_from_json, published_to_json
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.listing import KnownFacts, derive_listing
from sd_model_manager.registry.placement import CHUNK, update_many
from sd_model_manager.registry.texts import compose_text, replace_texts
from sd_model_manager.sidecars.reader import rank_of

_BATCH = 100
"""Contents at a time: what a source answered about one can be 100 KB."""


class PublishedRegistry:
    """Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def link(self, model_id: ModelId, version: PublishedVersion, *, now: datetime) -> None:
        """Say that a content is this published version, and keep what the source says of it."""
        with change_models(self._database) as connection:
            published_id = save_version(connection, version, now=now)
            connection.execute(update(contents).where(contents.c.id == model_id).values(published_id=published_id))
            refresh_listings(connection, [model_id])

    def save(self, version: PublishedVersion, *, now: datetime) -> None:
        """Keep what a source says of a version, whether or not any file of it is here."""
        with self._database.write() as connection:
            save_version(connection, version, now=now)

    def find(self, reference: PublishedRef) -> PublishedVersion | None:
        query = select(published_versions.c.body, published_versions.c.raw).where(*_same(reference))
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return published_from_json(row.body, row.raw) if row else None


def save_version(connection: Connection, version: PublishedVersion, *, now: datetime) -> int:
    """Insert a version, or update it unless what is known is newer. Returns its row's id."""
    reference = PublishedRef(version.source, version.model_id, version.version_id)
    query = select(published_versions.c.id, published_versions.c.fetched_at).where(*_same(reference))
    values = {
        "source": version.source,
        "model_id": version.model_id,
        "version_id": version.version_id,
        "model_name": version.model_name,
        "version_name": version.version_name,
        "model_type": version.model_type.value,
        "base_model": version.base_model,
        "creator": version.creator,
        "url": version.page_url,
        "nsfw_level": version.nsfw_level,
        "fetched_at": now,
        "body": published_to_json(version),
        "raw": version.raw,
    }
    known = connection.execute(query).first()
    if known is None:
        inserted = connection.scalar(insert(published_versions).values(values).returning(published_versions.c.id))
        return int(inserted or 0)
    if known.fetched_at <= now:
        connection.execute(update(published_versions).where(published_versions.c.id == known.id).values(values))
    return int(known.id)


def refresh_listings(connection: Connection, content_ids: Iterable[int]) -> None:
    """Derive anew what a list shows of these contents. Each is locked, so that a change of it by the user made at the
    same time is not overlooked."""
    ids = sorted(set(content_ids))
    for start in range(0, len(ids), CHUNK):
        _refresh_batch(connection, ids[start : start + CHUNK])


def _refresh_batch(connection: Connection, content_ids: Sequence[int]) -> None:
    rows = connection.execute(_facts_query(content_ids).with_for_update(of=contents)).all()
    claims_of = read_claims(connection, content_ids)
    facts_of = {row.id: to_facts(row, [claim for _, claim in claims_of.get(row.id, ())]) for row in rows}
    listing_of = {key: derive_listing(facts) for key, facts in facts_of.items()}
    update_many(connection, contents.c.id, [{"key": key, **listing} for key, listing in listing_of.items()])
    replace_texts(connection, {key: compose_text(facts, listing_of[key]) for key, facts in facts_of.items()})


def read_claims(connection: Connection, content_ids: Sequence[int]) -> dict[int, list[tuple[str, SidecarClaim]]]:
    """What sidecars say, each with its kind, in the order in which they are believed, wherever the contents lie."""
    query = select(sidecars.c.content_id, sidecars.c.kind, sidecars.c.claim).where(
        sidecars.c.content_id.in_(content_ids)
    )
    claims_of: dict[int, list[tuple[str, SidecarClaim]]] = {}
    for row in sorted(connection.execute(query.order_by(sidecars.c.id)), key=lambda row: rank_of(row.kind)):
        claims_of.setdefault(row.content_id, []).append((row.kind, claim_from_json(row.claim)))
    return claims_of


def _facts_query(content_ids: Sequence[int]) -> Any:
    return (
        select(
            contents.c.id,
            contents.c.relative_path,
            contents.c.own_name,
            contents.c.own_type,
            contents.c.own_base_model,
            contents.c.own_tags,
            contents.c.notes,
            content_headers.c.identity,
            published_versions.c.body,
            published_versions.c.raw,
        )
        .join(content_headers, content_headers.c.content_id == contents.c.id)
        .outerjoin(published_versions, published_versions.c.id == contents.c.published_id)
        .where(contents.c.id.in_(content_ids))
        .order_by(contents.c.id)
    )


def to_facts(row: Row[Any], claims: Sequence[SidecarClaim]) -> KnownFacts:
    return KnownFacts(
        identity=identity_from_json(row.identity),
        relative_path=row.relative_path,
        published=published_from_json(row.body, row.raw) if row.body else None,
        own_name=row.own_name,
        own_type=ModelType(row.own_type) if row.own_type else None,
        own_base_model=row.own_base_model,
        own_tags=tuple(row.own_tags),
        notes=row.notes,
        claims=tuple(claims),
    )


def _same(reference: PublishedRef) -> tuple[Any, ...]:
    return (
        published_versions.c.source == reference.source,
        published_versions.c.version_id == reference.version_id,
    )
