"""Reads files again and compares them with what they were: finds what rotted or was changed behind a file's back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.local import Problem
from sd_model_manager.library.hashing import hash_file
from sd_model_manager.library.places import Places
from sd_model_manager.registry.hashes import HashRegistry, UnhashedFile

DAMAGED: Final = "damaged"


class Verdict(StrEnum):
    """`damaged`: other bytes, though nobody wrote it. `changed`: it was written since the last scan and is another.
    `unhashed`: there is nothing to compare it with yet, or it is a model of several
    files, which never has hashes. `unreadable`: it is gone, or the disk gives an error."""

    OK = "ok"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    CHANGED = "changed"
    UNHASHED = "unhashed"

    @property
    def is_bad(self) -> bool:
        return self in {Verdict.DAMAGED, Verdict.CHANGED, Verdict.UNREADABLE}


@dataclass(frozen=True, slots=True)
class VerifiedFile:
    """`sha256` is what the file has now, where it was read; `expected_sha256` what it had when it was hashed."""

    model_id: ModelId
    path: Path
    verdict: Verdict
    expected_sha256: str | None = None
    sha256: str | None = None
    error: str | None = None


class Verifier:
    """Changes no file; a model with a damaged file is marked with a problem until it is found whole again."""

    def __init__(self, hashes: HashRegistry, places: Places) -> None:
        self._hashes = hashes
        self._places = places

    def verify(
        self, model_ids: Sequence[ModelId], on_bytes: Callable[[Path, int, int], None] = lambda *_: None
    ) -> Iterator[VerifiedFile]:
        """Every file of these models, one after the other. `on_bytes` is told a path, how many of its bytes are read
        and how many it has."""
        roots = self._places.snapshot()
        for model_id in model_ids:
            results = []
            for file, sha256 in self._hashes.list_hashed([model_id]):
                path = roots[(file.place.folder_id, file.place.category)] / file.place.relative_path
                results.append(_verify(model_id, path, file, sha256, on_bytes))
                yield results[-1]
            self._mark(model_id, results)

    def _mark(self, model_id: ModelId, results: Sequence[VerifiedFile]) -> None:
        bad = [result for result in results if result.verdict.is_bad]
        if bad:
            paths = ", ".join(str(result.path) for result in bad)
            message = f"{paths} no longer gives the bytes it had when it was hashed: put a copy in its place."
            self._hashes.set_problem(model_id, DAMAGED, Problem(DAMAGED, message, {"paths": paths}))
        elif results and all(result.verdict is Verdict.OK for result in results):
            self._hashes.set_problem(model_id, DAMAGED, None)


def _verify(
    model_id: ModelId, path: Path, file: UnhashedFile, expected: str | None, on_bytes: Callable[[Path, int, int], None]
) -> VerifiedFile:
    if expected is None:
        return VerifiedFile(model_id, path, Verdict.UNHASHED)
    try:
        sha256 = hash_file(path, lambda count: on_bytes(path, count, file.stat.size_bytes)).sha256
        is_unchanged = _is_unchanged(path, file)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        return VerifiedFile(model_id, path, Verdict.UNREADABLE, expected, error=f"cannot be read: {reason}")
    verdict = Verdict.OK if sha256 == expected else Verdict.DAMAGED if is_unchanged else Verdict.CHANGED
    return VerifiedFile(model_id, path, verdict, expected, sha256)


def _is_unchanged(path: Path, file: UnhashedFile) -> bool:
    status = path.stat()
    return (status.st_size, status.st_mtime_ns) == (file.stat.size_bytes, file.stat.mtime_ns)
