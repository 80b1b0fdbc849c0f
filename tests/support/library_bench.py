"""A library of real files with its registry, and a scan that runs where the test can watch it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sd_model_manager.db.engine import Database
from sd_model_manager.domain.catalogue import LibraryFolder, ModelDetail, ModelFilter, ModelListing
from sd_model_manager.domain.events import Event
from sd_model_manager.domain.ids import FolderId, ModelId
from sd_model_manager.domain.tasks import NewTask, Task, TaskCommand
from sd_model_manager.identify.identity import RULES_VERSION, identify_header
from sd_model_manager.identify.reading import read_header
from sd_model_manager.lib.events import EventHub
from sd_model_manager.lib.file_changes import FileBackups
from sd_model_manager.library.export_results import ExportResult
from sd_model_manager.library.export_wish import ExportWish, new_export, new_undo
from sd_model_manager.library.exporter import Exporter
from sd_model_manager.library.hasher import Hasher, new_hashing
from sd_model_manager.library.inspector import Inspector
from sd_model_manager.library.places import Places
from sd_model_manager.library.scanner import Scanner, TouchedFolder, new_scan
from sd_model_manager.registry.catalog import Catalog
from sd_model_manager.registry.folders import FolderRegistry
from sd_model_manager.registry.hashes import HashRegistry
from sd_model_manager.registry.indexing import Indexing
from sd_model_manager.registry.user_data import UserData
from sd_model_manager.sidecars.reader import SidecarReader
from sd_model_manager.sources.civitai.kept_answer import find_version_body, parse_version_body
from sd_model_manager.tasks.running import RunningTask, TaskHandler
from sd_model_manager.tasks.store import Claim, TaskStore
from tests.support.model_files import write_safetensors

_NETWORK = {"lora_unet_down_blocks_{}_attentions_0_transformer_blocks_0_attn2_to_k": (768, 320)}


class LibraryBench:
    """One library folder, `root`, that is known already; tests put files into it and scan."""

    def __init__(self, database: Database, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.root = root
        self.hub: EventHub[Event] = EventHub()
        self.events: list[Event] = []
        self.hub.subscribe(self.events.append)
        self.folders = FolderRegistry(database)
        self.catalog = Catalog(database)
        self.hashes = HashRegistry(database)
        self.indexing = Indexing(database, rules_version=RULES_VERSION)
        self.places = Places(self.folders.list_all)
        inspector = Inspector(SidecarReader(parse_version_body), read_header, identify_header)
        self.scanner = Scanner(
            self.folders, self.indexing, inspector, self.places, self.hub.publish, on_finished=lambda: None
        )
        self.hasher = Hasher(self.hashes, self.places, self.hub.publish)
        self.user_data = UserData(database)
        backups = FileBackups(root.parent / "sidecar-backups")
        self.exporter = Exporter(self.catalog, self.places, backups, find_version_body, self.scanner.index_files)
        self.folder: LibraryFolder = self.folders.add(root, now=datetime.now(UTC))
        self._store = TaskStore(database)

    @property
    def folder_id(self) -> FolderId:
        return self.folder.folder_id

    def scan(self, *, full: bool = False) -> Task:
        return self._run(new_scan(None, folder_name="", full=full), self.scanner)

    def look_again(self, *touched: TouchedFolder) -> None:
        """Scan these folders alone, as after a change in them."""
        self.scanner.look_again(touched)

    def hash(self) -> Task:
        return self._run(new_hashing(0), self.hasher)

    def export(self, *formats: str, query: str = "") -> Task:
        return self._run(new_export(ExportWish(formats, ModelFilter(text=query))), self.exporter)

    def undo(self, export: Task) -> Task:
        return self._run(new_undo(export.task_id), self.exporter)

    def plan_export(self, *formats: str, query: str = "") -> list[ExportResult]:
        return list(self.exporter.plan(ExportWish(formats, ModelFilter(text=query))))

    def _run(self, new: NewTask, handler: TaskHandler) -> Task:
        task, _ = self._store.add(new, now=datetime.now(UTC))
        claim = Claim(task, "bench", 0, is_discard=False)
        running = RunningTask(claim, self._store, self.hub.publish)
        handler.run(running)
        self._store.command(task.task_id, TaskCommand.CANCEL, now=datetime.now(UTC))
        return running.task

    def models(self, wanted: ModelFilter | None = None, *, sort: str = "name") -> list[ModelListing]:
        return list(self.catalog.list_models(wanted or ModelFilter(), sort=sort).items)

    def names(self, wanted: ModelFilter | None = None, *, sort: str = "name") -> list[str]:
        return [model.name for model in self.models(wanted, sort=sort)]

    def only(self) -> ModelDetail:
        (model,) = self.models()
        return self.catalog.get(ModelId(model.model_id))

    def states(self) -> dict[str, str]:
        return {model.place.relative_path: model.state.value for model in self.models()}

    def add_lora(self, relative_path: str, *, metadata: dict[str, str] | None = None, rank: int = 4) -> Path:
        """A small SD 1.5 LoRA whose bytes depend on its metadata alone."""
        tensors: dict[str, tuple[str, Sequence[int]]] = {}
        for number in range(3):
            for pattern, (inner, outer) in _NETWORK.items():
                name = pattern.format(number)
                tensors[f"{name}.lora_down.weight"] = ("F16", (rank, inner))
                tensors[f"{name}.lora_up.weight"] = ("F16", (outer, rank))
                tensors[f"{name}.alpha"] = ("F16", ())
        path = self.root / relative_path
        path.parent.mkdir(parents=True, exist_ok=True)
        write_safetensors(path, tensors, metadata if metadata is not None else {"title": relative_path})
        return path
