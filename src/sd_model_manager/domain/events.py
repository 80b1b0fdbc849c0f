"""What has happened, in the past tense. Events name what changed; queries fetch it. Only progress carries numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.tasks import Task

MAX_NAMED_MODELS = 1000


@dataclass(frozen=True, slots=True)
class TaskChanged:
    """A task was created, moved on or came to its end."""

    task: Task


@dataclass(frozen=True, slots=True)
class ModelsChanged:
    """Models were added, changed or are gone. No ids means: too many to name, ask again for everything."""

    model_ids: tuple[ModelId, ...] = ()

    @classmethod
    def naming(cls, model_ids: Iterable[ModelId]) -> Self:
        """Names these models, one at least, unless they are more than `MAX_NAMED_MODELS`."""
        named = tuple(model_ids)
        return cls(named if len(named) <= MAX_NAMED_MODELS else ())


@dataclass(frozen=True, slots=True)
class FoldersChanged:
    """A library folder was added, removed, or its state changed."""


@dataclass(frozen=True, slots=True)
class CollectionsChanged:
    """A collection was made, changed or removed, or models were added to it or removed from it."""


@dataclass(frozen=True, slots=True)
class SearchesChanged:
    """A saved search was made, changed, moved or removed."""


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """A setting was given another value."""


Event = TaskChanged | ModelsChanged | FoldersChanged | CollectionsChanged | SearchesChanged | SettingsChanged
