"""What fetches files, within the limits that hold."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.tasks import TaskKind
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.download.handler import DownloadHandler
from sd_model_manager.download.limits import BandwidthPlan, SpeedLimits
from sd_model_manager.download.peek import HeaderPeek
from sd_model_manager.download.previews import PreviewKeeper
from sd_model_manager.download.service import DownloadService
from sd_model_manager.download.space import SpaceLedger
from sd_model_manager.download.transfer import Bandwidth, TransferSettings
from sd_model_manager.lib.address_guard import AddressGuard
from sd_model_manager.lib.errors import NotFound
from sd_model_manager.wiring.landing import check_model_file, identify_start, make_indexer
from sd_model_manager.wiring.library_services import LibraryServices


class DownloadServices(LibraryServices):
    @cached_property
    def downloads(self) -> DownloadService:
        return DownloadService(
            self.queue,
            self.catalog,
            self.published,
            self.places,
            self.sources,
            self.space,
            lambda: str(self.settings.get("path_template")),
            HeaderPeek(self._guard, _one_connection, identify_start),
        )

    @cached_property
    def download_handler(self) -> DownloadHandler:
        return DownloadHandler(
            self.published,
            self.sources,
            self._root_of,
            self.space,
            self._guard,
            self._transfer_settings,
            check_model_file,
            make_indexer(self.scanner, self.published, self.hashes, self.follow_landing),
            PreviewKeeper(self._guard, _one_connection, lambda: bool(self.settings.get("save_previews"))),
        )

    @cached_property
    def space(self) -> SpaceLedger:
        return SpaceLedger(self.queue.store, self._root_of, self.locks / "space")

    @cached_property
    def bandwidth(self) -> BandwidthPlan:
        return BandwidthPlan(self._speed_limits, lambda: self.queue.store.count_workers(TaskKind.DOWNLOAD))

    @cached_property
    def _shared_bandwidth(self) -> Bandwidth:
        return Bandwidth(find_rate=self.bandwidth.find_share)

    @cached_property
    def _guard(self) -> AddressGuard:
        origins = (
            self._fixed.civitai_base_url,
            self._fixed.huggingface_base_url,
            self._fixed.civarchive_base_url,
        )
        return AddressGuard(self._fixed.private_hosts, origins)

    def _transfer_settings(self) -> TransferSettings:
        connections = self.settings.get("connections_per_download")
        return TransferSettings(connections=connections, bandwidth=self._shared_bandwidth)

    def _speed_limits(self) -> SpeedLimits:
        self.settings.reload()  # another process may have been told
        return SpeedLimits(self.settings.get("bandwidth_limit"), self.settings.get("bandwidth_schedule"))

    def _root_of(self, folder_id: FolderId, category: Category) -> Path:
        root = self.places.snapshot().get((folder_id, category))
        if root is None:
            raise NotFound("The library folder this goes to was removed. Paste the link again.", code="FOLDER_REMOVED")
        return root


def _one_connection() -> TransferSettings:
    return TransferSettings(connections=1)
