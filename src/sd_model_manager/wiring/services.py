"""Builds every service from the settings, in flow order, and starts and stops what runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sd_model_manager.config import Settings
from sd_model_manager.db.engine import Database, open_database
from sd_model_manager.db.event_relay import EventRelay
from sd_model_manager.domain.events import Event, FoldersChanged
from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.tasks import Task, TaskKind
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.download.handler import DownloadHandler
from sd_model_manager.download.previews import PreviewKeeper
from sd_model_manager.download.service import DownloadService
from sd_model_manager.download.transfer import TransferSettings
from sd_model_manager.identify.identity import RULES_VERSION, identify_header
from sd_model_manager.identify.reading import read_header
from sd_model_manager.lib.address_guard import AddressGuard
from sd_model_manager.lib.credentials import CredentialFile
from sd_model_manager.lib.errors import Conflict, NotFound
from sd_model_manager.lib.events import EventHub
from sd_model_manager.library.hasher import Hasher, new_hashing
from sd_model_manager.library.inspector import Inspector
from sd_model_manager.library.places import Places
from sd_model_manager.library.scanner import Scanner, new_scan
from sd_model_manager.library.thumbnails import Thumbnails
from sd_model_manager.library.watcher import Watcher, WatchSettings
from sd_model_manager.registry.catalog import Catalog
from sd_model_manager.registry.folders import FolderRegistry
from sd_model_manager.registry.hashes import HashRegistry
from sd_model_manager.registry.indexing import Indexing
from sd_model_manager.registry.preferences import PreferenceStore
from sd_model_manager.registry.published import PublishedRegistry
from sd_model_manager.registry.user_data import UserData
from sd_model_manager.sidecars.reader import SidecarReader
from sd_model_manager.sources.civitai.kept_answer import parse_version_body
from sd_model_manager.sources.registry import SourceSettings, build_sources
from sd_model_manager.sources.source import Source
from sd_model_manager.tasks.owners import Owner
from sd_model_manager.tasks.queue import TaskQueue
from sd_model_manager.tasks.running import TaskHandler
from sd_model_manager.tasks.store import TaskStore
from sd_model_manager.tasks.worker import TaskWorker
from sd_model_manager.wiring.landing import check_model_file, make_indexer
from sd_model_manager.wiring.live_settings import LiveSettings

log = logging.getLogger(__name__)


class SourceShelf:
    """The sources as the settings have them now. Old ones stay open: a download may be using them."""

    def __init__(self, settings: LiveSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._made: dict[SourceSettings, tuple[Source, ...]] = {}

    def __call__(self) -> tuple[Source, ...]:
        wanted = SourceSettings(
            civitai_base_url=self._settings.get("civitai_base_url"),
            civitai_api_key=self._settings.get("civitai_api_key"),
            huggingface_base_url=self._settings.get("huggingface_base_url"),
            huggingface_token=self._settings.get("huggingface_token"),
        )
        with self._lock:
            if wanted not in self._made:
                self._made[wanted] = build_sources(wanted)
            return self._made[wanted]

    def close(self) -> None:
        for source in (source for sources in self._made.values() for source in sources):
            source.close()


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the web and the command line need. `start` before use by a server; reading works without."""

    settings: LiveSettings
    database: Database
    hub: EventHub[Event]
    queue: TaskQueue
    catalog: Catalog
    folders: FolderRegistry
    published: PublishedRegistry
    user_data: UserData
    places: Places
    inspector: Inspector
    thumbnails: Thumbnails
    sources: SourceShelf
    downloads: DownloadService
    worker: TaskWorker
    watcher: Watcher
    relay: EventRelay
    owner: Owner

    def start(self) -> None:
        self.sync_folders()
        self.relay.start()
        self.worker.start()
        self.request_scan(None, full=False)
        self.watcher.start()

    def stop(self) -> None:
        self.watcher.stop()
        self.worker.stop()
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

    def add_folder(self, path: Path) -> FolderId:
        """Raises Conflict where it overlaps a library folder."""
        folder = self.folders.add(path, now=datetime.now(UTC))
        self.hub.publish(FoldersChanged())
        self.request_scan(folder.folder_id, full=False)
        return folder.folder_id


def build_services(settings: Settings) -> Services:
    """Opens the database (and brings it up to date), starts nothing. Raises DatabaseUnusable."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.effective_database_url)
    hub: EventHub[Event] = EventHub()
    live = LiveSettings(settings, PreferenceStore(database), CredentialFile(settings.data_dir / "credentials.json"))
    owner = Owner(settings.data_dir / "locks")
    queue = TaskQueue(TaskStore(database), hub)

    catalog, folders = Catalog(database), FolderRegistry(database)
    published, hashes = PublishedRegistry(database), HashRegistry(database)
    indexing = Indexing(database, rules_version=RULES_VERSION)
    places = Places(folders.list_all, settings.archive_dir)
    inspector = Inspector(SidecarReader(parse_version_body), read_header, identify_header)

    def hash_what_is_new() -> None:
        count, size = hashes.count_unhashed()
        if count and live.get("hash_in_background"):
            queue.add(new_hashing(size))

    scanner = Scanner(folders, indexing, inspector, places, hub.publish, hash_what_is_new)
    sources = SourceShelf(live)
    guard = AddressGuard(settings.private_hosts, (settings.civitai_base_url, settings.huggingface_base_url))

    def transfer_settings() -> TransferSettings:
        return TransferSettings(connections=live.get("connections_per_download"))

    def watch_settings() -> WatchSettings:
        return WatchSettings(live.get("watch"), live.get("watch_by_polling"), live.get("poll_seconds"))

    def root_of(folder_id: FolderId, category: Category) -> Path:
        root = places.snapshot().get((folder_id, category))
        if root is None:
            raise NotFound("The library folder this goes to was removed. Paste the link again.")
        return root

    download_handler = DownloadHandler(
        published,
        sources,
        root_of,
        guard,
        transfer_settings,
        check_model_file,
        make_indexer(scanner, published, hashes, hash_what_is_new),
        PreviewKeeper(guard, transfer_settings, lambda: bool(live.get("save_previews"))),
    )
    handlers: dict[TaskKind, TaskHandler] = {
        TaskKind.SCAN: scanner,
        TaskKind.HASH: Hasher(hashes, places, hub.publish),
        TaskKind.DOWNLOAD: download_handler,
    }

    def limits() -> Mapping[TaskKind, int]:
        return {TaskKind.SCAN: 1, TaskKind.HASH: 1, TaskKind.DOWNLOAD: live.get("downloads_at_once")}

    return Services(
        settings=live,
        database=database,
        hub=hub,
        queue=queue,
        catalog=catalog,
        folders=folders,
        published=published,
        user_data=UserData(database),
        places=places,
        inspector=inspector,
        thumbnails=Thumbnails(settings.data_dir / "thumbnails"),
        sources=sources,
        downloads=DownloadService(queue, catalog, published, places, sources),
        worker=TaskWorker(queue.store, hub, owner, handlers, limits),
        watcher=Watcher(scanner, places.snapshot, watch_settings, settings.data_dir / "locks" / "watcher.lock"),
        relay=EventRelay(database, hub, owner.name),
        owner=owner,
    )
