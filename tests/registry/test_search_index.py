"""Lists, counts and completions stay right whatever changes, in this process or in another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import (
    collection_models,
    collections,
    contents,
    published_versions,
    removed_contents,
    search_texts,
)
from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.lib.errors import BadInput
from sd_model_manager.registry.catalog import Catalog
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.texts import index_texts, replace_texts

NOW = datetime(2026, 5, 1, tzinfo=UTC)


class Shelf:
    """Models that only their rows tell of, and two processes that look at them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.catalog = Catalog(database)
        self.elsewhere = Catalog(database)

    def add(self, *names: str, **values: Any) -> list[int]:
        keys: list[int] = []
        with change_models(self.database) as connection:
            for name in names:
                row = {
                    "quick_fingerprint": f"{name}{len(keys)}",
                    "identity_version": 1,
                    "name": name,
                    "sort_name": name.casefold(),
                    "type": "lora",
                    "format": "safetensors",
                    "size_bytes": 100,
                    "added_at": NOW,
                    "modified_at": NOW,
                    **values,
                }
                key = connection.scalar(insert(contents).values(row).returning(contents.c.id))
                text = "\n".join([name.casefold(), *values.get("tags", ())])
                connection.execute(insert(search_texts), {"content_id": key, "text": text})
                keys.append(int(key or 0))
        return keys

    def change(self, key: int, **values: Any) -> None:
        with change_models(self.database) as connection:
            connection.execute(update(contents).where(contents.c.id == key).values(values))

    def index(self) -> None:
        while index_texts(self.database):
            pass

    def find(self, text: str, **filters: Any) -> list[str]:
        """What both processes find, which is the same."""
        wanted = ModelFilter(text=text, **filters)
        here, there = (c.list_models(wanted, sort="name") for c in (self.catalog, self.elsewhere))
        assert here == there
        return [model.name for model in here.items]


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


def test_what_changes_is_found_as_it_is_now(shelf: Shelf) -> None:
    ink, _ = shelf.add("Ink", "Oil", tags=["style"])
    assert shelf.find("tag:style") == ["Ink", "Oil"]
    shelf.change(ink, tags=["Anime"], name="Water", sort_name="water", favorite=True)
    assert shelf.find("tag:style") == ["Oil"]
    assert shelf.find("tag:anime is:favorite") == ["Water"]
    assert shelf.find("type:lora") == ["Oil", "Water"]


def test_what_turned_out_to_be_another_is_gone(shelf: Shelf) -> None:
    ink, _ = shelf.add("Ink", "Oil")
    assert shelf.find("type:lora") == ["Ink", "Oil"]
    with change_models(shelf.database) as connection:
        connection.execute(insert(removed_contents), {"content_id": ink})
        connection.execute(delete(contents).where(contents.c.id == ink))
    assert shelf.find("type:lora") == ["Oil"]
    assert shelf.catalog.count_facets(ModelFilter()).total == 1


@pytest.mark.parametrize("is_indexed", [True, False], ids=["in the index", "not yet in the index"])
def test_words_are_found_inside_words_and_across_signs(shelf: Shelf, is_indexed: bool) -> None:
    shelf.add("Watercolor_v2.1", "東京タワー", "Straße", 'say "hi"', "50% grey", "Kaede's_LoRA-XL")
    if is_indexed:
        shelf.index()
    assert shelf.find("color") == ["Watercolor_v2.1"]
    assert shelf.find("color_v2.1") == ["Watercolor_v2.1"]
    assert shelf.find("v2 water") == ["Watercolor_v2.1"]
    assert shelf.find("京タ") == ["東京タワー"]
    assert shelf.find("STRASSE") == ["Straße"]
    assert shelf.find('"say ""hi"') == ['say "hi"']
    assert shelf.find("%") == ["50% grey"]
    assert shelf.find("a-x") == ["Kaede's_LoRA-XL"]
    assert shelf.find("_%_") == []
    assert shelf.find('"*"') == []
    assert shelf.find("nothing") == []


def test_a_text_that_changed_is_found_by_its_new_words_alone(shelf: Shelf) -> None:
    (key,) = shelf.add("Ink")
    shelf.index()
    assert shelf.find("ink") == ["Ink"]
    for _ in ("in the index", "not yet"):
        with change_models(shelf.database) as connection:
            replace_texts(connection, {key: "oil\nand water"})
            connection.execute(update(contents).where(contents.c.id == key).values(name="Oil"))
        assert (shelf.find("ink"), shelf.find("water")) == ([], ["Oil"])
        shelf.index()
    assert (shelf.find("ink"), shelf.find("water")) == ([], ["Oil"])


def test_one_letter_finds_what_has_it_now(shelf: Shelf) -> None:
    ink, oil, _ = shelf.add("Ink", "Oil", "Tusche 墨")
    shelf.index()
    assert shelf.find("I") == ["Ink", "Oil"]
    assert shelf.find("墨") == ["Tusche 墨"]
    with change_models(shelf.database) as connection:
        replace_texts(connection, {oil: "wax_1"})
        connection.execute(insert(removed_contents), {"content_id": ink})
        connection.execute(delete(contents).where(contents.c.id == ink))
    for _ in ("not yet in the index", "in it"):
        assert shelf.find("i") == []
        assert [shelf.find(letter) for letter in "wx_1"] == [["Oil"]] * 4
        shelf.index()
    assert shelf.find("e -s") == []
    assert shelf.find("e -x") == ["Tusche 墨"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_index_finds_what_looking_through_finds(shelf: Shelf, data: st.DataObject) -> None:
    texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\n"), min_size=1, max_size=20)
    name = data.draw(texts)
    start = data.draw(st.integers(0, len(name) - 1))
    part = data.draw(st.just(name[start : start + 4]))
    with change_models(shelf.database) as connection:
        connection.execute(delete(search_texts))
        connection.execute(delete(contents))
    Shelf.add(shelf, name)
    shelf.catalog = Catalog(shelf.database)
    expected = [name] if not part.isspace() else []
    phrase = '"' + part.replace('"', '""') + '"'
    for is_indexed in (False, True):
        if is_indexed:
            shelf.index()
        found = [m.name for m in shelf.catalog.list_models(ModelFilter(text=phrase)).items]
        assert found == expected or not part.strip()


def test_every_page_of_every_order_follows_the_one_before(shelf: Shelf) -> None:
    for number in range(23):
        shelf.add(
            f"Model {number % 5}",
            quick_fingerprint=str(number),
            size_bytes=number % 3,
            added_at=NOW + timedelta(microseconds=number // 4),
            modified_at=NOW - timedelta(days=number % 2),
        )
    for sort in ("name", "added_at", "size_bytes", "modified_at"):
        for sign in ("", "-"):
            pages = [
                _read_all(shelf.catalog, wanted, sign + sort) for wanted in (ModelFilter(), ModelFilter("type:lora"))
            ]
            assert pages[0] == pages[1]
            assert len(set(pages[0])) == 23


def test_a_page_goes_on_where_the_last_model_of_the_one_before_is_gone(shelf: Shelf) -> None:
    keys = shelf.add("A", "B", "C", "D")
    page = shelf.catalog.list_models(ModelFilter("type:lora"), sort="name", limit=2)
    with change_models(shelf.database) as connection:
        connection.execute(insert(removed_contents), {"content_id": keys[1]})
        connection.execute(delete(contents).where(contents.c.id == keys[1]))
    rest = shelf.catalog.list_models(ModelFilter("type:lora"), sort="name", limit=2, cursor=page.next_cursor)
    assert [model.name for model in rest.items] == ["C", "D"]


def test_counts_put_the_own_choice_of_a_field_aside_also_where_the_query_makes_it(shelf: Shelf) -> None:
    shelf.add("Ink", base_model="Pony", tags=["Style", "anime"])
    shelf.add("Oil", type="vae", base_model="SDXL 1.0", tags=["style"], folder="vae/x")
    facets = shelf.catalog.count_facets(ModelFilter("type:lora"))
    assert dict(facets.counts["type"]) == {"lora": 1, "vae": 1}
    assert dict(facets.counts["base_model"]) == {"Pony": 1}
    assert facets.total == 1
    tags = shelf.catalog.count_facets(ModelFilter()).counts["tag"]
    assert {str(tag).casefold(): count for tag, count in tags} == {"style": 2, "anime": 1}


def test_what_takes_the_space_is_counted_with_every_copy(shelf: Shelf) -> None:
    shelf.add("Ink", size_bytes=100, location_count=2)
    shelf.add("Oil", type="vae", size_bytes=50)
    shelf.add("Gone", type="vae", size_bytes=7, location_count=0, state="missing")
    found = shelf.catalog.count_sizes(ModelFilter())
    assert (found.total.count, found.total.size_bytes, found.copies_bytes) == (3, 250, 100)
    assert [(share.value, share.count, share.size_bytes) for share in found.shares["type"]] == [
        ("lora", 1, 200),
        ("vae", 2, 50),
    ]
    assert shelf.catalog.count_sizes(ModelFilter("oil")).total.size_bytes == 50


def test_a_library_grew_when_its_files_say_so_as_far_as_that_can_be(shelf: Shelf) -> None:
    def came(name: str, modified: datetime) -> None:
        shelf.add(name, size_bytes=10, added_at=NOW, modified_at=modified)

    came("Old", NOW - timedelta(days=90))
    came("New", NOW)
    came("Unpacked without a date", datetime(1980, 1, 1, tzinfo=UTC))
    came("Of a wrong clock", NOW + timedelta(days=400))
    growth = shelf.catalog.count_sizes(ModelFilter()).growth
    months = [(NOW - timedelta(days=90)).strftime("%Y-%m"), NOW.strftime("%Y-%m")]
    assert [(share.value, share.count, share.size_bytes) for share in growth] == [
        (months[0], 1, 10),
        (months[1], 3, 30),
    ]


COMPLETED_BY = {
    "ty|": ["type:"],
    "-ra|": ["rating:", "rank:"],
    "type:l|": ["lora"],
    "type:lora,v|": ["vae"],
    "tag:|": ["style", '"hand drawn"', "anime"],
    "tag:dr|": ['"hand drawn"'],
    'tag:"hand d|': ['"hand drawn"'],
    "tag:st| ink": ["style"],
    "anim|": ["tag:anime"],
    "base:p|": ["Pony"],
    "collection:best|": ['"Best of"'],
    "is:fav|": ["favorite"],
    "sort:-a|": ["-added"],
    "nofield:x|": [],
}


def test_what_is_being_typed_is_completed_from_the_library(shelf: Shelf) -> None:
    shelf.add("Ink", base_model="Pony", tags=["style", "anime"])
    shelf.add("Oil", "Vae", tags=["style", "hand drawn"])
    shelf.add("V", type="vae")
    with shelf.database.write() as connection:
        connection.execute(insert(collections), {"name": "Best of", "created_at": NOW})
    found = {}
    for typed in COMPLETED_BY:
        completions = shelf.catalog.complete(typed.replace("|", ""), typed.index("|"))
        found[typed] = [completion.text for completion in completions]
    assert {typed: texts[: len(COMPLETED_BY[typed])] for typed, texts in found.items()} == COMPLETED_BY


def test_a_completion_says_which_characters_it_replaces(shelf: Shelf) -> None:
    shelf.add("Ink", tags=["hand drawn"])
    text = "ink tag:anime,han -x"
    (found,) = shelf.catalog.complete(text, text.index(" -x"))
    assert text[: found.start] + found.text + text[found.end :] == 'ink tag:anime,"hand drawn" -x'
    assert found.count == 1


MEANT_BY = {
    "watercolr": "watercolor",
    "wtaercolor type:lora": "watercolor type:lora",
    "tag:anmie": "tag:anime",
    "creator:kade": "creator:kaede",
    "watercolor": None,
    "qqqqqq": None,
    "watercolr type:vae": None,
}


def test_where_nothing_is_found_what_was_perhaps_meant_is_said(shelf: Shelf) -> None:
    with shelf.database.write() as connection:
        facts = {"model_id": "1", "version_id": "1", "model_name": "m", "model_type": "lora", "body": {}}
        row = {"source": "civitai", "creator": "kaede", "fetched_at": NOW, **facts}
        key = connection.scalar(insert(published_versions).values(row).returning(published_versions.c.id))
    shelf.add("Watercolor", tags=["anime"], published_id=key)
    shelf.index()
    assert {text: shelf.catalog.list_models(ModelFilter(text)).did_you_mean for text in MEANT_BY} == MEANT_BY


def test_models_are_found_by_their_collection(shelf: Shelf) -> None:
    ink, _ = shelf.add("Ink", "Oil")
    with change_models(shelf.database) as connection:
        key = connection.scalar(insert(collections).values(name="Best of", created_at=NOW).returning(collections.c.id))
        connection.execute(insert(collection_models), {"collection_id": key, "content_id": ink, "added_at": NOW})
    assert shelf.find('collection:"best OF"') == ["Ink"]
    assert shelf.find('-collection:"best of"') == ["Oil"]


def test_models_with_a_later_version_for_the_same_base_model_are_found(shelf: Shelf) -> None:
    def publish(model: str, version: int, base: str = "Pony") -> int:
        with shelf.database.write() as connection:
            facts = {"model_id": model, "version_id": str(version), "model_name": "m", "model_type": "lora", "body": {}}
            row = {"source": "civitai", "base_model": base, "fetched_at": NOW, **facts}
            key = connection.scalar(insert(published_versions).values(row).returning(published_versions.c.id))
        return int(key or 0)

    shelf.add("Old", published_id=publish("1", 9))
    publish("1", 10)
    shelf.add("Newest", published_id=publish("2", 30))
    publish("2", 29)
    shelf.add("Other base", published_id=publish("3", 41))
    publish("3", 42, "SDXL 1.0")
    shelf.add("Both here", published_id=publish("4", 51))
    shelf.add("Both here, new", published_id=publish("4", 52))
    assert shelf.find("has:update") == ["Old"]


def test_ranks_networks_and_problems_can_be_asked_for(shelf: Shelf) -> None:
    shelf.add("Ink", rank=64, network="lokr")
    shelf.add("Oil", rank=8, has_problems=True)
    shelf.add("Water")
    assert shelf.find("rank:>=64") == ["Ink"]
    assert shelf.find("rank:8..16") == ["Oil"]
    assert shelf.find("-rank:>=0") == ["Water"]
    assert shelf.find("network:LoKr") == ["Ink"]
    assert shelf.find("is:broken") == ["Oil"]


@pytest.mark.parametrize("sort", ["name", "-name", "added_at", "-size_bytes"])
@pytest.mark.parametrize("text", ["", "ink"])
def test_a_page_in_the_middle_is_had_without_those_before_it(shelf: Shelf, text: str, sort: str) -> None:
    shelf.add("Ink", "Inkwell", "ink", "Ink blot", "Inkling", "Oil")
    wanted = ModelFilter(text)
    in_order = _read_all(shelf.catalog, wanted, sort)
    for offset in range(len(in_order) + 2):
        page = shelf.catalog.list_models(wanted, sort=sort, limit=2, offset=offset)
        assert [model.model_id for model in page.items] == in_order[offset : offset + 2]
        assert page.total == len(in_order)
        assert bool(page.next_cursor) == (offset + 2 < len(in_order))


def test_a_page_begins_behind_a_cursor_or_at_an_offset_not_both(shelf: Shelf) -> None:
    shelf.add("Ink", "Oil")
    cursor = shelf.catalog.list_models(ModelFilter(), limit=1).next_cursor
    with pytest.raises(BadInput, match="Leave one of them out"):
        shelf.catalog.list_models(ModelFilter(), limit=1, cursor=cursor, offset=1)


def test_ids_of_all_that_is_meant_can_be_had_at_once(shelf: Shelf) -> None:
    keys = shelf.add("Ink", "Oil", "Inkwell")
    assert shelf.catalog.list_ids(ModelFilter("ink")) == [keys[0], keys[2]]


def _read_all(catalog: Catalog, wanted: ModelFilter, sort: str) -> list[int]:
    found: list[int] = []
    cursor = None
    while True:
        page = catalog.list_models(wanted, sort=sort, limit=4, cursor=cursor)
        found += [model.model_id for model in page.items]
        if (cursor := page.next_cursor) is None:
            return found
