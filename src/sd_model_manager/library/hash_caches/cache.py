"""What another program's cache of hashes has to offer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from sd_model_manager.domain.local import FileStat, HashKind


@dataclass(frozen=True, slots=True)
class CachedHash:
    """One hash of one file, by the end of its path, with or without its extension.

    The file is the one that was hashed if it was last changed at `modified_at`, or before `unchanged_since`; both in
    seconds since 1970.
    """

    path: str
    kind: HashKind
    digest: str
    modified_at: float | None = None
    unchanged_since: float | None = None

    def is_of(self, relative_path: str, stat: FileStat) -> bool:
        """Programs keep the time as a float, which is exact to less than a microsecond."""
        seconds = stat.mtime_ns / 1e9
        if self.modified_at is not None:
            is_unchanged = abs(seconds - self.modified_at) < 1e-6
        else:
            is_unchanged = self.unchanged_since is not None and seconds < self.unchanged_since
        return is_unchanged and self._names(PurePosixPath(relative_path))

    def _names(self, path: PurePosixPath) -> bool:
        """Whether one of the two paths is the end of the other: a cache counts from the folder of its type."""
        for own in (path, path.with_suffix("")):
            parts, said = own.parts, tuple(part for part in self.path.split("/") if part)
            length = min(len(parts), len(said))
            if length and parts[-length:] == said[-length:]:
                return True
        return False


class HashCache(Protocol):
    """One program's cache. `origin` is what a claim from it is known by."""

    @property
    def origin(self) -> str: ...

    def find_in(self, root: Path) -> Path | None:
        """Where it lies if `root` is the program's folder. Looks, opens nothing."""

    def read(self, file: Path) -> Iterable[CachedHash]:
        """All it knows. Raises OSError or ValueError where it cannot be read."""
