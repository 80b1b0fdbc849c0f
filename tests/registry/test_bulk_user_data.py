"""Thousands of models are changed in chunks, and whoever remembers a revision learns of each change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import content_headers, contents, search_texts
from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.local import Identity
from sd_model_manager.domain.shelves import SearchedFor
from sd_model_manager.domain.taxonomy import FileFormat, ModelType
from sd_model_manager.domain.user_data import BulkChange, BulkOutcome
from sd_model_manager.lib.errors import Conflict
from sd_model_manager.registry.bodies import identity_to_json
from sd_model_manager.registry.bulk_user_data import BulkUserData
from sd_model_manager.registry.changes import Counted, read_count
from sd_model_manager.registry.collections import CollectionRegistry, find_collection, list_members
from sd_model_manager.registry.saved_searches import SavedSearches
from tests.support.library_bench import LibraryBench

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def bulk(database: Database) -> BulkUserData:
    return BulkUserData(database)


@pytest.fixture
def collections(database: Database) -> CollectionRegistry:
    return CollectionRegistry(database)


def fill(database: Database, count: int) -> list[ModelId]:
    """Models without files, as many as are asked for."""
    identity = identity_to_json(Identity(ModelType.LORA, FileFormat.SAFETENSORS))
    numbers = range(1, count + 1)
    rows = [
        {
            "id": number,
            "quick_fingerprint": f"{number:064x}",
            "size_bytes": number,
            "format": "safetensors",
            "identity_version": 1,
            "name": f"m{number}",
            "sort_name": f"m{number}",
            "type": "lora",
            "relative_path": f"m{number}.safetensors",
            "modified_at": NOW,
            "added_at": NOW,
        }
        for number in numbers
    ]
    headers = [{"content_id": number, "identity": identity, "header_metadata": {}} for number in numbers]
    texts = [{"content_id": number, "text": f"m{number}"} for number in numbers]
    with database.write() as connection:
        connection.execute(insert(contents), rows)
        connection.execute(insert(content_headers), headers)
        connection.execute(insert(search_texts), texts)
    return [ModelId(number) for number in numbers]


def revision_of(database: Database) -> int:
    with database.read() as connection:
        return read_count(connection, Counted.CHANGES)


def changed_since(database: Database, revision: int) -> set[int]:
    with database.read() as connection:
        return set(connection.scalars(select(contents.c.id).where(contents.c.revision > revision)))


def members_of(database: Database) -> list[tuple[int, int]]:
    with database.read() as connection:
        return list(list_members(connection))


def changed(outcome: BulkOutcome) -> set[int]:
    return {values.model_id for values in outcome.previous}


def test_more_models_than_a_transaction_takes_are_all_changed_in_their_order(
    database: Database, bulk: BulkUserData, collections: CollectionRegistry
) -> None:
    models = fill(database, 1203)
    collection = collections.create("All", "", now=NOW)
    before = revision_of(database)
    backwards = models[::-1]
    outcome = bulk.change(
        [*backwards, ModelId(5000)], BulkChange(favorite=True, add_tags=("ink",), add_to_collection=collection), now=NOW
    )
    assert changed(outcome) == set(models)
    assert [failure.model_id for failure in outcome.failures] == [5000]
    assert revision_of(database) == before + 3
    assert collections.list_model_ids(collection) == backwards
    restored = bulk.restore(outcome.previous)
    assert changed(restored) == set(models)
    assert members_of(database) == []


@pytest.mark.parametrize("is_listed", [True, False])
def test_models_that_are_changed_and_only_those_get_a_new_revision(
    database: Database, bulk: BulkUserData, collections: CollectionRegistry, is_listed: bool
) -> None:
    models = fill(database, 4)
    collection = collections.create("Some", "", now=NOW)
    change = BulkChange(add_tags=("ink",)) if is_listed else BulkChange(add_to_collection=collection)
    bulk.change(models[:1], change, now=NOW)
    before = revision_of(database)
    bulk.change(models[:3], change, now=NOW)
    assert changed_since(database, before) == set(models[1:3])


def test_models_of_a_removed_collection_get_a_new_revision(
    database: Database, bulk: BulkUserData, collections: CollectionRegistry
) -> None:
    models = fill(database, 3)
    collection = collections.create("Some", "", now=NOW)
    bulk.change(models[:2], BulkChange(add_to_collection=collection), now=NOW)
    before = revision_of(database)
    assert collections.remove(collection) == tuple(models[:2])
    assert changed_since(database, before) == set(models[:2])
    assert members_of(database) == []


def test_members_are_told_by_collection_in_their_order(
    database: Database, bulk: BulkUserData, collections: CollectionRegistry
) -> None:
    models = fill(database, 3)
    first, second = (collections.create(name, "", now=NOW) for name in ("One", "Two"))
    bulk.change([models[1]], BulkChange(add_to_collection=second), now=NOW)
    bulk.change([models[2], models[0]], BulkChange(add_to_collection=first), now=NOW)
    assert members_of(database) == [(first, 3), (first, 1), (second, 2)]
    with database.read() as connection:
        assert [find_collection(connection, name) for name in ("ONE", "two", "three")] == [first, second, None]


def test_contents_that_turn_out_to_be_one_stay_in_the_collections_of_both(
    database: Database, bulk: BulkUserData, collections: CollectionRegistry, tmp_path: Path
) -> None:
    library = LibraryBench(database, tmp_path / "models")
    library.add_lora("a.safetensors", metadata={"title": "a"})
    library.add_lora("b.safetensors", metadata={"title": "b"})
    library.scan()
    a, b = (model.model_id for model in library.models())
    only_a, only_b, both = (collections.create(name, "", now=NOW) for name in ("a", "b", "both"))
    bulk.change([a], BulkChange(add_to_collection=only_a), now=NOW)
    bulk.change([b], BulkChange(add_to_collection=only_b), now=NOW)
    bulk.change([a, b], BulkChange(add_to_collection=both), now=NOW)
    library.hashes.note_sha256(a, "0" * 64)
    assert library.hashes.note_sha256(b, "0" * 64) == a
    assert members_of(database) == [(only_a, a), (only_b, a), (both, a)]


def test_of_two_who_take_a_name_at_once_one_gets_it(database: Database, collections: CollectionRegistry) -> None:
    searches = SavedSearches(database)

    def take(number: int) -> bool:
        name = "Inky" if number % 2 else "INKY"
        try:
            if number < 4:
                collections.create(name, "", now=NOW)
            else:
                searches.create(name, SearchedFor(ModelFilter()), now=NOW)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(8)))
    assert (sum(taken[:4]), sum(taken[4:])) == (1, 1)
