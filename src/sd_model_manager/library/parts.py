"""Models of several files: which files they are, and what tells that any of them changed.

The parts of a sharded model are listed under the first one's path; a folder that diffusers saved, with a
`model_index.json`, under its own, with the index and all that lies in the folders below it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from sd_model_manager.domain.local import FileStat
from sd_model_manager.identify.shards import read_shard_name

PIPELINE_INDEX = "model_index.json"
_MAX_FILES = 2000
_MAX_DEPTH = 4
_UNFINISHED = (".part", ".tmp", ".crdownload", ".aria2", ".download", ".lock", ".incomplete")


@dataclass(frozen=True, slots=True)
class FoundPart:
    """A file of a model; `name` is below the folder where its parts lie."""

    name: str
    stat: FileStat


def stat_model(path: Path) -> FileStat:
    """What a `stat` tells of a model, be it one file or several. Raises OSError where there is none."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        return summarise(list_pipeline(str(path)))
    if shard := read_shard_name(path.name):
        names = [shard.of(number) for number in range(1, shard.total + 1)]
        return summarise(list_shards(str(path.parent), names))
    return _to_stat(status)


def summarise(parts: Sequence[FoundPart]) -> FileStat:
    """The size of all, the newest time, and in place of an inode a number that changes with any of them."""
    told = "\n".join(f"{p.name}|{p.stat.size_bytes}|{p.stat.mtime_ns}|{p.stat.inode}" for p in parts)
    digest = blake2b(told.encode(errors="surrogateescape"), digest_size=8).digest()
    sizes, times = [p.stat.size_bytes for p in parts], [p.stat.mtime_ns for p in parts]
    return FileStat(sum(sizes), max(times, default=0), int.from_bytes(digest, "big"))


def list_shards(folder: str, names: Sequence[str]) -> list[FoundPart]:
    """Those of these files that are there, in their order. Raises OSError."""
    found = []
    for name in names:
        try:
            status = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - as in the walker
        except FileNotFoundError:
            continue
        if stat.S_ISREG(status.st_mode):
            found.append(FoundPart(name, _to_stat(status)))
    return found


def list_pipeline(folder: str) -> list[FoundPart]:
    """The index, then the other files by their path. Raises OSError, where the index is gone, too."""
    index = FoundPart(PIPELINE_INDEX, _to_stat(os.stat(os.path.join(folder, PIPELINE_INDEX))))  # noqa: PTH116, PTH118
    components = (entry for entry in _list_entries(folder) if entry.is_dir())
    found = [part for entry in components for part in _list_below(entry, entry.name, _MAX_DEPTH)]
    return [index, *found[:_MAX_FILES]]


def is_pipeline(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, PIPELINE_INDEX))  # noqa: PTH113, PTH118 - once for each folder


def find_pipeline(root: Path, relative_path: str) -> str | None:
    """The outermost folder saved by diffusers that a path below `root` is or lies in, the root itself left out."""
    parts = PurePosixPath(relative_path).parts
    above = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    return next((folder for folder in above if is_pipeline(f"{root}/{folder}")), None)


def find_listed_path(root: Path, relative_path: str) -> str:
    """Under which path a file's model is listed. Files beside a pipeline's index are models by themselves."""
    folder, _, name = relative_path.rpartition("/")
    pipeline = find_pipeline(root, relative_path)
    if pipeline and (folder != pipeline or name == PIPELINE_INDEX):
        return pipeline
    shard = read_shard_name(name)
    return relative_path[: len(relative_path) - len(name)] + shard.of(1) if shard else relative_path


def _list_below(folder: os.DirEntry[str], relative: str, depth: int) -> Iterator[FoundPart]:
    for entry in _list_entries(folder.path):
        name = f"{relative}/{entry.name}"
        if entry.is_dir():
            if depth:
                yield from _list_below(entry, name, depth - 1)
            continue
        try:
            status = os.stat(entry.path)  # noqa: PTH116 - an entry tells no inode on Windows
        except FileNotFoundError:
            continue
        if stat.S_ISREG(status.st_mode) and not entry.name.lower().endswith(_UNFINISHED):
            yield FoundPart(name, _to_stat(status))


def _list_entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as scan:
        return sorted((entry for entry in scan if not entry.name.startswith(".")), key=lambda entry: entry.name)


def _to_stat(status: os.stat_result) -> FileStat:
    return FileStat(status.st_size, status.st_mtime_ns, status.st_ino)
