"""One batch of found files, brought into the tables: contents, headers, texts, locations and what lies beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from sd_model_manager.db.tables import (
    content_headers,
    contents,
    locations,
    previews,
    sidecars,
)
from sd_model_manager.domain.ids import FolderId, ModelId
from sd_model_manager.domain.local import MARK_OF_PARTS, ClaimedHash, Identity, InspectedFile, Place, PublishedRef
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.taxonomy import Category, Presence
from sd_model_manager.registry.bodies import claim_to_json, identity_from_json, identity_to_json, pack, parts_to_json
from sd_model_manager.registry.claims import claims_of, forget_unsaid, note_claims
from sd_model_manager.registry.listing import KnownFacts, choose_published, derive_listing
from sd_model_manager.registry.merging import forget_missing_places
from sd_model_manager.registry.placement import parent_of, update_many
from sd_model_manager.registry.published import key_of, save_versions
from sd_model_manager.registry.refresh import refresh
from sd_model_manager.registry.texts import compose_text, insert_texts

_SAME_FILE = ("content_id", "size_bytes", "mtime_ns")
"""What has to be as it was for the file to be the one that was found there before."""
_HASHES = ("sha256", "claimed_sha256", "blake3", "crc32", "autov1", "autov3", "hashed_at")


class Intake:
    """One transaction's work; the steps in the order in which the tables depend on each other."""

    def __init__(
        self, connection: Connection, files: Sequence[InspectedFile], now: datetime, rules_version: int
    ) -> None:
        self._connection = connection
        self._files = files
        self._now = now
        self._rules_version = rules_version
        self._content_of: dict[Place, int] = {}
        self._published: dict[PublishedRef, int] = {}

    def run(self) -> list[ModelId]:
        places = self._find_known_locations()
        known = self._find_known_contents(places)
        new = {f.quick_fingerprint: f for f in self._files if f.place not in known}
        self._save_published()
        new_ids = self._insert_contents(list(new.values()))
        self._content_of = {
            f.place: known[f.place].id if f.place in known else new_ids[f.quick_fingerprint] for f in self._files
        }
        self._update_contents([f for f in self._files if f.place in known], known)
        abandoned = self._place(places)
        known_ids = list(dict.fromkeys(row.id for row in known.values()))
        self._note_claims(known_ids)
        forget_missing_places(self._connection, known_ids)
        refresh(self._connection, self._find_to_place(new_ids, [*known_ids, *abandoned]), also_listed=known_ids)
        return [ModelId(self._content_of[f.place]) for f in self._files]

    def _find_to_place(self, new_ids: Mapping[str, int], others: Sequence[int]) -> list[int]:
        """A new content that has one file and no preview was inserted with its place."""
        files_of: dict[str, list[InspectedFile]] = defaultdict(list)
        for file in self._files:
            files_of[file.quick_fingerprint].append(file)
        wanted = (key for key in new_ids if len(files_of[key]) > 1 or files_of[key][0].previews)
        return list(dict.fromkeys([*others, *(new_ids[key] for key in wanted)]))

    def _note_claims(self, known_ids: Sequence[int]) -> None:
        claims: dict[int, list[ClaimedHash]] = defaultdict(list)
        for file in self._files:
            claims[self._content_of[file.place]] += claims_of(file)
        note_claims(self._connection, {key: said for key, said in claims.items() if said}, now=self._now)
        forget_unsaid(self._connection, known_ids)

    def _find_known_contents(self, places: Mapping[Place, Any]) -> dict[Place, Any]:
        """Of several contents with a file's fingerprint the one that lay at its place, else the oldest: which of them
        it is its hash tells later."""
        fingerprints = list({f.quick_fingerprint for f in self._files})
        query = select(
            contents.c.id, contents.c.quick_fingerprint, contents.c.published_id, contents.c.own_match
        ).where(contents.c.quick_fingerprint.in_(fingerprints))
        rows_of: dict[str, dict[int, Any]] = defaultdict(dict)
        for row in self._connection.execute(query.order_by(contents.c.id)):
            rows_of[row.quick_fingerprint][row.id] = row
        known: dict[Place, Any] = {}
        for file in self._files:
            if rows := rows_of.get(file.quick_fingerprint):
                before = places.get(file.place)
                known[file.place] = rows.get(before.content_id if before else 0) or next(iter(rows.values()))
        return known | self._find_grown([f for f in self._files if f.parts and f.place not in known], places)

    def _find_grown(self, files: Sequence[InspectedFile], places: Mapping[Place, Any]) -> dict[Place, Any]:
        """Models of several files that lie nowhere else and are not whole, or were not when they were last seen: they
        stay the same ones."""
        file_of = {places[f.place].content_id: f for f in files if f.place in places}
        if not file_of:
            return {}
        query = (
            select(contents.c.id, contents.c.published_id, contents.c.quick_fingerprint, content_headers.c.identity)
            .join(content_headers, content_headers.c.content_id == contents.c.id)
            .where(contents.c.id.in_(file_of), contents.c.location_count == 1)
        )
        grown = {}
        for row in self._connection.execute(query).all():
            file = file_of[row.id]
            if _is_incomplete(file.identity) or _is_unfinished(row):
                grown[file.place] = row
                values = {"quick_fingerprint": file.quick_fingerprint, "size_bytes": file.stat.size_bytes}
                changed = update(contents).where(contents.c.id == row.id)
                self._connection.execute(changed.values(**values, **dict.fromkeys(_HASHES)))
        return grown

    def _save_published(self) -> None:
        said = [(v, min(self._now, _written_at(f))) for f in self._files if (v := _published_of(f))]
        id_of = save_versions(self._connection, said)
        self._published = {_ref(version): id_of[key_of(version)] for version, _ in said}

    def _insert_contents(self, files: Sequence[InspectedFile]) -> dict[str, int]:
        """Their ids by fingerprint."""
        if not files:
            return {}
        rows = [self._content_row(f) for f in files]
        self._connection.execute(insert(contents), rows)
        fingerprints = [f.quick_fingerprint for f in files]
        inserted = select(contents.c.quick_fingerprint, contents.c.id).where(
            contents.c.quick_fingerprint.in_(fingerprints)
        )
        id_of = {row.quick_fingerprint: row.id for row in self._connection.execute(inserted)}
        ids = [id_of[fingerprint] for fingerprint in fingerprints]
        self._connection.execute(
            insert(content_headers), [_header_row(content_id, f) for content_id, f in zip(ids, files, strict=True)]
        )
        texts = (compose_text(_facts_of(f), row) for f, row in zip(files, rows, strict=True))
        insert_texts(self._connection, dict(zip(ids, texts, strict=True)))
        return dict(zip((f.quick_fingerprint for f in files), ids, strict=True))

    def _content_row(self, file: InspectedFile) -> dict[str, Any]:
        version = _published_of(file)
        return {
            "quick_fingerprint": file.quick_fingerprint,
            "claimed_sha256": _claimed_sha256_of(file),
            "size_bytes": file.stat.size_bytes,
            **_identity_columns(file.identity),
            "identity_version": self._rules_version,
            "published_id": self._published[_ref(version)] if version else None,
            "folder_id": file.place.folder_id,
            "relative_path": file.place.relative_path,
            "folder": parent_of(file.place.relative_path),
            "category": file.place.category.value,
            "modified_at": datetime.fromtimestamp(file.stat.mtime_ns / 1e9, UTC),
            "added_at": self._now,
            **derive_listing(_facts_of(file)),
        }

    def _update_contents(self, files: Sequence[InspectedFile], known: Mapping[Place, Any]) -> None:
        identified, headers, claims, links = [], [], [], []
        for file in files:
            row = known[file.place]
            columns = _identity_columns(file.identity)
            identified.append({"key": row.id, "identity_version": self._rules_version, **columns})
            header = _header_row(row.id, file)
            headers.append({"key": header.pop("content_id"), **header})
            if claimed := _claimed_sha256_of(file):
                claims.append({"key": row.id, "claimed_sha256": claimed})
            version = _published_of(file)
            if version and row.published_id is None and row.own_match is None:
                links.append({"key": row.id, "published_id": self._published[_ref(version)]})
        update_many(self._connection, content_headers.c.content_id, headers)
        for rows in (identified, claims, links):
            update_many(self._connection, contents.c.id, rows)

    def _place(self, known: Mapping[Place, Any]) -> list[int]:
        """Write the locations with what lies beside them. Returns the contents that were replaced in place."""
        if fresh := [self._location_row(f) for f in self._files if f.place not in known]:
            self._connection.execute(insert(locations), fresh)
        changed = [(known[f.place], self._location_row(f), f) for f in self._files if f.place in known]
        self._change_locations(changed)
        self._write_companions([row.id for row, _, _ in changed])
        return [row.content_id for row, values, _ in changed if row.content_id != values["content_id"]]

    def _change_locations(self, changed: Sequence[tuple[Any, dict[str, Any], InspectedFile]]) -> None:
        """A file that was written to is found anew; and its content is hashed again, for its fingerprint may be the
        same and its bytes others."""
        same: list[dict[str, Any]] = []
        replaced: list[dict[str, Any]] = []
        written: list[int] = []
        for row, values, file in changed:
            names = ("inode", *_SAME_FILE) if file.parts else _SAME_FILE
            if all(getattr(row, name) == values[name] for name in names):
                same.append({"key": row.id, **{name: value for name, value in values.items() if name != "found_at"}})
            else:
                replaced.append({"key": row.id, **values})
                if row.content_id == values["content_id"]:
                    written.append(row.content_id)
        if written:
            is_written = contents.c.id.in_(written)
            self._connection.execute(update(contents).where(is_written).values(hashed_at=None))
        for rows in (same, replaced):
            update_many(self._connection, locations.c.id, rows)

    def _write_companions(self, known_ids: Sequence[int]) -> None:
        if not known_ids and not any(f.previews or f.sidecars for f in self._files):
            return
        id_of = {place: row.id for place, row in self._find_known_locations().items()}
        for table in (previews, sidecars):
            self._connection.execute(delete(table).where(table.c.location_id.in_(known_ids)))
        self._insert_all(previews, (self._preview_rows(f, id_of[f.place]) for f in self._files))
        self._insert_all(sidecars, (self._sidecar_rows(f, id_of[f.place]) for f in self._files))

    def _find_known_locations(self) -> dict[Place, Any]:
        paths_in: dict[tuple[FolderId, Category], list[str]] = defaultdict(list)
        for file in self._files:
            paths_in[file.place.folder_id, file.place.category].append(file.place.relative_path)
        found = {}
        columns = (locations.c[name] for name in ("id", "relative_path", "inode", *_SAME_FILE))
        wanted = select(*columns)
        for (folder_id, category), paths in paths_in.items():
            query = wanted.where(
                locations.c.folder_id == folder_id,
                locations.c.category == category.value,
                locations.c.relative_path.in_(paths),
            )
            for row in self._connection.execute(query):
                found[Place(folder_id, row.relative_path, category)] = row
        return found

    def _insert_all(self, table: Table, rows_of_files: Iterable[list[dict[str, Any]]]) -> None:
        if rows := list(chain.from_iterable(rows_of_files)):
            self._connection.execute(insert(table), rows)

    def _location_row(self, file: InspectedFile) -> dict[str, Any]:
        return {
            "content_id": self._content_of[file.place],
            "folder_id": file.place.folder_id,
            "relative_path": file.place.relative_path,
            "category": file.place.category.value,
            "size_bytes": file.stat.size_bytes,
            "mtime_ns": file.stat.mtime_ns,
            "inode": str(file.stat.inode),
            "companions_digest": file.companions_digest,
            "state": Presence.PRESENT.value,
            "found_at": self._now,
        }

    def _preview_rows(self, file: InspectedFile, location_id: int) -> list[dict[str, Any]]:
        return [
            {
                "content_id": self._content_of[file.place],
                "location_id": location_id,
                "relative_path": companion.relative_path,
                "media": companion.kind,
                "origin": "embedded" if companion.relative_path == file.place.relative_path else "file",
                "position": position,
                "size_bytes": companion.stat.size_bytes,
                "mtime_ns": companion.stat.mtime_ns,
            }
            for position, companion in enumerate(file.previews)
        ]

    def _sidecar_rows(self, file: InspectedFile, location_id: int) -> list[dict[str, Any]]:
        return [
            {
                "content_id": self._content_of[file.place],
                "location_id": location_id,
                "relative_path": sidecar.companion.relative_path,
                "kind": sidecar.companion.kind,
                "size_bytes": sidecar.companion.stat.size_bytes,
                "mtime_ns": sidecar.companion.stat.mtime_ns,
                "raw": pack(sidecar.raw),
                "claim": claim_to_json(sidecar.claim),
                "read_at": self._now,
            }
            for sidecar in file.sidecars
        ]


def _facts_of(file: InspectedFile) -> KnownFacts:
    return KnownFacts(
        identity=file.identity,
        relative_path=file.place.relative_path,
        published=_published_of(file),
        claims=tuple(s.claim for s in file.sidecars),
    )


def _identity_columns(identity: Identity) -> dict[str, Any]:
    return {
        "format": identity.format.value,
        "precision": identity.precision,
        "network": identity.network,
        "rank": identity.rank,
        "has_problems": bool(identity.problems),
    }


def _is_incomplete(identity: Identity) -> bool:
    return any(problem.code == "incomplete" for problem in identity.problems)


def _is_unfinished(row: Any) -> bool:
    """Also the first of its files, where that was taken for a model by itself."""
    is_one_file = not row.quick_fingerprint.startswith(MARK_OF_PARTS)
    return is_one_file or _is_incomplete(identity_from_json(row.identity))


def _header_row(content_id: int, file: InspectedFile) -> dict[str, Any]:
    return {
        "content_id": content_id,
        "identity": {**identity_to_json(file.identity), **parts_to_json(file.parts)},
        "header_metadata": dict(file.header_metadata),
    }


def _published_of(file: InspectedFile) -> PublishedVersion | None:
    return choose_published([s.claim for s in file.sidecars])


def _claimed_sha256_of(file: InspectedFile) -> str | None:
    return None if file.parts else next((s.claim.sha256 for s in file.sidecars if s.claim.sha256), None)


def _written_at(file: InspectedFile) -> datetime:
    """When a sidecar last said what its version is: what the source itself has said since is newer."""
    times = (
        s.said_at or datetime.fromtimestamp(s.companion.stat.mtime_ns / 1e9, UTC)
        for s in file.sidecars
        if s.claim.published
    )
    return max(times)


def _ref(version: PublishedVersion) -> PublishedRef:
    return PublishedRef(version.source, version.model_id, version.version_id)
