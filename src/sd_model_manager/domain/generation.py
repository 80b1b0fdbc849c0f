"""How a picture was made, as far as its publisher or the picture itself tells. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MAX_PROMPT = 20_000
_MAX_NAME = 200
_MAX_RESOURCES = 50
_MAX_STEPS = 10_000
_MAX_CFG_SCALE = 1_000
_MAX_WEIGHT = 1_000

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Resource:
    """A model that took part. Often Civitai tells no more of it than its version's number there."""

    type: str | None = None
    name: str | None = None
    weight: float | None = None
    version_id: str | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """`seed` is digits, for it may be larger than JavaScript can count; `size` such as `832x1216`."""

    negative_prompt: str | None = None
    sampler: str | None = None
    scheduler: str | None = None
    steps: int | None = None
    cfg_scale: float | None = None
    seed: str | None = None
    size: str | None = None
    clip_skip: int | None = None
    model: str | None = None
    resources: tuple[Resource, ...] = ()


def make_generation(facts: Mapping[str, Any], resources: Iterable[Mapping[str, Any]] = ()) -> Generation | None:
    """From values of any shape under the names of the fields; what does not fit is left out. `None` where nothing is
    told. What is said of the model itself among `resources` is said once."""
    model = clean_text(facts.get("model"))
    used = dict.fromkeys(_make_resource(resource) for resource in resources)
    named = [one for one in used if one.version_id or (one.name and one.name != model)]
    made = Generation(
        negative_prompt=clean_text(facts.get("negative_prompt"), MAX_PROMPT),
        sampler=clean_text(facts.get("sampler")),
        scheduler=clean_text(facts.get("scheduler")),
        steps=_whole(facts.get("steps"), _MAX_STEPS),
        cfg_scale=_number(facts.get("cfg_scale"), 0, _MAX_CFG_SCALE),
        seed=_digits(facts.get("seed")),
        size=_size(facts),
        clip_skip=_whole(facts.get("clip_skip"), _MAX_STEPS),
        model=model,
        resources=tuple(named[:_MAX_RESOURCES]),
    )
    return None if made == Generation() else made


def clean_text(value: Any, longest: int = _MAX_NAME) -> str | None:
    """Without what no database keeps; `None` for what is no text, or empty."""
    if not isinstance(value, str):
        return None
    return _UNSTORABLE.sub("", value[:longest]).strip() or None


def _make_resource(said: Mapping[str, Any]) -> Resource:
    weight = _number(said.get("weight"), -_MAX_WEIGHT, _MAX_WEIGHT)
    texts = (clean_text(said.get("type")), clean_text(said.get("name")))
    return Resource(*texts, weight, _digits(said.get("version_id")))


def _number(value: Any, least: float, most: float) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if least <= number <= most else None


def _whole(value: Any, most: int) -> int | None:
    number = _number(value, 0, most)
    return int(number) if number else None


def _digits(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | str) or (isinstance(value, int) and value >= 10**20):
        return None
    return digits if re.fullmatch(r"[0-9]{1,20}", digits := str(value).strip()) else None


def _size(facts: Mapping[str, Any]) -> str | None:
    """Of `size`, or else of `width` and `height`."""
    width, height = (_whole(facts.get(side), 100_000) for side in ("width", "height"))
    said = facts.get("size") or f"{width}x{height}"
    return said if isinstance(said, str) and re.fullmatch(r"[0-9]{1,6}x[0-9]{1,6}", said) else None
