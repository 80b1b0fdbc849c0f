"""The models the fake site has: the fixtures', and those a test or a trial adds."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.fake_world.payloads import Payload, from_recipe, make_raw, make_safetensors

FIXTURES = Path(__file__).parent / "fixtures"

MAIN_KINDS = ("Model", "Pruned Model", "Diffusion Model", "UNet")
LANTERN, HARBOR, BRUSH, TIDEWATER = 9000301, 9000401, 9000501, 9009901
"""Ids of the models that come with the fixtures: a LoRA, a checkpoint with many files, an embedding, a VAE."""


@dataclass
class FakeFile:
    """`facts` is the file as in a model's answer. `linked_from` is set where another version merely links it."""

    file_id: int
    facts: dict[str, Any]
    payload: Payload
    is_public: bool = True
    linked_from: int | None = None

    @property
    def kind(self) -> str:
        return str(self.facts.get("type", "Model"))


@dataclass
class FakeVersion:
    """`facts` is the version as in a model's answer, and below it what only the site itself knows."""

    version_id: int
    model_id: int
    facts: dict[str, Any]
    files: list[FakeFile]
    usage_control: str = "Download"
    needs_login: bool = False
    is_private: bool = False
    is_published: bool = True
    is_indexed: bool = True
    """Whether its own endpoint knows it already."""

    @property
    def paid_access(self) -> dict[str, Any] | None:
        return self.facts.get("paidAccess")


@dataclass
class FakeModel:
    model_id: int
    facts: dict[str, Any]
    versions: list[FakeVersion]
    is_published: bool = True

    @property
    def mode(self) -> str | None:
        return self.facts.get("mode")


@dataclass
class Library:
    models: dict[int, FakeModel] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(5_000_001))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def versions(self) -> Iterator[FakeVersion]:
        for model in list(self.models.values()):
            yield from model.versions

    def find_version(self, version_id: int) -> FakeVersion | None:
        return next((version for version in self.versions() if version.version_id == version_id), None)

    def find_file(self, file_id: int) -> FakeFile | None:
        files = (file for version in self.versions() for file in version.files)
        return next((file for file in files if file.file_id == file_id and file.linked_from is None), None)

    def add_model(
        self,
        name: str = "Quiet Harbour",
        *,
        type: str = "LORA",
        base_model: str = "SDXL 1.0",
        payload: Payload | None = None,
        size_bytes: int = 200_000,
        file_name: str | None = None,
        versions: int = 1,
        trained_words: Sequence[str] = (),
        tags: Sequence[str] = (),
        description: str | None = None,
        creator: str = "harbour_master",
        nsfw_level: int = 1,
        file_format: str = "SafeTensor",
    ) -> FakeModel:
        """Add a model with one file per version, newest first, and return it for further changes."""
        with self._lock:
            model_id = next(self._ids)
            model = FakeModel(model_id, _model_facts(model_id, name, type, creator, nsfw_level, tags, description), [])
            for index in range(versions):
                version_id, file_id = next(self._ids), next(self._ids)
                label = f"v{versions - index}.0"
                stem = "_".join(name.lower().split())
                full_name = file_name or f"{stem}_{label}.{'safetensors' if file_format == 'SafeTensor' else 'pt'}"
                content = payload or (
                    make_safetensors(size_bytes=size_bytes, seed=file_id)
                    if file_format == "SafeTensor"
                    else make_raw(size_bytes, seed=file_id)
                )
                facts = _version_facts(version_id, index, label, base_model, nsfw_level, trained_words)
                version = FakeVersion(version_id, model_id, facts, [])
                version.files.append(make_file(file_id, full_name, content, file_format=file_format))
                model.versions.append(version)
            self.models[model_id] = model
            return model

    def add_file(self, version: FakeVersion, name: str, payload: Payload, **facts: Any) -> FakeFile:
        """Add a further file to a version. `facts` overrides keys of the file's answer, such as `type`."""
        with self._lock:
            file = make_file(next(self._ids), name, payload)
        file.facts.update(facts)
        version.files.append(file)
        return file


def make_file(file_id: int, name: str, payload: Payload, *, file_format: str = "SafeTensor") -> FakeFile:
    return FakeFile(
        file_id,
        {
            "id": file_id,
            "name": name,
            "overrideName": None,
            "type": "Model",
            "pickleScanResult": "Success",
            "pickleScanMessage": "No Pickle imports",
            "virusScanResult": "Success",
            "virusScanMessage": None,
            "scannedAt": "2026-03-02T09:15:27.411Z",
            "metadata": {"format": file_format, "size": None, "fp": "fp16"},
        },
        payload,
    )


def load_library() -> Library:
    """The fixtures' models with their true bytes."""
    payloads = _load_payloads()
    library = Library()
    details = [_read("model_detail_lora_3_versions.json"), _read("model_detail_checkpoint_multifile.json")]
    details += _read("models_list_page2_last.json")["items"]
    for detail in details:
        model = _load_model(detail, payloads)
        library.models[model.model_id] = model
    library.models[TIDEWATER] = _make_tidewater(library)
    return library


@cache
def _load_payloads() -> dict[str, Payload]:
    """Shared by all worlds of a process, since hashing them takes longer than most tests."""
    recipes = _read("payloads.json")["payloads"].values()
    return {entry["hashes"]["SHA256"]: from_recipe(entry["recipe"]) for entry in recipes}


def _read(name: str) -> Any:
    return json.loads(_read_text(name))


@cache
def _read_text(name: str) -> str:
    return (FIXTURES / name).read_text(encoding="utf-8")


def _load_model(detail: dict[str, Any], payloads: dict[str, Payload]) -> FakeModel:
    facts = {key: fact for key, fact in detail.items() if key != "modelVersions"}
    model = FakeModel(detail["id"], facts, [])
    for listed in detail["modelVersions"]:
        files = [_load_file(file, payloads) for file in listed.get("files", [])]
        version_facts = {key: fact for key, fact in listed.items() if key not in {"files", "downloadUrl"}}
        model.versions.append(FakeVersion(listed["id"], detail["id"], version_facts, files))
    return model


def _load_file(listed: dict[str, Any], payloads: dict[str, Payload]) -> FakeFile:
    is_linked = "fileId=" not in listed["downloadUrl"]
    facts = {key: fact for key, fact in listed.items() if key not in {"hashes", "sizeKB", "downloadUrl", "primary"}}
    payload = payloads[listed["hashes"]["SHA256"]]
    return FakeFile(listed["id"], facts, payload, linked_from=9109901 if is_linked else None)


def _make_tidewater(library: Library) -> FakeModel:
    """The VAE that the checkpoint links: a model of its own."""
    linked = next(file for file in library.models[HARBOR].versions[0].files if file.linked_from)
    facts = _model_facts(TIDEWATER, "Tidewater VAE", "VAE", "harbor_fog", 1, (), None)
    version = FakeVersion(9109901, TIDEWATER, _version_facts(9109901, 0, "v1.0", "SDXL 1.0", 1, ()), [])
    version.files.append(FakeFile(linked.file_id, dict(linked.facts), linked.payload))
    return FakeModel(TIDEWATER, facts, [version])


def _model_facts(
    model_id: int, name: str, type: str, creator: str, nsfw_level: int, tags: Sequence[str], description: str | None
) -> dict[str, Any]:
    return {
        "id": model_id,
        "name": name,
        "description": description,
        "allowNoCredit": True,
        "allowCommercialUse": ["Image", "RentCivit"],
        "allowDerivatives": True,
        "allowDifferentLicense": False,
        "type": type,
        "minor": False,
        "sfwOnly": False,
        "poi": False,
        "nsfw": bool(nsfw_level & ~3),
        "nsfwLevel": nsfw_level,
        "availability": "Public",
        "userId": 8800999,
        "cosmetic": None,
        "supportsGeneration": True,
        "stats": {"downloadCount": 12, "thumbsUpCount": 3, "thumbsDownCount": 0, "commentCount": 0,
                  "tippedAmountCount": 0},
        "creator": {"username": creator, "image": None},
        "tags": list(tags),
    }  # fmt: skip


def _version_facts(
    version_id: int, index: int, name: str, base_model: str, nsfw_level: int, trained_words: Sequence[str]
) -> dict[str, Any]:
    image = f"https://image.civitai.com/xG1nkqKTMzGDvpLrqFT7WA/{version_id:08x}-0000-4000-8000-000000000000"
    return {
        "id": version_id,
        "index": index,
        "name": name,
        "baseModel": base_model,
        "baseModelType": "Standard",
        "createdAt": "2026-03-01T10:00:00.000Z",
        "status": "Published",
        "publishedAt": f"2026-03-{20 - min(index, 18):02d}T10:00:00.000Z",
        "flags": 0,
        "availability": "Public",
        "nsfwLevel": nsfw_level,
        "description": None,
        "trainedWords": list(trained_words),
        "vaeId": None,
        "covered": True,
        "paidAccess": None,
        "stats": {"downloadCount": 12, "thumbsUpCount": 3, "thumbsDownCount": 0},
        "images": [
            {
                "url": f"{image}/original=true/{version_id}1.jpeg",
                "nsfwLevel": 1,
                "width": 832,
                "height": 1216,
                "hash": "LJJ#q22*N-$-4WR$w+R%OgoRa]j;",
                "type": "image",
                "minor": False,
                "poi": False,
                "hasMeta": True,
                "hasPositivePrompt": True,
                "onSite": False,
                "remixOfId": None,
            }
        ],
    }
