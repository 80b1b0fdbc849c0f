"""Which picture the user has chosen for a model, by the name of its file in the folder of own previews."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import contents
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.lib.errors import NotFound
from sd_model_manager.registry.changes import change_models


class OwnPreviewChoices:
    """Files are put and removed inside the transactions, which come one after another: no name is left without its
    file, whoever else chooses or removes the same one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def choose(self, model_id: ModelId, name: str | None, place: Callable[[], None]) -> str | None:
        """Note the choice, or with `None` take it back; `place` puts its file there. Returns what was chosen before.

        Raises NotFound; whatever `place` raises, which changes nothing.
        """
        own = contents.c.id == model_id
        with change_models(self._database) as connection:
            row = connection.execute(select(contents.c.own_preview).where(own).with_for_update()).first()
            if row is None:
                raise NotFound(f"There is no model number {model_id}. It may have been removed from the registry.")
            place()
            connection.execute(update(contents).where(own).values(own_preview=name))
        before: str | None = row.own_preview
        return before

    def remove_unless_chosen(self, name: str, remove: Callable[[], None]) -> None:
        with change_models(self._database) as connection:
            query = select(contents.c.id).where(contents.c.own_preview == name).limit(1)
            if connection.scalar(query) is None:
                remove()

    def check(self, model_id: ModelId) -> None:
        """Raises NotFound for a model that is not there."""
        with self._database.read() as connection:
            if connection.scalar(select(contents.c.id).where(contents.c.id == model_id)) is None:
                raise NotFound(f"There is no model number {model_id}. It may have been removed from the registry.")

    def is_chosen(self, model_id: ModelId, name: str) -> bool:
        query = select(contents.c.id).where(contents.c.id == model_id, contents.c.own_preview == name)
        with self._database.read() as connection:
            return connection.scalar(query) is not None
