"""What each query finds, asked of a real database; `docs/search.md` says the same in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import contents, published_versions, search_texts
from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.lib.errors import BadInput
from sd_model_manager.registry.catalog import Catalog
from sd_model_manager.registry.changes import change_models

NOW = datetime.now(UTC)
INK = {
    "name": "Ink",
    "text": "ink brush\nink.safetensors\nhand drawn",
    "type": "lora",
    "base_model": "SD 1.5",
    "format": "safetensors",
    "precision": "fp16",
    "size_bytes": 144_000_000,
    "folder": "loras/Styles/ink",
    "sha256": "abcd" + "0" * 60,
    "trigger_words": ["nkbrsh"],
    "tags": ["Style", "hand drawn"],
    "rating": 5,
    "favorite": True,
    "notes": "nice",
    "preview_id": 1,
    "location_count": 2,
    "added_at": NOW - timedelta(days=10),
    "published": {"source": "civitai", "creator": "Kaede_01", "version_id": "20"},
}
PONY = {
    "name": "Pony",
    "text": "pony\npony.safetensors",
    "type": "checkpoint",
    "base_model": "Pony",
    "format": "safetensors",
    "precision": "fp8_e4m3",
    "size_bytes": 6_900_000_000,
    "folder": "checkpoints",
    "claimed_sha256": "abce" + "0" * 60,
    "tags": ["style guide"],
    "rating": 3,
    "state": "missing",
    "category": "archive",
    "added_at": NOW - timedelta(days=100),
    "published": {"source": "huggingface", "creator": None, "version_id": "main"},
}
FLUX = {
    "name": "Quant",
    "text": "quant 100%\nquant.gguf",
    "type": "diffusion_model",
    "base_model": "SDXL 1.0",
    "format": "gguf",
    "precision": "q4_k_m",
    "size_bytes": 2**32,
    "folder": "",
    "autov3": "ffff" + "0" * 60,
    "state": "offline",
    "added_at": datetime(2024, 2, 29, 23, tzinfo=UTC),
}
ODD = {
    "name": "Unknown",
    "text": "unknown thing",
    "type": "unknown",
    "base_model": None,
    "format": "pickle",
    "precision": None,
    "size_bytes": 12,
    "folder": "other/my-styles",
    "added_at": datetime(2024, 3, 1, tzinfo=UTC),
}


class Shelf:
    """A registry with models that only their rows tell of."""

    def __init__(self, database: Database) -> None:
        self.catalog = Catalog(database)
        self._database = database
        self._count = 0

    def add(self, row: dict[str, Any]) -> None:
        published = row.get("published")
        values = {key: value for key, value in row.items() if key not in ("published", "text")}
        self._count += 1
        with change_models(self._database) as connection:
            published_id = self._publish(connection, published) if published else None
            added = insert(contents).values(
                quick_fingerprint=str(self._count),
                identity_version=1,
                sort_name=values["name"].casefold(),
                modified_at=values["added_at"] + timedelta(days=1),
                published_id=published_id,
                **values,
            )
            content_id = connection.scalar(added.returning(contents.c.id))
            connection.execute(insert(search_texts), {"content_id": content_id, "text": row["text"]})

    def _publish(self, connection: Any, published: dict[str, Any]) -> Any:
        facts = {"model_id": "10", "model_name": "m", "model_type": "lora", "fetched_at": NOW, "body": {}}
        return connection.scalar(
            insert(published_versions).values(**facts, **published).returning(published_versions.c.id)
        )

    def find(self, text: str, **filters: Any) -> list[str]:
        page = self.catalog.list_models(ModelFilter(text=text, **filters), sort="name")
        assert page.total == len(page.items)
        return [model.name for model in page.items]


@pytest.fixture
def shelf(database: Database) -> Shelf:
    shelf = Shelf(database)
    for row in (INK, PONY, FLUX, ODD):
        shelf.add(row)
    return shelf


FOUND_BY = {
    "BRUSH ink": "Ink",
    '"hand drawn"': "Ink",
    '"drawn hand"': "",
    "100%": "Quant",
    "safetensors -ink": "Pony",
    '-"hand drawn" -unknown': "Pony Quant",
    "type:lora,checkpoint": "Ink Pony",
    "-type:lora": "Pony Quant Unknown",
    "base:sdxl": "Quant",
    "base:sd": "Ink Quant",
    "base:SD15,pony": "Ink Pony",
    "base:sd1.5": "Ink",
    'base:"sd 1.5"': "Ink",
    "base:unknown": "Unknown",
    "-base:pony": "Ink Quant Unknown",
    "tag:style": "Ink",
    'tag:"STYLE guide","hand drawn"': "Ink Pony",
    "-tag:style": "Pony Quant Unknown",
    "size:>=6.9GB": "Pony",
    "size:6.9GB": "Pony",
    "size:4GiB": "Quant",
    "size:<1KB": "Unknown",
    "size:100MB..5GB": "Ink Quant",
    "rating:>=4": "Ink",
    "-rating:>=4": "Pony Quant Unknown",
    "rating:3": "Pony",
    "favorite:yes": "Ink",
    "favorite:no": "Pony Quant Unknown",
    "added:<30d": "Ink",
    "added:>30d": "Pony Quant Unknown",
    "added:1w..6m": "Ink Pony",
    "added:2024-02": "Quant",
    "added:<=2024-02-29": "Quant",
    "added:>2024-02-29": "Ink Pony Unknown",
    "modified:2024-03-01..2024-03-02": "Quant Unknown",
    "added:>=0001 size:<99999999TB": "Ink Pony Quant Unknown",
    "added:<9999-12-31 -added:>999999y": "Ink Pony Quant Unknown",
    "is:duplicate": "Ink",
    "is:missing": "Pony",
    "is:offline": "Quant",
    "is:present": "Ink Unknown",
    "is:missing,offline": "Pony Quant",
    "is:archived": "Pony",
    "is:active": "Ink Quant Unknown",
    "is:unmatched": "Quant Unknown",
    "is:hashed": "Ink",
    "is:misplaced": "",
    "is:not_found": "",
    "has:preview": "Ink",
    "has:trigger": "Ink",
    "has:notes": "Ink",
    "has:rating": "Ink Pony",
    "has:tag": "Ink Pony",
    "-has:trigger": "Pony Quant Unknown",
    "folder:styles": "Ink",
    "folder:loras": "Ink",
    "folder:loras/styles/": "Ink",
    r"folder:loras\styles": "Ink",
    "folder:my-styles": "Unknown",
    "folder:/": "Quant",
    "folder:lora": "",
    "format:gguf": "Quant",
    "precision:fp16": "Ink",
    "precision:FP8,q4": "Pony Quant",
    "-precision:fp": "Quant Unknown",
    "creator:kaede_01": "Ink",
    "creator:kaedex01": "",
    "-creator:kaede": "Pony Quant Unknown",
    "source:Civitai": "Ink",
    "-source:civitai": "Pony Quant Unknown",
    "sha256:abc": "Ink Pony",
    "sha256:ABCD": "Ink",
    f"sha256:{INK['sha256']}": "Ink",
    "sha256:ffff0": "Quant",
    "-sha256:abc": "Quant Unknown",
    "type:lora -tag:portrait rating:>=4 ink is:favorite": "Ink",
}


def test_each_query_finds_what_it_says(shelf: Shelf) -> None:
    assert {text: " ".join(shelf.find(text)) for text in FOUND_BY} == FOUND_BY


def test_an_order_in_the_query_goes_before_the_one_of_the_list(shelf: Shelf) -> None:
    assert shelf.find("sort:size") == ["Unknown", "Ink", "Quant", "Pony"]
    assert shelf.find("sort:-added is:present") == ["Ink", "Unknown"]


def test_a_list_in_the_order_of_its_query_can_be_read_to_its_end(shelf: Shelf) -> None:
    names, cursor = [], None
    while True:
        page = shelf.catalog.list_models(ModelFilter(text="sort:-modified"), sort="name", limit=1, cursor=cursor)
        names += [model.name for model in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert names == ["Ink", "Pony", "Unknown", "Quant"]


def test_what_lies_in_a_folder_for_another_type_is_misplaced(shelf: Shelf) -> None:
    shelf.add(ODD | {"name": "Lost", "type": "lora", "folder": "vae/new"})
    shelf.add(ODD | {"name": "Gone", "type": "lora", "folder": "vae/new", "state": "missing"})
    assert shelf.find("is:misplaced") == ["Lost"]
    assert "Ink" in shelf.find("-is:misplaced")


def test_a_query_narrows_what_the_filters_leave(shelf: Shelf) -> None:
    assert shelf.find("size:>1GB", types=("checkpoint", "lora")) == ["Pony"]
    facets = shelf.catalog.count_facets(ModelFilter(text="size:>1GB", types=("checkpoint",)))
    assert facets.total == 1
    assert dict(facets.counts["type"]) == {"checkpoint": 1, "diffusion_model": 1}


def test_a_query_that_cannot_be_read_is_refused_by_list_and_counts(shelf: Shelf) -> None:
    for ask in (shelf.catalog.list_models, shelf.catalog.count_facets):
        with pytest.raises(BadInput, match="Did you mean 'type'"):
            ask(ModelFilter(text="tpye:lora"))


FIELDS = ("base", "tag", "folder", "precision", "creator", "source")


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FIELDS), st.text(st.characters(exclude_categories=["Cs"], exclude_characters='\0"'), min_size=1))
def test_any_name_can_be_looked_for_and_what_it_does_not_find_its_negation_does(
    shelf: Shelf, field: str, name: str
) -> None:
    try:
        found = shelf.find(f'{field}:"{name}"')
    except BadInput:
        return
    assert sorted([*found, *shelf.find(f'-{field}:"{name}"')]) == ["Ink", "Pony", "Quant", "Unknown"]
