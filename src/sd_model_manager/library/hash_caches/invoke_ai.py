"""`databases/invokeai.db` of InvokeAI: its table `models`, as of its version 6 in 2026-08."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sd_model_manager.domain.local import HashKind, is_hash
from sd_model_manager.library.hash_caches.cache import CachedHash
from sd_model_manager.sidecars.json_values import parse_object, text_in

_KINDS = {"blake3": HashKind.BLAKE3, "sha256": HashKind.SHA256}
"""It writes the algorithm before the digits; others, such as `blake3_multi` of folders, are of no use here."""


class InvokeAiDatabase:
    origin = "cache:invokeai"

    def find_in(self, root: Path) -> Path | None:
        file = root / "databases/invokeai.db"
        return file if file.is_file() else None

    def read(self, file: Path) -> Iterator[CachedHash]:
        """As it lies there: no lock is taken and nothing is written, so what was added last may be missing."""
        try:
            with closing(sqlite3.connect(f"{file.absolute().as_uri()}?immutable=1", uri=True)) as connection:
                rows = connection.execute("SELECT config, created_at FROM models").fetchall()
        except sqlite3.Error as error:
            raise ValueError(f"it is not InvokeAI's database ({error})") from error
        for config, created_at in rows:
            body = parse_object(str(config).encode())
            algorithm, _, digest = (text_in(body, "hash") or "").lower().partition(":")
            path, kind, since = text_in(body, "path"), _KINDS.get(algorithm), _parse_time(created_at)
            if path and kind and since and is_hash(kind, digest):
                yield CachedHash(path.replace("\\", "/"), kind, digest, unchanged_since=since)


def _parse_time(text: object) -> float | None:
    """SQLite's own form, in UTC."""
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
