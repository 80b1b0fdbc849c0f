"""What every service stands on: the settings in force, the database, and all that is read from it and written to it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from sd_model_manager.config import Settings
from sd_model_manager.db.engine import Database, open_database
from sd_model_manager.db.event_relay import EventRelay
from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.events import Event
from sd_model_manager.lib.credentials import CredentialFile, Credentials
from sd_model_manager.lib.events import EventHub
from sd_model_manager.library.places import Places
from sd_model_manager.registry.catalog import Catalog
from sd_model_manager.registry.collections import CollectionRegistry
from sd_model_manager.registry.folders import FolderRegistry
from sd_model_manager.registry.hashes import HashRegistry
from sd_model_manager.registry.hidden_downloads import HiddenDownloads
from sd_model_manager.registry.holdings import Holdings
from sd_model_manager.registry.lookups import LookupRegistry
from sd_model_manager.registry.preferences import PreferenceStore
from sd_model_manager.registry.published import PublishedRegistry
from sd_model_manager.registry.saved_searches import SavedSearches
from sd_model_manager.registry.updates import UpdateRegistry
from sd_model_manager.sources.civitai.references import SOURCE_NAME
from sd_model_manager.tasks.owners import Owner
from sd_model_manager.tasks.queue import TaskQueue
from sd_model_manager.tasks.store import TaskStore
from sd_model_manager.wiring.live_settings import LiveSettings
from sd_model_manager.wiring.mature_lock import MatureLock
from sd_model_manager.wiring.source_shelf import SourceShelf
from sd_model_manager.wiring.word_index import WordIndexer


class Foundations:
    """Each is made when it is first asked for; `build_services` asks for all."""

    def __init__(self, settings: Settings) -> None:
        """Opens the database (and brings it up to date). Raises DatabaseUnusable."""
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self._fixed = settings
        self.database: Database = open_database(settings.effective_database_url)
        self.hub: EventHub[Event] = EventHub()

    @cached_property
    def settings(self) -> LiveSettings:
        file = CredentialFile(self._fixed.data_dir / "credentials.json")
        credentials = Credentials(file, f"sd-model-manager:{self._fixed.data_dir}")
        return LiveSettings(self._fixed, PreferenceStore(self.database), credentials)

    @cached_property
    def mature_lock(self) -> MatureLock:
        return MatureLock(PreferenceStore(self.database))

    @cached_property
    def locks(self) -> Path:
        return self._fixed.data_dir / "locks"

    @cached_property
    def owner(self) -> Owner:
        return Owner(self.locks)

    @cached_property
    def queue(self) -> TaskQueue:
        return TaskQueue(TaskStore(self.database), self.hub)

    @cached_property
    def relay(self) -> EventRelay:
        return EventRelay(self.database, self.hub, self.owner.name)

    @cached_property
    def sources(self) -> SourceShelf:
        return SourceShelf(self.settings)

    @cached_property
    def places(self) -> Places:
        return Places(self.folders.list_all, self._fixed.archive_dir)

    @cached_property
    def catalog(self) -> Catalog:
        return Catalog(self.database)

    @cached_property
    def folders(self) -> FolderRegistry:
        return FolderRegistry(self.database)

    @cached_property
    def published(self) -> PublishedRegistry:
        return PublishedRegistry(self.database)

    @cached_property
    def hashes(self) -> HashRegistry:
        return HashRegistry(self.database)

    @cached_property
    def hidden_downloads(self) -> HiddenDownloads:
        return HiddenDownloads(self.database)

    @cached_property
    def holdings(self) -> Holdings:
        return Holdings(self.database)

    @cached_property
    def collections(self) -> CollectionRegistry:
        return CollectionRegistry(self.database)

    @cached_property
    def searches(self) -> SavedSearches:
        return SavedSearches(self.database)

    @cached_property
    def updates(self) -> UpdateRegistry:
        return UpdateRegistry(self.database)

    @cached_property
    def lookups(self) -> LookupRegistry:
        return LookupRegistry(self.database, SOURCE_NAME)

    @cached_property
    def words(self) -> WordIndexer:
        # What the first key in a search needs, too: any letter does.
        return WordIndexer(self.database, self.hub, lambda: self.catalog.count_facets(ModelFilter(text="e")))
