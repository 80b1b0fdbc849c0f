"""Settings that were changed while the program ran."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import settings


class PreferenceStore:
    """Values by key, as JSON."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read_all(self) -> dict[str, Any]:
        with self._database.read() as connection:
            return {row.key: row.value for row in connection.execute(select(settings.c.key, settings.c.value))}

    def read(self, key: str) -> Any:
        """`None` where there is none."""
        with self._database.read() as connection:
            return connection.scalar(select(settings.c.value).where(settings.c.key == key))

    def change(self, values: Mapping[str, Any], *, now: datetime) -> None:
        """Set values; `None` takes one back."""
        rows = [{"key": key, "value": value, "changed_at": now} for key, value in values.items() if value is not None]
        with self._database.write() as connection:
            connection.execute(delete(settings).where(settings.c.key.in_(list(values))))
            if rows:
                connection.execute(insert(settings), rows)
