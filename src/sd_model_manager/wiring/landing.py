"""What happens when a download has landed: does it open as a model, and then into the library with it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.local import Identity
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.download.handler import Indexer
from sd_model_manager.identify.identity import identify_header
from sd_model_manager.identify.reading import read_header
from sd_model_manager.lib.errors import DamagedFile
from sd_model_manager.library.scanner import Scanner
from sd_model_manager.registry.hashes import HashRegistry
from sd_model_manager.registry.published import PublishedRegistry

_FATAL_PROBLEMS = frozenset({"truncated", "html_page", "json_text", "lfs_pointer", "empty_file"})


def check_model_file(path: Path) -> None:
    """Raises DamagedFile where a file that claims to be a model does not open as one."""
    with path.open("rb") as file:
        header = read_header(file, path.stat().st_size)
    for problem in header.problems:
        if problem.code in _FATAL_PROBLEMS:
            raise DamagedFile(
                f"What arrived is not a whole model file. {problem.message}",
                code="NOT_A_MODEL",
                problem=problem.code,
                **problem.details,
            )


def identify_start(content: bytes, size_bytes: int, filename: str) -> Identity:
    """What a file is of which only the start is known, up to the weights."""
    return identify_header(read_header(io.BytesIO(content), size_bytes), filename=filename)


def make_indexer(
    scanner: Scanner, published: PublishedRegistry, hashes: HashRegistry, after: Callable[[Sequence[ModelId]], None]
) -> Indexer:
    def index(path: Path, version: PublishedVersion, sha256: str) -> ModelId | None:
        model_id = scanner.index_file(path)
        if model_id is None:
            return None
        model_id = hashes.note_sha256(model_id, sha256)
        published.link(model_id, version, now=datetime.now(UTC))
        after([model_id])
        return model_id

    return index
