"""Takes in what a scan or a download found: contents by their fingerprint, locations by their path."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select, text, update

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

_INDEX_LOCK = 7_351_881_002


class KnownLocation(NamedTuple):
    """What the registry remembers of one path: first what tells that nothing changed."""

    size_bytes: int
    mtime_ns: int
    inode: str
    companions_digest: str
    location_id: int
    state: str
    """A `Presence`."""

    relative_path: str


KnownRow = tuple[int, int, str, str, int, str, str]
"""The values of a `KnownLocation` as the driver gives them: a scan has one for each file there is, and to make anything
of them takes as long as to look at the files."""


class Indexing:
    """Every method is one transaction. `rules_version` is that of the identification rules in force.

    Those that write raise DatabaseUnusable where the database cannot take it in; then nothing of it is kept.
    """

    def __init__(self, database: Database, *, rules_version: int) -> None:
        self._database = database
        self.rules_version = rules_version

    def list_known(
        self, folder_id: FolderId, category: Category, *, below: str = "", with_subfolders: bool = True
    ) -> dict[str, KnownRow]:
        """Everything known to lie in a library folder or its archive, or `below` one of its folders, by path."""
        columns = (getattr(locations.c, "id" if name == "location_id" else name) for name in KnownLocation._fields)
        query = select(*columns).where(locations.c.folder_id == folder_id, locations.c.category == category.value)
        prefix = f"{below}/" if below else ""
        if prefix:
            query = query.where(locations.c.relative_path.startswith(prefix, autoescape=True))
        if not with_subfolders:
            inner = "".join(f"\\{letter}" if letter in "\\%_" else letter for letter in prefix)
            query = query.where(locations.c.relative_path.not_like(f"{inner}%/%", escape="\\"))
        with self._database.read() as connection, collector_paused():
            cursor: Any = connection.execute(query).cursor
            known: dict[str, KnownRow] = {row[-1]: row for row in cursor.fetchall()}
        if prefix or not with_subfolders:
            known = {path: row for path, row in known.items() if _lies_in(path, prefix, with_subfolders)}
        return known

    def list_outdated(self, folder_id: FolderId) -> set[int]:
        """The locations in a library folder whose contents were identified by other rules than those in force."""
        version = contents.c.identity_version
        is_outdated = or_(version < self.rules_version, version > self.rules_version)
        query = select(locations.c.id).join(contents, contents.c.id == locations.c.content_id)
        with self._database.read() as connection:
            if connection.scalar(select(contents.c.id).where(is_outdated).limit(1)) is None:
                return set()  # by its index; the join would walk all locations
            return set(connection.scalars(query.where(locations.c.folder_id == folder_id, is_outdated)))

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

    def mark_present(self, location_ids: Sequence[int]) -> None:
        """Note that files which were missing lie where they did."""
        if not location_ids:
            return
        with naming_trouble(), change_models(self._database) as connection:
            _set_state(connection, location_ids, Presence.PRESENT)

    def mark_gone(self, location_ids: Sequence[int]) -> None:
        """Note that files are no longer where they were.

        Where the content lies elsewhere too, the file was moved or a copy of it deleted, and the path is forgotten;
        otherwise the model is kept as missing, with all that is known of it.
        """
        if not location_ids:
            return
        with naming_trouble(), change_models(self._database) as connection:
            _set_state(connection, location_ids, Presence.MISSING)


def _lies_in(path: str, prefix: str, with_subfolders: bool) -> bool:
    """Exactly, where the database compares without regard to case."""
    return path.startswith(prefix) and (with_subfolders or "/" not in path[len(prefix) :])


def _set_state(connection: Connection, location_ids: Sequence[int], state: Presence) -> None:
    for start in range(0, len(location_ids), CHUNK):
        some = location_ids[start : start + CHUNK]
        content_ids = list(
            connection.scalars(select(locations.c.content_id).where(locations.c.id.in_(some)).distinct())
        )
        connection.execute(update(locations).where(locations.c.id.in_(some)).values(state=state.value))
        forget_missing_places(connection, content_ids)
        refresh(connection, content_ids)
