"""One look at a model file and its neighbours: header, identity, fingerprint, sidecars. Weights stay unread."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from sd_model_manager.domain.local import (
    MARK_OF_PARTS,
    Companion,
    FileStat,
    Identity,
    InspectedFile,
    ModelPart,
    ScanProblem,
    Sidecar,
)
from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.diffusers_folder import read_diffusers_folder
from sd_model_manager.identify.header import Header
from sd_model_manager.identify.shards import ShardName, ShardSet, read_shard_name, read_shards
from sd_model_manager.lib.errors import AppError
from sd_model_manager.library.covers import has_cover
from sd_model_manager.library.fingerprint import quick_fingerprint
from sd_model_manager.library.parts import FoundPart
from sd_model_manager.library.walker import FoundModel
from sd_model_manager.sidecars.reader import SidecarReader

_MAX_METADATA_VALUE = 64 * 1024
_BUFFER_BYTES = 64 * 1024
"""Most headers, and what the fingerprint takes of the beginning, in one read."""

_PICTURES = ("image", "video")


class Inspector:
    """`read_header` and `identify` are the doors of the identify room."""

    def __init__(
        self,
        sidecars: SidecarReader,
        read_header: Callable[[BinaryIO, int], Header],
        identify: Callable[..., Identity],
    ) -> None:
        self._sidecars = sidecars
        self._read_header = read_header
        self._identify = identify

    def inspect(self, root: Path, found: FoundModel) -> tuple[InspectedFile, list[ScanProblem]]:
        """Read what there is to know without the weights; the problems are of its sidecars.

        Raises OSError where the file cannot be opened or read.
        """
        if found.parts:
            return self._inspect_parts(root, found)
        place = found.place
        folder, _, name = place.relative_path.rpartition("/")
        with _open_at_once(f"{root}/{place.relative_path}") as file:
            status = os.fstat(file.fileno())
            header = self._read_header(file, status.st_size)
            fingerprint = quick_fingerprint(file, status.st_size, header.data_start)
        identity = self._identify(header, filename=name, folder=folder)
        sidecars, problems = self._read_sidecars(root, found) if found.companions else ([], [])
        inspected = InspectedFile(
            place=place,
            stat=FileStat(status.st_size, status.st_mtime_ns, status.st_ino),
            quick_fingerprint=fingerprint,
            identity=identity,
            header_metadata=_shorten(header.metadata),
            companions_digest=found.companions_digest,
            previews=_find_previews(found, header),
            sidecars=tuple(sidecars),
        )
        return inspected, problems

    def _inspect_parts(self, root: Path, found: FoundModel) -> tuple[InspectedFile, list[ScanProblem]]:
        path = root / found.place.relative_path
        shard = read_shard_name(path.name)
        is_folder = path.is_dir()
        try:
            header = read_diffusers_folder(path) if is_folder or shard is None else _read_shards(path, shard, found)
        except AppError as error:
            reason = getattr(error.__cause__, "strerror", None) or "One of its files is gone or is no file"
            raise OSError(errno.EIO, reason) from error
        folder, _, name = found.place.relative_path.rpartition("/")
        sidecars, problems = self._read_sidecars(root, found) if found.companions else ([], [])
        inspected = InspectedFile(
            place=found.place,
            stat=found.stat,
            quick_fingerprint=_fingerprint_parts(path if is_folder else path.parent, found.parts, shard),
            identity=self._identify(header, filename=name, folder=folder),
            header_metadata=_shorten(header.metadata),
            companions_digest=found.companions_digest,
            previews=tuple(companion for companion in found.companions if companion.kind in _PICTURES),
            sidecars=tuple(_without_hashes(sidecar) for sidecar in sidecars),
            parts=tuple(ModelPart(part.name, part.stat.size_bytes) for part in found.parts),
        )
        return inspected, problems

    def _read_sidecars(self, root: Path, found: FoundModel) -> tuple[list[Sidecar], list[ScanProblem]]:
        sidecars, problems = [], []
        for companion in found.companions:
            if companion.kind in _PICTURES:
                continue
            try:
                if sidecar := self._sidecars.read(root / companion.relative_path, companion):
                    sidecars.append(sidecar)
            except (OSError, ValueError, RecursionError) as error:
                place = type(found.place)(found.place.folder_id, companion.relative_path, found.place.category)
                problems.append(
                    ScanProblem(place, "SIDECAR_UNREADABLE", f"This file beside a model cannot be read ({error}).")
                )
        return sidecars, problems


def _read_shards(first: Path, shard: ShardName, found: FoundModel) -> Header:
    parts = [(read_shard_name(part.name), first.with_name(part.name)) for part in found.parts]
    numbered = tuple((name.number, path) for name, path in parts if name)
    return read_shards(ShardSet(first.parent, shard.stem, shard.suffix, shard.total, numbered))


def _fingerprint_parts(folder: Path, parts: Sequence[FoundPart], shard: ShardName | None) -> str:
    """Of all parts, and of their places in the whole: a sharded model that was renamed is the same."""
    digest = sha256(b"sdmm-parts-1")
    for part in parts:
        name = read_shard_name(part.name) if shard else None
        with _open_at_once(str(folder / part.name)) as file:
            size_bytes = os.fstat(file.fileno()).st_size
            fingerprint = quick_fingerprint(file, size_bytes, _find_data_start(file, part.name))
        digest.update(f"{f'{name.number}/{name.total}' if name else part.name}\0{fingerprint}\n".encode())
    return MARK_OF_PARTS + digest.hexdigest()[: len(digest.hexdigest()) - len(MARK_OF_PARTS)]


def _find_data_start(file: BinaryIO, name: str) -> int | None:
    if not name.lower().endswith(".safetensors"):
        return None
    return 8 + int.from_bytes(file.read(8), "little")


def _without_hashes(sidecar: Sidecar) -> Sidecar:
    """A hash that is claimed beside several files is of one of them, and nobody knows of which."""
    return replace(sidecar, claim=replace(sidecar.claim, sha256=None, hashes={}))


def _find_previews(found: FoundModel, header: Header) -> tuple[Companion, ...]:
    """Those beside the model; then, under the model's own path, the cover that it carries itself."""
    beside = tuple(companion for companion in found.companions if companion.kind in _PICTURES)
    if header.format is not FileFormat.SAFETENSORS or not has_cover(header.metadata):
        return beside
    return (*beside, Companion(found.place.relative_path, "image", found.stat))


def _open_at_once(path: str) -> BinaryIO:
    """A file that became a pipe since it was looked at is not waited for. Raises OSError where it is no file."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(path, flags), "rb", buffering=_BUFFER_BYTES)
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "It is no regular file any more")
    return file


def _shorten(metadata: Mapping[str, str]) -> dict[str, str]:
    return {
        key: _clean(value) if len(value) > _MAX_METADATA_VALUE or "\0" in value else value
        for key, value in metadata.items()
    }


def _clean(value: str) -> str:
    """PostgreSQL keeps no NUL, and nobody reads a megabyte of training captions in a panel."""
    return value[:_MAX_METADATA_VALUE].replace("\0", "")
