"""Models that are saved as several files, `name-00001-of-00003.safetensors` and so on, read as one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sd_model_manager.domain.local import Problem
from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.header import Header, Tensor
from sd_model_manager.identify.reading import read_header_of

MAX_SHARDS = 4096

_SHARD = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<total>\d{5})(?P<suffix>\.\w+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class ShardSet:
    """The parts that were found, by their numbers from 1 to `total`, in order."""

    folder: Path
    stem: str
    suffix: str
    total: int
    parts: tuple[tuple[int, Path], ...]

    @property
    def missing(self) -> tuple[int, ...]:
        found = {number for number, _ in self.parts}
        return tuple(number for number in range(1, self.total + 1) if number not in found)


@dataclass(frozen=True, slots=True)
class ShardName:
    """What the name of a part says. A model whose only part it is, is a file like any other."""

    stem: str
    number: int
    total: int
    suffix: str

    def of(self, number: int) -> str:
        """The name of another part."""
        return f"{self.stem}-{number:05}-of-{self.total:05}{self.suffix}"


def read_shard_name(name: str) -> ShardName | None:
    """`None` where a file of this name is a model by itself."""
    match = _SHARD.fullmatch(name)
    number, total = (int(match["number"]), int(match["total"])) if match else (0, 0)
    if match is None or not 1 <= number <= total <= MAX_SHARDS or total == 1:
        return None
    return ShardName(match["stem"], number, total, match["suffix"])


def find_stem(name: str) -> str:
    """The name of a model's file without what comes after the model's own name: `x` of `x-00001-of-00003.gguf`."""
    shard = read_shard_name(name)
    return shard.stem if shard else name.rpartition(".")[0] or name


def group_shards(paths: Iterable[Path]) -> tuple[tuple[ShardSet, ...], tuple[Path, ...]]:
    """Which of the paths belong together, and which stand alone. Looks at names only."""
    found: dict[tuple[Path, str, int, str], dict[int, Path]] = {}
    alone: list[Path] = []
    for path in paths:
        match = _SHARD.fullmatch(path.name)
        number, total = (int(match["number"]), int(match["total"])) if match else (0, 0)
        if match is None or not 1 <= number <= total <= MAX_SHARDS:
            alone.append(path)
            continue
        key = (path.parent, match["stem"], total, match["suffix"])
        found.setdefault(key, {})[number] = path
    sets = tuple(
        ShardSet(folder, stem, suffix, total, tuple(sorted(parts.items())))
        for (folder, stem, total, suffix), parts in found.items()
    )
    return sets, tuple(alone)


def read_shards(shards: ShardSet, read: Callable[[Path], Header] = read_header_of) -> Header:
    """One header with the tensors of all parts; the problems name their part.

    Raises as `read_header_of` does.
    """
    parts = {path.name: read(path) for _, path in shards.parts}
    header = merge_headers(parts, lambda _, name: name)
    if not shards.missing:
        return header
    numbers = ", ".join(str(number) for number in shards.missing[:10])
    more = " and more" if len(shards.missing) > 10 else ""
    missing = Problem(
        "incomplete",
        f"Of the {shards.total} files of '{shards.stem}' {len(shards.missing)} are missing (number {numbers}{more}). "
        "Download them into the same folder.",
        {"missing": len(shards.missing), "total": shards.total, "numbers": f"{numbers}{more}"},
    )
    return Header(header.format, header.tensors, header.metadata, problems=(*header.problems, missing))


def merge_headers(parts: dict[str, Header], name_tensor: Callable[[str, str], str]) -> Header:
    """Put the headers of several files together. `name_tensor(part, name)` is what a tensor is called in the whole."""
    tensors: dict[str, Tensor] = {}
    metadata: dict[str, str] = {}
    problems: list[Problem] = []
    twice: list[str] = []
    for part, header in parts.items():
        named = {name_tensor(part, name): tensor for name, tensor in header.tensors.items()}
        twice += named.keys() & tensors.keys()
        tensors |= named
        metadata = {**header.metadata, **metadata}
        problems += [
            Problem(problem.code, f"{part}: {problem.message}", {**problem.details, "part": part})
            for problem in header.problems
        ]
    if twice:
        message = f"{len(twice):,} tensors stand in several of its files, such as '{min(twice)}'. Download it again."
        problems.append(Problem("duplicate_tensor", message, {"names": [min(twice)], "count": len(twice)}))
    formats = {header.format for header in parts.values()}
    merged_format = formats.pop() if len(formats) == 1 else FileFormat.UNKNOWN
    return Header(merged_format, tensors, metadata, problems=tuple(problems))
