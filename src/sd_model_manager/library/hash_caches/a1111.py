"""`cache.json` of A1111 up to 1.9 and of SD.Next, as of their `modules/hashes.py` in 2026-08.

Newer ones of A1111 and Forge keep the same in `cache/<section>/cache.db`, where every value is a pickle; those are not
read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sd_model_manager.domain.local import HashKind, is_hash
from sd_model_manager.library.hash_caches.cache import CachedHash
from sd_model_manager.sidecars.json_values import object_in, parse_object, text_in

_SECTIONS = {"hashes": HashKind.SHA256, "hashes-addnet": HashKind.AUTOV3}
_PLACES = ("cache.json", "data/cache.json")
_MAX_BYTES = 64 * 1024 * 1024


class A1111Cache:
    origin = "cache:a1111"

    def find_in(self, root: Path) -> Path | None:
        return next((root / place for place in _PLACES if (root / place).is_file()), None)

    def read(self, file: Path) -> Iterator[CachedHash]:
        """An entry is named by type and path: `checkpoint/ink.safetensors`, `lora/ink`. `hashes-addnet` are of what
        stands behind the header."""
        if file.stat().st_size > _MAX_BYTES:
            raise ValueError(f"it is larger than {_MAX_BYTES} bytes")
        body = parse_object(file.read_bytes())
        for section, kind in _SECTIONS.items():
            entries = object_in(body, section)
            for title in entries:
                entry = object_in(entries, title)
                digest, modified_at = (text_in(entry, "sha256") or "").lower(), entry.get("mtime")
                if isinstance(modified_at, int | float) and is_hash(kind, digest):
                    path = title.replace("\\", "/").partition("/")[2]
                    yield CachedHash(path, kind, digest, modified_at=float(modified_at))
