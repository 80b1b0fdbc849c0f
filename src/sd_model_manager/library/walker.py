"""Walks a library folder and puts beside each model what belongs to it. Opens nothing."""

from __future__ import annotations

import os
import re
import stat
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path

from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.local import Companion, FileStat, Place, ScanProblem
from sd_model_manager.domain.taxonomy import IMAGE_EXTENSIONS, MODEL_EXTENSIONS, VIDEO_EXTENSIONS, Category
from sd_model_manager.registry.indexing import KnownRow
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

        Links come last, so that a folder which is reached in two ways goes by its own name.
        """
        pending, links = [(below, 0)], deque[tuple[str, int]]()
        while pending or links:
            relative, depth = pending.pop() if pending else links.popleft()
            folder = self._list_folder(relative)
            if folder is None:
                continue
            if with_subfolders and depth < _MAX_DEPTH:
                pending += [(join(relative, name), depth + 1) for name in sorted(folder.subfolders, reverse=True)]
                links += [(join(relative, name), depth + 1) for name in sorted(folder.linked_folders)]
            yield folder

    def reaches(self, relative_path: str) -> bool:
        """Whether the walk saw the folder of this path, so that its absence means something."""
        return not any(
            relative_path == folder or relative_path.startswith(f"{folder}/") or not folder
            for folder in self.unread_folders
        )

    def note(self, relative_path: str, code: str, message: str) -> None:
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

    def add_all(self, entries: Iterable[os.DirEntry[str]]) -> None:
        """Sort them by what they are; what is hidden or of no use is left out."""
        for entry in entries:
            name = entry.name
            if name[0] == ".":
                continue
            if _is_folder(entry):
                (self.linked_folders if entry.is_symlink() else self.subfolders).append(name)
            elif (suffix := name[name.rfind(".") :].lower()) in MODEL_EXTENSIONS:
                self.models.append(entry)
            elif suffix in COMPANION_EXTENSIONS:
                self.beside.append(entry)

    def find_changed(
        self, known: dict[str, KnownRow], unchanged: list[KnownRow], *, skipped: Collection[str] = ()
    ) -> Iterator[FoundModel]:
        """The models that are not as they are `known`, by path; those that are go to `unchanged`.

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
                if before and before[:4] == (
                    status.st_size,
                    status.st_mtime_ns,
                    str(status.st_ino or before[2]),
                    digest,
                ):
                    unchanged.append(before)
                elif self._is_listable(path, status):
                    yield self._to_found(path, status, companions, digest)
            except OSError as error:
                self.walk.note(path, "UNREADABLE", f"The file cannot be looked at: {_why(error)}.")

    def _is_listable(self, path: str, status: os.stat_result) -> bool:
        try:
            path.encode()
        except UnicodeEncodeError:
            message = "The file's name is not valid text. Rename it to have it listed."
            self.walk.note(path, "NAME_UNREADABLE", message)
            return False
        if not stat.S_ISREG(status.st_mode):
            message = "It has a model's name but is no regular file, so it is not opened."
            self.walk.note(path, "NOT_A_FILE", message)
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


_RankedCompanion = tuple[_Rank, str, os.DirEntry[str]]


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
