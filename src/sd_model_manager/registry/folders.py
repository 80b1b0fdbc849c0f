"""Library folders: where models are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import library_folders, locations, scan_problems
from sd_model_manager.domain.catalogue import LibraryFolder
from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.local import Place, ScanProblem
from sd_model_manager.domain.taxonomy import Category, Presence
from sd_model_manager.lib.errors import Conflict, NotFound
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.placement import parent_of
from sd_model_manager.registry.refresh import refresh
from sd_model_manager.registry.trouble import naming_trouble


class FolderRegistry:
    """Every method is one transaction. Those that write what a scan found raise DatabaseUnusable where they cannot."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, path: Path, *, now: datetime) -> LibraryFolder:
        """Add a folder that is not there yet.

        Raises Conflict where it is one already or overlaps one: its files would be listed twice.
        """
        for other in self.list_all():
            known = Path(other.path)
            if path == known or path.is_relative_to(known) or known.is_relative_to(path):
                relation = "is already a library folder" if path == known else f"overlaps the library folder {known}"
                raise Conflict(
                    f"{path} {relation}.",
                    code="FOLDER_OVERLAPS",
                    folder_id=other.folder_id,
                    path=str(path),
                    other=str(known),
                )
        with self._database.write() as connection:
            values = {"path": str(path), "is_online": True, "added_at": now}
            folder_id = connection.scalar(insert(library_folders).values(values).returning(library_folders.c.id))
        return self.get(FolderId(folder_id or 0))

    def get(self, folder_id: FolderId) -> LibraryFolder:
        for folder in self.list_all():
            if folder.folder_id == folder_id:
                return folder
        raise NotFound(f"There is no library folder number {folder_id}.")

    def list_all(self) -> list[LibraryFolder]:
        """In the order in which they were added; the first is where downloads go. Without counts: it is asked often."""
        with self._database.read() as connection:
            rows = connection.execute(select(library_folders).order_by(library_folders.c.id))
            return [_to_folder(row) for row in rows]

    def list_with_counts(self) -> list[LibraryFolder]:
        """The same with the number and size of the files that are not missing."""
        query = (
            select(
                locations.c.folder_id,
                func.count().label("files"),
                func.coalesce(func.sum(locations.c.size_bytes), 0).label("size"),
            )
            .where(locations.c.state != Presence.MISSING.value)
            .group_by(locations.c.folder_id)
        )
        with self._database.read() as connection:
            counts = {row.folder_id: row for row in connection.execute(query)}
        return [
            replace(folder, model_count=row.files, size_bytes=int(row.size))
            if (row := counts.get(folder.folder_id))
            else folder
            for folder in self.list_all()
        ]

    def remove(self, folder_id: FolderId) -> None:
        """Forget where its files lie. What is known of their contents stays, and no file is touched."""
        with change_models(self._database) as connection:
            query = select(locations.c.content_id).where(locations.c.folder_id == folder_id).distinct()
            affected = list(connection.scalars(query))
            for table in (locations, scan_problems):
                connection.execute(delete(table).where(table.c.folder_id == folder_id))
            if not connection.execute(delete(library_folders).where(library_folders.c.id == folder_id)).rowcount:
                raise NotFound(f"There is no library folder number {folder_id}.")
            refresh(connection, affected)

    def set_online(self, folder_id: FolderId, *, is_online: bool) -> bool:
        """Note whether a folder can be reached; its files become offline or present. `True` if that is news."""
        before, after = Presence.PRESENT, Presence.OFFLINE
        if is_online:
            before, after = after, before
        if any(known.is_online is is_online for known in self.list_all() if known.folder_id == folder_id):
            return False
        with naming_trouble(), change_models(self._database) as connection:
            where = (library_folders.c.id == folder_id, library_folders.c.is_online.is_not(is_online))
            if not connection.execute(update(library_folders).where(*where).values(is_online=is_online)).rowcount:
                return False
            here = (locations.c.folder_id == folder_id, locations.c.state == before.value)
            affected = list(connection.scalars(select(locations.c.content_id).where(*here).distinct()))
            connection.execute(update(locations).where(*here).values(state=after.value))
            refresh(connection, affected)
        return True

    def note_scan(self, folder_id: FolderId, problems: Sequence[ScanProblem], *, now: datetime) -> None:
        """Record the end of a scan, with what it could not take in; earlier problems of the folder are replaced."""
        with naming_trouble(), self._database.write() as connection:
            connection.execute(delete(scan_problems).where(scan_problems.c.folder_id == folder_id))
            _insert_problems(connection, folder_id, problems, now)
            connection.execute(update(library_folders).where(library_folders.c.id == folder_id).values(scanned_at=now))

    def note_looked_at(
        self,
        folder_id: FolderId,
        looked_at: Sequence[tuple[str, bool]],
        problems: Sequence[ScanProblem],
        *,
        now: datetime,
    ) -> None:
        """Record what was wrong in parts of a folder: `looked_at` are paths below it, with whether all that lies in
        them was looked at. Earlier problems there are replaced."""
        query = select(scan_problems.c.id, scan_problems.c.relative_path).where(scan_problems.c.folder_id == folder_id)
        with self._database.read() as connection:
            earlier = [row.id for row in connection.execute(query) if _is_in(row.relative_path, looked_at)]
        if not earlier and not problems:
            return
        with naming_trouble(), self._database.write() as connection:
            connection.execute(delete(scan_problems).where(scan_problems.c.id.in_(earlier)))
            _insert_problems(connection, folder_id, problems, now)

    def list_problems(self, *, limit: int = 1000) -> list[tuple[ScanProblem, datetime]]:
        query = select(scan_problems).order_by(scan_problems.c.folder_id, scan_problems.c.relative_path).limit(limit)
        with self._database.read() as connection:
            return [
                (
                    ScanProblem(
                        Place(FolderId(row.folder_id), row.relative_path, Category.ACTIVE), row.code, row.message
                    ),
                    row.seen_at,
                )
                for row in connection.execute(query)
            ]


def _is_in(path: str, looked_at: Sequence[tuple[str, bool]]) -> bool:
    parent = parent_of(path)
    return any(
        parent == folder or (with_subfolders and (not folder or path.startswith(f"{folder}/")))
        for folder, with_subfolders in looked_at
    )


def _insert_problems(
    connection: Connection, folder_id: FolderId, problems: Sequence[ScanProblem], now: datetime
) -> None:
    """A path that has the same problem in the library folder and in its archive has it once."""
    problem_of = {(problem.place.relative_path, problem.code): problem for problem in problems}
    rows = [
        {"folder_id": folder_id, "relative_path": path, "code": code, "message": problem.message, "seen_at": now}
        for (path, code), problem in problem_of.items()
    ]
    if rows:
        connection.execute(insert(scan_problems), rows)


def _to_folder(row: Any) -> LibraryFolder:
    return LibraryFolder(
        folder_id=FolderId(row.id),
        path=row.path,
        is_online=row.is_online,
        added_at=row.added_at,
        scanned_at=row.scanned_at,
    )
