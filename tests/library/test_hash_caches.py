"""Hashes that other programs have computed are used at once for files that did not change since."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.db.engine import Database
from sd_model_manager.library.hash_caches.reader import CACHES, adopt_cached_hashes
from sd_model_manager.library.hashing import hash_file
from sd_model_manager.registry.claims import ClaimRegistry
from tests.support.library_bench import LibraryBench

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def library(database: Database, tmp_path: Path) -> LibraryBench:
    return LibraryBench(database, tmp_path / "webui/models")


def adopt(library: LibraryBench, database: Database) -> int:
    return len(adopt_cached_hashes(ClaimRegistry(database), [library.root], now=NOW))


def write_cache(library: LibraryBench, sections: Mapping[str, Mapping[str, object]], place: str = "cache.json") -> None:
    file = library.root.parent / place
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(sections))


def entry_of(path: Path, digest: str, later: float = 0) -> dict[str, object]:
    return {"mtime": path.stat().st_mtime + later, "sha256": digest}


@pytest.mark.parametrize("place", ["cache.json", "data/cache.json"])
def test_what_a1111_knows_of_a_file_is_claimed_of_it_and_verified_when_it_is_hashed(
    library: LibraryBench, database: Database, place: str
) -> None:
    path = library.add_lora("Lora/style/ink.safetensors")
    hashes = hash_file(path)
    sections = {
        "hashes": {"lora/style\\ink": entry_of(path, hashes.sha256)},
        "hashes-addnet": {"lora/style\\ink": entry_of(path, hashes.autov3 or "")},
        "safetensors-metadata": {"lora/ink": {"mtime": 1, "value": {}}},
    }
    write_cache(library, sections, place)
    library.scan()
    assert adopt(library, database) == 1
    assert adopt(library, database) == 0
    assert library.only().hashes.claimed_sha256 == hashes.sha256
    assert library.catalog.find_by_sha256(hashes.sha256)
    library.hash()
    told = {(claim.origin, claim.kind.value, claim.state.value) for claim in library.only().claimed_hashes}
    assert told == {("cache:a1111", "sha256", "verified"), ("cache:a1111", "autov3", "verified")}


def test_a_name_with_its_extension_is_known_too(library: LibraryBench, database: Database) -> None:
    path = library.add_lora("Stable-diffusion/ink.v1.safetensors")
    write_cache(library, {"hashes": {"checkpoint/ink.v1.safetensors": entry_of(path, "ab" * 32)}})
    library.scan()
    assert adopt(library, database) == 1
    library.hash()
    assert [claim.state.value for claim in library.only().claimed_hashes] == ["contradicted"]


def test_a_file_that_changed_since_or_another_one_of_its_name_is_not_taken_for_it(
    library: LibraryBench, database: Database
) -> None:
    path = library.add_lora("Lora/style/ink.safetensors")
    entries = {"lora/style/ink": entry_of(path, "ab" * 32, later=1), "lora/sketch/ink": entry_of(path, "cd" * 32)}
    write_cache(library, {"hashes": entries})
    library.scan()
    assert adopt(library, database) == 0
    assert library.only().hashes.claimed_sha256 is None


def write_invoke_ai(library: LibraryBench, rows: list[tuple[dict[str, str], str]]) -> Path:
    file = library.root.parent / "databases/invokeai.db"
    file.parent.mkdir()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE models (id TEXT PRIMARY KEY, config TEXT NOT NULL, created_at DATETIME)")
        for number, (config, created_at) in enumerate(rows):
            connection.execute("INSERT INTO models VALUES (?, ?, ?)", (str(number), json.dumps(config), created_at))
    connection.close()
    return file


def test_what_invokeai_knows_is_claimed_of_files_that_are_older_than_its_word(
    library: LibraryBench, database: Database
) -> None:
    for name in ("key1/a.safetensors", "key2/b.safetensors", "key3/c.safetensors"):
        library.add_lora(name)
    later, earlier = "2999-01-01 00:00:00.000", "2001-01-01 00:00:00.000"
    rows = [
        (
            {"path": "key1/a.safetensors", "hash": f"blake3:{hash_file(library.root / 'key1/a.safetensors').blake3}"},
            later,
        ),
        ({"path": "key2/b.safetensors", "hash": f"blake3:{'ab' * 32}"}, earlier),
        ({"path": "key3/c.safetensors", "hash": f"random:{'ab' * 32}"}, later),
    ]
    file = write_invoke_ai(library, rows)
    before = sorted(file.parent.iterdir())
    library.scan()
    assert adopt(library, database) == 1
    library.hash()
    detail = library.catalog.get(next(model.model_id for model in library.models() if model.name == "a"))
    assert [(claim.origin, claim.kind.value, claim.state.value) for claim in detail.claimed_hashes] == [
        ("cache:invokeai", "blake3", "verified")
    ]
    assert sorted(file.parent.iterdir()) == before


@pytest.mark.parametrize("place", ["cache.json", "databases/invokeai.db"])
@given(raw=st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode), st.just(b'{"hashes": {"a": 1}}')))
def test_whatever_a_cache_holds_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: str, raw: bytes
) -> None:
    root = tmp_path_factory.mktemp("webui")
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).write_bytes(raw)
    ((cache, file),) = [(cache, file) for cache in CACHES if (file := cache.find_in(root))]
    with suppress(ValueError):
        list(cache.read(file))


def test_a_cache_that_cannot_be_read_is_passed_over(library: LibraryBench, database: Database) -> None:
    library.add_lora("ink.safetensors")
    (library.root.parent / "cache.json").write_bytes(b"{")
    library.scan()
    assert adopt(library, database) == 0
