"""Takes in what a scan or a download found: contents by their fingerprint, locations by their path."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, or_, select, text, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import (
    contents,
    locations,
)
from sd_model_manager.domain.ids import FolderId, ModelId
from sd_model_manager.domain.local import InspectedFile
from sd_model_manager.domain.taxonomy import Category, Presence
from sd_model_manager.identify.collector import collector_paused
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.intake import Intake
from sd_model_manager.registry.merging import forget_missing_places
from sd_model_manager.registry.placement import CHUNK
from sd_model_manager.registry.refresh import refresh
from sd_model_manager.registry.trouble import naming_trouble

_PRESENT = Presence.PRESENT.value
_INDEX_LOCK = 7_351_881_002


def mark_of(size_bytes: int, mtime_ns: int, companions_digest: str, inode: int | str) -> str:
    """What tells that a file lies there as it was, in one text: a scan compares as many as there are files."""
    return f"{_PRESENT} {size_bytes} {mtime_ns} {companions_digest} {inode}"


def is_same_but_absent(known: str, mark: str) -> bool:
    """Whether this is the mark of a file that was as it is, and then was not there."""
    return known.partition(" ")[2] == mark.partition(" ")[2]


def is_missing(known: str) -> bool:
    return known.startswith(f"{Presence.MISSING.value} ")


class Indexing:
    """Every method is one transaction. `rules_version` is that of the identification rules in force.

    Those that write raise DatabaseUnusable where the database cannot take it in; then nothing of it is kept.
    """

    def __init__(self, database: Database, *, rules_version: int) -> None:
        self._database = database
        self.rules_version = rules_version

    def list_known(
        self, folder_id: FolderId, category: Category, *, below: str = "", with_subfolders: bool = True
    ) -> dict[str, str]:
        """Everything known to lie in a library folder or its archive, or `below` one of its folders: of each path the
        `mark_of` its file, which begins with another `Presence` where it was not there."""
        query = _in(folder_id, category, locations.c.relative_path, _MARK)
        prefix = f"{below}/" if below else ""
        if prefix:
            query = query.where(locations.c.relative_path.startswith(prefix, autoescape=True))
        if not with_subfolders:
            inner = "".join(f"\\{letter}" if letter in "\\%_" else letter for letter in prefix)
            query = query.where(locations.c.relative_path.not_like(f"{inner}%/%", escape="\\"))
        with self._database.read() as connection, collector_paused():
            cursor: Any = connection.execute(query).cursor
            known: dict[str, str] = dict(cursor.fetchall())
        if prefix or not with_subfolders:
            known = {path: mark for path, mark in known.items() if _lies_in(path, prefix, with_subfolders)}
        return known

    def list_outdated(self, folder_id: FolderId, category: Category) -> set[str]:
        """The paths whose contents were identified by other rules than those in force."""
        version = contents.c.identity_version
        is_outdated = or_(version < self.rules_version, version > self.rules_version)
        query = _in(folder_id, category, locations.c.relative_path)
        with self._database.read() as connection:
            if connection.scalar(select(contents.c.id).where(is_outdated).limit(1)) is None:
                return set()  # by its index; the join would walk all locations
            joined = query.join(contents, contents.c.id == locations.c.content_id)
            return set(connection.scalars(joined.where(is_outdated)))

    def holds_models(self, folder_id: FolderId) -> bool:
        """Whether any file is thought to lie in a library folder, its archive left out."""
        here = (locations.c.folder_id == folder_id, locations.c.category == Category.ACTIVE.value)
        query = select(locations.c.id).where(*here, locations.c.state == Presence.PRESENT.value).limit(1)
        with self._database.read() as connection:
            return connection.scalar(query) is not None

    def take_in(self, files: Sequence[InspectedFile], *, now: datetime) -> list[ModelId]:
        """Index files, new, changed or moved. Returns the model of each, in the same order."""
        if not files:
            return []
        with naming_trouble(), change_models(self._database) as connection:
            if not self._database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _INDEX_LOCK})
            return Intake(connection, files, now, self.rules_version).run()

    def mark_present(self, folder_id: FolderId, category: Category, paths: Sequence[str]) -> None:
        """Note that files which were missing lie where they did."""
        self._set_state(folder_id, category, paths, Presence.PRESENT)

    def mark_gone(self, folder_id: FolderId, category: Category, paths: Sequence[str]) -> None:
        """Note that files are no longer where they were.

        Where the content lies elsewhere too, the file was moved or a copy of it deleted, and the path is forgotten;
        otherwise the model is kept as missing, with all that is known of it.
        """
        self._set_state(folder_id, category, paths, Presence.MISSING)

    def _set_state(self, folder_id: FolderId, category: Category, paths: Sequence[str], state: Presence) -> None:
        if not paths:
            return
        query = _in(folder_id, category, locations.c.id, locations.c.content_id)
        with naming_trouble(), change_models(self._database) as connection:
            for start in range(0, len(paths), CHUNK):
                some = locations.c.relative_path.in_(paths[start : start + CHUNK])
                rows = connection.execute(query.where(some)).all()
                ids, content_ids = [row.id for row in rows], list({row.content_id: None for row in rows})
                connection.execute(update(locations).where(locations.c.id.in_(ids)).values(state=state.value))
                forget_missing_places(connection, content_ids)
                refresh(connection, content_ids)


_MARK: ColumnElement[str] = (
    locations.c.state
    + " "
    + cast(locations.c.size_bytes, Text)
    + " "
    + cast(locations.c.mtime_ns, Text)
    + " "
    + locations.c.companions_digest
    + " "
    + locations.c.inode
)
"""`mark_of`, as the database makes it."""


def _lies_in(path: str, prefix: str, with_subfolders: bool) -> bool:
    """Exactly, where the database compares without regard to case."""
    return path.startswith(prefix) and (with_subfolders or "/" not in path[len(prefix) :])


def _in(folder_id: FolderId, category: Category, *columns: ColumnElement[Any]) -> Select[Any]:
    return select(*columns).where(locations.c.folder_id == folder_id, locations.c.category == category.value)
