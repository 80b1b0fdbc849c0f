"""How mature a model is, by the levels that Civitai gives pictures, and how such models are shown.

A version carries one bit for each level that its pictures have; the highest of them is its level. No bit means that
nobody rated it, and it counts as harmless.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MatureLevel(StrEnum):
    """From harmless to explicit."""

    PG = "pg"
    PG13 = "pg13"
    R = "r"
    X = "x"
    XXX = "xxx"

    @property
    def bit(self) -> int:
        return _BIT_OF[self]

    @property
    def highest_bits(self) -> int | None:
        """The greatest number whose highest bit is this one; `None` for the last level, to which all beyond counts."""
        return None if self is MatureLevel.XXX else 2 * self.bit - 1


_BIT_OF: dict[MatureLevel, int] = {level: 1 << place for place, level in enumerate(MatureLevel)}
_OF_LENGTH: tuple[MatureLevel | None, ...] = (None, *MatureLevel)


def highest_level(bits: int) -> MatureLevel | None:
    """`None` where nobody rated it."""
    return _OF_LENGTH[min(max(bits, 0).bit_length(), len(MatureLevel))]


class Treatment(StrEnum):
    """What becomes of mature models."""

    SHOW = "show"
    BLUR = "blur"
    HIDE = "hide"


@dataclass(frozen=True, slots=True)
class Viewing:
    """What somebody gets to see. `is_locked`: there is a passphrase, and it was not given. `is_revealing`: what would
    be blurred is asked for as it is."""

    treatment: Treatment = Treatment.SHOW
    mature_from: MatureLevel = MatureLevel.R
    is_locked: bool = False
    is_revealing: bool = False

    def is_mature(self, bits: int) -> bool:
        return bits >= self.mature_from.bit

    def blurs(self, bits: int) -> bool:
        return self.treatment is Treatment.BLUR and self.is_mature(bits) and not self.is_revealing

    def reveals(self, bits: int) -> bool:
        return self.treatment is Treatment.BLUR and self.is_mature(bits) and self.is_revealing

    def hides(self, bits: int) -> bool:
        return self.treatment is Treatment.HIDE and self.is_mature(bits)

    @property
    def mature_below(self) -> int | None:
        """Bits at or above this number are not shown at all; `None` where everything is."""
        return self.mature_from.bit if self.treatment is Treatment.HIDE else None


SEES_ALL = Viewing()
