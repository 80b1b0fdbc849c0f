"""A database made by an older version keeps all that is in it."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime

from alembic import command
from sqlalchemy import Connection, func, insert, select

from sd_model_manager.db.engine import Database
from sd_model_manager.db.migrations.runner import make_alembic_config, upgrade
from sd_model_manager.db.tables import (
    content_headers,
    contents,
    library_folders,
    locations,
    published_versions,
    search_texts,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CONTENT = {
    "id": 1,
    "quick_fingerprint": "0" * 64,
    "size_bytes": 5_000_000_000,
    "format": "safetensors",
    "identity_version": 1,
    "name": "Ink",
    "sort_name": "ink",
    "type": "lora",
    "tags": ["ink"],
    "modified_at": NOW,
    "added_at": NOW,
    "notes": "mine",
    "favorite": True,
}
IDENTITY = {"network": "lokr", "rank": 16, "problems": [{"code": "truncated", "message": "It ends too soon."}]}
VERSION = {"source": "civitai", "model_id": "1", "model_name": "Ink", "model_type": "lora", "fetched_at": NOW}
PLACE = {"folder_id": 1, "relative_path": "a", "size_bytes": 1, "mtime_ns": 1, "inode": "1", "found_at": NOW}


def test_the_first_schema_is_brought_to_the_newest_with_all_its_rows(database: Database) -> None:
    with database.write() as connection:
        _fill(connection)
        command.downgrade(make_alembic_config(connection), "0001")
    with database.write() as connection:
        upgrade(connection)
    with database.read() as connection:
        kept = connection.execute(select(contents)).one()
        assert {name: getattr(kept, name) for name in CONTENT} == CONTENT
        assert (kept.network, kept.rank, kept.has_problems) == ("lokr", 16, True)
        assert (kept.own_type, kept.own_base_model, kept.own_tags) == (None, None, [])
        for table in (content_headers, search_texts, locations):
            assert connection.scalar(select(func.count()).select_from(table)) == 1


def test_when_versions_were_published_is_taken_from_what_is_kept_of_them(database: Database) -> None:
    said = {"1": "2026-03-20T10:00:00Z", "2": "2026-03-20T10:00:00.250000Z", "3": None}
    with database.write() as connection:
        for version_id, moment in said.items():
            row = {"version_id": version_id, "body": {"published_at": moment}}
            connection.execute(insert(published_versions), {**VERSION, **row})
        command.downgrade(make_alembic_config(connection), "0003")
    with database.write() as connection:
        upgrade(connection)
    with database.read() as connection:
        kept = connection.scalars(select(published_versions.c.published_at).order_by(published_versions.c.id)).all()
    moments = [moment and moment.replace(microsecond=0) for moment in kept]
    assert moments == [datetime(2026, 3, 20, 10, tzinfo=UTC), datetime(2026, 3, 20, 10, tzinfo=UTC), None]


def test_what_its_creator_called_mature_is_rated_so(database: Database) -> None:
    raw_of = {
        "1": zlib.compress(b'{"model": {"nsfw": true}}'),
        "2": zlib.compress(b'{"model": {"nsfw": false}}'),
        "3": b"something else",
        "4": None,
    }
    with database.write() as connection:
        for version_id, raw in raw_of.items():
            connection.execute(
                insert(published_versions), {**VERSION, "version_id": version_id, "body": {}, "raw": raw}
            )
        command.downgrade(make_alembic_config(connection), "0004")
    with database.write() as connection:
        upgrade(connection)
    with database.read() as connection:
        kept = connection.scalars(select(published_versions.c.nsfw_level).order_by(published_versions.c.id)).all()
    assert kept == [4, 0, 0, 0]


def _fill(connection: Connection) -> None:
    connection.execute(insert(library_folders), {"id": 1, "path": "/models", "added_at": NOW})
    connection.execute(insert(contents), CONTENT)
    connection.execute(insert(content_headers), {"content_id": 1, "identity": IDENTITY, "header_metadata": {}})
    connection.execute(insert(locations), {"content_id": 1, **PLACE})
