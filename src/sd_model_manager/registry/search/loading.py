"""Keeps the columns in memory up with the database: what changed since is read, nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Text, cast, extract, func, select

from sd_model_manager.db.tables import contents, published_versions, removed_contents
from sd_model_manager.registry.changes import Counted, read_count
from sd_model_manager.registry.maturity import MATURE_BITS
from sd_model_manager.registry.search.columns import FLAGS, NUMBERS, WORDS, Columns

_CHUNK_ROWS = 5_000
_TIMES = {"added_at", "modified_at"}
_NUMBER_OF: dict[str, ColumnElement[Any]] = {
    **{name: contents.c[name] for name in ("size_bytes", *_TIMES)},
    "rating": func.coalesce(contents.c.rating, -1),
    "rank": func.coalesce(contents.c.rank, -1),
    "copies": contents.c.location_count,
    "mature_bits": MATURE_BITS,
    "name_hash": contents.c.sort_name,
}
_FLAG_OF: dict[str, ColumnElement[Any]] = {
    "favorite": contents.c.favorite,
    "hashed": contents.c.sha256.is_not(None),
    "published": contents.c.published_id.is_not(None),
    "preview": contents.c.preview_id.is_not(None) | contents.c.own_preview.is_not(None),
    "trigger": cast(contents.c.trigger_words, Text) != "[]",
    "notes": contents.c.notes != "",
    "problems": contents.c.has_problems,
}
_WORD_OF: dict[str, Column[Any]] = {
    **{name: contents.c[name] for name in WORDS if name in contents.c},
    "creator": published_versions.c.creator,
    "source": published_versions.c.source,
}


def catch_up(columns: Columns, connection: Connection) -> None:
    """Bring the columns to the revision that this connection sees."""
    revision = read_count(connection, Counted.CHANGES)
    if revision == columns.revision:
        return
    removed = select(removed_contents.c.content_id).where(removed_contents.c.revision > columns.revision)
    result = connection.exec_driver_sql(_statement(connection, since=columns.revision))
    while rows := result.fetchmany(_CHUNK_ROWS):
        _put(columns, rows)
    columns.remove(np.array(connection.scalars(removed).all(), np.int64))
    columns.revision = revision


def _statement(connection: Connection, *, since: int) -> str:
    """Run as text, so that a hundred thousand rows do not go through the toolkit's conversions one by one."""
    is_sqlite = connection.dialect.name == "sqlite"
    numbers = [_micros(_NUMBER_OF[name]) if name in _TIMES and not is_sqlite else _NUMBER_OF[name] for name in NUMBERS]
    query = (
        select(
            contents.c.id,
            *numbers,
            *(_FLAG_OF[name] for name in FLAGS),
            *(_WORD_OF[name] for name in WORDS),
            contents.c.tags,
        )
        .outerjoin(published_versions, published_versions.c.id == contents.c.published_id)
        .where(contents.c.revision > since)
    )
    return str(query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))


def _micros(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(extract("epoch", column) * 1_000_000, BigInteger)


def _put(columns: Columns, rows: Sequence[Any]) -> None:
    ids, *values = zip(*rows, strict=True)
    numbers, flags = values[: len(NUMBERS)], values[len(NUMBERS) : len(NUMBERS) + len(FLAGS)]
    words, tags = values[len(NUMBERS) + len(FLAGS) : -1], values[-1]
    columns.put(
        np.array(ids, np.int64),
        [_to_numbers(name, column) for name, column in zip(NUMBERS, numbers, strict=True)],
        [np.array(column, np.bool_) for column in flags],
        words,
        json.loads(f"[{','.join(tags)}]") if isinstance(tags[0], str) else tags,
    )


def _to_numbers(name: str, values: Sequence[Any]) -> NDArray[np.int64]:
    """A name becomes its hash; SQLite keeps times as text."""
    if name == "name_hash":
        return np.array([hash(value) for value in values], np.int64)
    if name in _TIMES and isinstance(values[0], str):
        return np.array(values, "datetime64[us]").astype(np.int64)
    return np.array(values, np.int64)
