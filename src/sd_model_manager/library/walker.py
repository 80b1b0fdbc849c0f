"""Walks a library folder and puts beside each model what belongs to it. Opens nothing."""

from __future__ import annotations

import os
import re
import stat
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from operator import attrgetter, itemgetter
from pathlib import Path

from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.local import Companion, FileStat, Place, ScanProblem
from sd_model_manager.domain.taxonomy import IMAGE_EXTENSIONS, MODEL_EXTENSIONS, VIDEO_EXTENSIONS, Category
from sd_model_manager.identify.shards import ShardName, read_shard_name
from sd_model_manager.lib.codes import ScanProblemCode
from sd_model_manager.library.parts import (
    PIPELINE_INDEX,
    FoundPart,
    is_pipeline,
    list_pipeline,
    list_shards,
    summarise,
)
from sd_model_manager.registry.indexing import is_same_but_absent, mark_of
from sd_model_manager.sidecars.reader import SIDECAR_EXTENSIONS, find_kind, rank_of

_MARK = re.compile(r"(?i)\.(preview|thumb|example\.\d{1,4})$")
_RANK_OF_MARK = {"": 0, "preview": 1, "thumb": 2, "example": 3}
_SUFFIXES = (".mp4", ".webm", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif")
_MAX_DEPTH = 64
COMPANION_EXTENSIONS = IMAGE_EXTENSIONS | VIDEO_EXTENSIONS | SIDECAR_EXTENSIONS

_Rank = tuple[int, int, int, str]


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model file by name, with the files beside it. `companions_digest` changes whenever one of those does."""

    place: Place
    stat: FileStat
    companions: tuple[Companion, ...]
    companions_digest: str
    parts: tuple[FoundPart, ...] = ()
    """Of a model of several files."""


@dataclass(slots=True, eq=False)
class Walk:
    """One walk: iterate it; afterwards `problems` and `unread_folders` say what could not be looked at.

    `files` counts the models of the folders that were listed so far.
    """

    root: Path
    folder_id: FolderId
    category: Category = Category.ACTIVE
    problems: list[ScanProblem] = field(default_factory=list)
    unread_folders: list[str] = field(default_factory=list)
    files: int = 0
    _seen_folders: set[tuple[int, int]] = field(default_factory=set)

    def __iter__(self) -> Iterator[FoundModel]:
        for folder in self.list_folders():
            yield from folder.find_changed({}, [])

    def list_folders(self, below: str = "", *, with_subfolders: bool = True) -> Iterator[ListedFolder]:
        """The folder `below` the root and those in it, each read when its turn comes.

        Links come last, so that a folder which is reached in two ways goes by its own name. The components of a folder
        that diffusers saved are not listed: they are in the model that it is.
        """
        is_saved = bool(below) and is_pipeline(os.path.join(self.root, below))  # noqa: PTH118
        pending, links = [(below, _MAX_DEPTH if is_saved else 0)], deque[tuple[str, int]]()
        while pending or links:
            relative, depth = pending.pop() if pending else links.popleft()
            folder = self._list_folder(relative)
            if folder is None:
                continue
            if with_subfolders and depth < _MAX_DEPTH:
                pending += [(join(relative, name), depth + 1) for name in sorted(folder.subfolders, reverse=True)]
                links += [(join(relative, name), depth + 1) for name in sorted(folder.linked_folders)]
                pending += [(join(relative, name), _MAX_DEPTH) for name in folder.pipelines]
            yield folder

    def reaches(self, relative_path: str) -> bool:
        """Whether the walk saw the folder of this path, so that its absence means something."""
        return not any(
            relative_path == folder or relative_path.startswith(f"{folder}/") or not folder
            for folder in self.unread_folders
        )

    def note(self, relative_path: str, code: ScanProblemCode, message: str) -> None:
        """Record a problem of a file or folder."""
        shown = relative_path.encode(errors="backslashreplace").decode()
        self.problems.append(ScanProblem(Place(self.folder_id, shown, self.category), code, message))

    def _list_folder(self, relative: str) -> ListedFolder | None:
        """`None` where it cannot be read or was walked already, through another link."""
        path = os.path.join(self.root, relative)  # noqa: PTH118 - a Path for each folder and file costs more than the disk
        folder = ListedFolder(self, relative)
        try:
            status = os.stat(path)  # noqa: PTH116
            identity = (status.st_dev, status.st_ino)
            if identity in self._seen_folders:
                return None
            self._seen_folders.add(identity)
            with os.scandir(path) as scan:
                folder.add_all(scan)
            folder.tell_pipelines(path)
        except OSError as error:
            self.unread_folders.append(relative)
            self.note(
                relative, "FOLDER_UNREADABLE", f"The folder cannot be read: {_why(error)}. Check its permissions."
            )
            return None
        return folder


@dataclass(slots=True)
class ListedFolder:
    """What lies in one folder, by kind."""

    walk: Walk
    relative: str
    models: list[os.DirEntry[str]] = field(default_factory=list)
    beside: list[os.DirEntry[str]] = field(default_factory=list)
    subfolders: list[str] = field(default_factory=list)
    linked_folders: list[str] = field(default_factory=list)
    shards: list[os.DirEntry[str]] = field(default_factory=list)
    pipelines: list[str] = field(default_factory=list)

    def add_all(self, entries: Iterable[os.DirEntry[str]]) -> None:
        """Sort them by what they are; what is hidden or of no use is left out."""
        models = self.models
        for entry in entries:
            name = entry.name
            if name[0] == ".":
                continue
            if _is_folder(entry):
                (self.linked_folders if entry.is_symlink() else self.subfolders).append(name)
            elif (suffix := name[name.rfind(".") :].lower()) in MODEL_EXTENSIONS:
                (self.shards if "-of-" in name and read_shard_name(name) else models).append(entry)
            elif suffix in COMPANION_EXTENSIONS:
                self.beside.append(entry)

    def tell_pipelines(self, path: str) -> None:
        """Set apart which of the folders diffusers saved. One that is reached through a link inside the library folder
        goes by its own name."""
        for folders in (self.subfolders, self.linked_folders):
            saved = [name for name in folders if is_pipeline(os.path.join(path, name))]  # noqa: PTH118
            if not saved or any(entry.name == PIPELINE_INDEX for entry in self.beside):
                continue  # what lies in a pipeline belongs to it
            folders[:] = [name for name in folders if name not in saved]
            if folders is self.linked_folders:
                root = os.path.realpath(self.walk.root) + os.sep
                saved = [n for n in saved if not os.path.realpath(os.path.join(path, n)).startswith(root)]  # noqa: PTH118
            self.pipelines += saved

    def find_changed(
        self, known: dict[str, str], back: list[str], *, skipped: Collection[str] = ()
    ) -> Iterator[FoundModel]:
        """The models whose `mark_of` is not the one `known` of their path; of the others, the paths of those that were
        not there go to `back`.

        What is seen is taken out of `known`, so that what is left at the end of a walk is not there any more. Paths in
        `skipped` are seen and not looked at. Windows tells no inode here, so that the known one counts.
        """
        beside = _group_companions(self.beside) if self.models and self.beside else {}
        prefix = f"{self.relative}/" if self.relative else ""
        self.walk.files += len(self.models)
        take, digest = known.pop, ""
        companions: Sequence[_RankedCompanion] = ()
        for entry in self.models:
            path = prefix + entry.name
            before = take(path, None)
            if skipped and path in skipped:
                continue
            try:
                status = entry.stat()
                if beside:
                    companions = beside.get(_stem(entry.name), ())
                    digest = _digest(companions) if companions else ""
                inode = status.st_ino or (before.rpartition(" ")[2] if before else 0)
                mark = mark_of(status.st_size, status.st_mtime_ns, digest, inode)
                if before == mark:
                    continue
                if before and is_same_but_absent(before, mark):
                    back.append(path)
                elif self._is_listable(path, status):
                    yield self._to_found(path, status, companions, digest)
            except OSError as error:
                self.walk.note(path, "UNREADABLE", f"The file cannot be looked at: {_why(error)}.")
        if self.shards or self.pipelines:
            yield from self._find_changed_sets(known, back, skipped)

    def _find_changed_sets(
        self, known: dict[str, str], back: list[str], skipped: Collection[str]
    ) -> Iterator[FoundModel]:
        """The same for models of several files."""
        beside = _group_companions(self.beside) if self.beside else {}
        for name, in_folder, stems, list_parts in self._list_sets():
            path = join(self.relative, name)
            before = known.pop(path, None)
            try:
                parts = list_parts()
                below = f"{path}/" if in_folder else path[: len(path) - len(name)]
                if any(below + part.name in skipped for part in parts):
                    continue
                self.walk.files += 1
                companions = _distinct([c for stem in stems for c in beside.get(stem.lower(), ())])
                if in_folder:
                    companions += self._list_inside(path, name)
                total, digest = summarise(parts), _digest(companions) if companions else ""
                mark = mark_of(total.size_bytes, total.mtime_ns, digest, total.inode)
                if before == mark:
                    continue
                if before and is_same_but_absent(before, mark):
                    back.append(path)
                elif self._is_text(path):
                    described = self._describe(companions)
                    place = Place(self.walk.folder_id, path, self.walk.category)
                    yield FoundModel(place, total, described, digest, tuple(parts))
            except OSError as error:
                self.walk.note(path, "UNREADABLE", f"Its files cannot be looked at: {_why(error)}.")

    def _list_sets(self) -> Iterator[tuple[str, bool, list[str], Callable[[], list[FoundPart]]]]:
        """Of each model its name, whether it is a folder, how its companions are called, and what lists its parts."""
        root = os.path.join(self.walk.root, self.relative)  # noqa: PTH118
        sets: dict[tuple[str, int, str], list[ShardName]] = defaultdict(list)
        for entry in self.shards:
            if shard := read_shard_name(entry.name):
                sets[shard.stem, shard.total, shard.suffix].append(shard)
        for shards in sets.values():
            shards.sort(key=attrgetter("number"))
            names = [shard.of(shard.number) for shard in shards]
            first = shards[0].of(1)
            if names[0] != first:
                message = f"{len(names)} parts of a model lie here without the first, '{first}'. Download that, too."
                self.walk.note(join(self.relative, names[0]), "INCOMPLETE", message)
                continue
            stems = [shards[0].stem, *(name[: name.rfind(".")] for name in names)]
            yield first, False, stems, partial(list_shards, root, names)
        for name in self.pipelines:
            yield name, True, [name], partial(list_pipeline, os.path.join(root, name))  # noqa: PTH118

    def _list_inside(self, path: str, name: str) -> list[_RankedCompanion]:
        """The pictures in a pipeline's folder that are of no other model there, and the sidecars that bear its name."""
        inside = ListedFolder(self.walk, path)
        with os.scandir(os.path.join(self.walk.root, path)) as scan:  # noqa: PTH118
            inside.add_all(scan)
        others = {_stem(entry.name) for entry in inside.models}
        groups = _group_companions([entry for entry in inside.beside if entry.name != PIPELINE_INDEX])
        of_others = {companion[2].name for stem in others for companion in groups.pop(stem, ())}
        found = [
            companion
            for stem, group in groups.items()
            for companion in group
            if companion[2].name not in of_others and (companion[1] in _PICTURES or stem == name.lower())
        ]
        return _distinct(found)

    def _describe(self, companions: Sequence[_RankedCompanion]) -> tuple[Companion, ...]:
        start = len(os.path.join(self.walk.root, ""))  # noqa: PTH118
        return tuple(
            Companion(entry.path[start:].replace(os.sep, "/"), kind, _to_stat(entry.stat()))
            for _, kind, entry in companions
        )

    def _is_listable(self, path: str, status: os.stat_result) -> bool:
        if not self._is_text(path):
            return False
        if not stat.S_ISREG(status.st_mode):
            message = "It has a model's name but is no regular file, so it is not opened."
            self.walk.note(path, "NOT_A_FILE", message)
            return False
        return True

    def _is_text(self, path: str) -> bool:
        try:
            path.encode()
        except UnicodeEncodeError:
            message = "The file's name is not valid text. Rename it to have it listed."
            self.walk.note(path, "NAME_UNREADABLE", message)
            return False
        return True

    def _to_found(
        self, path: str, status: os.stat_result, companions: Sequence[_RankedCompanion], digest: str
    ) -> FoundModel:
        place = Place(self.walk.folder_id, path, self.walk.category)
        described = tuple(
            Companion(join(self.relative, entry.name), kind, _to_stat(entry.stat())) for _, kind, entry in companions
        )
        return FoundModel(place, _to_stat(status), described, digest)


_PICTURES = ("image", "video")
_RankedCompanion = tuple[_Rank, str, os.DirEntry[str]]


def _distinct(companions: list[_RankedCompanion]) -> list[_RankedCompanion]:
    """Each file once, the best rank it has; in the order of their ranks."""
    best = {companion[2].path: companion for companion in sorted(companions, key=itemgetter(0), reverse=True)}
    return sorted(best.values(), key=itemgetter(0))


def _group_companions(entries: list[os.DirEntry[str]]) -> dict[str, list[_RankedCompanion]]:
    """By the lower-case stem of the model they belong to; the sidecar that is believed first comes first."""
    found: dict[str, list[_RankedCompanion]] = defaultdict(list)
    for entry in entries:
        suffix = _suffix(entry.name)
        if sidecar := find_kind(entry.name):
            found[sidecar[1].lower()].append(((9, rank_of(sidecar[0]), 0, entry.name), sidecar[0], entry))
        elif suffix in IMAGE_EXTENSIONS or suffix in VIDEO_EXTENSIONS:
            kind = "video" if suffix in VIDEO_EXTENSIONS else "image"
            stem = entry.name[: -len(suffix)].lower()
            found[stem].append((_rank_preview("", suffix, entry.name), kind, entry))
            if stem.endswith(_MARKS) or ".example." in stem:
                _group_marked(found, stem, suffix, (kind, entry))
    for group in found.values():
        if len(group) > 1:
            group.sort(key=itemgetter(0))
    return found


_MARKS = (".preview", ".thumb")


def _group_marked(
    found: dict[str, list[_RankedCompanion]], stem: str, suffix: str, picture: tuple[str, os.DirEntry[str]]
) -> None:
    """A picture that is named as one of several of a model's: `lantern.preview.png`, `lantern.example.2.jpeg`."""
    if mark := _MARK.search(stem):
        found[stem[: mark.start()]].append((_rank_preview(mark[1], suffix, picture[1].name), *picture))


def _rank_preview(mark: str, suffix: str, name: str) -> _Rank:
    """The user's own `B.ext` before a downloaded `B.preview.ext` (A1111, Forge), that before the `B.thumb.ext` which
    SD.Next made smaller, then examples by their number; of each a film first (LoRA Manager), then Forge's order."""
    kind, _, number = mark.partition(".")
    return _RANK_OF_MARK[kind], int(number or 0), _SUFFIXES.index(suffix), name


def _to_stat(status: os.stat_result) -> FileStat:
    return FileStat(status.st_size, status.st_mtime_ns, status.st_ino)


def _digest(companions: Sequence[_RankedCompanion]) -> str:
    described = []
    for _, _, entry in companions:
        status = entry.stat()
        described.append(f"{entry.name}|{status.st_size}|{status.st_mtime_ns}")
    return blake2b("\n".join(described).encode(errors="surrogateescape"), digest_size=16).hexdigest()


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _suffix(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 else ""


def _stem(name: str) -> str:
    return name[: name.rfind(".")].lower()


def join(relative: str, name: str) -> str:
    """The path of a file in a folder that is given relative to the root, which is the empty text."""
    return f"{relative}/{name}" if relative else name


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
