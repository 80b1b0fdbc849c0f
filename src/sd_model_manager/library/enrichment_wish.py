"""Which files a source is to be asked for, and how thoroughly; a task carries it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import TypeAdapter

from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.tasks import NewTask, TaskKind


@dataclass(frozen=True, slots=True)
class EnrichmentWish:
    """Some models by number, or else all that a filter leaves, which may be the whole library.

    `again`: also what is known, and what was not found a short while ago. `full`: with what is said of each model as a
    whole, another request per hundred. `weights`: also by BLAKE3 and AutoV3 where SHA-256 finds nothing, a few files
    each time. `civarchive`: what is not known there is asked for here, too, file by file, a hundred each time.
    """

    wanted: ModelFilter = field(default_factory=ModelFilter)
    model_ids: tuple[ModelId, ...] | None = None
    again: bool = False
    full: bool = False
    weights: bool = False
    civarchive: bool = False


_WISH = TypeAdapter(EnrichmentWish)


def new_enrichment(wish: EnrichmentWish) -> NewTask:
    """The task. The same wish is under way once."""
    payload = asdict(wish)
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    return NewTask(TaskKind.ENRICH, wish.wanted.text, payload, dedupe_key=f"enrich:{digest}", priority=-5)


def read_wish(payload: Mapping[str, Any]) -> EnrichmentWish:
    """The wish that a task carries; one that an older version has queued knows a query alone."""
    return _WISH.validate_python({"wanted": {"text": payload.get("query", "")}, **payload})
