"""What sidecars, headers and other tools' caches say the hashes of contents are, and whether the bytes bear it out."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, insert, or_, select, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import claimed_hashes, contents, locations, sidecars
from sd_model_manager.domain.ids import FolderId, ModelId
from sd_model_manager.domain.local import (
    MARK_OF_PARTS,
    ClaimedHash,
    ClaimState,
    FileStat,
    HashKind,
    InspectedFile,
    Place,
    is_hash,
)
from sd_model_manager.domain.taxonomy import Category, Presence
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.placement import CHUNK
from sd_model_manager.sidecars.reader import rank_of

log = logging.getLogger(__name__)

HEADER = "header"
CACHE_PREFIX = "cache:"
"""Begins the origin of what another tool's cache says."""
_HEADER_KEYS = ("sshs_model_hash", "modelspec.hash_sha256")
"""Both are the SHA-256 of what stands behind the header (kohya's sd-scripts; ModelSpec 1.0.1, with `0x`)."""

_COLUMN_OF = {kind: kind.value for kind in HashKind} | {HashKind.AUTOV2: "sha256"}


class ClaimRegistry:
    """Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_unverified_places(self) -> dict[Place, tuple[ModelId, FileStat]]:
        """Where the contents lie that have no hashes yet, or only claimed ones: for these other caches are asked."""
        query = (
            select(
                locations.c.content_id,
                locations.c.folder_id,
                locations.c.category,
                locations.c.relative_path,
                locations.c.size_bytes,
                locations.c.mtime_ns,
                locations.c.inode,
            )
            .join(contents, contents.c.id == locations.c.content_id)
            .where(
                contents.c.hashed_at.is_(None),
                ~contents.c.quick_fingerprint.startswith(MARK_OF_PARTS),
                locations.c.state == Presence.PRESENT.value,
            )
        )
        with self._database.read() as connection:
            return {
                Place(FolderId(row.folder_id), row.relative_path, Category(row.category)): (
                    ModelId(row.content_id),
                    FileStat(row.size_bytes, row.mtime_ns, int(row.inode)),
                )
                for row in connection.execute(query)
            }

    def adopt(self, claims: Mapping[ModelId, Sequence[ClaimedHash]], *, now: datetime) -> list[ModelId]:
        """Take claims over; the models of which something new is claimed."""
        ids = list(claims)
        with self._database.read() as connection:
            known = _read_claims(connection, ids)
        news: dict[int, list[ClaimedHash]] = {
            model_id: said
            for model_id in ids
            if (said := [c for c in claims[model_id] if known.get((model_id, c.kind.value, c.origin)) != c.digest])
        }
        if news:
            with change_models(self._database) as connection:
                note_claims(connection, news, now=now)
        return [ModelId(model_id) for model_id in news]


def claims_of(file: InspectedFile) -> list[ClaimedHash]:
    """What a file's header and the sidecars beside it claim; of a model of several files, nothing."""
    claims: list[ClaimedHash] = []
    if file.parts:
        return claims
    for key in _HEADER_KEYS:
        digits = str(file.header_metadata.get(key, "")).strip().lower().removeprefix("0x")
        claims.append(ClaimedHash(HashKind.AUTOV3, digits, HEADER))
    for sidecar in reversed(file.sidecars):
        hashes = dict(sidecar.claim.hashes)
        if sidecar.claim.sha256:
            hashes[HashKind.SHA256] = sidecar.claim.sha256
        claims += [ClaimedHash(kind, digits.lower(), sidecar.companion.kind) for kind, digits in hashes.items()]
    return [claim for claim in claims if is_hash(claim.kind, claim.digest)]


def read_claimed_hashes(connection: Connection, model_id: ModelId) -> tuple[ClaimedHash, ...]:
    """Those that are contradicted first."""
    c = claimed_hashes.c
    rows = connection.execute(
        select(claimed_hashes).where(c.content_id == model_id).order_by(c.state, c.origin, c.kind)
    )
    return tuple(ClaimedHash(HashKind(row.kind), row.digest, row.origin, ClaimState(row.state)) for row in rows)


def note_claims(connection: Connection, claims: Mapping[int, Sequence[ClaimedHash]], *, now: datetime) -> None:
    """Record what is claimed of contents, in place of what the same ones said before, and judge what is hashed."""
    said = {(key, c.kind.value, c.origin): c.digest for key, some in claims.items() for c in some}
    known = _read_claims(connection, list(claims))
    news = {key: digest for key, digest in said.items() if known.get(key) != digest}
    c = claimed_hashes.c
    for key, kind, origin in (key for key in news if key in known):
        connection.execute(delete(claimed_hashes).where(c.content_id == key, c.kind == kind, c.origin == origin))
    if not news:
        return
    rows = [
        {"content_id": key, "kind": kind, "origin": origin, "digest": digest, "seen_at": now}
        for (key, kind, origin), digest in news.items()
    ]
    connection.execute(insert(claimed_hashes), rows)
    _choose_claimed_sha256(connection, rows)
    settle_claims(connection, list(dict.fromkeys(key for key, _, _ in news)))


def forget_unsaid(connection: Connection, content_ids: Sequence[int]) -> None:
    """What a sidecar said that is gone is no longer claimed. Caches are not asked again for a file that is hashed, so
    what they said stays."""
    c = claimed_hashes.c
    is_there = select(sidecars.c.id).where(sidecars.c.content_id == c.content_id, sidecars.c.kind == c.origin).exists()
    for start in range(0, len(content_ids), CHUNK):
        some = content_ids[start : start + CHUNK]
        is_of_sidecar = (c.origin != HEADER, ~c.origin.startswith(CACHE_PREFIX))
        connection.execute(delete(claimed_hashes).where(c.content_id.in_(some), *is_of_sidecar, ~is_there))


def _read_claims(connection: Connection, content_ids: Sequence[int]) -> dict[tuple[int, str, str], str]:
    known: dict[tuple[int, str, str], str] = {}
    for start in range(0, len(content_ids), CHUNK):
        some = content_ids[start : start + CHUNK]
        query = select(claimed_hashes).where(claimed_hashes.c.content_id.in_(some))
        known |= {(row.content_id, row.kind, row.origin): row.digest for row in connection.execute(query)}
    return known


def _choose_claimed_sha256(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Sidecars in the order in which they are believed, then caches."""
    best: dict[int, tuple[int, str]] = {}
    for row in rows:
        if row["kind"] == HashKind.SHA256:
            candidate = (rank_of(row["origin"]), row["digest"])
            best[row["content_id"]] = min(best.get(row["content_id"], candidate), candidate)
    if best:
        statement = update(contents).where(contents.c.id == bindparam("key"), contents.c.claimed_sha256.is_(None))
        values = [{"key": key, "claimed": digest} for key, (_, digest) in best.items()]
        connection.execute(statement.values(claimed_sha256=bindparam("claimed")), values)


def settle_claims(connection: Connection, content_ids: Sequence[int]) -> None:
    """Compare what is claimed of contents with what their bytes are, where that is known."""
    judged = []
    for start in range(0, len(content_ids), CHUNK):
        judged += _judge(connection, content_ids[start : start + CHUNK])
    if judged:
        c = claimed_hashes.c
        key = and_(c.content_id == bindparam("key"), c.kind == bindparam("of_kind"), c.origin == bindparam("by"))
        statement = update(claimed_hashes).where(key).values(state=bindparam("verdict"))
        connection.execute(statement, judged)


def _judge(connection: Connection, content_ids: Sequence[int]) -> list[dict[str, Any]]:
    columns = {name: contents.c[name] for name in set(_COLUMN_OF.values())}
    c = claimed_hashes.c
    query = (
        select(c.content_id, c.kind, c.origin, c.digest, c.state, contents.c.relative_path, *columns.values())
        .join(contents, contents.c.id == c.content_id)
        .where(c.content_id.in_(content_ids), or_(contents.c.hashed_at.is_not(None), contents.c.sha256.is_not(None)))
    )
    judged = []
    for row in connection.execute(query).all():
        actual = getattr(row, _COLUMN_OF[HashKind(row.kind)])
        if actual is None:
            continue
        state = ClaimState.VERIFIED if _is_borne_out(row, actual) else ClaimState.CONTRADICTED
        if state.value == row.state:
            continue
        judged.append({"key": row.content_id, "of_kind": row.kind, "by": row.origin, "verdict": state.value})
        if state is ClaimState.CONTRADICTED:
            log.warning("%s says a %s of %r that it does not have", row.origin, row.kind, row.relative_path)
    return judged


def _is_borne_out(row: Row[Any], actual: str) -> bool:
    """Civitai writes the bytes of a CRC32 in the other order."""
    if row.kind == HashKind.CRC32:
        return row.digest in (actual, bytes.fromhex(actual)[::-1].hex())
    return actual.startswith(row.digest)
