"""What a source says when it is asked for a file by its hash, and when it is worth asking again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sd_model_manager.domain.ids import ModelId

GONE_AFTER = timedelta(hours=6)
"""How far apart two ways of asking have to agree before something counts as gone: what is missing now is often only
not indexed yet."""

_FIRST_MISS = timedelta(days=7)
_LONGEST_MISS = timedelta(days=90)


class LookupOutcome(StrEnum):
    """Six different states; of these only `matched` says what a file is, and only `gone` that nothing will."""

    MATCHED = "matched"
    NOT_FOUND = "not_found"
    NEEDS_LOGIN = "needs_login"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    UNREACHABLE = "unreachable"


WORTH_ASKING = frozenset({LookupOutcome.NEEDS_LOGIN, LookupOutcome.FORBIDDEN, LookupOutcome.UNREACHABLE})
"""The source did not get to say whether it knows the file."""


class AskedHash(StrEnum):
    """Which hash decided. A claimed SHA-256 is another tool's word; AutoV3 is of the weights without the header; BLAKE3
    names the same bytes as SHA-256 does, where a source has noted that one wrongly or not at all."""

    SHA256 = "sha256"
    CLAIMED_SHA256 = "claimed_sha256"
    AUTOV3 = "autov3"
    BLAKE3 = "blake3"


class OwnMatch(StrEnum):
    """What the user says of a match, which no lookup changes."""

    CHOSEN = "chosen"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DueContent:
    """A content to be looked up by `digest`, a SHA-256. `others` are hashes to try where that is not known: BLAKE3, and
    12 digits of AutoV3 where that means something.

    `version_id` is the version it is known as at this source; `missed_since` when the source first did not know it.
    """

    model_id: ModelId
    digest: str
    kind: AskedHash
    others: Mapping[AskedHash, str] = field(default_factory=dict)
    version_id: str | None = None
    misses: int = 0
    missed_since: datetime | None = None

    def is_doubtful(self, now: datetime) -> bool:
        """Whether it has been missing for so long that another way of asking may show it gone."""
        return self.missed_since is not None and now - self.missed_since >= GONE_AFTER


@dataclass(frozen=True, slots=True)
class Lookup:
    """The last answer of a source about a content. `is_provisional`: the SHA-256 it was asked for is another tool's
    word, not yet read from the file."""

    source: str
    outcome: LookupOutcome
    hash_kind: AskedHash
    is_provisional: bool
    looked_up_at: datetime
    again_at: datetime | None


def wait_after_miss(misses: int, *, is_linked: bool) -> timedelta:
    """A week, then twice as long each time, 90 days at most; hours, where what was known is in doubt."""
    return GONE_AFTER if is_linked else min(_FIRST_MISS * 2 ** min(misses - 1, 10), _LONGEST_MISS)
