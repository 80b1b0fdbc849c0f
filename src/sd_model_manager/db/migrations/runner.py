"""Runs the migrations on a connection that is already in a transaction."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from sd_model_manager.db.engine import DatabaseUnusable


def make_alembic_config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Bring the schema to the newest revision.

    Raises:
        DatabaseUnusable: the database carries a revision this program does not know: a newer version made it.
    """
    config = make_alembic_config(connection)
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise DatabaseUnusable(
            f"The database was made by a newer version of SD Model Manager (schema {current}). "
            "Update the program, or point data_dir or database_url at another database. Nothing was changed."
        )
    command.upgrade(config, "head")
