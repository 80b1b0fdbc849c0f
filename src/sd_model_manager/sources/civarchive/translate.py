"""From CivArchive's payloads to what we say of a published version. Pure."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import PurePosixPath
from typing import Any

from sd_model_manager.domain.published import (
    PICKLE_EXTENSIONS,
    Caution,
    PublishedFile,
    PublishedImage,
    PublishedVersion,
)
from sd_model_manager.lib.errors import SourceNotFound
from sd_model_manager.lib.html import sanitise
from sd_model_manager.sources.civarchive.payloads import FilePayload, ModelPayload, VersionPayload
from sd_model_manager.sources.civitai.kinds import MAIN_FILE_KINDS, file_type_of

SOURCE_NAME = "civarchive"


def translate(body: dict[str, Any], base_url: str, sha256: str | None) -> PublishedVersion:
    """The version in an answer; with `sha256`, the file of that hash is the primary one.

    Raises:
        SourceNotFound: the answer holds no version.
    """
    model = ModelPayload.model_validate(body)
    version = model.version
    if version is None or version.id is None:
        raise SourceNotFound("CivArchive knows this model by name only, without a version of it.")
    model_id = version.model_id or model.id
    files = _translate_files(version, model.type, sha256)
    description = model.description
    return PublishedVersion(
        source=SOURCE_NAME,
        model_id=str(model_id or ""),
        version_id=str(version.id),
        model_name=model.name or f"Model {model_id}",
        version_name=version.name,
        model_type=next((f.model_type for f in files if f.is_primary), file_type_of(model.type, "Model", None)),
        page_url=f"{base_url}/models/{model_id}?modelVersionId={version.id}",
        base_model=version.base_model,
        creator=model.creator,
        description_html=sanitise(description) if description else None,
        version_description_html=sanitise(version.description) if version.description else None,
        trigger_words=version.trigger,
        tags=model.tags,
        files=files,
        images=tuple(
            PublishedImage(image.url, nsfw_level=image.nsfw_level)
            for image in version.images
            if image.url.startswith("https://")
        ),
        nsfw_level=version.nsfw_level,
        warnings=(Caution("MIRROR", "This is a copy on a third party's server, not the original on Civitai."),),
        raw=zlib.compress(json.dumps(body, separators=(",", ":")).encode()),
    )


def _translate_files(version: VersionPayload, model_type: str | None, sha256: str | None) -> tuple[PublishedFile, ...]:
    files = [file for file in version.files if file.id is not None]
    chosen = min(files, key=lambda file: _preference(file, sha256), default=None)
    return tuple(_translate_file(file, model_type, is_primary=file is chosen) for file in files)


def _preference(file: FilePayload, sha256: str | None) -> tuple[bool, bool, bool, bool]:
    """Its own mark of the primary is not reliable."""
    is_wanted = sha256 is not None and (file.sha256 or "").lower() == sha256
    is_safe = (file.name or "").lower().endswith(".safetensors")
    return not is_wanted, not _find_copy(file), file.type not in MAIN_FILE_KINDS, not is_safe


def _find_copy(file: FilePayload) -> str:
    """The first copy that is still there and free; empty where there is none."""
    for mirror in file.mirrors:
        is_free = not (mirror.deleted_at or mirror.is_gated or mirror.is_paid)
        if is_free and mirror.url.startswith("https://"):
            return mirror.url
    return ""


def _translate_file(file: FilePayload, model_type: str | None, *, is_primary: bool) -> PublishedFile:
    name = file.name or f"file-{file.id}"
    extension = PurePosixPath(name).suffix.lower()
    digits = (file.sha256 or "").lower()
    has_size = file.size_kib is not None and 0 < file.size_kib < 2**43
    file_format = {".safetensors": "SafeTensor", ".gguf": "GGUF"}.get(extension)
    return PublishedFile(
        file_id=str(file.id),
        name=name,
        download_url=_find_copy(file),
        kind=file.type,
        model_type=file_type_of(model_type, file.type, file_format),
        size_bytes=round(file.size_kib * 1024) if file.size_kib is not None and has_size else None,
        sha256=digits if re.fullmatch(r"[0-9a-f]{64}", digits) else None,
        format=file_format,
        is_primary=is_primary,
        is_pickle=extension in PICKLE_EXTENSIONS,
    )
