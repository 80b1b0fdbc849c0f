"""What is here of what a source offers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sd_model_manager.db.engine import Database
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.library.hashing import hash_file
from sd_model_manager.registry.holdings import Holdings
from sd_model_manager.registry.published import PublishedRegistry
from tests.support.library_bench import LibraryBench

NOW = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def library(database: Database, tmp_path: Path) -> LibraryBench:
    return LibraryBench(database, tmp_path / "models")


@pytest.fixture
def holdings(database: Database) -> Holdings:
    return Holdings(database)


def test_a_verified_hash_finds_its_model(library: LibraryBench, holdings: Holdings) -> None:
    path = library.add_lora("a.safetensors")
    library.scan()
    library.hash()
    (found,) = holdings.find("civitai", [], [hash_file(path).sha256, "ab" * 32])
    assert (found.model_id, found.published_model_id) == (library.only().listing.model_id, None)


def test_a_claimed_hash_counts_until_the_files_own_is_known(library: LibraryBench, holdings: Holdings) -> None:
    path = library.add_lora("a.safetensors")
    path.with_suffix(".metadata.json").write_text(json.dumps({"file_name": "a", "sha256": "ab" * 32}))
    library.scan()
    (claimed,) = holdings.find("civitai", [], ["ab" * 32])
    assert claimed.sha256 == "ab" * 32
    library.hash()
    assert all(holding.sha256 != "ab" * 32 for holding in holdings.find("civitai", [], ["ab" * 32]))


def test_a_published_model_finds_its_versions_that_are_here(
    library: LibraryBench, holdings: Holdings, database: Database
) -> None:
    library.add_lora("a.safetensors")
    library.scan()
    model_id = library.only().listing.model_id
    version = PublishedVersion("civitai", "7", "71", "Ink", "v1", ModelType.LORA, "https://civitai.com/models/7")
    PublishedRegistry(database).link(model_id, version, now=NOW)
    (found,) = holdings.find("civitai", ["7", "8"], [])
    assert (found.model_id, found.version_id) == (model_id, "71")
    assert holdings.find("huggingface", ["7"], []) == []


def test_what_is_missing_is_not_here(library: LibraryBench, holdings: Holdings) -> None:
    path = library.add_lora("a.safetensors")
    digits = hash_file(path).sha256
    library.scan()
    library.hash()
    path.unlink()
    library.add_lora("b.safetensors")
    library.scan()
    assert holdings.find("civitai", [], [digits]) == []


def test_of_nothing_nothing_is_here(holdings: Holdings) -> None:
    assert holdings.find("civitai", [], []) == []
