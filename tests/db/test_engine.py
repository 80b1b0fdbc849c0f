"""The database is brought up to date once, whoever starts, and never harmed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from sd_model_manager.db.engine import SCHEMA_HEAD, Database, DatabaseUnusable, open_database, sqlite_url
from sd_model_manager.db.migrations.runner import make_alembic_config
from sd_model_manager.db.tables import is_ours, metadata


def test_the_migrations_lead_to_the_tables(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_one_the_start_looks_for(database: Database) -> None:
    with database.read() as connection:
        assert ScriptDirectory.from_config(make_alembic_config(connection)).get_current_head() == SCHEMA_HEAD


def test_several_processes_may_start_at_once(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "registry.db")
    with ThreadPoolExecutor(4) as pool:
        for database in pool.map(open_database, [url] * 4):
            database.close()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(database: Database, database_url: str) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(DatabaseUnusable, match="newer version"):
            open_database(database_url)
    finally:
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": SCHEMA_HEAD})


def test_a_file_that_is_no_database_is_refused_with_a_remedy_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "registry.db"
    file.write_bytes(b"not a database" * 1000)
    with pytest.raises(DatabaseUnusable, match="cannot be used"):
        open_database(sqlite_url(file))
    assert file.read_bytes() == b"not a database" * 1000


def test_what_fails_in_a_transaction_is_not_kept(database: Database) -> None:
    def delete_and_fail() -> None:
        with database.write() as connection:
            connection.execute(text("DELETE FROM alembic_version"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        delete_and_fail()
    with database.read() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == SCHEMA_HEAD
