"""Two contents that turn out to be one, and one that turns out to be two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, insert, or_, select, update

from sd_model_manager.db.tables import (
    claimed_hashes,
    collection_models,
    content_headers,
    contents,
    locations,
    lookups,
    previews,
    removed_contents,
    sidecars,
)
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.taxonomy import Presence
from sd_model_manager.registry.refresh import refresh
from sd_model_manager.registry.tags import distinct_tags

_TOLD_BY_HEADER = (
    "quick_fingerprint",
    "size_bytes",
    "format",
    "precision",
    "network",
    "rank",
    "has_problems",
    "identity_version",
    "name",
    "sort_name",
    "type",
    "base_model",
    "trigger_words",
    "tags",
    "modified_at",
)
"""What contents of one fingerprint have in common; the listing is derived anew from it."""


def merge(connection: Connection, *, gone: ModelId, kept: ModelId) -> None:
    """Two rows for one content: locations go to the kept one; what the user said there fills what is empty here."""
    for table in (locations, previews, sidecars):
        connection.execute(update(table).where(table.c.content_id == gone).values(content_id=kept))
    _hand_over(connection, collection_models, (collection_models.c.collection_id,), gone, kept)
    _hand_over(connection, claimed_hashes, (claimed_hashes.c.kind, claimed_hashes.c.origin), gone, kept)
    _hand_over(connection, lookups, (lookups.c.source,), gone, kept)
    row_of = select(contents).with_for_update()
    old, new = (connection.execute(row_of.where(contents.c.id == key)).one() for key in (gone, kept))
    values = {
        "favorite": new.favorite or old.favorite,
        "rating": new.rating if new.rating is not None else old.rating,
        "notes": "\n\n".join(dict.fromkeys(text for text in (new.notes, old.notes) if text)),
        "own_name": new.own_name or old.own_name,
        "own_type": new.own_type or old.own_type,
        "own_base_model": new.own_base_model or old.own_base_model,
        "own_mature_bits": new.own_mature_bits or old.own_mature_bits,
        "own_tags": distinct_tags([*new.own_tags, *old.own_tags]),
        "own_preview": new.own_preview or old.own_preview,
        "claimed_sha256": new.claimed_sha256 or old.claimed_sha256,
        **_choose_match(new, old),
        "added_at": min(new.added_at, old.added_at),
    }
    connection.execute(insert(removed_contents), {"content_id": gone})
    connection.execute(delete(contents).where(contents.c.id == gone))
    connection.execute(update(contents).where(contents.c.id == kept).values(values))
    forget_missing_places(connection, [kept])
    refresh(connection, [kept], also_listed=[kept])


def split(
    connection: Connection, origin: Row[Any], location_ids: Sequence[int], *, into: ModelId | None, now: datetime
) -> ModelId:
    """Move locations whose bytes are not those of `origin` to the content that they are, `None`: to a new one.

    What the user said stays where it was said. What sidecars say goes with them: their digests are forgotten, so that
    the next scan reads them for the new content. The caller writes the hashes.
    """
    target = into if into is not None else _copy(connection, origin, now)
    for table in (previews, sidecars):
        connection.execute(update(table).where(table.c.location_id.in_(location_ids)).values(content_id=target))
    moved = update(locations).where(locations.c.id.in_(location_ids))
    connection.execute(moved.values(content_id=target, companions_digest=""))
    forget_missing_places(connection, [target])
    refresh(connection, [origin.id, target], also_listed=[origin.id, target])
    return target


def forget_missing_places(connection: Connection, content_ids: Sequence[int]) -> None:
    """A content that lies somewhere was moved from where it is missing, or a copy of it deleted there."""
    other = locations.alias()
    lies_elsewhere = (
        select(other.c.id)
        .where(other.c.content_id == locations.c.content_id, other.c.state != Presence.MISSING.value)
        .exists()
    )
    connection.execute(
        delete(locations).where(
            locations.c.content_id.in_(content_ids),
            locations.c.state == Presence.MISSING.value,
            lies_elsewhere,
        )
    )


def _copy(connection: Connection, origin: Row[Any], now: datetime) -> ModelId:
    values = {name: getattr(origin, name) for name in _TOLD_BY_HEADER}
    statement = insert(contents).values(**values, added_at=now, relative_path=origin.relative_path)
    target = ModelId(connection.scalar(statement.returning(contents.c.id)) or 0)
    columns = ("identity", "header_metadata")
    header = select(*(content_headers.c[name] for name in columns)).where(content_headers.c.content_id == origin.id)
    row = connection.execute(header).one()
    connection.execute(insert(content_headers).values(content_id=target, **row._asdict()))
    return target


def _choose_match(new: Row[Any], old: Row[Any]) -> dict[str, Any]:
    """What the user says of a match goes before what was found."""
    chosen = next((row for row in (new, old) if row.own_match), None)
    if chosen is not None:
        return {"published_id": chosen.published_id, "own_match": chosen.own_match}
    return {"published_id": new.published_id or old.published_id, "own_match": None}


def _hand_over(connection: Connection, table: Table, key: Sequence[Any], gone: ModelId, kept: ModelId) -> None:
    """Rows of which a content can have one for each key; where both have one, that of the kept content counts."""
    taken = connection.execute(select(*key).where(table.c.content_id == kept)).all()
    is_new = [
        or_(*(column != value for column, value in zip(key, values, strict=True))) for values in map(tuple, taken)
    ]
    connection.execute(update(table).where(table.c.content_id == gone, *is_new).values(content_id=kept))
