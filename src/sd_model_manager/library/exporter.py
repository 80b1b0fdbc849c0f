"""Writes what is known of models into other tools' files beside them, where the user asks for it, and takes it back."""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from sd_model_manager.domain.catalogue import Location, ModelDetail
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.tasks import Task
from sd_model_manager.domain.taxonomy import MODEL_EXTENSIONS, Presence
from sd_model_manager.lib.errors import AppError, NotFound
from sd_model_manager.lib.file_changes import (
    ChangedMeanwhile,
    FileBackups,
    FileChange,
    FoundFile,
    find_file,
    replace_file,
)
from sd_model_manager.lib.paths import join_within
from sd_model_manager.library.export_facts import AnswerOf, gather_facts, stem_of
from sd_model_manager.library.export_results import ExportResult, Outcome, Tally
from sd_model_manager.library.export_wish import ExportWish, read_wish, require_formats
from sd_model_manager.library.parts import stat_model
from sd_model_manager.library.places import Places
from sd_model_manager.registry.catalog import Catalog
from sd_model_manager.sidecars.format import SidecarRefused, WritableFormat
from sd_model_manager.sidecars.reader import MAX_SIDECAR_BYTES, WRITABLE
from sd_model_manager.tasks.running import RunningTask

log = logging.getLogger(__name__)

_TRIES = 4
_INDEX_EVERY = 100


class Exporter:
    """Handles export tasks; the id of one names its run for `undo`. What is done twice changes nothing the second time,
    so an interrupted run begins anew."""

    def __init__(
        self,
        catalog: Catalog,
        places: Places,
        backups: FileBackups,
        answer_of: AnswerOf,
        index_files: Callable[[Sequence[Path]], object],
    ) -> None:
        self._catalog = catalog
        self._places = places
        self._backups = backups
        self._answer_of = answer_of
        self._index_files = index_files

    def plan(self, wish: ExportWish) -> Iterator[ExportResult]:
        """What an export would do, file by file. Raises BadInput for a query or a format that there is not."""
        require_formats(wish.formats)
        return self._export(wish, run_id=None)

    def run(self, running: RunningTask) -> None:
        tally, written = Tally(), dict[str, None]()
        try:
            for result in self._steps_of(running.task):
                tally.add(result)
                if result.outcome is Outcome.WRITTEN:
                    written[result.model_path] = None
                if len(written) >= _INDEX_EVERY:
                    self._index(written)
                running.report(tally.total)
        finally:
            self._index(written)
            running.save_result(**tally.to_json())
        running.settle(tally.total, tally.total)

    def discard(self, task: Task) -> None:
        """What a cancelled export wrote stays; it can be taken back like that of a whole one."""

    def changes_of(self, run_id: str) -> list[FileChange]:
        """What an export changed. Raises NotFound where that is nothing."""
        return self._backups.list_changes(run_id)

    def _steps_of(self, task: Task) -> Iterator[ExportResult]:
        payload, run_id = task.payload, str(task.task_id)
        if "undo" in payload:
            for change in reversed(self.changes_of(str(payload["undo"]))):
                yield self._take_back(change, run_id)
            return
        yield from self._export(read_wish(payload), run_id)

    def _export(self, wish: ExportWish, run_id: str | None) -> Iterator[ExportResult]:
        model_ids = self._catalog.list_ids(wish.wanted) if wish.model_ids is None else wish.model_ids
        for model_id in model_ids:
            yield from self._export_model(model_id, wish.formats, run_id)

    def _export_model(self, model_id: ModelId, formats: Sequence[str], run_id: str | None) -> Iterator[ExportResult]:
        try:
            detail = self._catalog.get(model_id)
        except NotFound:
            return  # it turned out to be another one since it was listed
        roots = self._places.snapshot()
        for location in detail.locations:
            root = roots.get((location.place.folder_id, location.place.category))
            if root is None:
                continue  # its library folder was removed meanwhile
            for kind in formats:
                yield self._export_file(detail, location, root, WRITABLE[kind], run_id)

    def _export_file(
        self, detail: ModelDetail, location: Location, root: Path, writable: WritableFormat, run_id: str | None
    ) -> ExportResult:
        relative = _name_sidecar(detail, location, writable.suffix)
        model_path = root / location.place.relative_path

        def result(outcome: Outcome, code: str | None = None, reason: str | None = None) -> ExportResult:
            model_id = detail.listing.model_id
            shown = str(root / relative)
            return ExportResult(shown, str(model_path), outcome, model_id, writable.kind, code, reason)

        try:
            _require_ready(detail, location, model_path)
            facts = gather_facts(detail, location, model_path.as_posix(), self._answer_of)

            def compose(found: FoundFile) -> bytes | None:
                said_at = found.modified_at or facts.said_at
                return writable.compose(found.content, replace(facts, said_at=said_at))

            is_changed = self._rewrite(join_within(root, relative), compose, model_path, run_id)
        except AppError as error:
            return result(Outcome.REFUSED, error.error_code, error.message)
        except OSError as error:
            reason = f"The file cannot be read or written ({(error.strerror or type(error).__name__).lower()})."
            return result(Outcome.REFUSED, "UNREADABLE", reason)
        return result(Outcome.WRITTEN if is_changed else Outcome.UNCHANGED)

    def _rewrite(
        self, path: Path, compose: Callable[[FoundFile], bytes | None], model_path: Path, run_id: str | None
    ) -> bool:
        """Whether the file was changed, or in a plan, would be. Where somebody else writes it meanwhile it starts over.

        Raises SidecarRefused, OSError.
        """
        for _ in range(_TRIES):
            try:
                found = find_file(path)
                content = compose(found)
                if content == found.content:
                    return False
                _require_writable(found, content)
                if run_id is not None:
                    self._backups.note(run_id, path, found, content, model_path)
                    replace_file(found, content, mode_of_new=_mode_like(model_path))
                    log.info("%s %s", "removed" if content is None else "wrote", path)
            except ChangedMeanwhile:
                continue
            return True
        raise SidecarRefused("Another program keeps writing this file. Try again later.", code="BUSY")

    def _take_back(self, change: FileChange, run_id: str) -> ExportResult:
        def restore(found: FoundFile) -> bytes | None:
            return self._backups.restore(change, found.content)

        try:
            place = self._places.place_of(Path(change.path))
            if place is None:
                raise SidecarRefused("It lies in no library folder any more.", code="NOT_PRESENT")
            path = self._places.checked_path_of(place)
            is_changed = self._rewrite(path, restore, Path(change.model_path), run_id)
        except AppError as error:
            return ExportResult(
                change.path, change.model_path, Outcome.REFUSED, code=error.error_code, reason=error.message
            )
        except OSError as error:
            reason = f"The file cannot be read or written ({(error.strerror or type(error).__name__).lower()})."
            return ExportResult(change.path, change.model_path, Outcome.REFUSED, code="UNREADABLE", reason=reason)
        return ExportResult(change.path, change.model_path, Outcome.WRITTEN if is_changed else Outcome.UNCHANGED)

    def _index(self, written: dict[str, None]) -> None:
        """So that the next scan finds nothing new."""
        paths = [Path(path) for path in written]
        written.clear()
        try:
            self._index_files(paths)
        except OSError:
            log.exception("what was written could not be indexed; the next scan will")


def _name_sidecar(detail: ModelDetail, location: Location, suffix: str) -> str:
    """Its path below the library folder: the one that is there, in whatever case, else the model's with the suffix."""
    model = location.place
    path = PurePosixPath(model.relative_path)
    relative = path.with_name(stem_of(detail, path.name) + suffix).as_posix()
    there = (sidecar.place for sidecar in detail.sidecars)
    same = (p.relative_path for p in there if (p.folder_id, p.category) == (model.folder_id, model.category))
    return next((known for known in same if known.lower() == relative.lower()), relative)


def _require_ready(detail: ModelDetail, location: Location, path: Path) -> None:
    """Raises SidecarRefused where nothing should be written beside the model now, OSError."""
    if location.state is not Presence.PRESENT:
        raise SidecarRefused(f"The model is {location.state.value}.", code="NOT_PRESENT")
    sha256 = detail.hashes.sha256
    if sha256 and any(claim.sha256 not in (None, sha256) for _, claim in detail.claims):
        raise SidecarRefused("A file beside the model is about another model; look at that first.", code="CONFLICT")
    status = stat_model(path)
    modified_at = datetime.fromtimestamp(status.mtime_ns / 1e9, UTC)
    if (status.size_bytes, modified_at) != (location.size_bytes, location.modified_at):
        raise SidecarRefused("The model changed since it was scanned. Scan the library first.", code="NOT_PRESENT")
    if twin := _find_twin(path, stem_of(detail, path.name)):
        reason = f"{twin.name} has the same name but for its ending, so the file would be its, too."
        raise SidecarRefused(reason, code="SHARED")


def _require_writable(found: FoundFile, content: bytes | None) -> None:
    """Raises SidecarRefused; a file could be replaced although it is read-only, but who made it so meant it."""
    if found.mode is not None and not found.mode & stat.S_IWUSR:
        raise SidecarRefused("The file there is read-only.", code="READ_ONLY")
    if content is not None and len(content) > MAX_SIDECAR_BYTES:
        raise SidecarRefused("It would be larger than any sidecar.", code="OTHER_SHAPE")


def _mode_like(model_path: Path) -> int:
    """A new file is for whoever the model beside it is for."""
    try:
        return stat.S_IMODE(model_path.stat().st_mode) & 0o666
    except FileNotFoundError:
        return 0o644


def _find_twin(path: Path, stem: str) -> Path | None:
    """Another model whose sidecars have the same names: neither could say whose they are."""
    names = (stem + extension for extension in sorted(MODEL_EXTENSIONS))
    others = (path.with_name(name) for name in names if name.lower() != path.name.lower())
    return next((other for other in others if other.is_file()), None)
