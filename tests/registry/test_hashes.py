"""Only its bytes tell which content a file is: what shares a fingerprint is told apart, what is the same is merged."""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import claimed_hashes, collection_models, collections, contents
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.user_data import UserChange
from sd_model_manager.registry.user_data import UserData
from tests.support.library_bench import LibraryBench

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SIZE = 3_000_000


@pytest.fixture
def library(database: Database, tmp_path: Path) -> LibraryBench:
    return LibraryBench(database, tmp_path / "models")


def put(library: LibraryBench, name: str, odd_byte: int = 0) -> Path:
    """A file whose fingerprint does not depend on its odd byte, which lies between the samples."""
    raw = bytearray((64).to_bytes(8, "little") + b"{" + b" " * 62 + b"}")
    raw += bytes(SIZE - len(raw))
    raw[500_000] = odd_byte
    path = library.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def places(library: LibraryBench) -> list[set[str]]:
    """Which files are one model."""
    details = [library.catalog.get(ModelId(model.model_id)) for model in library.models()]
    return sorted(({location.place.relative_path for location in d.locations} for d in details), key=sorted)


def to_read(library: LibraryBench) -> int:
    return library.hashes.count_unhashed()[0]


def test_files_that_share_a_fingerprint_are_told_apart_by_their_bytes(library: LibraryBench) -> None:
    put(library, "a.safetensors", 1)
    put(library, "b.safetensors", 2)
    put(library, "c.safetensors", 1)
    library.scan()
    assert len(library.models()) == 1
    library.hash()
    assert places(library) == [{"a.safetensors", "c.safetensors"}, {"b.safetensors"}]
    assert all(model.sha256 for model in library.models())
    assert to_read(library) == 0
    library.scan(full=True)
    assert places(library) == [{"a.safetensors", "c.safetensors"}, {"b.safetensors"}]
    assert to_read(library) == 0


def test_what_was_said_of_a_model_stays_with_the_file_it_was_said_of(library: LibraryBench, database: Database) -> None:
    put(library, "a.safetensors", 1)
    library.scan()
    library.hash()
    first = library.only().listing.model_id
    UserData(database).change(first, UserChange(favorite=True, notes="mine"))
    put(library, "b.safetensors", 2)
    library.scan()
    assert to_read(library) == 1
    library.hash()
    details = {m.place.relative_path: library.catalog.get(ModelId(m.model_id)) for m in library.models()}
    assert details["a.safetensors"].listing.model_id == first
    assert (details["a.safetensors"].notes, details["b.safetensors"].notes) == ("mine", "")
    assert not details["b.safetensors"].listing.favorite
    assert details["b.safetensors"].listing.name == "b"


def test_a_moved_file_is_not_read_again(library: LibraryBench) -> None:
    path = put(library, "a.safetensors")
    library.scan()
    library.hash()
    (library.root / "moved").mkdir()
    path.rename(library.root / "moved/b.safetensors")
    library.scan()
    assert to_read(library) == 0
    assert library.only().hashes.sha256


def test_a_second_name_of_a_hashed_file_is_not_read(library: LibraryBench) -> None:
    path = put(library, "a.safetensors")
    library.scan()
    library.hash()
    os.link(path, library.root / "link.safetensors")
    library.scan()
    assert (len(library.only().locations), to_read(library)) == (2, 0)


def test_a_file_that_was_written_in_place_is_read_again_though_its_fingerprint_is_the_same(
    library: LibraryBench,
) -> None:
    put(library, "a.safetensors", 1)
    library.scan()
    library.hash()
    before = library.only()
    path = put(library, "a.safetensors", 2)
    os.utime(path, (1, 1))
    library.scan()
    assert to_read(library) == 1
    library.hash()
    assert library.only().listing.model_id == before.listing.model_id
    assert library.only().hashes.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_copy_is_read_once_before_it_is_trusted(library: LibraryBench) -> None:
    path = put(library, "a.safetensors")
    library.scan()
    library.hash()
    shutil.copy(path, library.root / "b.safetensors")
    library.scan()
    assert to_read(library) > 0
    library.hash()
    assert to_read(library) == 0
    assert len(library.only().locations) == 2


def test_of_two_that_share_a_fingerprint_the_moved_one_is_known_again_by_its_bytes(library: LibraryBench) -> None:
    put(library, "a.safetensors", 1)
    path = put(library, "b.safetensors", 2)
    library.scan()
    library.hash()
    ids = {model.place.relative_path: model.model_id for model in library.models()}
    path.rename(library.root / "c.safetensors")
    library.scan()
    library.hash()
    after = {model.place.relative_path: model.model_id for model in library.models()}
    assert after == {"a.safetensors": ids["a.safetensors"], "c.safetensors": ids["b.safetensors"]}
    assert library.states() == {"a.safetensors": "present", "c.safetensors": "present"}
    assert to_read(library) == 0


def test_a_copy_that_was_away_while_the_others_were_read_is_read_when_it_is_back(
    library: LibraryBench, tmp_path: Path
) -> None:
    put(library, "a.safetensors", 1)
    away = put(library, "b.safetensors", 2)
    library.scan()
    away.rename(tmp_path / "away")
    library.hash()
    assert to_read(library) == 1
    (tmp_path / "away").rename(away)
    library.hash()
    assert places(library) == [{"a.safetensors"}, {"b.safetensors"}]


def test_contents_that_turn_out_to_be_one_are_merged_with_all_that_hangs_on_them(
    library: LibraryBench, database: Database
) -> None:
    put(library, "a.safetensors", 1)
    library.scan()
    library.hash()
    older = library.only().listing.model_id
    with database.write() as connection:  # as if the rules of fingerprints had changed since
        connection.execute(update(contents).values(quick_fingerprint="0" * 64))
    put(library, "b.safetensors", 1)
    library.scan()
    newer = next(model.model_id for model in library.models() if model.model_id != older)
    with database.write() as connection:
        for number, name in enumerate(("both", "only the newer"), start=1):
            connection.execute(insert(collections).values(id=number, name=name, created_at=NOW))
        rows = [(1, older), (1, newer), (2, newer)]
        connection.execute(
            insert(collection_models), [{"collection_id": c, "content_id": m, "added_at": NOW} for c, m in rows]
        )
        claims = [(older, "header", "1" * 64), (newer, "header", "2" * 64), (newer, "cache:a1111", "3" * 64)]
        connection.execute(
            insert(claimed_hashes),
            [{"content_id": m, "kind": "autov3", "origin": o, "digest": d, "seen_at": NOW} for m, o, d in claims],
        )
        connection.execute(update(contents).where(contents.c.id == newer).values(own_preview="preview-9"))
    library.hash()
    assert library.only().listing.model_id == older
    assert len(library.only().locations) == 2
    with database.read() as connection:
        kept = connection.execute(select(collection_models.c.collection_id, collection_models.c.content_id)).all()
        said = connection.execute(select(claimed_hashes.c.content_id, claimed_hashes.c.digest)).all()
        own = connection.scalar(select(contents.c.own_preview))
    assert sorted(map(tuple, kept)) == [(1, older), (2, older)]
    assert sorted(map(tuple, said)) == [(older, "1" * 64), (older, "3" * 64)]
    assert own == "preview-9"
