"""All services: what runs is started and stopped in flow order."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from sd_model_manager.config import Settings
from sd_model_manager.domain.events import FoldersChanged
from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.query import parse_query
from sd_model_manager.domain.tasks import Task, TaskKind
from sd_model_manager.lib.errors import BadInput, Conflict
from sd_model_manager.library.enrichment_wish import EnrichmentWish, new_enrichment
from sd_model_manager.library.scanner import new_scan
from sd_model_manager.sources.source import AccountSource
from sd_model_manager.tasks.running import TaskHandler
from sd_model_manager.tasks.worker import TaskWorker
from sd_model_manager.wiring.download_services import DownloadServices

log = logging.getLogger(__name__)

KEY_OF_SOURCE = {"civitai": "civitai_api_key", "huggingface": "huggingface_token"}
"""The setting that holds the key of each source that has accounts."""


class Services(DownloadServices):
    """Everything the web and the command line need. `start` before use by a server; reading works without."""

    @cached_property
    def worker(self) -> TaskWorker:
        handlers: dict[TaskKind, TaskHandler] = {
            TaskKind.SCAN: self.scanner,
            TaskKind.HASH: self.hasher,
            TaskKind.DOWNLOAD: self.download_handler,
            TaskKind.EXPORT: self.exporter,
            TaskKind.ENRICH: self.enricher,
            TaskKind.CHECK_UPDATES: self.update_checker,
        }

        def limits() -> Mapping[TaskKind, int]:
            return {**dict.fromkeys(handlers, 1), TaskKind.DOWNLOAD: self.settings.get("downloads_at_once")}

        def per_host() -> int:
            return int(self.settings.get("downloads_per_host"))

        return TaskWorker(self.queue.store, self.hub, self.owner, handlers, limits, per_host=per_host)

    def start(self) -> None:
        self.sync_folders()
        self.relay.start()
        self.worker.start()
        self.words.start()
        self.schedule.start()
        self.request_scan(None, full=False)
        self.watcher.start()

    def stop(self) -> None:
        self.watcher.stop()
        self.worker.stop()
        self.schedule.stop()
        self.words.stop()
        self.relay.stop()
        self.close()

    def close(self) -> None:
        self.sources.close()
        self.owner.release()
        self.database.close()

    def sync_folders(self) -> None:
        """Make sure the folders that the settings name are library folders. One that is new is made; one that was
        there and is gone is not, for its drive may be unplugged."""
        known = {folder.path for folder in self.folders.list_all()}
        for path in self.configured_folders():
            if str(path) not in known:
                try:
                    path.mkdir(parents=True, exist_ok=True)
                    self.folders.add(path, now=datetime.now(UTC))
                except OSError as error:
                    log.warning("the library folder %s cannot be made: %s", path, error.strerror)
                except Conflict as error:
                    log.warning("%s", error.message)

    def configured_folders(self) -> list[Path]:
        fixed = self.settings.fixed
        return list(dict.fromkeys([fixed.model_dir, *fixed.extra_model_dirs]))

    def request_scan(self, folder_id: FolderId | None, *, full: bool) -> tuple[Task, bool]:
        """Queue a scan of one library folder or all; the one that is under way, and `False`, where there is one."""
        name = self.folders.get(folder_id).path if folder_id is not None else ""
        return self.queue.add(new_scan(folder_id, folder_name=name, full=full))

    def request_enrichment(self, wish: EnrichmentWish) -> Task:
        """Queue asking a source what local files are. Raises BadInput for a query that cannot be read."""
        parse_query(wish.wanted.text)
        return self.queue.add(new_enrichment(wish))[0]

    def check_key(self, source_name: str) -> str:
        """The account that the key of a source belongs to.

        Raises:
            BadInput: there is no such source, or no key to check (`NO_KEY`).
            SourceNeedsLogin: the source does not accept it.
            SourceError: the source could not tell.
        """
        key = KEY_OF_SOURCE.get(source_name)
        source: object = next((source for source in self.sources() if source.name == source_name), None)
        if key is None or not isinstance(source, AccountSource):
            known = ", ".join(KEY_OF_SOURCE)
            raise BadInput(f"'{source_name}' has no accounts. Those that have are {known}.", code="UNKNOWN_SOURCE")
        if not self.settings.get(key):
            raise BadInput(f"There is no key to check: enter {key} first.", code="NO_KEY", key=key)
        return source.fetch_account_name()

    def add_folder(self, path: Path) -> FolderId:
        """Raises Conflict where it overlaps a library folder."""
        folder = self.folders.add(path, now=datetime.now(UTC))
        self.hub.publish(FoldersChanged())
        self.request_scan(folder.folder_id, full=False)
        return folder.folder_id


def build_services(settings: Settings) -> Services:
    """Opens the database (and brings it up to date), starts nothing. Raises DatabaseUnusable."""
    services = Services(settings)
    for name, _ in inspect.getmembers(Services, lambda member: isinstance(member, cached_property)):
        getattr(services, name)  # now, so that no two threads make one twice
    return services
