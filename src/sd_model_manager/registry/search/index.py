"""The index that answers lists and counts. One in each process; the database says what another has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import numpy as np
from sqlalchemy import Connection, select

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import contents
from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.query import AnyOf, Clause, Field, Part, Period, Query, parse_query
from sd_model_manager.registry.search.columns import Columns, Ids, Mask
from sd_model_manager.registry.search.loading import catch_up
from sd_model_manager.registry.search.matching import Matching
from sd_model_manager.registry.search.paging import Order
from sd_model_manager.registry.search.words import Vocabulary

_KEPT_ANSWERS = 32
_LAST = np.iinfo(np.int64).max
AnswerT = TypeVar("AnswerT")
_Answers = OrderedDict[tuple[str, ModelFilter, Query], object]


class SearchIndex:
    """Columns of all models in memory, and the answers to what was asked last. Used by one thread at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._columns = Columns()
        self._vocabulary = Vocabulary()
        self._answers: _Answers = OrderedDict()

    @contextmanager
    def open(self) -> Iterator[Search]:
        """All that is asked of it is answered as of one moment."""
        with self._lock, self._database.read() as connection:
            before = self._columns.revision
            catch_up(self._columns, connection)
            self._vocabulary.catch_up(connection)
            if self._columns.revision != before:
                self._answers.clear()
            yield Search(self._columns, self._vocabulary, connection, self._answers)


class Search:
    def __init__(
        self,
        columns: Columns,
        vocabulary: Vocabulary,
        connection: Connection,
        answers: _Answers,
    ) -> None:
        self.columns = columns
        self.vocabulary = vocabulary
        self.connection = connection
        self._answers = answers
        self._passing_answers: _Answers = OrderedDict()
        self._matching = Matching(columns, vocabulary, connection, datetime.now(UTC))

    def match(self, wanted: ModelFilter, query: Query | None = None) -> Mask:
        """What a filter means, not to be written to; `query` stands for its text where that was read, and changed.

        Raises BadInput for a query that cannot be read.
        """
        query = replace(query or parse_query(wanted.text), sort=None)
        return self.remember("mask", wanted, query, lambda: self._matching.match(wanted, query))

    def remember(self, what: str, wanted: ModelFilter, query: Query, find: Callable[[], AnswerT]) -> AnswerT:
        """What was found for the same before: at this moment, where it changes with the clock or beside the models."""
        is_passing = any(_changes_by_itself(term.clause) for term in query.terms)
        answers = self._passing_answers if is_passing else self._answers
        key = (what, replace(wanted, text=""), query)
        if key not in answers:
            answers[key] = find()
            if len(answers) > _KEPT_ANSWERS:
                answers.popitem(last=False)
        answers.move_to_end(key)
        return cast("AnswerT", answers[key])

    def page(self, mask: Mask, order: Order, limit: int, cursor: str | None, offset: int = 0) -> list[int]:
        """The first ids in this order, behind the cursor or `offset` others. Raises BadInput for a cursor that is not
        ours."""
        ids = np.flatnonzero(mask)
        keys = self._keys_of(order)[ids]
        if order.is_descending:
            ids = -ids
        if cursor:
            last, last_id = self._last_of(order, cursor)
            behind = (keys > last) | ((keys == last) & (ids > last_id))
            keys, ids = keys[behind], ids[behind]
        if len(ids) > offset + limit:
            places = [offset, offset + limit]
            least, most = np.partition(keys, places)[places]
            offset -= int((keys < least).sum())
            near = (keys >= least) & (keys <= most)
            keys, ids = keys[near], ids[near]
        first = ids[np.lexsort((ids, keys))][offset : offset + limit]
        return [abs(int(key)) for key in first]

    def _keys_of(self, order: Order) -> Ids:
        """What is sorted by, with the sign of the order."""
        if order.name == "name":
            keys = self._rank_names()
        elif order.name in self.columns.words:
            keys = self.columns.words[order.name].ranks()
        else:
            keys = self.columns.numbers[order.name]
        signed = -keys if order.is_descending else keys
        return np.where(keys < 0, _LAST, signed) if order.has_unknown else signed

    def _last_of(self, order: Order, cursor: str) -> tuple[float, int]:
        """The key and id of the row the cursor was made of, with the sign of the order."""
        value, last_id = order.parse(cursor)
        sign = -1 if order.is_descending else 1
        if order.name == "name":
            return self._last_name(order, cursor), sign * last_id
        return (_LAST if value is None else sign * self._key_of(order, value)), sign * last_id

    def _key_of(self, order: Order, value: Any) -> float:
        if isinstance(value, datetime):
            return round(value.timestamp() * 1_000_000)
        return self.columns.words[order.name].rank_of(value) if isinstance(value, str) else int(value)

    def _last_name(self, order: Order, cursor: str) -> int:
        """One before the rank of the first name behind the cursor: the name itself may be gone."""
        query = select(contents.c.id).where(order.after(cursor)).order_by(*order.columns()).limit(1)
        first = self.connection.scalar(query)
        if first is None or first >= len(self.columns):
            return len(self.columns)
        rank = int(self._rank_names()[first])
        return (-rank if order.is_descending else rank) - 1

    def _rank_names(self) -> Ids:
        if self.columns.name_ranks is None:
            query = select(contents.c.id).order_by(contents.c.sort_name, contents.c.id)
            sql = str(query.compile(dialect=self.connection.dialect))
            ids = np.fromiter((row[0] for row in self.connection.exec_driver_sql(sql)), np.int64)
            ranks = np.zeros(max(len(self.columns), int(ids.max(initial=-1)) + 1), np.int64)
            ranks[ids] = np.arange(len(ids))
            self.columns.name_ranks = ranks
        return self.columns.name_ranks


def _changes_by_itself(clause: Clause) -> bool:
    """Ages count from now; collections may get another name, and sources publish."""
    if isinstance(clause, AnyOf):
        return clause.field is Field.COLLECTION or (clause.field is Field.HAS and Part.UPDATE in clause.values)
    return isinstance(clause, Period)
