"""How the real API writes a model, a version and a file on each of its endpoints."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from tests.support.fake_world.library import MAIN_KINDS, FakeFile, FakeModel, FakeVersion

_SELECTORS = (("format", "format"), ("size", "size"), ("fp", "fp"), ("quantType", "quantType"))
_PREFERENCE = {
    "format": ("SafeTensor", 100.0),
    "size": ("pruned", 10.0),
    "fp": ("fp16", 1.0),
    "quantType": ("Q4_K_M", 0.5),
}
_AIR_TYPES = {
    "Checkpoint": "checkpoint", "LORA": "lora", "LoCon": "lycoris", "DoRA": "dora", "TextualInversion": "embedding",
    "Hypernetwork": "hypernet", "MotionModule": "motion", "Upscaler": "upscaler", "VAE": "vae",
    "Controlnet": "controlnet",
}  # fmt: skip


def score_file(file: FakeFile, wanted: dict[str, str] | None = None) -> float:
    """The site's own choice of the primary: main weights, then metadata near the preference."""
    metadata = file.facts.get("metadata") or {}
    score = 1000.0 if file.kind in MAIN_KINDS else 0.0
    for key, (preferred, weight) in _PREFERENCE.items():
        if metadata.get(key):
            score += weight if metadata[key] == (wanted or {}).get(key, preferred) else -weight
    return score


def primary_of(version: FakeVersion) -> FakeFile | None:
    """Computed over all files, the hidden ones as well, so that no listed file may be the primary."""
    own = [file for file in version.files if file.linked_from is None]
    return max(own, key=score_file, default=None)


def download_url(host: str, version: FakeVersion, file: FakeFile) -> str:
    url = f"https://{host}/api/download/models/{version.version_id}"
    if file.linked_from is None:
        return f"{url}?fileId={file.file_id}"
    metadata = file.facts.get("metadata") or {}
    chosen = {"type": file.kind} | {key: metadata[key] for key, _ in _SELECTORS if metadata.get(key)}
    return f"{url}?{urlencode(chosen)}"


def file_shape(host: str, version: FakeVersion, file: FakeFile, *, in_version: bool) -> dict[str, Any]:
    shape = dict(file.facts)
    shape.setdefault("hashes", file.payload.hashes)
    shape.setdefault("sizeKB", file.payload.size_bytes / 1024)
    shape.setdefault("downloadUrl", download_url(host, version, file))
    is_primary = primary_of(version) is file
    if in_version:
        metadata = shape.get("metadata") or {}
        shape["metadata"] = {key: metadata.get(key) for key in ("format", "size", "fp")}
        shape["scannedAt"] = str(shape.get("scannedAt") or "").rstrip("Z") or None
        shape["primary"] = is_primary
    elif is_primary:
        shape["primary"] = True
    return shape


def public_files(version: FakeVersion) -> list[FakeFile]:
    return [file for file in version.files if file.is_public]


def detail_shape(host: str, model: FakeModel) -> dict[str, Any]:
    """`GET /models/{id}`: nulls and empty lists of versions are left out."""
    versions = [_listed_version(host, model, version) for version in model.versions if version.is_published]
    return {**model.facts, "modelVersions": [_without_empty(version) for version in versions]}


def list_shape(host: str, model: FakeModel, versions: list[FakeVersion], *, nsfw: bool) -> dict[str, Any]:
    """An item of `GET /models`."""
    shaped = []
    for version in versions:
        shape = _listed_version(host, model, version)
        for key in ("status", "createdAt", "covered"):
            shape.pop(key, None)
        shape |= {"supportsGeneration": True, "description": shape.get("description")}
        shape["images"] = [
            {"id": 90_000_000 + index, **image}
            for index, image in enumerate(shape.get("images") or [])
            if nsfw or image["nsfwLevel"] & 1
        ]
        shaped.append(shape)
    return {**model.facts, "modelVersions": shaped}


def _listed_version(host: str, model: FakeModel, version: FakeVersion) -> dict[str, Any]:
    shape = dict(version.facts)
    shape["files"] = [file_shape(host, version, file, in_version=False) for file in public_files(version)]
    shape["downloadUrl"] = f"https://{host}/api/download/models/{version.version_id}"
    if model.mode == "Archived":
        shape.pop("files")
        shape.pop("downloadUrl")
    if model.mode == "TakenDown":
        shape.pop("images", None)
    return shape


def _without_empty(shape: dict[str, Any]) -> dict[str, Any]:
    return {key: fact for key, fact in shape.items() if fact is not None and fact != []}


def version_shape(host: str, model: FakeModel, version: FakeVersion) -> dict[str, Any]:
    """`GET /model-versions/{id}` and the by-hash endpoints."""
    facts = version.facts
    air_type = _AIR_TYPES.get(model.facts["type"], "unknown")
    of_model = {key: model.facts[key] for key in ("name", "type", "nsfw", "poi")}
    shape = {
        "id": version.version_id,
        "modelId": model.model_id,
        "name": facts["name"],
        "nsfwLevel": facts["nsfwLevel"],
        "createdAt": facts.get("createdAt"),
        "updatedAt": facts.get("createdAt"),
        "status": "Published",
        "publishedAt": facts.get("publishedAt"),
        "trainedWords": facts.get("trainedWords", []),
        "trainingStatus": None,
        "trainingDetails": None,
        "baseModel": facts["baseModel"],
        "baseModelType": facts.get("baseModelType"),
        "description": facts.get("description"),
        "uploadType": "Created",
        "usageControl": version.usage_control,
        "licensingFee": None,
        "paidAccess": version.paid_access,
        "air": f"urn:air:sdxl:{air_type}:civitai:{model.model_id}@{version.version_id}",
        "stats": {"downloadCount": 12, "thumbsUpCount": 3},
        "model": {**of_model, **({"mode": model.mode} if model.mode else {})},
        "files": [file_shape(host, version, file, in_version=True) for file in public_files(version)],
        "images": [_version_image(image) for image in (facts.get("images") or [])[:10]],
        "downloadUrl": f"https://{host}/api/download/models/{version.version_id}",
    }
    legacy = ("availability", "earlyAccessEndsAt", "earlyAccessConfig", "earlyAccessTimeFrame")
    shape |= {key: facts[key] for key in legacy if key in facts and facts[key] != "Public"}
    if model.mode == "Archived":
        shape["files"] = []
        shape.pop("downloadUrl")
    if model.mode == "TakenDown":
        shape["images"] = []
    return shape


def _version_image(image: dict[str, Any]) -> dict[str, Any]:
    meta = {"seed": 630071407, "steps": 28, "sampler": "Euler a", "prompt": "a quiet canal, soft rim light"}
    return {"metadata": {"width": image["width"], "height": image["height"]}, "meta": meta, "availability": "Public",
            **image}  # fmt: skip
