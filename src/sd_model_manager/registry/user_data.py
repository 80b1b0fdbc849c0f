"""What the user says of models, kept with their contents: a file may move, be identified anew or turn out to be two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import select, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import contents
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.user_data import UNCHANGED, UserChange
from sd_model_manager.lib.errors import NotFound
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.published import refresh_listings
from sd_model_manager.registry.tags import distinct_tags

_LISTED = {"own_name", "own_type", "own_base_model", "own_tags", "notes"}
"""What a listing or its text is derived from."""


class UserData:
    """Every method is one transaction. `after_change` is told of the models behind it; it has to be quick."""

    def __init__(self, database: Database, after_change: Callable[[Sequence[ModelId]], None] = lambda _: None) -> None:
        self._database = database
        self._after_change = after_change

    def change(self, model_id: ModelId, change: UserChange) -> None:
        """Keep what the user says of one model. Only what is said is written, so changes of different things made at
        once are all kept. Raises NotFound."""
        values = _to_values(change)
        with change_models(self._database) as connection:
            own = contents.c.id == model_id
            if connection.scalar(select(contents.c.id).where(own).with_for_update()) is None:
                raise NotFound(f"There is no model number {model_id}. It may have been removed from the registry.")
            if values:
                connection.execute(update(contents).where(own).values(values))
            if values.keys() & _LISTED:
                refresh_listings(connection, [model_id])
        if values:
            self._after_change([model_id])


def _to_values(change: UserChange) -> dict[str, Any]:
    said = {field.name: getattr(change, field.name) for field in fields(change)}
    values = {name: value for name, value in said.items() if value is not UNCHANGED}
    if "tags" in values:
        values["own_tags"] = distinct_tags(values.pop("tags"))
    if "own_mature_level" in values:
        level = values.pop("own_mature_level")
        values["own_mature_bits"] = level.bit if level else None
    if values.get("own_type") is not None:
        values["own_type"] = values["own_type"].value
    return values
