"""Searches that the user keeps under a name, in an order of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import saved_searches
from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.ids import SearchId
from sd_model_manager.domain.query import parse_query
from sd_model_manager.domain.shelves import SavedSearch, SearchChange, SearchedFor
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.lib.errors import Conflict, NotFound


class SavedSearches:
    """Every method is one transaction. A query that cannot be read is refused: BadInput, `BAD_QUERY`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_all(self) -> list[SavedSearch]:
        """In the user's order."""
        query = select(saved_searches).order_by(saved_searches.c.position, saved_searches.c.id)
        with self._database.read() as connection:
            return [_to_search(row) for row in connection.execute(query)]

    def get(self, search_id: SearchId) -> SavedSearch:
        """Raises NotFound."""
        with self._database.read() as connection:
            row = connection.execute(select(saved_searches).where(saved_searches.c.id == search_id)).first()
        if row is None:
            raise _unknown(search_id)
        return _to_search(row)

    def create(self, name: str, searched: SearchedFor, *, now: datetime) -> SearchId:
        """At the end. Raises BadInput, and Conflict where a search has this name already, in whatever case."""
        parse_query(searched.wanted.text)
        values = {"name": name, "wanted": _to_json(searched), "created_at": now}
        with self._database.write() as connection:
            self._let_nobody_in(connection)
            _refuse_taken(connection, name)
            values["position"] = connection.scalar(select(func.count()).select_from(saved_searches))
            made = connection.scalar(insert(saved_searches).values(values).returning(saved_searches.c.id))
        return SearchId(made or 0)

    def change(self, search_id: SearchId, change: SearchChange) -> None:
        """All of it or nothing. Raises NotFound, BadInput, and Conflict where another search has the new name."""
        values: dict[str, Any] = {}
        if change.searched is not None:
            parse_query(change.searched.wanted.text)
            values["wanted"] = _to_json(change.searched)
        with self._database.write() as connection:
            self._let_nobody_in(connection)
            order = _read_order(connection)
            if search_id not in order:
                raise _unknown(search_id)
            if change.name is not None:
                _refuse_taken(connection, change.name, but=search_id)
                values["name"] = change.name
            if values:
                connection.execute(update(saved_searches).where(saved_searches.c.id == search_id).values(values))
            if change.position is not None:
                order.remove(search_id)
                order.insert(change.position, search_id)
                _number(connection, order)

    def remove(self, search_id: SearchId) -> None:
        """Raises NotFound."""
        with self._database.write() as connection:
            self._let_nobody_in(connection)
            if not connection.execute(delete(saved_searches).where(saved_searches.c.id == search_id)).rowcount:
                raise _unknown(search_id)
            _number(connection, _read_order(connection))

    def _let_nobody_in(self, connection: Connection) -> None:
        """So that names stay distinct and positions without gaps. SQLite has one writer anyway."""
        if not self._database.is_sqlite:
            connection.execute(text("LOCK TABLE saved_searches IN SHARE ROW EXCLUSIVE MODE"))


def _read_order(connection: Connection) -> list[int]:
    query = select(saved_searches.c.id).order_by(saved_searches.c.position, saved_searches.c.id)
    return list(connection.scalars(query))


def _number(connection: Connection, order: list[int]) -> None:
    for position, key in enumerate(order):
        moved = (saved_searches.c.id == key, saved_searches.c.position != position)
        connection.execute(update(saved_searches).where(*moved).values(position=position))


def _refuse_taken(connection: Connection, name: str, *, but: SearchId | None = None) -> None:
    for row in connection.execute(select(saved_searches.c.id, saved_searches.c.name)):
        if row.id != but and row.name.casefold() == name.casefold():
            raise Conflict(
                f"There is a saved search '{row.name}' already. Choose another name, or change that one.",
                code="NAME_TAKEN",
                search={"id": row.id, "name": row.name},
            )


def _unknown(search_id: SearchId) -> NotFound:
    return NotFound(f"There is no saved search number {search_id}. It may have been removed.")


def _to_json(searched: SearchedFor) -> dict[str, Any]:
    wanted = searched.wanted
    return {
        "q": wanted.text,
        "types": list(wanted.types),
        "base_models": list(wanted.base_models),
        "tags": list(wanted.tags),
        "category": wanted.category.value if wanted.category else None,
        "folder": wanted.folder,
        "sort": searched.sort,
    }


def _to_search(row: Any) -> SavedSearch:
    kept = row.wanted
    wanted = ModelFilter(
        text=kept["q"],
        types=tuple(kept["types"]),
        base_models=tuple(kept["base_models"]),
        tags=tuple(kept["tags"]),
        category=Category(kept["category"]) if kept["category"] else None,
        folder=kept["folder"],
    )
    return SavedSearch(SearchId(row.id), row.name, SearchedFor(wanted, kept["sort"]), row.position, row.created_at)
