"""What the user says of many models at once, and how it was before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import collections, contents
from sd_model_manager.domain.ids import CollectionId, ModelId
from sd_model_manager.domain.maturity import highest_level
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.domain.user_data import (
    MAX_OWN_TAGS,
    UNCHANGED,
    BulkChange,
    BulkFailure,
    BulkOutcome,
    Membership,
    PreviousValues,
)
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.collections import (
    add_members,
    read_members,
    remove_members,
    require_collection,
    times_of_adding,
    touch,
)
from sd_model_manager.registry.placement import CHUNK
from sd_model_manager.registry.published import refresh_listings
from sd_model_manager.registry.tags import distinct_tags

_COLUMNS = ("favorite", "rating", "own_type", "own_base_model", "own_mature_bits", "own_tags")
_LISTED = {"own_type", "own_base_model", "own_tags"}
"""What a listing or its text is derived from."""

_Columns = Mapping[str, Any]
_Members = Mapping[CollectionId, Mapping[int, datetime | None]]
"""Since when each content is to be in a collection; `None` for not at all."""


class BulkUserData:
    """One transaction per 500 models, so that others get to write in between. A model is changed whole or not at all;
    one that cannot be changes nothing for the others. `after_change` is told of those that were changed; it has to be
    quick."""

    def __init__(self, database: Database, after_change: Callable[[Sequence[ModelId]], None] = lambda _: None) -> None:
        self._database = database
        self._after_change = after_change

    def change(self, model_ids: Iterable[ModelId], change: BulkChange, *, now: datetime) -> BulkOutcome:
        """Raises NotFound for a collection that is not there."""
        added_at_of = times_of_adding(model_ids, now)

        def change_chunk(connection: Connection, ids: Sequence[int]) -> BulkOutcome:
            members: dict[CollectionId, Mapping[int, datetime | None]] = {}
            if change.remove_from_collection is not None:
                members[change.remove_from_collection] = dict.fromkeys(ids)
            if change.add_to_collection is not None:
                members[change.add_to_collection] = {key: added_at_of[key] for key in ids}
            for collection_id in members:
                require_collection(connection, collection_id)
            return _change(connection, ids, lambda row: _columns_of_change(change, row), members)

        return self._in_chunks(list(added_at_of), change_chunk)

    def restore(self, previous: Iterable[PreviousValues]) -> BulkOutcome:
        """Put back what stood before; of a collection that is gone since there is nothing to put back."""
        before_of: dict[int, PreviousValues] = {values.model_id: values for values in previous}

        def restore_chunk(connection: Connection, ids: Sequence[int]) -> BulkOutcome:
            known = set(connection.scalars(select(collections.c.id)))
            members: dict[CollectionId, dict[int, datetime | None]] = {}
            for key in ids:
                for membership in before_of[key].memberships:
                    if membership.collection_id in known:
                        members.setdefault(membership.collection_id, {})[key] = membership.added_at
            return _change(connection, ids, lambda row: _columns_of_previous(before_of[row.id]), members)

        return self._in_chunks(list(before_of), restore_chunk)

    def _in_chunks(self, ids: Sequence[int], act: Callable[[Connection, Sequence[int]], BulkOutcome]) -> BulkOutcome:
        done: list[BulkOutcome] = []
        for start in range(0, len(ids), CHUNK):
            with change_models(self._database) as connection:
                done.append(act(connection, ids[start : start + CHUNK]))
        previous = tuple(values for outcome in done for values in outcome.previous)
        if previous:
            self._after_change([values.model_id for values in previous])
        return BulkOutcome(
            previous=previous,
            unchanged=sum(outcome.unchanged for outcome in done),
            failures=tuple(failure for outcome in done for failure in outcome.failures),
        )


def _change(
    connection: Connection, ids: Sequence[int], wish: Callable[[Row[Any]], _Columns], members: _Members
) -> BulkOutcome:
    query = select(contents.c.id, *(contents.c[name] for name in _COLUMNS)).where(contents.c.id.in_(ids))
    rows = {row.id: row for row in connection.execute(query.with_for_update())}
    wished = {key: wish(row) for key, row in rows.items()}
    failures = [_refuse_unknown(key) for key in ids if key not in rows]
    failures += [_refuse_tags(key) for key, columns in wished.items() if _has_too_many_tags(rows[key], columns)]
    possible = [key for key in ids if key not in {failure.model_id for failure in failures}]
    differing = {key: _differing(rows[key], wished[key]) for key in possible}
    _write(connection, {key: columns for key, columns in differing.items() if columns})
    memberships = _change_members(connection, possible, members)
    touch(connection, [key for key in memberships if not differing[key]])
    refresh_listings(connection, [key for key, columns in differing.items() if columns.keys() & _LISTED])
    changed = [key for key in possible if differing[key] or key in memberships]
    previous = tuple(_previous(rows[key], differing[key], memberships.get(key, ())) for key in changed)
    return BulkOutcome(previous, len(possible) - len(changed), tuple(failures))


def _write(connection: Connection, columns_of: Mapping[int, _Columns]) -> None:
    """One statement for all contents in which the same columns differ."""
    rows_of: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for key, columns in columns_of.items():
        rows_of.setdefault(tuple(columns), []).append({"key": key, **columns})
    for rows in rows_of.values():
        connection.execute(update(contents).where(contents.c.id == bindparam("key")), rows)


def _change_members(connection: Connection, ids: Sequence[int], members: _Members) -> dict[int, tuple[Membership, ...]]:
    """Gives how it was, for the contents whose collections are others now."""
    before: dict[int, tuple[Membership, ...]] = {}
    for collection_id, since in members.items():
        wanted = {key: since[key] for key in ids if key in since}
        known = read_members(connection, collection_id, list(wanted))
        add_members(connection, collection_id, {key: at for key, at in wanted.items() if at and key not in known})
        remove_members(connection, collection_id, [key for key in known if wanted[key] is None])
        for key, added_at in wanted.items():
            if (key in known) != (added_at is not None):
                before[key] = (*before.get(key, ()), Membership(collection_id, known.get(key)))
    return before


def _columns_of_change(change: BulkChange, row: Row[Any]) -> _Columns:
    columns = _said(change)
    if change.add_tags or change.remove_tags:
        removed = {tag.casefold() for tag in change.remove_tags}
        kept = [tag for tag in row.own_tags if tag.casefold() not in removed]
        columns["own_tags"] = distinct_tags([*kept, *change.add_tags])
    return columns


def _columns_of_previous(previous: PreviousValues) -> _Columns:
    columns = _said(previous)
    if "own_tags" in columns:
        columns["own_tags"] = distinct_tags(columns["own_tags"])
    return columns


def _said(said: BulkChange | PreviousValues) -> dict[str, Any]:
    """The columns that are to be otherwise, as they are kept."""
    values = {field.name: getattr(said, field.name) for field in fields(said) if field.name in _COLUMNS}
    columns = {name: value for name, value in values.items() if value is not UNCHANGED}
    if said.own_mature_level is not UNCHANGED:
        columns["own_mature_bits"] = said.own_mature_level and said.own_mature_level.bit
    if columns.get("own_type") is not None:
        columns["own_type"] = columns["own_type"].value
    return columns


def _differing(row: Row[Any], columns: _Columns) -> _Columns:
    return {name: value for name, value in columns.items() if value != getattr(row, name)}


def _previous(row: Row[Any], changed: Iterable[str], memberships: tuple[Membership, ...]) -> PreviousValues:
    values = {name: getattr(row, name) for name in changed}
    if "own_mature_bits" in values:
        values["own_mature_level"] = highest_level(values.pop("own_mature_bits") or 0)
    if values.get("own_type") is not None:
        values["own_type"] = ModelType(values["own_type"])
    if "own_tags" in values:
        values["own_tags"] = tuple(values["own_tags"])
    return PreviousValues(ModelId(row.id), **values, memberships=memberships)


def _has_too_many_tags(row: Row[Any], columns: _Columns) -> bool:
    """Fewer than before are never too many: two contents that turned out to be one keep the tags of both."""
    return len(columns.get("own_tags", ())) > max(MAX_OWN_TAGS, len(row.own_tags))


def _refuse_unknown(key: int) -> BulkFailure:
    message = f"There is no model number {key}. It may have been removed from the registry."
    return BulkFailure(ModelId(key), "NOT_FOUND", message)


def _refuse_tags(key: int) -> BulkFailure:
    message = f"The model has so many tags that it would have more than {MAX_OWN_TAGS}. Remove some first."
    return BulkFailure(ModelId(key), "TOO_MANY_TAGS", message)
