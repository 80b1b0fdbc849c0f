"""Walks a library folder and puts beside each model what belongs to it. Opens nothing."""

from __future__ import annotations

import os
import re
import stat
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from operator import itemgetter
from pathlib import Path

from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.local import Companion, FileStat, Place, ScanProblem
from sd_model_manager.domain.taxonomy import IMAGE_EXTENSIONS, MODEL_EXTENSIONS, VIDEO_EXTENSIONS, Category
from sd_model_manager.sidecars.reader import find_kind, rank_of

_MARK = re.compile(r"(?i)\.(preview|thumb|example\.\d{1,4})$")
_RANK_OF_MARK = {"": 0, "preview": 1, "thumb": 2, "example": 3}
_SUFFIXES = (".mp4", ".webm", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif")
_MAX_DEPTH = 64

_Rank = tuple[int, int, int, str]


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model file by name, with the files beside it. `companions_digest` changes whenever one of those does."""

    place: Place
    stat: FileStat
    companions: tuple[Companion, ...]
    companions_digest: str


@dataclass(slots=True)
class Walk:
    """One walk: iterate it; afterwards `problems` and `unread_folders` say what could not be looked at."""

    root: Path
    folder_id: FolderId
    category: Category = Category.ACTIVE
    problems: list[ScanProblem] = field(default_factory=list)
    unread_folders: list[str] = field(default_factory=list)
    _seen_folders: set[tuple[int, int]] = field(default_factory=set)

    def __iter__(self) -> Iterator[FoundModel]:
        pending = [("", 0)]
        while pending:
            relative, depth = pending.pop()
            entries = self._list_folder(relative)
            if entries is None:
                continue
            subfolders = [entry for entry in entries if _is_folder(entry) and not _is_hidden(entry)]
            if depth < _MAX_DEPTH:
                names = sorted((entry.name for entry in subfolders), reverse=True)
                pending += [(_join(relative, name), depth + 1) for name in names]
            yield from self._find_models(relative, entries)

    def find_in(self, relative: str) -> list[FoundModel]:
        """The models of one folder, without its subfolders."""
        return list(self._find_models(relative, self._list_folder(relative) or []))

    def reaches(self, relative_path: str) -> bool:
        """Whether the walk saw the folder of this path, so that its absence means something."""
        return not any(
            relative_path == folder or relative_path.startswith(f"{folder}/") or not folder
            for folder in self.unread_folders
        )

    def _list_folder(self, relative: str) -> list[os.DirEntry[str]] | None:
        """The entries by name; `None` where it cannot be read or was walked already, through another link."""
        path = self.root / relative
        try:
            status = path.stat()
            identity = (status.st_dev, status.st_ino)
            if identity in self._seen_folders:
                return None
            self._seen_folders.add(identity)
            with os.scandir(path) as scan:
                return sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            self.unread_folders.append(relative)
            self._note(
                relative, "FOLDER_UNREADABLE", f"The folder cannot be read: {_why(error)}. Check its permissions."
            )
            return None

    def _find_models(self, relative: str, entries: list[os.DirEntry[str]]) -> Iterator[FoundModel]:
        models = [entry for entry in entries if _suffix(entry.name) in MODEL_EXTENSIONS and not _is_hidden(entry)]
        beside = _group_companions(entries) if models else {}
        for entry in models:
            path = _join(relative, entry.name)
            try:
                path.encode()
            except UnicodeEncodeError:
                self._note(path, "NAME_UNREADABLE", "The file's name is not valid text. Rename it to have it listed.")
                continue
            try:
                status = entry.stat()
                if stat.S_ISREG(status.st_mode):
                    stem = entry.name[: -len(_suffix(entry.name))]
                    companions = tuple(_to_companion(relative, kind, e) for kind, e in beside.get(stem.lower(), ()))
                    place = Place(self.folder_id, path, self.category)
                    yield FoundModel(place, _to_stat(status), companions, _digest(companions))
                elif not stat.S_ISDIR(status.st_mode):
                    self._note(path, "NOT_A_FILE", "It has a model's name but is no regular file, so it is not opened.")
            except OSError as error:
                self._note(path, "UNREADABLE", f"The file cannot be looked at: {_why(error)}.")

    def _note(self, relative_path: str, code: str, message: str) -> None:
        shown = relative_path.encode(errors="backslashreplace").decode()
        self.problems.append(ScanProblem(Place(self.folder_id, shown, self.category), code, message))


def _group_companions(entries: list[os.DirEntry[str]]) -> dict[str, list[tuple[str, os.DirEntry[str]]]]:
    """By the lower-case stem of the model they belong to; the sidecar that is believed first comes first."""
    found: dict[str, list[tuple[_Rank, str, os.DirEntry[str]]]] = defaultdict(list)
    for entry in entries:
        suffix = _suffix(entry.name)
        if sidecar := find_kind(entry.name):
            found[sidecar[1].lower()].append(((9, rank_of(sidecar[0]), 0, entry.name), sidecar[0], entry))
        elif suffix in IMAGE_EXTENSIONS or suffix in VIDEO_EXTENSIONS:
            kind = "video" if suffix in VIDEO_EXTENSIONS else "image"
            stem = entry.name[: -len(suffix)].lower()
            mark = _MARK.search(stem)
            found[stem].append((_rank_preview("", suffix, entry.name), kind, entry))
            if mark:
                found[stem[: mark.start()]].append((_rank_preview(mark[1], suffix, entry.name), kind, entry))
    return {
        stem: [(kind, entry) for _, kind, entry in sorted(group, key=itemgetter(0))] for stem, group in found.items()
    }


def _rank_preview(mark: str, suffix: str, name: str) -> _Rank:
    """The user's own `B.ext` before a downloaded `B.preview.ext` (A1111, Forge), that before the `B.thumb.ext` which
    SD.Next made smaller, then examples by their number; of each a film first (LoRA Manager), then Forge's order."""
    kind, _, number = mark.partition(".")
    return _RANK_OF_MARK[kind], int(number or 0), _SUFFIXES.index(suffix), name


def _to_companion(relative: str, kind: str, entry: os.DirEntry[str]) -> Companion:
    return Companion(_join(relative, entry.name), kind, _to_stat(entry.stat()))


def _to_stat(status: os.stat_result) -> FileStat:
    return FileStat(status.st_size, status.st_mtime_ns, status.st_ino)


def _digest(companions: tuple[Companion, ...]) -> str:
    if not companions:
        return ""
    described = "\n".join(f"{c.relative_path}|{c.stat.size_bytes}|{c.stat.mtime_ns}" for c in companions)
    return sha256(described.encode(errors="surrogateescape")).hexdigest()[:32]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    return entry.name.startswith(".")


def _suffix(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 else ""


def _join(relative: str, name: str) -> str:
    return f"{relative}/{name}" if relative else name


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
