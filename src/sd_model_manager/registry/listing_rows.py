"""Reads models as lists show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from sd_model_manager.db.tables import contents, published_versions
from sd_model_manager.domain.catalogue import ModelListing, PublishedName
from sd_model_manager.domain.ids import FolderId, ModelId, PreviewId
from sd_model_manager.domain.local import Place
from sd_model_manager.domain.taxonomy import Category, FileFormat, ModelType, Presence
from sd_model_manager.registry.maturity import MATURE_BITS, with_published
from sd_model_manager.registry.updates import find_updates

LISTED = (
    contents.c.id,
    contents.c.name,
    contents.c.sort_name,
    contents.c.folder_id,
    contents.c.relative_path,
    contents.c.category,
    contents.c.size_bytes,
    contents.c.type,
    contents.c.base_model,
    contents.c.format,
    contents.c.precision,
    contents.c.sha256,
    contents.c.autov3,
    contents.c.preview_id,
    contents.c.preview_media,
    contents.c.own_preview,
    contents.c.trigger_words,
    contents.c.tags,
    contents.c.rating,
    contents.c.favorite,
    contents.c.added_at,
    contents.c.modified_at,
    contents.c.state,
    contents.c.location_count,
    MATURE_BITS.label("mature_bits"),
    published_versions.c.source,
    published_versions.c.model_id,
    published_versions.c.version_id,
    published_versions.c.model_name,
    published_versions.c.version_name,
    published_versions.c.creator,
    published_versions.c.url,
)


def listing_query() -> Select[Any]:
    return select(*LISTED).select_from(with_published())


def read_listings(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[ModelListing, ...]:
    """Of rows that `listing_query` found."""
    published = [row.id for row in rows if row.source]
    updated = {model_id for model_id, _ in find_updates(connection, published)} if published else set()
    return tuple(_to_listing(row, row.id in updated) for row in rows)


def _to_listing(row: Row[Any], has_update: bool) -> ModelListing:
    return ModelListing(
        model_id=ModelId(row.id),
        name=row.name,
        place=Place(FolderId(row.folder_id or 0), row.relative_path, Category(row.category)),
        size_bytes=row.size_bytes,
        type=ModelType(row.type),
        base_model=row.base_model,
        format=FileFormat(row.format),
        precision=row.precision,
        sha256=row.sha256,
        autov3=row.autov3,
        preview_id=PreviewId(row.preview_id) if row.preview_id else None,
        preview_media=row.preview_media,
        own_preview=row.own_preview,
        trigger_words=tuple(row.trigger_words),
        tags=tuple(row.tags),
        rating=row.rating,
        favorite=row.favorite,
        added_at=row.added_at,
        modified_at=row.modified_at,
        state=Presence(row.state),
        published=_to_published_name(row) if row.source else None,
        duplicates=max(0, row.location_count - 1),
        has_update=has_update,
        mature_bits=row.mature_bits,
    )


def _to_published_name(row: Row[Any]) -> PublishedName:
    return PublishedName(
        source=row.source,
        model_id=row.model_id,
        version_id=row.version_id,
        model_name=row.model_name,
        version_name=row.version_name,
        creator=row.creator,
        url=row.url,
    )
