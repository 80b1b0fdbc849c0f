"""Builds every service from the settings, in flow order, and starts and stops what runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sd_model_manager.config import Settings
from sd_model_manager.db.engine import Database, open_database
from sd_model_manager.db.event_relay import EventRelay
from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.events import Event, FoldersChanged, ModelsChanged
from sd_model_manager.domain.ids import FolderId, ModelId
from sd_model_manager.domain.tasks import Task, TaskKind
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.download.handler import DownloadHandler
from sd_model_manager.download.limits import BandwidthPlan, SpeedLimits
from sd_model_manager.download.peek import HeaderPeek
from sd_model_manager.download.previews import PreviewKeeper
from sd_model_manager.download.service import DownloadService
from sd_model_manager.download.space import SpaceLedger
from sd_model_manager.download.transfer import Bandwidth, TransferSettings
from sd_model_manager.identify.identity import RULES_VERSION, identify_header
from sd_model_manager.identify.reading import read_header
from sd_model_manager.lib.address_guard import AddressGuard
from sd_model_manager.lib.credentials import CredentialFile, Credentials
from sd_model_manager.lib.errors import BadInput, Conflict, NotFound
from sd_model_manager.lib.events import EventHub
from sd_model_manager.library.exporter import Exporter
from sd_model_manager.library.hash_caches.reader import adopt_cached_hashes
from sd_model_manager.library.hasher import Hasher, new_hashing
from sd_model_manager.library.inspector import Inspector
from sd_model_manager.library.own_previews import OwnPreviews
from sd_model_manager.library.places import Places
from sd_model_manager.library.scanner import Scanner, new_scan
from sd_model_manager.library.sidecar_files import SidecarBackups
from sd_model_manager.library.thumbnails import Thumbnails
from sd_model_manager.library.verify import Verifier
from sd_model_manager.library.watcher import Watcher, WatchSettings
from sd_model_manager.registry.bulk_user_data import BulkUserData
from sd_model_manager.registry.catalog import Catalog
from sd_model_manager.registry.claims import ClaimRegistry
from sd_model_manager.registry.collections import CollectionRegistry
from sd_model_manager.registry.folders import FolderRegistry
from sd_model_manager.registry.hashes import HashRegistry
from sd_model_manager.registry.indexing import Indexing
from sd_model_manager.registry.own_previews import OwnPreviewChoices
from sd_model_manager.registry.preferences import PreferenceStore
from sd_model_manager.registry.published import PublishedRegistry
from sd_model_manager.registry.saved_searches import SavedSearches
from sd_model_manager.registry.user_data import UserData
from sd_model_manager.sidecars.reader import SidecarReader
from sd_model_manager.sources.civitai.kept_answer import find_version_body, parse_version_body
from sd_model_manager.sources.registry import SourceSettings, build_sources
from sd_model_manager.sources.source import AccountSource, Source
from sd_model_manager.tasks.owners import Owner
from sd_model_manager.tasks.queue import TaskQueue
from sd_model_manager.tasks.running import TaskHandler
from sd_model_manager.tasks.store import TaskStore
from sd_model_manager.tasks.worker import TaskWorker
from sd_model_manager.wiring.exporting import make_auto_export
from sd_model_manager.wiring.landing import check_model_file, identify_start, make_indexer
from sd_model_manager.wiring.live_settings import LiveSettings
from sd_model_manager.wiring.word_index import WordIndexer

log = logging.getLogger(__name__)


KEY_OF_SOURCE = {"civitai": "civitai_api_key", "huggingface": "huggingface_token"}
"""The setting that holds the key of each source that has accounts."""


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
    bulk_user_data: BulkUserData
    collections: CollectionRegistry
    searches: SavedSearches
    exporter: Exporter
    places: Places
    inspector: Inspector
    thumbnails: Thumbnails
    own_previews: OwnPreviews
    verifier: Verifier
    sources: SourceShelf
    downloads: DownloadService
    bandwidth: BandwidthPlan
    space: SpaceLedger
    worker: TaskWorker
    watcher: Watcher
    relay: EventRelay
    words: WordIndexer
    owner: Owner

    def start(self) -> None:
        self.sync_folders()
        self.relay.start()
        self.worker.start()
        self.words.start()
        self.request_scan(None, full=False)
        self.watcher.start()

    def stop(self) -> None:
        self.watcher.stop()
        self.worker.stop()
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
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.effective_database_url)
    hub: EventHub[Event] = EventHub()
    credentials = Credentials(
        CredentialFile(settings.data_dir / "credentials.json"), f"sd-model-manager:{settings.data_dir}"
    )
    live = LiveSettings(settings, PreferenceStore(database), credentials)
    owner = Owner(settings.data_dir / "locks")
    queue = TaskQueue(TaskStore(database), hub)

    catalog, folders = Catalog(database), FolderRegistry(database)
    published, hashes = PublishedRegistry(database), HashRegistry(database)
    indexing = Indexing(database, rules_version=RULES_VERSION)
    places = Places(folders.list_all, settings.archive_dir)
    thumbnails = Thumbnails(settings.data_dir / "thumbnails")
    inspector = Inspector(SidecarReader(parse_version_body), read_header, identify_header)

    def hash_what_is_new() -> None:
        roots = [Path(folder.path) for folder in folders.list_all()]
        if changed := adopt_cached_hashes(ClaimRegistry(database), roots, now=datetime.now(UTC)):
            hub.publish(ModelsChanged(tuple(changed) if len(changed) <= 100 else ()))
        count, size = hashes.count_unhashed()
        if count and live.get("hash_in_background"):
            queue.add(new_hashing(size))

    scanner = Scanner(folders, indexing, inspector, places, hub.publish, hash_what_is_new)
    exporter = Exporter(
        catalog, places, SidecarBackups(settings.data_dir / "sidecar-backups"), find_version_body, scanner.index_files
    )
    export_after_change = make_auto_export(queue, live)

    def follow_landing(model_ids: Sequence[ModelId]) -> None:
        hash_what_is_new()
        export_after_change(model_ids)

    sources = SourceShelf(live)
    guard = AddressGuard(settings.private_hosts, (settings.civitai_base_url, settings.huggingface_base_url))

    def speed_limits() -> SpeedLimits:
        live.reload()  # another process may have been told
        return SpeedLimits(live.get("bandwidth_limit"), live.get("bandwidth_schedule"))

    bandwidth_plan = BandwidthPlan(speed_limits, lambda: queue.store.count_workers(TaskKind.DOWNLOAD))
    bandwidth = Bandwidth(find_rate=bandwidth_plan.find_share)

    def transfer_settings() -> TransferSettings:
        return TransferSettings(connections=live.get("connections_per_download"), bandwidth=bandwidth)

    def preview_settings() -> TransferSettings:
        return TransferSettings(connections=1)

    def watch_settings() -> WatchSettings:
        return WatchSettings(live.get("watch"), live.get("watch_by_polling"), live.get("poll_seconds"))

    def root_of(folder_id: FolderId, category: Category) -> Path:
        root = places.snapshot().get((folder_id, category))
        if root is None:
            raise NotFound("The library folder this goes to was removed. Paste the link again.")
        return root

    ledger = SpaceLedger(queue.store, root_of, settings.data_dir / "locks" / "space")
    download_handler = DownloadHandler(
        published,
        sources,
        root_of,
        ledger,
        guard,
        transfer_settings,
        check_model_file,
        make_indexer(scanner, published, hashes, follow_landing),
        PreviewKeeper(guard, preview_settings, lambda: bool(live.get("save_previews"))),
    )
    handlers: dict[TaskKind, TaskHandler] = {
        TaskKind.SCAN: scanner,
        TaskKind.HASH: Hasher(hashes, places, hub.publish, lambda: int(live.get("hash_files_at_once"))),
        TaskKind.DOWNLOAD: download_handler,
        TaskKind.EXPORT: exporter,
    }

    def limits() -> Mapping[TaskKind, int]:
        at_once = {TaskKind.SCAN: 1, TaskKind.HASH: 1, TaskKind.EXPORT: 1}
        return {**at_once, TaskKind.DOWNLOAD: live.get("downloads_at_once")}

    return Services(
        settings=live,
        database=database,
        hub=hub,
        queue=queue,
        catalog=catalog,
        folders=folders,
        published=published,
        bulk_user_data=BulkUserData(database, export_after_change),
        collections=CollectionRegistry(database),
        searches=SavedSearches(database),
        user_data=UserData(database, export_after_change),
        exporter=exporter,
        places=places,
        inspector=inspector,
        thumbnails=thumbnails,
        own_previews=OwnPreviews(settings.data_dir / "own-previews", OwnPreviewChoices(database), thumbnails),
        verifier=Verifier(hashes, places),
        sources=sources,
        downloads=DownloadService(
            queue,
            catalog,
            published,
            places,
            sources,
            ledger,
            lambda: str(live.get("path_template")),
            HeaderPeek(guard, preview_settings, identify_start),
        ),
        bandwidth=bandwidth_plan,
        space=ledger,
        worker=TaskWorker(
            queue.store, hub, owner, handlers, limits, per_host=lambda: int(live.get("downloads_per_host"))
        ),
        watcher=Watcher(scanner, places.snapshot, watch_settings, settings.data_dir / "locks" / "watcher.lock"),
        relay=EventRelay(database, hub, owner.name),
        words=WordIndexer(database, hub, lambda: catalog.count_facets(ModelFilter())),
        owner=owner,
    )
