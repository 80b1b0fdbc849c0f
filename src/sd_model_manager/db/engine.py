"""Opening the database: SQLite in WAL mode by default, PostgreSQL by its URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from sd_model_manager.lib.errors import AppError, Code

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

SCHEMA_HEAD = "0005"
"""The newest migration, named here so that a start with an up-to-date database need not load Alembic (tested)."""

_MIGRATION_LOCK = 7_351_881_000
_SQLITE_PRAGMAS = (
    "PRAGMA busy_timeout = 15000",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -8192",  # of each connection; the system's own cache serves them all
    "PRAGMA temp_store = MEMORY",
)


class DatabaseUnusable(AppError):
    """The database cannot be opened or is newer than this program. Raised before anything is changed."""

    code: ClassVar[Code] = "DATABASE_UNUSABLE"


class Database:
    """One database. Safe to use from any thread and from several processes at once."""

    def __init__(self, engine: Engine) -> None:
        self._reader = engine
        self._writer = engine.execution_options(sdmm_write=True)
        self.is_sqlite = engine.dialect.name == "sqlite"

    def read(self) -> AbstractContextManager[Connection]:
        """A connection that sees one moment; nothing it does is kept."""
        return self._reader.connect()

    def write(self) -> AbstractContextManager[Connection]:
        """A transaction: committed at the end, rolled back on an exception. SQLite takes its write lock at the start,
        so that what was read in it still holds when it writes."""
        return self._writer.begin()

    @property
    def file(self) -> str | None:
        """Where an SQLite database lies; `None` for PostgreSQL."""
        return self._reader.url.database if self.is_sqlite else None

    def execute_outside_transactions(self, statement: str) -> None:
        """For what SQLite takes only while no transaction is open."""
        connection = self._reader.raw_connection()
        try:
            connection.cursor().execute(statement)
        finally:
            connection.close()

    @property
    def kind(self) -> Literal["sqlite", "postgresql"]:
        return "sqlite" if self.is_sqlite else "postgresql"

    def close(self) -> None:
        self._reader.dispose()


def sqlite_url(file: Path) -> str:
    return f"sqlite:///{file.as_posix()}"


def open_database(url: str) -> Database:
    """Connect, and bring the schema up to date; safe when several processes start at once.

    Raises:
        DatabaseUnusable: unreachable, corrupt, locked for too long, or made by a newer version.
    """
    database = Database(_connect(url))
    try:
        _bring_up_to_date(database)
    except DatabaseUnusable:
        database.close()
        raise
    except (DBAPIError, OSError) as error:
        database.close()
        shown = make_url(url).render_as_string(hide_password=True)
        reason = getattr(error, "orig", None) or error
        raise DatabaseUnusable(
            f"The database {shown} cannot be used ({reason}). Check that its folder is writable, that its disk is not "
            "full and, for PostgreSQL, that the server runs and the address is right."
        ) from error
    return database


def _connect(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_size=10, max_overflow=20, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        parsed, pool_size=20, max_overflow=40, pool_use_lifo=True
    )  # few connections, with warm caches
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    connection.isolation_level = None  # the driver's own implicit BEGIN would hide ours
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    is_write = connection.get_execution_options().get("sdmm_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


def _bring_up_to_date(database: Database) -> None:
    if _find_revision(database) == SCHEMA_HEAD:
        return
    from sd_model_manager.db.migrations.runner import upgrade

    with _one_process_at_a_time(database) as connection:
        upgrade(connection)


def _find_revision(database: Database) -> str | None:
    with database.read() as connection:
        exists = connection.dialect.has_table(connection, "alembic_version")
        return connection.scalar(text("SELECT version_num FROM alembic_version")) if exists else None


@contextmanager
def _one_process_at_a_time(database: Database) -> Iterator[Connection]:
    if not database.is_sqlite:
        with database.write() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            yield connection
        return
    with FileLock(f"{database.file}.lock", timeout=60):
        _switch_to_wal(database)
        with database.write() as connection:
            yield connection


def _switch_to_wal(database: Database) -> None:
    """Kept in the file; SQLite does not wait for others when it switches, so this is done under the lock."""
    database.execute_outside_transactions("PRAGMA journal_mode = WAL")
