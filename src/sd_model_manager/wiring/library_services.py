"""What looks into library folders and keeps what is known of their models up to date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from sd_model_manager.domain.events import ModelsChanged
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.identify.identity import RULES_VERSION, identify_header
from sd_model_manager.identify.reading import read_header
from sd_model_manager.integrations.comfy_paths import ComfyPaths
from sd_model_manager.integrations.finder import InstallFinder
from sd_model_manager.lib.file_changes import FileBackups
from sd_model_manager.library.discovery import Discovery
from sd_model_manager.library.enricher import Enricher, HashArchive
from sd_model_manager.library.enrichment_wish import EnrichmentWish, new_enrichment
from sd_model_manager.library.export_wish import ExportWish, new_export
from sd_model_manager.library.exporter import Exporter
from sd_model_manager.library.hash_caches.reader import adopt_cached_hashes
from sd_model_manager.library.hasher import Hasher, new_hashing
from sd_model_manager.library.inspector import Inspector
from sd_model_manager.library.matching import OwnMatching
from sd_model_manager.library.own_previews import OwnPreviews
from sd_model_manager.library.scanner import Scanner
from sd_model_manager.library.thumbnails import Thumbnails
from sd_model_manager.library.update_checker import UpdateChecker
from sd_model_manager.library.verify import Verifier
from sd_model_manager.library.watcher import Watcher, WatchSettings
from sd_model_manager.registry.bulk_user_data import BulkUserData
from sd_model_manager.registry.claims import ClaimRegistry
from sd_model_manager.registry.indexing import Indexing
from sd_model_manager.registry.lookups import LookupRegistry
from sd_model_manager.registry.own_previews import OwnPreviewChoices
from sd_model_manager.registry.user_data import UserData
from sd_model_manager.sidecars.reader import SidecarReader
from sd_model_manager.sources.civitai.kept_answer import find_version_body, parse_version_body
from sd_model_manager.wiring.foundations import Foundations
from sd_model_manager.wiring.schedule import UpdateSchedule


class LibraryServices(Foundations):
    @cached_property
    def inspector(self) -> Inspector:
        return Inspector(SidecarReader(parse_version_body), read_header, identify_header)

    @cached_property
    def scanner(self) -> Scanner:
        indexing = Indexing(self.database, rules_version=RULES_VERSION)
        return Scanner(self.folders, indexing, self.inspector, self.places, self.hub.publish, self._follow_scan)

    @cached_property
    def watcher(self) -> Watcher:
        return Watcher(self.scanner, self.places.snapshot, self._watch_settings, self.locks / "watcher.lock")

    @cached_property
    def hasher(self) -> Hasher:
        return Hasher(
            self.hashes,
            self.places,
            self.hub.publish,
            lambda: int(self.settings.get("hash_files_at_once")),
            self._match_what_is_new,
        )

    @cached_property
    def verifier(self) -> Verifier:
        return Verifier(self.hashes, self.places)

    @cached_property
    def exporter(self) -> Exporter:
        backups = FileBackups(self._fixed.data_dir / "sidecar-backups")
        return Exporter(self.catalog, self.places, backups, find_version_body, self.scanner.index_files)

    @cached_property
    def installs(self) -> InstallFinder:
        return InstallFinder()

    @cached_property
    def comfy_paths(self) -> ComfyPaths:
        backups = FileBackups(self._fixed.data_dir / "comfyui-backups")
        return ComfyPaths(lambda: [Path(folder.path) for folder in self.folders.list_all()], backups)

    @cached_property
    def thumbnails(self) -> Thumbnails:
        return Thumbnails(self._fixed.data_dir / "thumbnails")

    @cached_property
    def own_previews(self) -> OwnPreviews:
        choices = OwnPreviewChoices(self.database)
        return OwnPreviews(self._fixed.data_dir / "own-previews", choices, self.thumbnails)

    @cached_property
    def user_data(self) -> UserData:
        return UserData(self.database, self._export_after_change)

    @cached_property
    def bulk_user_data(self) -> BulkUserData:
        return BulkUserData(self.database, self._export_after_change)

    @cached_property
    def matching(self) -> OwnMatching:
        return OwnMatching(self.catalog, self.published, self.sources, self.hub.publish)

    @cached_property
    def discovery(self) -> Discovery:
        return Discovery(self.sources, self.holdings)

    @cached_property
    def enricher(self) -> Enricher:
        archive = HashArchive(LookupRegistry(self.database, "civarchive"), self.sources.civarchive)
        find_models = self.catalog.list_ids
        return Enricher(self.lookups, self.published, self.sources.civitai, archive, find_models, self.hub.publish)

    @cached_property
    def update_checker(self) -> UpdateChecker:
        return UpdateChecker(self.updates, self.published, self.sources.civitai, self.hub.publish)

    @cached_property
    def schedule(self) -> UpdateSchedule:
        return UpdateSchedule(self.queue, lambda: int(self.settings.get("check_updates_every_hours")))

    def _follow_scan(self) -> None:
        """Adopt what other tools have hashed, and queue the rest."""
        roots = [Path(folder.path) for folder in self.folders.list_all()]
        if changed := adopt_cached_hashes(ClaimRegistry(self.database), roots, now=datetime.now(UTC)):
            self.hub.publish(ModelsChanged.naming(changed))
        self._hash_what_is_new()

    def _hash_what_is_new(self) -> None:
        count, size = self.hashes.count_unhashed()
        if count and self.settings.get("hash_in_background"):
            self.queue.add(new_hashing(size))

    def follow_landing(self, model_ids: Sequence[ModelId]) -> None:
        """What comes after a download has been indexed."""
        self._hash_what_is_new()
        self._export_after_change(model_ids)

    def _match_what_is_new(self) -> None:
        if self.settings.get("match_in_background") and self.lookups.has_due(now=datetime.now(UTC)):
            self.queue.add(new_enrichment(EnrichmentWish()))

    def _export_after_change(self, model_ids: Sequence[ModelId]) -> None:
        """Every change has a task of its own, for one that runs already may have read what was there before."""
        if formats := self.settings.get("sidecar_export"):
            self.queue.add(new_export(ExportWish(tuple(formats), model_ids=tuple(model_ids))))

    def _watch_settings(self) -> WatchSettings:
        get = self.settings.get
        return WatchSettings(get("watch"), get("watch_by_polling"), get("poll_seconds"))
