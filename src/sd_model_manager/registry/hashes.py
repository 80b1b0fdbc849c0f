"""The hashes of contents, and which files have to be read for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, or_, select, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import content_headers, contents, locations
from sd_model_manager.domain.ids import FolderId, ModelId
from sd_model_manager.domain.local import MARK_OF_PARTS, FileStat, Hashes, Place, Problem
from sd_model_manager.domain.taxonomy import Category, Presence
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.claims import settle_claims
from sd_model_manager.registry.merging import merge, split
from sd_model_manager.registry.placement import BEST_FIRST, CHUNK

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class UnhashedFile:
    """A file to be read: at its location no hash has told yet which content it is."""

    location_id: int
    place: Place
    stat: FileStat


@dataclass(frozen=True, slots=True)
class UnhashedContent:
    """A content with the files that are taken for it, the one that stands for it first."""

    model_id: ModelId
    size_bytes: int
    files: tuple[UnhashedFile, ...]


@dataclass(frozen=True, slots=True)
class HashedContent:
    """What the files that are taken for one content turned out to be."""

    model_id: ModelId
    files: tuple[tuple[UnhashedFile, Hashes], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Where a list of contents by size goes on."""

    size_bytes: int = -1
    model_id: int = 0


class HashRegistry:
    """Every method is one transaction.

    A location is trusted to hold its content's bytes where it was found before `hashed_at`, or where nothing else has
    the fingerprint: a file that was moved is not read again. What a hash leaves untold is found anew a moment later.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def count_unhashed(self) -> tuple[int, int]:
        """How many files have to be read for their hashes, and how many bytes they are."""
        total = func.coalesce(func.sum(locations.c.size_bytes), 0)
        query = select(func.count(), total).select_from(contents.join(locations)).where(_is_to_hash())
        with self._database.read() as connection:
            row = connection.execute(query).one()
        return int(row[0]), int(row[1])

    def list_unhashed(self, *, limit: int, after: Page = Page()) -> list[UnhashedContent]:
        """Small ones first: many models become known soon."""
        c = contents.c
        is_behind = or_(c.size_bytes > after.size_bytes, and_(c.size_bytes == after.size_bytes, c.id > after.model_id))
        page = (
            select(c.id, c.size_bytes)
            .where(is_behind, select(locations.c.id).where(locations.c.content_id == c.id, _is_to_hash()).exists())
            .order_by(c.size_bytes, c.id)
            .limit(limit)
        )
        with self._database.read() as connection:
            size_of = {row.id: row.size_bytes for row in connection.execute(page)}
            files = _read_files(connection, list(size_of))
        return [UnhashedContent(ModelId(key), size, tuple(files[key])) for key, size in size_of.items() if key in files]

    def save(self, hashed: Sequence[HashedContent], *, now: datetime) -> list[ModelId]:
        """Record verified hashes. Returns the models that have these contents now: an older one where it is the same
        content, and a new one for a file that turned out to be another."""
        with change_models(self._database) as connection:
            return _Settlement(connection, now).run(hashed)

    def note_sha256(self, model_id: ModelId, sha256: str) -> ModelId:
        """Record what was computed on the way here, such as during a download; the other hashes follow later. It is not
        that of a model of several files, of which one has arrived."""
        with change_models(self._database) as connection:
            fingerprint = select(contents.c.quick_fingerprint).where(contents.c.id == model_id)
            if str(connection.scalar(fingerprint)).startswith(MARK_OF_PARTS):
                return model_id
            query = select(contents.c.id).where(contents.c.sha256 == sha256, contents.c.id != model_id)
            twin = connection.scalar(query)
            kept = model_id if twin is None else ModelId(twin)
            if twin is not None:
                merge(connection, gone=model_id, kept=kept)
            connection.execute(update(contents).where(contents.c.id == kept).values(sha256=sha256))
            settle_claims(connection, [kept])
            return kept

    def list_hashed(self, model_ids: Sequence[ModelId]) -> list[tuple[UnhashedFile, str | None]]:
        """Every file of these models that lies there, with the SHA-256 it was found to have."""
        found = []
        with self._database.read() as connection:
            for start in range(0, len(model_ids), CHUNK):
                some = model_ids[start : start + CHUNK]
                query = _files_query().add_columns(contents.c.sha256, contents.c.hashed_at)
                is_there = (contents.c.id.in_(some), locations.c.state == Presence.PRESENT.value)
                for row in connection.execute(query.where(*is_there).order_by(contents.c.id, *BEST_FIRST)):
                    found.append((_to_file(row), row.sha256 if row.hashed_at else None))
        return found

    def set_problem(self, model_id: ModelId, code: str, problem: Problem | None) -> bool:
        """Mark a model with a problem in place of an earlier one of this code, `None`: take the mark off. `False`:
        nothing changed. A scan that finds the file changed looks anew."""
        where = content_headers.c.content_id == model_id
        with change_models(self._database) as connection:
            body = connection.scalar(select(content_headers.c.identity).where(where))
            if body is None:
                return False
            before = body["problems"]
            problems = [entry for entry in before if entry["code"] != code]
            if problem is not None:
                problems.append({"code": problem.code, "message": problem.message, "details": dict(problem.details)})
            if problems == before:
                return False
            changed = {**body, "problems": problems}
            connection.execute(update(content_headers).where(where).values(identity=changed))
            has_problems = {"has_problems": bool(problems)}
            connection.execute(update(contents).where(contents.c.id == model_id).values(has_problems))
        return True


def _is_to_hash() -> ColumnElement[bool]:
    other, twin = locations.alias(), contents.alias()
    same_fingerprint = (
        twin.c.quick_fingerprint == contents.c.quick_fingerprint,
        twin.c.id != contents.c.id,
        twin.c.location_count > 0,
    )
    is_same_file = (  # moved or linked, and read where it lay before
        other.c.content_id == locations.c.content_id,
        other.c.id != locations.c.id,
        other.c.inode == locations.c.inode,
        other.c.inode != "0",
        other.c.mtime_ns == locations.c.mtime_ns,
        other.c.size_bytes == locations.c.size_bytes,
        other.c.found_at <= contents.c.hashed_at,
    )
    is_in_doubt = and_(
        locations.c.found_at > contents.c.hashed_at,
        or_(contents.c.location_count > 1, select(twin.c.id).where(*same_fingerprint).correlate(contents).exists()),
        ~select(other.c.id).where(*is_same_file).correlate(contents, locations).exists(),
    )
    return and_(
        locations.c.state == Presence.PRESENT.value,
        or_(contents.c.hashed_at.is_(None), is_in_doubt),
        ~contents.c.quick_fingerprint.startswith(MARK_OF_PARTS),
    )


def _files_query() -> Any:
    columns = ("folder_id", "category", "relative_path", "size_bytes", "mtime_ns", "inode", "content_id")
    return select(locations.c.id, *(locations.c[name] for name in columns)).join(
        contents, contents.c.id == locations.c.content_id
    )


def _read_files(connection: Connection, content_ids: Sequence[int]) -> dict[int, list[UnhashedFile]]:
    files: dict[int, list[UnhashedFile]] = defaultdict(list)
    for start in range(0, len(content_ids), CHUNK):
        some = content_ids[start : start + CHUNK]
        query = _files_query().where(contents.c.id.in_(some), _is_to_hash()).order_by(*BEST_FIRST)
        for row in connection.execute(query):
            files[row.content_id].append(_to_file(row))
    return files


def _to_file(row: Row[Any]) -> UnhashedFile:
    place = Place(FolderId(row.folder_id), row.relative_path, Category(row.category))
    return UnhashedFile(row.id, place, FileStat(row.size_bytes, row.mtime_ns, int(row.inode)))


class _Settlement:
    """One transaction's work: most contents simply get their hashes, all at once; the others come after."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._owner_of: dict[str, ModelId] = {}
        self._rows: dict[int, Row[Any]] = {}
        self._locations: dict[int, dict[int, Row[Any]]] = defaultdict(dict)

    def run(self, hashed: Sequence[HashedContent]) -> list[ModelId]:
        for start in range(0, len(hashed), CHUNK):
            self._read(hashed[start : start + CHUNK])
        simple: list[tuple[ModelId, Hashes, list[int]]] = []
        settled: list[ModelId] = []
        for content in hashed:
            hashes_of = self._list_current(content)
            if not hashes_of:
                continue
            groups = _group(hashes_of)
            kept = self._choose_kept(content.model_id, groups)
            owner = self._owner_of.get(kept, content.model_id)
            if len(groups) == 1 and kept in groups and owner == content.model_id:
                simple.append((content.model_id, *groups[kept]))
                self._owner_of[kept] = content.model_id
            else:
                self._save(simple)
                simple.clear()
                settled += self._settle(content.model_id, kept, groups)
            settled.append(self._owner_of.get(kept, content.model_id))
        self._save(simple)
        settled = list(dict.fromkeys(settled))
        settle_claims(self._connection, settled)
        return settled

    def _read(self, hashed: Sequence[HashedContent]) -> None:
        ids = [content.model_id for content in hashed]
        digests = {hashes.sha256 for content in hashed for _, hashes in content.files}
        c = contents.c
        self._rows |= {row.id: row for row in self._connection.execute(select(contents).where(c.id.in_(ids)))}
        owners = select(c.id, c.sha256).where(c.sha256.in_(digests))
        self._owner_of |= {row.sha256: ModelId(row.id) for row in self._connection.execute(owners)}
        for row in self._connection.execute(select(locations).where(locations.c.content_id.in_(ids))):
            self._locations[row.content_id][row.id] = row

    def _list_current(self, content: HashedContent) -> dict[int, Hashes]:
        """By location; what changed while it was read is left to the next scan."""
        rows = self._locations[content.model_id]
        return {
            file.location_id: hashes
            for file, hashes in content.files
            if (row := rows.get(file.location_id)) and (row.size_bytes, row.mtime_ns) == _stamp(file.stat)
        }

    def _choose_kept(self, model_id: ModelId, groups: dict[str, tuple[Hashes, list[int]]]) -> str:
        """Which content stays this one: the one it was found to be; else the one that stands for it."""
        row = self._rows[model_id]
        if row.sha256 and (row.hashed_at or row.sha256 in groups):
            return str(row.sha256)
        return next(iter(groups))

    def _settle(self, model_id: ModelId, kept: str, groups: dict[str, tuple[Hashes, list[int]]]) -> list[ModelId]:
        """The files that are another content first, so that those which remain are of one."""
        made = []
        for digest, (hashes, location_ids) in groups.items():
            if digest == kept:
                continue
            into = self._owner_of.get(digest)
            target = split(self._connection, self._rows[model_id], location_ids, into=into, now=self._now)
            self._owner_of[digest] = target
            self._save([(target, hashes, location_ids)])
            made.append(target)
        if kept in groups:
            hashes, location_ids = groups[kept]
            owner = self._owner_of.setdefault(kept, model_id)
            if owner != model_id:
                self._leave_untold(model_id, location_ids)
                merge(self._connection, gone=model_id, kept=owner)
            self._save([(owner, hashes, location_ids)])
        return made

    def _save(self, found: Sequence[tuple[ModelId, Hashes, list[int]]]) -> None:
        """Write hashes, and trust these locations and those that were before."""
        if not found:
            return
        by_content = {model_id: location_ids for model_id, _, location_ids in found}
        times = self._trust(by_content)
        columns = ("sha256", "blake3", "crc32", "autov1", "autov3")
        statement = update(contents).where(contents.c.id == bindparam("key"))
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in (*columns, "hashed_at")}
        self._connection.execute(
            statement.values(values),
            [
                {
                    "key": model_id,
                    "new_hashed_at": times[model_id],
                    **{f"new_{name}": getattr(hashes, name) for name in columns},
                }
                for model_id, hashes, _ in found
            ],
        )

    def _leave_untold(self, model_id: ModelId, location_ids: Sequence[int]) -> None:
        """The other files of a content that has no hash are to be read also where it joins one that has."""
        others = and_(locations.c.content_id == model_id, locations.c.id.not_in(location_ids))
        self._connection.execute(update(locations).where(others).values(found_at=self._now + _INSTANT))

    def _trust(self, by_content: dict[ModelId, list[int]]) -> dict[ModelId, datetime]:
        """When each content was hashed: after its files were found, by whatever clock, and before those were found
        that are still untold."""
        times = dict.fromkeys(by_content, self._now)
        query = select(locations.c.id, locations.c.content_id, locations.c.found_at, contents.c.hashed_at).join(
            contents, contents.c.id == locations.c.content_id
        )
        untold: list[tuple[int, ModelId]] = []
        ids = list(by_content)
        for start in range(0, len(ids), CHUNK):
            for row in self._connection.execute(query.where(contents.c.id.in_(ids[start : start + CHUNK]))):
                if row.id in by_content[row.content_id]:
                    times[row.content_id] = max(times[row.content_id], row.found_at)
                elif row.hashed_at is None or row.found_at > row.hashed_at:
                    untold.append((row.id, row.content_id))
        for location_id, model_id in untold:
            later = update(locations).where(locations.c.id == location_id)
            self._connection.execute(later.values(found_at=times[model_id] + _INSTANT))
        return times


def _group(hashes_of: dict[int, Hashes]) -> dict[str, tuple[Hashes, list[int]]]:
    groups: dict[str, tuple[Hashes, list[int]]] = {}
    for location_id, hashes in hashes_of.items():
        groups.setdefault(hashes.sha256, (hashes, []))[1].append(location_id)
    return groups


def _stamp(stat: FileStat) -> tuple[int, int]:
    return stat.size_bytes, stat.mtime_ns
