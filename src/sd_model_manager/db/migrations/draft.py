"""Drafts the next migration: `python -m sd_model_manager.db.migrations.draft "what changes"`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from sd_model_manager.db.engine import Database, _connect, sqlite_url
from sd_model_manager.db.migrations.runner import make_alembic_config


def main() -> None:
    message = " ".join(sys.argv[1:]) or "change"
    with tempfile.TemporaryDirectory() as folder:
        database = Database(_connect(sqlite_url(Path(folder) / "draft.db")))
        with database.write() as connection:
            config = make_alembic_config(connection)
            command.upgrade(config, "head")
            count = len(list(ScriptDirectory.from_config(config).walk_revisions()))
            command.revision(config, message, autogenerate=True, rev_id=f"{count + 1:04d}")
        database.close()


if __name__ == "__main__":
    main()
