"""Published versions as their sources described them, kept even when the source forgets them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import content_headers, contents, published_versions, sidecars
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.local import PublishedRef, SidecarClaim
from sd_model_manager.domain.lookups import OwnMatch
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.lib.errors import NotFound
from sd_model_manager.registry.bodies import claim_from_json, identity_from_json, published_from_json, published_to_json
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.listing import KnownFacts, derive_listing, keep_model_facts
from sd_model_manager.registry.placement import CHUNK, update_many
from sd_model_manager.registry.texts import compose_text, replace_texts
from sd_model_manager.sidecars.reader import rank_of

VersionKey = tuple[str, str]
"""A version's source and its id there."""

_BATCH = 100
"""Contents at a time: what a source answered about one can be 100 KB."""


class PublishedRegistry:
    """Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def link(
        self, model_id: ModelId, version: PublishedVersion, *, now: datetime, own_match: OwnMatch | None = None
    ) -> None:
        """Say that a content is this published version, and keep what the source says of it. `own_match` where the user
        says so. Raises NotFound."""
        with change_models(self._database) as connection:
            published_id = save_version(connection, version, now=now)
            _set_published(connection, model_id, published_id, own_match)

    def unlink(self, model_id: ModelId, *, own_match: OwnMatch | None = OwnMatch.NONE) -> None:
        """A content is no published version that we know of: the user says so, or without `own_match`, nobody yet says
        otherwise. Raises NotFound."""
        with change_models(self._database) as connection:
            _set_published(connection, model_id, None, own_match)

    def complete(
        self, completed: Iterable[PublishedVersion], others: Iterable[PublishedVersion], *, now: datetime
    ) -> list[ModelId]:
        """Keep more of versions that files here are, and what is said of others. Returns the models it is said of."""
        with change_models(self._database) as connection:
            ids = list(save_versions(connection, ((version, now) for version in completed)).values())
            save_versions(connection, ((version, now) for version in others))
            concerned = select(contents.c.id).where(contents.c.published_id.in_(ids)).order_by(contents.c.id)
            model_ids = [ModelId(key) for key in connection.scalars(concerned)]
            refresh_listings(connection, model_ids)
        return model_ids

    def save(self, version: PublishedVersion, *, now: datetime) -> None:
        """Keep what a source says of a version, whether or not any file of it is here. It may be an update of one."""
        with change_models(self._database) as connection:
            save_version(connection, version, now=now)

    def find(self, reference: PublishedRef) -> PublishedVersion | None:
        query = select(published_versions.c.body, published_versions.c.raw).where(*_same(reference))
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return published_from_json(row.body, row.raw) if row else None


def save_version(connection: Connection, version: PublishedVersion, *, now: datetime) -> int:
    """As `save_versions`, for one. Returns its row's id."""
    return next(iter(save_versions(connection, [(version, now)]).values()))


def save_versions(connection: Connection, said: Iterable[tuple[PublishedVersion, datetime]]) -> dict[VersionKey, int]:
    """Insert versions, with when that was said of each, or update them unless what is known is newer; of the same one
    twice, the newest counts. Returns the ids of their rows.

    Not every answer of a source tells of the model as a whole: what others told of it is kept then.
    """
    version_of: dict[VersionKey, PublishedVersion] = {}
    said_at: dict[VersionKey, datetime] = {}
    for version, at in sorted(said, key=itemgetter(1)):
        key = key_of(version)
        version_of[key] = keep_model_facts(version_of[key], version) if key in version_of else version
        said_at[key] = at
    id_of: dict[VersionKey, int] = {}
    changed: list[dict[str, Any]] = []
    for row in _find_known(connection, version_of):
        key = (row.source, row.version_id)
        id_of[key] = row.id
        if row.fetched_at <= said_at[key]:
            new = keep_model_facts(published_from_json(row.body, row.raw), version_of[key])
            changed.append({"key": row.id, **_columns_of(new, said_at[key])})
    unknown = [key for key in version_of if key not in id_of]
    if unknown:
        statement = insert(published_versions).returning(published_versions.c.id, sort_by_parameter_order=True)
        ids = connection.scalars(statement, [_columns_of(version_of[key], said_at[key]) for key in unknown])
        id_of |= zip(unknown, ids, strict=True)
    if changed:
        named: dict[str, Any] = {name: bindparam(name) for name in changed[0] if name != "key"}
        same = published_versions.c.id == bindparam("key")
        connection.execute(update(published_versions).where(same).values(named), changed)
    return id_of


def key_of(version: PublishedVersion) -> VersionKey:
    return version.source, version.version_id


def _find_known(connection: Connection, keys: Iterable[VersionKey]) -> Iterator[Row[Any]]:
    ids_of: dict[str, list[str]] = {}
    for source, version_id in keys:
        ids_of.setdefault(source, []).append(version_id)
    own = published_versions.c
    known: Select[Any] = select(own.id, own.source, own.version_id, own.fetched_at, own.body, own.raw)
    for source, version_ids in ids_of.items():
        for start in range(0, len(version_ids), _BATCH):
            some = version_ids[start : start + _BATCH]
            yield from connection.execute(known.where(own.source == source, own.version_id.in_(some)))


def _columns_of(version: PublishedVersion, now: datetime) -> dict[str, Any]:
    return {
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
        "published_at": version.published_at,
        "fetched_at": now,
        "body": published_to_json(version),
        "raw": version.raw,
    }


def _set_published(
    connection: Connection, model_id: ModelId, published_id: int | None, own_match: OwnMatch | None
) -> None:
    values = {"published_id": published_id, "own_match": own_match.value if own_match else None}
    if not connection.execute(update(contents).where(contents.c.id == model_id).values(values)).rowcount:
        raise NotFound(f"There is no model number {model_id}. It may have been removed from the registry.")
    refresh_listings(connection, [model_id])


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
