"""Numbers the changes of models, so that whoever has seen one can ask for what came after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import revisions


class Counted(IntEnum):
    """The rows of `revisions`."""

    CHANGES = 1
    INDEXED_BATCHES = 2


@contextmanager
def change_models(database: Database) -> Iterator[Connection]:
    """A transaction that inserts, updates or removes rows of `contents`, which get the next revision by themselves.

    Until it ends no other can begin, on PostgreSQL too: so revisions become visible in their order, and a reader who
    knows one misses nothing.
    """
    with database.write() as connection:
        count_up(connection, Counted.CHANGES)
        yield connection


def count_up(connection: Connection, counted: Counted) -> int:
    """The next number; whoever counts the same waits for the end of this transaction."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    first = dialect.insert(revisions).values(id=counted, value=1)
    further = first.on_conflict_do_update(index_elements=["id"], set_={"value": revisions.c.value + 1})
    return int(connection.scalar(further.returning(revisions.c.value)) or 0)


def read_count(connection: Connection, counted: Counted) -> int:
    """The last number that this connection sees; 0 before the first."""
    return connection.scalar(select(revisions.c.value).where(revisions.c.id == counted)) or 0
