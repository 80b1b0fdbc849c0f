"""What the user says of a model, as one change of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from sd_model_manager.domain.taxonomy import ModelType


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
