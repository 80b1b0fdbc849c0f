"""Newer versions of what the library has, and those the user wants to hear nothing of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, not_, or_, select

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import contents, ignored_updates, published_versions
from sd_model_manager.domain.ids import ModelId, PreviewId
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.taxonomy import ModelType, Presence
from sd_model_manager.domain.updates import (
    Access,
    Ignored,
    IgnoredKind,
    IgnoredListing,
    KnownVersion,
    SiblingVersion,
    Update,
    UpdatePage,
    VersionListing,
    is_newer,
    parse_version_name,
)
from sd_model_manager.lib.errors import BadInput, NotFound
from sd_model_manager.registry.bodies import published_from_json
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.maturity import MATURE_BITS, is_shown, with_published

_VERSION = published_versions.c
_Item = TypeVar("_Item")
PublishedModel = tuple[str, str]
"""A source, and a model's id there."""

Found = tuple[ModelId, tuple[KnownVersion, ...]]
"""A model of the library and what is newer, the newest first."""


class UpdateRegistry:
    """Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_page(
        self, *, now: datetime, limit: int = 100, cursor: str | None = None, mature_below: int | None = None
    ) -> UpdatePage:
        """Models of the library that have an update, the one with the newest update first; those with the bit of
        maturity `mature_below`, or a higher one, left out. Raises BadInput for a cursor that is not ours."""
        after = _parse_cursor(cursor) if cursor else None
        with self._database.read() as connection:
            hidden = _find_hidden(connection, mature_below)
            found = sorted((pair for pair in find_updates(connection) if pair[0] not in hidden), key=_place_of)
            rest = [pair for pair in found if after is None or _place_of(pair) > after]
            items = tuple(_to_updates(connection, rest[:limit], now))
        next_cursor = "~".join(map(str, _place_of(rest[limit - 1]))) if len(rest) > limit else None
        return UpdatePage(items, len(found), next_cursor)

    def list_versions(
        self, model_id: ModelId, *, now: datetime, mature_below: int | None = None
    ) -> list[SiblingVersion]:
        """Of the published model that this one is of, as far as is known: the newest first; none where it is not known
        to be published. Those with the bit of maturity `mature_below`, or a higher one, are left out. Raises
        NotFound."""
        own = select(_VERSION.source, _VERSION.model_id).select_from(with_published())
        with self._database.read() as connection:
            published = connection.execute(own.where(contents.c.id == model_id)).first()
            if published is None:
                raise NotFound(f"There is no model number {model_id}.")
            if not published.model_id:
                return []
            same = [(published.source, published.model_id)]
            files_of = _find_installed(connection, same)
            found = _find_updates_of(connection, same, _read_ignored(connection))
            newer = {version.row_id for _, versions in found for version in versions}
            rows = connection.execute(select(published_versions).where(_is_of(same))).all()
        return [
            SiblingVersion(_to_listing(row, now), tuple(files_of.get(row.id, ())), row.id in newer)
            for row in sorted(rows, key=_age)
            if mature_below is None or row.nsfw_level < mature_below or model_id in files_of.get(row.id, ())
        ]

    def list_models_to_check(self, source: str, *, not_since: datetime) -> list[str]:
        """Ids of the source's models of which files are here, that were not asked for since then and not ignored."""
        query = (
            select(_VERSION.model_id, _VERSION.creator)
            .where(_VERSION.source == source, _VERSION.fetched_at < not_since, _is_here())
            .distinct()
        )
        with self._database.read() as connection:
            ignored = _read_ignored(connection)
            rows = connection.execute(query).all()
        wanted = (row.model_id for row in rows if not _is_ignored_model(ignored, source, row.model_id, row.creator))
        return sorted(set(wanted))

    def read_installed(self, source: str, model_ids: Sequence[str]) -> list[PublishedVersion]:
        """The versions of these models that files are here of."""
        query = select(_VERSION.body, _VERSION.raw).where(
            _VERSION.source == source, _VERSION.model_id.in_(model_ids), _is_here()
        )
        with self._database.read() as connection:
            return [published_from_json(row.body, row.raw) for row in connection.execute(query.order_by(_VERSION.id))]

    def list_ignored(self, *, mature_below: int | None = None) -> list[IgnoredListing]:
        """The last ignored first. What has the bit of maturity `mature_below`, or a higher one, is not named."""
        own = ignored_updates.c
        query = select(own.source, own.kind, own.key).order_by(own.ignored_at.desc(), own.key)
        with self._database.read() as connection:
            ignored = [Ignored(row.source, IgnoredKind(row.kind), row.key) for row in connection.execute(query)]
            return [_name(connection, each, mature_below) for each in ignored]

    def ignore(self, ignored: Ignored, *, now: datetime) -> None:
        """What a query finds changes with it, as if models had changed."""
        with change_models(self._database) as connection:
            connection.execute(delete(ignored_updates).where(*_same(ignored)))
            row = {"source": ignored.source, "kind": ignored.kind.value, "key": ignored.key, "ignored_at": now}
            connection.execute(ignored_updates.insert().values(row))

    def heed(self, ignored: Ignored) -> None:
        """Take it back."""
        with change_models(self._database) as connection:
            connection.execute(delete(ignored_updates).where(*_same(ignored)))


def find_updates(connection: Connection, among: Sequence[ModelId] | None = None) -> list[Found]:
    """Models of the library, each with what is newer for the same base model and purpose and not here, newest first;
    where `among` is given, those of these and of other versions of the same.

    Where several versions of a line are here, the latest of them counts, and its other packings.
    """
    ignored = _read_ignored(connection)
    candidates = _find_candidates(connection, among)
    return [found for some in _in_parts(candidates) for found in _find_updates_of(connection, some, ignored)]


def _find_updates_of(
    connection: Connection, published: Sequence[PublishedModel], ignored: set[Ignored]
) -> Iterator[Found]:
    files_of = _find_installed(connection, published)
    lines: dict[Any, list[KnownVersion]] = defaultdict(list)
    for version, creator in _read_versions(connection, published):
        if version.row_id in files_of or not ignored or not _is_ignored(ignored, version, creator):
            lines[version.line].append(version)
    for versions in lines.values():
        here = [version for version in versions if version.row_id in files_of]
        if newer := _newer_than_all(versions, here):
            latest = [version for version in here if not any(is_newer(other, version) for other in here)]
            yield from ((key, newer) for version in latest for key in files_of[version.row_id])


def _find_candidates(connection: Connection, among: Sequence[ModelId] | None) -> list[PublishedModel]:
    """Of which something later may be known for the same base model: the database leaves out most models."""
    other = published_versions.alias()
    is_later = or_(other.c.published_at >= _VERSION.published_at, other.c.published_at.is_(None))
    query = (
        select(_VERSION.source, _VERSION.model_id)
        .join(contents, contents.c.published_id == _VERSION.id)
        .join(other, and_(other.c.source == _VERSION.source, other.c.model_id == _VERSION.model_id))
        .where(
            contents.c.state != Presence.MISSING.value,
            other.c.id != _VERSION.id,
            other.c.base_model.is_not_distinct_from(_VERSION.base_model),
            or_(is_later, _VERSION.published_at.is_(None)),
        )
        .distinct()
    )
    if among is not None:
        query = query.where(contents.c.id.in_(among))
    return [(source, model_id) for source, model_id in connection.execute(query)]


def _name(connection: Connection, ignored: Ignored, mature_below: int | None) -> IgnoredListing:
    id_of = {IgnoredKind.VERSION: _VERSION.version_id, IgnoredKind.MODEL: _VERSION.model_id}.get(ignored.kind)
    if id_of is None:
        return IgnoredListing(ignored)
    query = select(_VERSION.model_name, _VERSION.version_name, _VERSION.nsfw_level).where(
        _VERSION.source == ignored.source, id_of == ignored.key
    )
    row = connection.execute(query.order_by(_VERSION.id.desc()).limit(1)).first()
    if row is None or (mature_below is not None and row.nsfw_level >= mature_below):
        return IgnoredListing(ignored)
    return IgnoredListing(ignored, row.model_name, row.version_name if ignored.kind is IgnoredKind.VERSION else None)


def _find_hidden(connection: Connection, mature_below: int | None) -> set[int]:
    if mature_below is None:
        return set()
    query = select(contents.c.id).select_from(with_published()).where(not_(is_shown(mature_below)))
    return set(connection.scalars(query))


def _place_of(found: Found) -> tuple[int, ...]:
    """Where it stands in the list."""
    model_id, newer = found
    seconds, number = newer[0].rank
    return -seconds, -number, model_id


def _age(row: Row[Any]) -> tuple[float, int]:
    """Grows with how long ago a version was published."""
    published = row.published_at.timestamp() if row.published_at else 0.0
    return -published, -int(row.version_id) if row.version_id.isdecimal() else 0


def _parse_cursor(cursor: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in cursor.split("~"))
    except ValueError:
        message = "This cursor is not one this server gave. Ask for the first page again."
        raise BadInput(message, code="BAD_CURSOR") from None


def _newer_than_all(versions: Iterable[KnownVersion], here: Sequence[KnownVersion]) -> tuple[KnownVersion, ...]:
    present = {version.row_id for version in here}
    newer = [v for v in versions if here and v.row_id not in present and all(is_newer(v, old) for old in here)]
    return tuple(sorted(newer, key=lambda version: version.rank, reverse=True))


def _is_of(published: Sequence[PublishedModel]) -> ColumnElement[bool]:
    """By source, which an index can serve; not by pairs, which none can."""
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, model_id in published:
        by_source[source].append(model_id)
    return or_(*(and_(_VERSION.source == source, _VERSION.model_id.in_(ids)) for source, ids in by_source.items()))


def _find_installed(connection: Connection, published: Sequence[PublishedModel]) -> dict[int, list[ModelId]]:
    query = select(contents.c.id, contents.c.published_id).where(
        contents.c.published_id.in_(select(_VERSION.id).where(_is_of(published))),
        contents.c.state != Presence.MISSING.value,
    )
    files_of: dict[int, list[ModelId]] = defaultdict(list)
    for model_id, published_id in connection.execute(query):
        files_of[published_id].append(ModelId(model_id))
    return files_of


def _read_versions(
    connection: Connection, published: Sequence[PublishedModel]
) -> Iterator[tuple[KnownVersion, str | None]]:
    """Those of sources that number their versions in the order of time."""
    columns = (_VERSION.id, _VERSION.source, _VERSION.model_id, _VERSION.version_id, _VERSION.version_name)
    further = (_VERSION.base_model, _VERSION.published_at, _VERSION.creator)
    query = select(*columns, *further).where(_is_of(published))
    for key, source, model_id, version_id, name, base_model, published_at, creator in connection.execute(query):
        if version_id.isdecimal():
            parsed = parse_version_name(name)
            yield KnownVersion(key, source, model_id, int(version_id), parsed, base_model, published_at), creator


def _read_ignored(connection: Connection) -> set[Ignored]:
    rows = connection.execute(select(ignored_updates.c.source, ignored_updates.c.kind, ignored_updates.c.key))
    return {Ignored(row.source, IgnoredKind(row.kind), row.key) for row in rows}


def _is_ignored(ignored: set[Ignored], version: KnownVersion, creator: str | None) -> bool:
    if Ignored(version.source, IgnoredKind.VERSION, str(version.number)) in ignored:
        return True
    return _is_ignored_model(ignored, version.source, version.model_id, creator)


def _is_ignored_model(ignored: set[Ignored], source: str, model_id: str, creator: str | None) -> bool:
    if Ignored(source, IgnoredKind.MODEL, model_id) in ignored:
        return True
    return creator is not None and Ignored(source, IgnoredKind.CREATOR, creator) in ignored


def _is_here() -> Any:
    return exists().where(contents.c.published_id == _VERSION.id, contents.c.state != Presence.MISSING.value)


def _same(ignored: Ignored) -> tuple[Any, ...]:
    own = ignored_updates.c
    return own.source == ignored.source, own.kind == ignored.kind.value, own.key == ignored.key


def _to_updates(connection: Connection, found: Sequence[Found], now: datetime) -> Iterable[Update]:
    rows: dict[int, Row[Any]] = {}
    for part in _in_parts(sorted({version.row_id for _, newer in found for version in newer})):
        query = select(published_versions).where(_VERSION.id.in_(part))
        rows |= {row.id: row for row in connection.execute(query)}
    installed: dict[int, Row[Any]] = {}
    for part in _in_parts([model_id for model_id, _ in found]):
        own_columns = (contents.c[name] for name in ("name", "type", "preview_id", "preview_media", "own_preview"))
        bits = MATURE_BITS.label("mature_bits")
        joined = select(contents.c.id.label("content_id"), *own_columns, bits, published_versions).join(
            published_versions, _VERSION.id == contents.c.published_id
        )
        query = joined.where(contents.c.id.in_(part))
        installed |= {row.content_id: row for row in connection.execute(query)}
    for model_id, newer in found:
        own = installed[model_id]
        yield Update(
            model_id=model_id,
            name=own.name,
            source=own.source,
            published_model_id=own.model_id,
            published_model_name=own.model_name,
            creator=own.creator,
            installed=_to_listing(own, now),
            versions=tuple(_to_listing(rows[version.row_id], now) for version in newer),
            type=ModelType(own.type),
            preview_id=PreviewId(own.preview_id) if own.preview_id else None,
            preview_media=own.preview_media,
            own_preview=own.own_preview,
            mature_bits=own.mature_bits,
        )


def _to_listing(row: Row[Any], now: datetime) -> VersionListing:
    version = published_from_json(row.body, None)
    access = _access_of(version, now)
    return VersionListing(
        version_id=version.version_id,
        name=version.version_name,
        base_model=version.base_model,
        published_at=version.published_at,
        access=access,
        available_from=version.available_from if access is Access.EARLY_ACCESS else None,
        url=version.page_url,
    )


def _access_of(version: PublishedVersion, now: datetime) -> Access:
    """Early access that was over meanwhile is none."""
    codes = {caution.code for caution in version.warnings}
    if "PAID" in codes:
        return Access.PAID
    is_over = version.available_from is not None and version.available_from <= now
    return Access.EARLY_ACCESS if "EARLY_ACCESS" in codes and not is_over else Access.FREE


def _in_parts(items: Sequence[_Item], size: int = 500) -> Iterable[Sequence[_Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))
