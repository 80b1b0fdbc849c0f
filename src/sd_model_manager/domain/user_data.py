"""What the user says of a model, as one change of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from sd_model_manager.domain.ids import CollectionId, ModelId
from sd_model_manager.domain.maturity import MatureLevel
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.lib.codes import FailureCode


class Unchanged(Enum):
    """Stands where nothing is said, for `None` says that something is taken back."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True)
class UserChange:
    """What is said anew; the rest stays. `None` takes back what was said before.

    `rating` is 0 to 5. `tags` are the user's own and replace those the user gave before, not the source's. What is
    `own_` is shown instead of what the file and its source say.
    """

    favorite: bool | Unchanged = UNCHANGED
    rating: int | Unchanged | None = UNCHANGED
    notes: str | Unchanged = UNCHANGED
    tags: tuple[str, ...] | Unchanged = UNCHANGED
    own_name: str | Unchanged | None = UNCHANGED
    own_type: ModelType | Unchanged | None = UNCHANGED
    own_base_model: str | Unchanged | None = UNCHANGED
    own_mature_level: MatureLevel | Unchanged | None = UNCHANGED


MAX_OWN_TAGS = 200


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What is said of many models at once; the rest stays, and `None` takes back. Tags are the user's own: those of the
    source can be neither added to nor removed."""

    favorite: bool | Unchanged = UNCHANGED
    rating: int | Unchanged | None = UNCHANGED
    own_type: ModelType | Unchanged | None = UNCHANGED
    own_base_model: str | Unchanged | None = UNCHANGED
    own_mature_level: MatureLevel | Unchanged | None = UNCHANGED
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    add_to_collection: CollectionId | None = None
    remove_from_collection: CollectionId | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """`added_at` is `None` where a model is not in the collection."""

    collection_id: CollectionId
    added_at: datetime | None


@dataclass(frozen=True, slots=True)
class PreviousValues:
    """What stood of a model before a change of many, as far as that changed it. `own_tags` are all of the user's."""

    model_id: ModelId
    favorite: bool | Unchanged = UNCHANGED
    rating: int | Unchanged | None = UNCHANGED
    own_type: ModelType | Unchanged | None = UNCHANGED
    own_base_model: str | Unchanged | None = UNCHANGED
    own_mature_level: MatureLevel | Unchanged | None = UNCHANGED
    own_tags: tuple[str, ...] | Unchanged = UNCHANGED
    memberships: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True)
class BulkFailure:
    model_id: ModelId
    code: FailureCode
    message: str


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """`previous` has one entry per model that was changed; `unchanged` counts those that were so already."""

    previous: tuple[PreviousValues, ...] = ()
    unchanged: int = 0
    failures: tuple[BulkFailure, ...] = ()
