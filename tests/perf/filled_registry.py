"""A registry of very many models without their files: what a scan of them would have left, by a seeded draw."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, select

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import content_headers, contents, library_folders, locations, search_texts
from sd_model_manager.registry.changes import change_models
from sd_model_manager.registry.texts import index_texts

_CHUNK = 5_000
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_TYPES = ("lora", "lora", "lora", "lora", "lora", "lora", "checkpoint", "vae", "embedding", "controlnet", "upscaler")
_BASES = ("SDXL 1.0", "Pony", "Illustrious", "SD 1.5", "Flux.1 D", "Wan Video", "NoobAI", None)
_SYLLABLES = tuple(c + v + e for c in "bdfgklmnprstvz" for v in "aeiou" for e in ("", "n", "r", "x"))
COMMON_WORDS = ("style", "character", "anime", "concept", "clothing", "background", "photo", "detail")


def fill_registry(database: Database, count: int, *, seed: int = 1) -> None:
    """Names, words and tags by a long-tailed draw: a few are in half of all models, most in a handful."""
    draw = random.Random(seed)
    words = ["".join(draw.choices(_SYLLABLES, k=draw.randint(2, 4))) for _ in range(8_000)]
    with change_models(database) as connection:
        folder = {"id": 1, "path": "/nowhere/models", "is_online": False, "added_at": _NOW}
        connection.execute(insert(library_folders), folder)
    rows = _draw_models(draw, words, count)
    while chunk := list(islice(rows, _CHUNK)):
        with change_models(database) as connection:
            connection.execute(insert(contents), [row for row, _ in chunk])
            keys = [row["id"] for row, _ in chunk]
            connection.execute(insert(search_texts), [{"content_id": row["id"], "text": text} for row, text in chunk])
            connection.execute(
                insert(content_headers),
                [{"content_id": key, "identity": _IDENTITY, "header_metadata": {}} for key in keys],
            )
            connection.execute(insert(locations), [_location_of(row) for row, _ in chunk])
    while index_texts(database):
        pass


_IDENTITY = {"type": "lora", "format": "safetensors"}


def _draw_models(draw: random.Random, words: list[str], count: int) -> Iterator[tuple[dict[str, Any], str]]:
    weights = [1 / (rank + 5) for rank in range(len(words))]
    for key in range(1, count + 1):
        chosen = draw.choices(words, weights, k=24)
        name = " ".join(chosen[:3]).title() + f" v{draw.randint(1, 9)}"
        type_ = draw.choice(_TYPES)
        tags = sorted(
            {draw.choice(COMMON_WORDS) for _ in range(draw.randint(0, 3))} | set(chosen[3 : 3 + draw.randint(0, 5)])
        )
        folder = f"{type_}s/{chosen[8]}" if draw.random() < 0.8 else f"{type_}s"
        added = _NOW - timedelta(seconds=draw.randint(0, 60_000_000), microseconds=draw.randint(0, 999_999))
        row = {
            "id": key,
            "quick_fingerprint": f"{key:064x}",
            "sha256": f"{key * 0x9E3779B97F4A7C15 % 2**64:064x}",
            "autov3": f"{key:064x}",
            "size_bytes": draw.randint(10_000, 7_000_000_000),
            "format": "safetensors",
            "precision": draw.choice(("fp16", "bf16", "fp32", "fp8_e4m3fn")),
            "network": "lora" if type_ == "lora" else None,
            "rank": draw.choice((4, 8, 16, 32, 64, 128)) if type_ == "lora" else None,
            "identity_version": 1,
            "name": name,
            "sort_name": name.casefold(),
            "type": type_,
            "base_model": draw.choices(_BASES, (30, 25, 20, 10, 8, 3, 3, 1))[0],
            "trigger_words": chosen[12:14],
            "tags": tags,
            "folder_id": 1,
            "relative_path": f"{folder}/{'_'.join(chosen[:3])}_{key}.safetensors",
            "folder": folder,
            "modified_at": added,
            "added_at": added,
            "rating": draw.choice((None, None, None, 3, 4, 5)),
            "favorite": draw.random() < 0.05,
        }
        yield row, "\n".join([name.casefold(), *tags, *chosen[12:], str(row["relative_path"])])


def _location_of(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "content_id": row["id"],
        "folder_id": 1,
        "relative_path": row["relative_path"],
        "size_bytes": row["size_bytes"],
        "mtime_ns": int(row["modified_at"].timestamp() * 1e9),
        "inode": str(row["id"]),
        "found_at": _NOW,
    }


def find_words(database: Database, count: int) -> list[str]:
    """Of the first names, as many as that; most of them are rare."""
    with database.read() as connection:
        names = connection.scalars(select(contents.c.sort_name).order_by(contents.c.id).limit(count))
        return [name.split()[0] for name in names]
