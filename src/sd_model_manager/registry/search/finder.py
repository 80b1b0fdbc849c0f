"""What is asked about many models at once. Loaded when it is first asked: reading one page of all needs none of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sd_model_manager.db.engine import Database
from sd_model_manager.domain.catalogue import Completion, Facets, ModelFilter, Statistics
from sd_model_manager.domain.query import Query, parse_query
from sd_model_manager.registry.search.completion import complete
from sd_model_manager.registry.search.counting import count_facets, count_sizes
from sd_model_manager.registry.search.index import SearchIndex
from sd_model_manager.registry.search.paging import Order
from sd_model_manager.registry.search.spelling import suggest_query


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of a page and of one row more where there is one, how many there are in all, and what was perhaps meant
    where there are none."""

    ids: list[int]
    total: int
    did_you_mean: str | None


class Finder:
    """Every method is answered as of one moment, and raises BadInput for a query that cannot be read."""

    def __init__(self, database: Database) -> None:
        self._index = SearchIndex(database)

    def find_page(
        self, wanted: ModelFilter, query: Query, order: Order, limit: int, cursor: str | None, offset: int
    ) -> Found:
        with self._index.open() as search:
            mask = search.match(wanted, query)
            total = int(mask.sum())
            ids = search.page(mask, order, limit + 1, cursor, offset)
            return Found(ids, total, None if total else suggest_query(search, wanted, query))

    def list_ids(self, wanted: ModelFilter) -> list[int]:
        with self._index.open() as search:
            return np.flatnonzero(search.match(wanted, parse_query(wanted.text))).tolist()

    def count_facets(self, wanted: ModelFilter) -> Facets:
        with self._index.open() as search:
            return count_facets(search, wanted)

    def count_sizes(self, wanted: ModelFilter) -> Statistics:
        with self._index.open() as search:
            return count_sizes(search, wanted)

    def complete(self, text: str, position: int, shown: ModelFilter) -> list[Completion]:
        with self._index.open() as search:
            return complete(search, text, position, search.match(shown))
