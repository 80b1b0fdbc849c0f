"""Numbers the changes of models, so that whoever has seen one can ask for what came after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import revisions


@contextmanager
def change_models(database: Database) -> Iterator[Connection]:
    """A transaction that inserts, updates or removes rows of `contents`, which get the next revision by themselves.

    Until it ends no other can begin, on PostgreSQL too: so revisions become visible in their order, and a reader who
    knows one misses nothing.
    """
    dialect = sqlite if database.is_sqlite else postgresql
    counted = dialect.insert(revisions).values(id=1, value=1)
    counted = counted.on_conflict_do_update(index_elements=["id"], set_={"value": revisions.c.value + 1})
    with database.write() as connection:
        connection.execute(counted)
        yield connection


def read_revision(connection: Connection) -> int:
    """The number of the last change that this connection sees."""
    return connection.scalar(select(revisions.c.value)) or 0
