"""Carries out queued downloads: transfer, verify, place, index."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.local import PublishedRef
from sd_model_manager.domain.published import PublishedFile, PublishedVersion
from sd_model_manager.domain.tasks import Task
from sd_model_manager.download.place import place
from sd_model_manager.download.plan import Destination, choose_file
from sd_model_manager.download.space import RootOf, SpaceLedger, find_destination
from sd_model_manager.download.transfer import Fetched, FileUrl, Transfer, TransferRequest, TransferSettings, discard
from sd_model_manager.download.transfer.opening import Guard
from sd_model_manager.download.verify import WrongHash, verify
from sd_model_manager.lib.errors import AppError, SourceBroken, SourceError, SourceGone, SourceRateLimited
from sd_model_manager.registry.published import PublishedRegistry
from sd_model_manager.sources.source import Source
from sd_model_manager.tasks.running import RunningTask, TaskPostponed, TaskStopped

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 15 * 60
"""After which a source that asked for a pause without saying how long is tried again."""


_TOLERATED_BYTES = 32 * 1024 * 1024
"""Sources round sizes, and some announce those of yesterday's file."""


class Indexer(Protocol):
    """Takes in a file that has landed; `wiring` connects the library to this."""

    def __call__(self, path: Path, version: PublishedVersion, sha256: str) -> ModelId | None: ...


class PreviewSaver(Protocol):
    """Saves a picture beside a model that is about to be indexed."""

    def __call__(self, model_path: Path, version: PublishedVersion, running: RunningTask) -> None: ...


@dataclass(frozen=True, slots=True)
class _Job:
    version: PublishedVersion
    file: PublishedFile
    source: Source
    destination: Destination


class DownloadHandler:
    """`root_of` gives the library folder or archive of a place; `settings` how transfers are to go about it now."""

    def __init__(
        self,
        published: PublishedRegistry,
        sources: Callable[[], Sequence[Source]],
        root_of: RootOf,
        ledger: SpaceLedger,
        guard: Guard,
        settings: Callable[[], TransferSettings],
        check_structure: Callable[[Path], None],
        index: Indexer,
        save_preview: PreviewSaver,
    ) -> None:
        self._published = published
        self._sources = sources
        self._root_of = root_of
        self._ledger = ledger
        self._guard = guard
        self._settings = settings
        self._check_structure = check_structure
        self._index = index
        self._save_preview = save_preview

    def run(self, running: RunningTask) -> None:
        job = self._find_job(running.task)
        path = job.destination.path
        running.save_result(path=str(path))
        sha256 = running.task.result.get("sha256")
        if not (sha256 and path.exists() and not job.destination.part_path.exists()):
            sha256 = self._bring(job, running)
        self._save_preview(path, job.version, running)
        model_id = self._index(path, job.version, sha256)
        running.save_result(model_id=model_id)

    def discard(self, task: Task) -> None:
        discard(find_destination(task, self._root_of).part_path)

    def _bring(self, job: _Job, running: RunningTask) -> str:
        """Fetch, verify and place. Bytes that turn out wrong are fetched anew once: it may have been the line."""
        try:
            fetched = self._fetch_and_verify(job, running)
        except WrongHash as error:
            log.warning("%s arrived with the wrong hash, fetching it again: %s", job.file.name, error.details)
            Path(error.details["kept_at"]).unlink()
            fetched = self._fetch_and_verify(job, running)
        running.settle(fetched.size_bytes, fetched.size_bytes)
        running.save_result(sha256=fetched.sha256, notes=list(fetched.notes))
        running.commit_point()
        place(fetched.path, job.destination.path)
        return fetched.sha256

    def _fetch_and_verify(self, job: _Job, running: RunningTask) -> Fetched:
        destination, file = job.destination, job.file
        self._ledger.reserve(running, destination, file.size_bytes)
        request = TransferRequest(
            resolve=lambda: _ask_for(job),
            part_path=destination.part_path,
            expected_size_bytes=file.size_bytes,
            expected_sha256=file.sha256,
            explain_refusal=job.source.explain_refusal,
            make_room=partial(self._make_room, job, running),
        )
        done: tuple[int, int | None] = (0, file.size_bytes)

        def note(count: int, total: int | None) -> None:
            nonlocal done
            done = (count, total)
            running.report(count, total)

        try:
            fetched = Transfer(request, self._settings(), self._guard).run(note, running.checkpoint, running.is_ours)
        except (TaskStopped, AppError) as error:
            running.settle(*done)
            if isinstance(error, SourceError):
                error.details.setdefault("source", job.source.name)
            if isinstance(error, SourceRateLimited):
                raise TaskPostponed(error, after_seconds=error.retry_after_seconds or _PAUSE_SECONDS) from error
            raise
        verify(
            fetched,
            quarantine_path=destination.quarantine_path,
            size_bytes=file.size_bytes,
            sha256=file.sha256,
            check_structure=self._check_structure,
        )
        return fetched

    def _make_room(self, job: _Job, running: RunningTask, size_bytes: int) -> None:
        """Of a size that only the file's server tells. Raises NoSpace, and SourceBroken where it is absurd."""
        announced = job.file.size_bytes
        if announced is not None and size_bytes > 2 * announced + _TOLERATED_BYTES:
            raise SourceBroken(
                f"The server sends far more than the {announced:,} bytes that were announced, so this is another file, "
                "or one without end. Try again later, or report it there.",
                code="SOURCE_SENT_TOO_MUCH",
                announced_bytes=announced,
            )
        if size_bytes > (announced or 0):
            self._ledger.reserve(running, job.destination, size_bytes)

    def _find_job(self, task: Task) -> _Job:
        payload = task.payload
        reference = PublishedRef(payload["source"], payload["model_id"], payload["version_id"])
        version = self._published.find(reference)
        source = next((s for s in self._sources() if s.name == payload["source"]), None)
        if version is None or source is None:
            raise SourceGone(
                "What this download was for is no longer known. Paste its link again.", code="DOWNLOAD_FORGOTTEN"
            )
        return _Job(version, choose_file(version, payload["file_id"]), source, find_destination(task, self._root_of))


def _ask_for(job: _Job) -> FileUrl:
    request = job.source.resolve_file(job.version, job.file)
    return FileUrl(request.url, request.headers)
