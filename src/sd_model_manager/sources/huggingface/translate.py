"""From a Hugging Face repository to what we say of a published version. Pure."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from sd_model_manager.domain.published import PICKLE_EXTENSIONS, Caution, PublishedFile, PublishedVersion
from sd_model_manager.domain.taxonomy import MODEL_EXTENSIONS, ModelType, find_type_of_folder
from sd_model_manager.lib.errors import SourceNotFound
from sd_model_manager.sources.huggingface.payloads import RepositoryPayload, SiblingPayload
from sd_model_manager.sources.huggingface.references import SOURCE_NAME

_PRECISIONS = re.compile(
    r"(?i)(?:^|[._-])(fp32|fp16|bf16|fp8(?:_e4m3fn|_e5m2|_scaled)?|nf4|q\d_[k\d](?:_[sml])?)(?=[._-]|$)"
)
_SHARD = re.compile(r"-\d{5}-of-\d{5}\.")
_TYPE_OF_TAG = {
    "lora": ModelType.LORA,
    "controlnet": ModelType.CONTROLNET,
    "ip-adapter": ModelType.IP_ADAPTER,
    "textual_inversion": ModelType.EMBEDDING,
}


def translate_repository(
    repository: RepositoryPayload, *, repo: str, revision: str, path: str | None, base_url: str, raw: Any
) -> PublishedVersion:
    """One version is one commit; its files are the repository's model files, or those below `path`.

    Raises:
        SourceNotFound: there is no model file there.
    """
    commit = repository.sha or revision
    siblings = [sibling for sibling in repository.siblings if is_offered(sibling, path)]
    if not siblings:
        where = f"'{path}' in {repo}" if path else repo
        raise SourceNotFound(f"Hugging Face has no model file at {where}. Open the repository and copy a file's link.")
    chosen = min(siblings, key=lambda sibling: _preference(sibling, path))
    by_tag = find_type_by_tag(repository.tags)
    files = tuple(
        _translate_file(
            sibling, by_tag, f"{base_url}/{repo}/resolve/{quote(commit, safe='')}", is_chosen=sibling is chosen
        )
        for sibling in siblings
    )
    return PublishedVersion(
        source=SOURCE_NAME,
        model_id=repo,
        version_id=f"{repo}@{commit}",
        model_name=repo.rpartition("/")[2],
        version_name=revision if revision == commit else f"{revision} ({commit[:8]})",
        model_type=next(file.model_type for file in files if file.is_primary),
        page_url=f"{base_url}/{repo}",
        creator=repository.author or repo.rpartition("/")[0] or None,
        trigger_words=(repository.card.instance_prompt,) if repository.card.instance_prompt else (),
        tags=tuple(tag for tag in repository.tags if ":" not in tag),
        files=files,
        published_at=repository.last_modified,
        licence=repository.card.license_name or repository.card.license,
        warnings=list_warnings(repository, base_url, repo),
        raw=zlib.compress(json.dumps(raw, separators=(",", ":")).encode()),
    )


def find_type_by_tag(tags: Sequence[str]) -> ModelType | None:
    return next((_TYPE_OF_TAG[tag.lower()] for tag in tags if tag.lower() in _TYPE_OF_TAG), None)


def is_offered(sibling: SiblingPayload, path: str | None = None) -> bool:
    is_model = PurePosixPath(sibling.path).suffix.lower() in MODEL_EXTENSIONS
    return is_model and (path is None or sibling.path == path or sibling.path.startswith(f"{path}/"))


def _preference(sibling: SiblingPayload, path: str | None) -> tuple[bool, int, int, bool, int, str]:
    """The file that was named; else safetensors near the top, whole rather than sharded, the largest."""
    pure = PurePosixPath(sibling.path)
    rank = {".safetensors": 0, ".sft": 0, ".gguf": 1}.get(pure.suffix.lower(), 2)
    is_shard = _SHARD.search(sibling.path) is not None
    return sibling.path != path, rank, len(pure.parts), is_shard, -(_size_of(sibling) or 0), sibling.path


def _size_of(sibling: SiblingPayload) -> int | None:
    return sibling.lfs.size or sibling.size


def _translate_file(sibling: SiblingPayload, by_tag: ModelType | None, url: str, *, is_chosen: bool) -> PublishedFile:
    pure = PurePosixPath(sibling.path)
    extension = pure.suffix.lower()
    digits = (sibling.lfs.sha256 or "").lower()
    precision = _PRECISIONS.search(pure.name)
    return PublishedFile(
        file_id=sibling.path,
        name=pure.name,
        download_url=f"{url}/{quote(sibling.path)}",
        model_type=find_type_of_folder(str(pure.parent)) or by_tag or ModelType.UNKNOWN,
        size_bytes=_size_of(sibling),
        sha256=digits if re.fullmatch(r"[0-9a-f]{64}", digits) else None,
        format={".safetensors": "SafeTensor", ".sft": "SafeTensor", ".gguf": "GGUF"}.get(extension),
        precision=precision[1] if precision else None,
        is_primary=is_chosen,
        is_pickle=extension in PICKLE_EXTENSIONS,
    )


def list_warnings(repository: RepositoryPayload, base_url: str, repo: str) -> tuple[Caution, ...]:
    if not repository.gated:
        return ()
    page = f"{base_url}/{repo}"
    text = f"This repository is gated: accept its terms at {page} and enter huggingface_token in the settings."
    return (Caution("GATED", text, {"page": page}),)
