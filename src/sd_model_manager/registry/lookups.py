"""Which contents a source is to be asked for, and what it answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import contents, lookups, published_versions
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.lookups import (
    WORTH_ASKING,
    AskedHash,
    DueContent,
    Lookup,
    LookupOutcome,
    wait_after_miss,
)
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.taxonomy import FileFormat, Presence
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.published import key_of, refresh_listings, save_versions

_DIGEST = func.coalesce(contents.c.sha256, contents.c.claimed_sha256)


class LookupRegistry:
    """Of one source. Every method is one transaction; what the user said of a match is never changed."""

    def __init__(self, database: Database, source: str) -> None:
        self._database = database
        self._source = source

    def list_due(self, *, now: datetime, not_since: datetime | None = None) -> list[DueContent]:
        """What has a SHA-256, is not missing, and is to be asked for: what no source is known of and was not asked for
        yet, or long ago, or with another hash, or without an answer.

        With `not_since` everything that was not asked for since then, known or not.
        """
        is_due = _was_not_asked_since(not_since) if not_since else _is_due(now)
        with self._database.read() as connection:
            return [_to_due(row) for row in connection.execute(_due_query(self._source).where(is_due))]

    def has_due(self, *, now: datetime) -> bool:
        """Whether there is anything to ask for."""
        with self._database.read() as connection:
            return connection.execute(_due_query(self._source).where(_is_due(now)).limit(1)).first() is not None

    def list_due_by_other_hashes(self, *, now: datetime) -> list[DueContent]:
        """What the source does not know by SHA-256, and was not asked for by any of its other hashes."""
        query = _due_query(self._source).where(
            lookups.c.outcome == LookupOutcome.NOT_FOUND.value,
            lookups.c.hash_kind.not_in([AskedHash.AUTOV3.value, AskedHash.BLAKE3.value]),
            lookups.c.again_at > now,
            contents.c.published_id.is_(None),
        )
        with self._database.read() as connection:
            due = [_to_due(row) for row in connection.execute(query)]
        return [content for content in due if content.others]

    def list_due_after(self, other: str, *, now: datetime, not_since: datetime | None = None) -> list[DueContent]:
        """Like `list_due`, of what another source has been asked for and does not know."""
        said = lookups.alias()
        is_missed = exists().where(
            said.c.content_id == contents.c.id,
            said.c.source == other,
            said.c.outcome.in_([LookupOutcome.NOT_FOUND.value, LookupOutcome.GONE.value]),
        )
        is_due = _was_not_asked_since(not_since) if not_since else _is_due(now)
        query = _due_query(self._source).where(is_missed, is_due, contents.c.published_id.is_(None))
        with self._database.read() as connection:
            return [_to_due(row) for row in connection.execute(query)]

    def save_matches(self, matches: Sequence[tuple[DueContent, PublishedVersion]], *, now: datetime) -> None:
        """Link contents to their versions. At most a hundred or so: others wait for the end of it."""
        with change_models(self._database) as connection:
            id_of = save_versions(connection, ((version, now) for _, version in matches))
            linked = [{"key": due.model_id, "published": id_of[key_of(version)]} for due, version in matches]
            statement = update(contents).where(contents.c.id == bindparam("key"), contents.c.own_match.is_(None))
            connection.execute(statement.values(published_id=bindparam("published")), linked)
            self._keep(connection, [due for due, _ in matches], lambda _: _answered(LookupOutcome.MATCHED, now))
            refresh_listings(connection, [due.model_id for due, _ in matches])

    def save_misses(self, missed: Sequence[DueContent], *, now: datetime) -> list[ModelId]:
        """The source does not know them. What was known stays; only a link that was made for another tool's hash, which
        the file's own contradicts, is taken back. Returns the models that lost theirs."""
        contradicted: list[ModelId] = []
        with change_models(self._database) as connection:
            for start in range(0, len(missed), 500):
                ids = [due.model_id for due in missed[start : start + 500]]
                contradicted += self._find_contradicted(connection, ids)
            if contradicted:
                connection.execute(update(contents).where(contents.c.id.in_(contradicted)).values(published_id=None))
                refresh_listings(connection, contradicted)
            self._keep(connection, missed, lambda due: _missed(due, now))
        return contradicted

    def save_confirmation(self, asked: DueContent, outcome: LookupOutcome, *, now: datetime) -> None:
        """What another way of asking said of what the source seemed to have forgotten: `matched` still, or `gone`."""
        since = asked.missed_since if outcome is LookupOutcome.GONE else None
        with self._database.write() as connection:
            self._keep(connection, [asked], lambda _: {**_answered(outcome, now), "missed_since": since})

    def save_failure(self, asked: Sequence[DueContent], outcome: LookupOutcome, *, now: datetime) -> None:
        """The source did not get to answer. An answer that it gave before stays."""
        with self._database.write() as connection:
            failed_before = or_(*(lookups.c.outcome == known.value for known in WORTH_ASKING))
            self._keep(connection, asked, lambda _: _answered(outcome, now), where=failed_before)

    def _find_contradicted(self, connection: Connection, ids: Sequence[ModelId]) -> list[ModelId]:
        query = (
            select(contents.c.id)
            .join(lookups, and_(lookups.c.content_id == contents.c.id, lookups.c.source == self._source))
            .where(
                contents.c.id.in_(ids),
                contents.c.own_match.is_(None),
                contents.c.sha256.is_not(None),
                lookups.c.outcome == LookupOutcome.MATCHED.value,
                lookups.c.digest != contents.c.sha256,
            )
        )
        return [ModelId(key) for key in connection.scalars(query)]

    def _keep(
        self,
        connection: Connection,
        asked: Sequence[DueContent],
        answer: Callable[[DueContent], Mapping[str, Any]],
        *,
        where: ColumnElement[bool] | None = None,
    ) -> None:
        rows = [
            {
                "content_id": due.model_id,
                "source": self._source,
                "hash_kind": due.kind.value,
                "digest": due.digest,
                **answer(due),
            }
            for due in asked
        ]
        if rows:
            dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
            statement = dialect.insert(lookups)
            changed = {c.name: statement.excluded[c.name] for c in lookups.c if not c.primary_key}
            key = ["content_id", "source"]
            connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed, where=where), rows)


def find_lookup(connection: Connection, model_id: ModelId) -> Lookup | None:
    """The last one, of whichever source; one that knows the model rather than one that does not."""
    query = (
        select(lookups, contents.c.sha256)
        .join(contents, contents.c.id == lookups.c.content_id)
        .where(lookups.c.content_id == model_id)
        .order_by(lookups.c.outcome != LookupOutcome.MATCHED.value, lookups.c.looked_up_at.desc())
    )
    row = connection.execute(query.limit(1)).first()
    if row is None:
        return None
    return Lookup(
        source=row.source,
        outcome=LookupOutcome(row.outcome),
        hash_kind=AskedHash(row.hash_kind),
        is_provisional=row.sha256 != row.digest,
        looked_up_at=row.looked_up_at,
        again_at=row.again_at,
    )


def _due_query(source: str) -> Any:
    own = and_(lookups.c.content_id == contents.c.id, lookups.c.source == source)
    known = and_(published_versions.c.id == contents.c.published_id, published_versions.c.source == source)
    return (
        select(
            contents.c.id,
            contents.c.sha256,
            _DIGEST.label("digest"),
            contents.c.autov3,
            contents.c.blake3,
            contents.c.format,
            published_versions.c.version_id,
            lookups.c.digest.label("asked_digest"),
            lookups.c.misses,
            lookups.c.missed_since,
        )
        .select_from(contents.outerjoin(lookups, own).outerjoin(published_versions, known))
        .where(_DIGEST.is_not(None), contents.c.own_match.is_(None), contents.c.state != Presence.MISSING.value)
        .order_by(contents.c.id)
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(lookups.c.content_id.is_(None), contents.c.published_id.is_(None)),
        lookups.c.outcome.in_([outcome.value for outcome in WORTH_ASKING]),
        and_(lookups.c.outcome == LookupOutcome.NOT_FOUND.value, lookups.c.again_at <= now),
        lookups.c.digest != _DIGEST,
    )


def _was_not_asked_since(moment: datetime) -> ColumnElement[bool]:
    return or_(lookups.c.content_id.is_(None), lookups.c.looked_up_at < moment)


def _to_due(row: Row[Any]) -> DueContent:
    is_same = row.asked_digest == row.digest
    return DueContent(
        model_id=ModelId(row.id),
        digest=row.digest,
        kind=AskedHash.SHA256 if row.sha256 else AskedHash.CLAIMED_SHA256,
        others=_other_hashes(row),
        version_id=row.version_id if is_same or row.asked_digest is None else None,
        misses=row.misses or 0 if is_same else 0,
        missed_since=row.missed_since if is_same else None,
    )


def _other_hashes(row: Row[Any]) -> dict[AskedHash, str]:
    """The surest first. Of other formats than safetensors AutoV3 is of the whole file, and tells nothing more."""
    others = {AskedHash.BLAKE3: row.blake3} if row.blake3 else {}
    if row.autov3 and row.format == FileFormat.SAFETENSORS.value:
        others[AskedHash.AUTOV3] = row.autov3[:12]
    return others


def _answered(outcome: LookupOutcome, now: datetime) -> dict[str, Any]:
    return {"outcome": outcome.value, "misses": 0, "missed_since": None, "looked_up_at": now, "again_at": None}


def _missed(due: DueContent, now: datetime) -> dict[str, Any]:
    misses = due.misses + 1
    return {
        "outcome": LookupOutcome.NOT_FOUND.value,
        "misses": misses,
        "missed_since": due.missed_since or now,
        "looked_up_at": now,
        "again_at": now + wait_after_miss(misses, is_linked=due.version_id is not None),
    }
