"""Adopts what other programs know of the library's files: a step after each scan."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath

from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.local import ClaimedHash, FileStat, Place
from sd_model_manager.library.hash_caches.a1111 import A1111Cache
from sd_model_manager.library.hash_caches.cache import CachedHash, HashCache
from sd_model_manager.library.hash_caches.invoke_ai import InvokeAiDatabase
from sd_model_manager.registry.claims import ClaimRegistry

log = logging.getLogger(__name__)

CACHES: tuple[HashCache, ...] = (A1111Cache(), InvokeAiDatabase())

_PARENTS = 3
"""How far above a library folder the program's own folder may be: `webui/models/Stable-diffusion` is two below."""

Waiting = Mapping[Place, tuple[ModelId, FileStat]]


def adopt_cached_hashes(claims: ClaimRegistry, roots: Iterable[Path], *, now: datetime) -> list[ModelId]:
    """Take over what caches beside the library folders say of files that are not hashed yet; the models concerned."""
    found = find_caches(roots)
    waiting = claims.list_unverified_places() if found else {}
    if not waiting:
        return []
    by_name = _by_name(waiting)
    said: dict[ModelId, list[ClaimedHash]] = defaultdict(list)
    for cache, file in found:
        for entry in _read(cache, file):
            name = PurePosixPath(entry.path).name
            for place in by_name.get(name, ()):
                model_id, stat = waiting[place]
                if entry.is_of(place.relative_path, stat):
                    said[model_id].append(ClaimedHash(entry.kind, entry.digest, cache.origin))
    adopted = claims.adopt(said, now=now)
    log.info("%d models have claimed hashes from %d caches of other programs", len(said), len(found))
    return adopted


def find_caches(roots: Iterable[Path]) -> list[tuple[HashCache, Path]]:
    """Caches of the programs that library folders lie in, each once."""
    folders = dict.fromkeys(folder for root in roots for folder in (root, *root.parents[:_PARENTS]))
    return [(cache, file) for folder in folders for cache in CACHES if (file := _find(cache, folder))]


def _find(cache: HashCache, folder: Path) -> Path | None:
    try:
        return cache.find_in(folder)
    except OSError:  # a folder that may not be looked into
        return None


def _read(cache: HashCache, file: Path) -> list[CachedHash]:
    try:
        return list(cache.read(file))
    except (OSError, ValueError) as error:
        log.warning("the hashes in %s cannot be read: %s", file, error)
        return []


def _by_name(waiting: Waiting) -> dict[str, list[Place]]:
    """By file name, with its extension and without."""
    places: dict[str, list[Place]] = defaultdict(list)
    for place in waiting:
        path = PurePosixPath(place.relative_path)
        for name in dict.fromkeys((path.name, path.stem)):
            places[name].append(place)
    return places
