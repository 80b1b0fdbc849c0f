"""Which version of a model is newer than another, and which is merely another variant of it. By names alone, as
creators give them: `v2.0 fp8` is `v2.0` in another packing, `v2.0 inpainting` is for another purpose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from sd_model_manager.domain.ids import ModelId, PreviewId
from sd_model_manager.domain.taxonomy import ModelType

_PACKINGS = frozenset(
    {
        *("fp32", "fp16", "bf16", "fp8", "fp4", "nf4", "int8", "int4", "e4m3fn", "e5m2", "scaled", "mixed"),
        *("quantized", "svdquant", "nunchaku", "gguf", "onnx", "ckpt", "safetensor", "safetensors", "diffusers"),
        *("full", "pruned", "lite", "ema", "noema", "emaonly", "vae", "novae", "baked", "bakedvae"),
        *("clip", "unet", "only", "aio", "all", "one", "file", "version"),
    }
)
"""Words for another packing of the same release."""

_PURPOSES = frozenset(
    {
        *("inpainting", "inpaint", "outpainting", "refiner", "edit", "fun", "vpred", "eps", "sfw", "nsfw"),
        *("lightning", "turbo", "hyper", "lcm", "dmd", "dmd2", "schnell", "distilled", "flash"),
        *(f"{count}step{ending}" for count in (1, 2, 4, 6, 8) for ending in ("", "s")),
        *("low", "high", "lownoise", "highnoise", "i2v", "t2v", "v2v", "t2i", "i2i"),
    }
)
"""Words for something one does not take in place of the other."""

_QUANTISATION = re.compile(r"i?q\d\w*")
_NUMBER = re.compile(r"v?(\d+(?:\.\d+)*)[a-z]?")
_WORD = re.compile(r"[^\s()\[\]{},;:|/+&_-]+")


@dataclass(frozen=True, slots=True)
class VersionName:
    """A version's name, taken apart. `number` are the parts of the first number in it, empty where there is none."""

    number: tuple[int, ...]
    purposes: frozenset[str]
    packings: frozenset[str]
    others: frozenset[str]


@lru_cache(maxsize=10_000)
def parse_version_name(name: str) -> VersionName:
    words = [word.strip(".") for word in _WORD.findall(_join_known_pairs(name.lower()))]
    number: tuple[int, ...] = ()
    purposes, packings, others = set(), set(), set()
    for word in filter(None, words):
        found = _NUMBER.fullmatch(word)
        if word in _PURPOSES:
            purposes.add(word)
        elif word in _PACKINGS or _QUANTISATION.fullmatch(word):
            packings.add(word)
        elif found and not number:
            number = _without_zeros(tuple(int(part[:9]) for part in found[1].split(".")))
            if word[-1].isalpha():
                others.add(word[-1])
        elif word not in {"v", "ver", "version"}:
            others.add(word)
    return VersionName(number, frozenset(purposes), frozenset(packings), frozenset(others))


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """A version as far as comparing takes. `number` is its id at the source, which grows with time, too."""

    row_id: int
    source: str
    model_id: str
    number: int
    name: VersionName
    base_model: str | None
    published_at: datetime | None = None

    @property
    def rank(self) -> tuple[int, int]:
        """Grows with time. Where it is not known when a version was published, it is as old as can be."""
        return int(self.published_at.timestamp()) if self.published_at else 0, self.number

    @property
    def line(self) -> tuple[str, str, str | None, frozenset[str]]:
        """Versions of one line can take each other's place."""
        return self.source, self.model_id, self.base_model, self.name.purposes


def is_newer(other: KnownVersion, installed: KnownVersion) -> bool:
    """Whether one version of a line is a later release, and not the same in another packing or a sibling beside it."""
    if other.line != installed.line or not _is_later(other, installed):
        return False
    new, old = other.name, installed.name
    if (new.number, new.others) == (old.number, old.others):
        return new.packings == old.packings
    if new.number and old.number and new.number <= old.number:
        return new.number == old.number and old.others < new.others  # `v2 fix` after `v2`, not `v2 b` after `v2 a`
    return True


def _is_later(other: KnownVersion, installed: KnownVersion) -> bool:
    if other.published_at and installed.published_at and other.published_at != installed.published_at:
        return other.published_at > installed.published_at
    return other.number > installed.number


class Access(StrEnum):
    """What it takes to fetch a version."""

    FREE = "free"
    EARLY_ACCESS = "early_access"
    PAID = "paid"


class IgnoredKind(StrEnum):
    """What the user wants to hear of no updates of: one version, a model, or all that a creator makes."""

    VERSION = "version"
    MODEL = "model"
    CREATOR = "creator"


@dataclass(frozen=True, slots=True)
class Ignored:
    """`key` is the version's or model's id at its source, or the creator's name."""

    source: str
    kind: IgnoredKind
    key: str


@dataclass(frozen=True, slots=True)
class IgnoredListing:
    """What is ignored, with the names that its id stands for; `None` where they are not known, or are the key."""

    ignored: Ignored
    model_name: str | None = None
    version_name: str | None = None


@dataclass(frozen=True, slots=True)
class VersionListing:
    """A version in a list of updates. `available_from` is when early access ends, `None` where that is not known."""

    version_id: str
    name: str
    base_model: str | None
    published_at: datetime | None
    access: Access
    available_from: datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class SiblingVersion:
    """A version of the published model that a model of the library is of. `model_ids` are the models of the library
    that are this version; `is_update`: an update of one that is here."""

    listing: VersionListing
    model_ids: tuple[ModelId, ...]
    is_update: bool


@dataclass(frozen=True, slots=True)
class Update:
    """A model of the library, the version it is, and what is newer, the newest first. The previews and `mature_bits`
    are those of its listing."""

    model_id: ModelId
    name: str
    source: str
    published_model_id: str
    published_model_name: str
    creator: str | None
    installed: VersionListing
    versions: tuple[VersionListing, ...]
    type: ModelType
    preview_id: PreviewId | None = None
    preview_media: str | None = None
    own_preview: str | None = None
    mature_bits: int = 0


@dataclass(frozen=True, slots=True)
class UpdatePage:
    items: tuple[Update, ...]
    total: int
    next_cursor: str | None


def _join_known_pairs(name: str) -> str:
    """`no VAE`, `no-ema`, `high noise`, `4 steps` and `Q4_K_M` are one word each."""
    joined = re.sub(r"\b(no|baked|high|low)[\s_-]+(vae|ema|noise)\b", r"\1\2", name)
    joined = re.sub(r"\b(\d)[\s_-]+(steps?)\b", r"\1\2", joined)
    return re.sub(r"(?<![a-z0-9])i?q\d(?:_[a-z0-9]{1,3})+", lambda found: found[0].replace("_", ""), joined)


def _without_zeros(number: tuple[int, ...]) -> tuple[int, ...]:
    """2.0 is 2."""
    while len(number) > 1 and number[-1] == 0:
        number = number[:-1]
    return number
