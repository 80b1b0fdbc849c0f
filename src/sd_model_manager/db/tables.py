"""The tables, in SQLAlchemy Core. Only `registry/` and `tasks/` query them; `migrations/` creates them.

Content is the identity, not the path: user data, links and previews hang on `contents`; a `locations` row says where
one content lies. What a list shows is kept on `contents` itself, so that a page of it is one indexed read.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    func,
    select,
    text,
)
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)


def is_ours(name: str | None, kind: str, _parents: object = None) -> bool:
    """Whether these tables describe it: the index of words is each database's own, and made by its migration."""
    return not (kind in {"table", "index"} and (name or "").startswith("search_index"))


Id = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC on every database; SQLite keeps none of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


library_folders = Table(
    "library_folders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("path", Text, nullable=False, unique=True),
    Column("is_online", Boolean, nullable=False, default=True),
    Column("added_at", UtcDateTime, nullable=False),
    Column("scanned_at", UtcDateTime),
)

published_versions = Table(
    "published_versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source", String(32), nullable=False),
    Column("model_id", Text, nullable=False),
    Column("version_id", Text, nullable=False),
    Column("model_name", Text, nullable=False),
    Column("version_name", Text, nullable=False, default=""),
    Column("model_type", String(32), nullable=False),
    Column("base_model", String(100)),
    Column("creator", Text),
    Column("url", Text, nullable=False, default=""),
    Column("nsfw_level", Integer, nullable=False, default=0),
    Column("published_at", UtcDateTime),
    Column("fetched_at", UtcDateTime, nullable=False),
    Column("body", JSON, nullable=False),
    Column("raw", LargeBinary),
    UniqueConstraint("source", "version_id"),
    Index("ix_published_versions_source_model_id", "source", "model_id"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("value", BigInteger, nullable=False),
)
"""Row 1: how often the models have been changed. `registry/changes` counts it up in every transaction that does, so
that whoever remembers a number can read what changed since. Row 2: how many batches of texts have been indexed."""

_REVISION = func.coalesce(select(revisions.c.value).where(revisions.c.id == 1).scalar_subquery(), 0)

contents = Table(
    "contents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("quick_fingerprint", String(64), nullable=False, index=True),
    Column("sha256", String(64), unique=True),
    Column("claimed_sha256", String(64), index=True),
    Column("blake3", String(64)),
    Column("crc32", String(8)),
    Column("autov1", String(8)),
    Column("autov3", String(64), index=True),
    Column("hashed_at", UtcDateTime),
    Column("size_bytes", BigInteger, nullable=False),
    Column("format", String(32), nullable=False),
    Column("precision", String(32)),
    Column("network", String(32)),
    Column("rank", Integer),
    Column("has_problems", Boolean, nullable=False, default=False, server_default=false()),
    Column("identity_version", Integer, nullable=False, index=True),
    Column("published_id", Id, ForeignKey("published_versions.id", ondelete="SET NULL"), index=True),
    # what a list shows, derived from the rest by registry/derive
    Column("name", Text, nullable=False),
    Column("sort_name", Text, nullable=False),
    Column("type", String(32), nullable=False),
    Column("base_model", String(100)),
    Column("trigger_words", JSON, nullable=False, default=list),
    Column("tags", JSON, nullable=False, default=list),
    Column("preview_id", Id),
    Column("preview_media", String(8)),
    # where it lies, derived from its locations
    Column("folder_id", Id),
    Column("relative_path", Text, nullable=False, default=""),
    Column("folder", Text, nullable=False, default=""),
    Column("category", String(16), nullable=False, default="active"),
    Column("state", String(16), nullable=False, default="present"),
    Column("modified_at", UtcDateTime, nullable=False),
    Column("location_count", Integer, nullable=False, default=1),
    Column("added_at", UtcDateTime, nullable=False),
    # what the user says
    Column("own_name", Text),
    Column("own_type", String(32)),
    Column("own_base_model", String(100)),
    Column("own_mature_bits", Integer),
    Column("own_tags", JSON, nullable=False, default=list, server_default="[]"),
    Column("favorite", Boolean, nullable=False, default=False),
    Column("rating", Integer),
    Column("own_preview", String(100)),
    Column("own_match", String(16)),
    Column("notes", Text, nullable=False, default=""),
    Column(
        "revision", BigInteger, nullable=False, default=_REVISION, onupdate=_REVISION, server_default="0", index=True
    ),
)
for _column in ("sort_name", "added_at", "size_bytes", "modified_at"):
    Index(f"ix_contents_{_column}_id", contents.c[_column], contents.c.id)
    Index(f"ix_contents_type_{_column}_id", contents.c.type, contents.c[_column], contents.c.id)
Index("ix_contents_base_model", contents.c.base_model)

content_headers = Table(
    "content_headers",
    metadata,
    Column("content_id", Id, ForeignKey("contents.id", ondelete="CASCADE"), primary_key=True),
    Column("identity", JSON, nullable=False),
    Column("header_metadata", JSON, nullable=False),
)
"""Apart from `contents`, whose rows a list has to walk: training metadata alone can be 50 KB."""

removed_contents = Table(
    "removed_contents",
    metadata,
    Column("content_id", Id, primary_key=True, autoincrement=False),
    Column("revision", BigInteger, nullable=False, index=True, default=_REVISION),
)
"""Contents that turned out to be another one."""

search_texts = Table(
    "search_texts",
    metadata,
    Column("content_id", Id, ForeignKey("contents.id", ondelete="CASCADE"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("indexed_in", BigInteger, index=True),
)
"""All of a model's words, case folded. Beside it stands their index: on SQLite the virtual table `search_index`, which
`registry/texts` fills behind the scan, a numbered batch at a time; on PostgreSQL one of trigrams, if it has them."""

claimed_hashes = Table(
    "claimed_hashes",
    metadata,
    Column("content_id", Id, ForeignKey("contents.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("origin", String(40), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("state", String(16), nullable=False, default="unverified"),
    Column("seen_at", UtcDateTime, nullable=False),
    Index("ix_claimed_hashes_digest", "digest"),
)
"""What sidecars, headers and other tools' caches say a content's hashes are: `unverified`, then `verified` or
`contradicted` by its bytes."""

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("wanted", JSON, nullable=False),
    Column("position", Integer, nullable=False, default=0),
    Column("created_at", UtcDateTime, nullable=False),
)

collections = Table(
    "collections",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("notes", Text, nullable=False, default=""),
    Column("created_at", UtcDateTime, nullable=False),
)

collection_models = Table(
    "collection_models",
    metadata,
    Column("collection_id", Id, ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True),
    Column("content_id", Id, ForeignKey("contents.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("added_at", UtcDateTime, nullable=False),
)

lookups = Table(
    "lookups",
    metadata,
    Column("content_id", Id, ForeignKey("contents.id", ondelete="CASCADE"), primary_key=True),
    Column("source", String(32), primary_key=True),
    Column("outcome", String(16), nullable=False),
    Column("hash_kind", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("misses", Integer, nullable=False, default=0),
    Column("missed_since", UtcDateTime),
    Column("looked_up_at", UtcDateTime, nullable=False),
    Column("again_at", UtcDateTime),
)
"""What a source answered when it was asked for a content by its hash. `digest` is the SHA-256 that was asked for, read
or claimed; `hash_kind` which hash decided; `misses` how often in a row it was not known, since `missed_since`."""

ignored_updates = Table(
    "ignored_updates",
    metadata,
    Column("source", String(32), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("ignored_at", UtcDateTime, nullable=False),
)
"""Of what the user wants to hear of no updates: a `version` or a `model` by its source's id, a `creator` by name."""

locations = Table(
    "locations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("content_id", Id, ForeignKey("contents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("folder_id", Id, ForeignKey("library_folders.id", ondelete="CASCADE"), nullable=False),
    Column("relative_path", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("inode", String(40), nullable=False),
    Column("companions_digest", String(32), nullable=False, default=""),
    Column("category", String(16), nullable=False, default="active"),
    Column("state", String(16), nullable=False, default="present"),
    Column("found_at", UtcDateTime, nullable=False),
    UniqueConstraint("folder_id", "category", "relative_path"),
)

previews = Table(
    "previews",
    metadata,
    Column("id", Id, primary_key=True),
    Column("content_id", Id, ForeignKey("contents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("location_id", Id, ForeignKey("locations.id", ondelete="CASCADE"), nullable=False),
    Column("relative_path", Text, nullable=False),
    Column("media", String(8), nullable=False),
    Column("origin", String(16), nullable=False, default="file", server_default="file"),
    Column("position", Integer, nullable=False, default=0),
    Column("size_bytes", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    UniqueConstraint("location_id", "relative_path"),
    sqlite_autoincrement=True,  # an id is part of a picture's cached address and must not come again
)

sidecars = Table(
    "sidecars",
    metadata,
    Column("id", Id, primary_key=True),
    Column("content_id", Id, ForeignKey("contents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("location_id", Id, ForeignKey("locations.id", ondelete="CASCADE"), nullable=False),
    Column("relative_path", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("claim", JSON, nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
    UniqueConstraint("location_id", "relative_path"),
)

scan_problems = Table(
    "scan_problems",
    metadata,
    Column("id", Id, primary_key=True),
    Column("folder_id", Id, ForeignKey("library_folders.id", ondelete="CASCADE"), nullable=False),
    Column("relative_path", Text, nullable=False),
    Column("code", String(64), nullable=False),
    Column("message", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    UniqueConstraint("folder_id", "relative_path", "code"),
)

tasks = Table(
    "tasks",
    metadata,
    Column("task_id", String(32), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("priority", Integer, nullable=False, default=0),
    Column("dedupe_key", Text),
    Column("payload", JSON, nullable=False, default=dict),
    Column("result", JSON, nullable=False, default=dict),
    Column("done", BigInteger, nullable=False, default=0),
    Column("total", BigInteger),
    Column("unit", String(16), nullable=False, default="files"),
    Column("per_second", Float, nullable=False, default=0.0),
    Column("error", Text),
    Column("code", String(64)),
    Column("attempts", Integer, nullable=False, default=0),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("run_after", UtcDateTime),
    Column("needs_discard", Boolean, nullable=False, default=False),
    Column("lease_owner", String(200)),
    Column("lease_until", UtcDateTime),
    Column("fence", Integer, nullable=False, default=0),
    Index("ix_tasks_state_kind_priority", "state", "kind", "priority", "created_at"),
    Index("ix_tasks_kind_created", "kind", "created_at"),
    Index(
        "uq_tasks_active_dedupe_key",
        "dedupe_key",
        unique=True,
        sqlite_where=text("state IN ('queued', 'running', 'paused')"),
        postgresql_where=text("state IN ('queued', 'running', 'paused')"),
    ),
)

events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("process_id", String(200), nullable=False),
    Column("body", JSON, nullable=False),
    Column("happened_at", UtcDateTime, nullable=False, index=True),
)

settings = Table(
    "settings",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)
