"""The texts that programs write into the pictures they make. Pure.

Facts: A1111 and Forge `modules/infotext_utils.py`; SwarmUI `docs/Image Metadata Format.md`; ComfyUI `nodes.py`
(`SaveImage`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sd_model_manager.domain.generation import MAX_PROMPT, Generation, clean_text, make_generation

_MAX_TEXT = 100_000
_MAX_LINE = 10_000
"""Characters of a line of parameters that are read."""

_PARAMETER = re.compile(r'(\w[\w \-/]{1,40}): ?("(?:\\.|[^\\"]){1,1000}"|[^,]*)(?:,|$)')
_LORA = re.compile(r"<lora:([^:<>]{1,200})(?::([\d.]{1,10}))?[^<>]{0,50}>")
_FEWEST_PARAMETERS = 3
"""A last line with fewer belongs to the prompt: what A1111 itself reads by (`parse_generation_parameters`)."""
_FIELD_OF_LABEL = {
    "Sampler": "sampler",
    "Schedule type": "scheduler",
    "Steps": "steps",
    "CFG scale": "cfg_scale",
    "Seed": "seed",
    "Size": "size",
    "Clip skip": "clip_skip",
    "Model": "model",
}


@dataclass(frozen=True, slots=True)
class PictureText:
    """What a picture says of itself. `has_workflow` tells of a graph that ComfyUI opens."""

    prompt: str | None = None
    generation: Generation | None = None
    has_workflow: bool = False


def parse_picture_text(texts: Mapping[str, str]) -> PictureText:
    """From the texts in a picture by their keywords: `parameters` as A1111, Forge or SwarmUI write it, `prompt` and
    `workflow` as ComfyUI does."""
    has_workflow = any(texts.get(key, "").lstrip().startswith("{") for key in ("prompt", "workflow"))
    text = texts.get("parameters", "")[:_MAX_TEXT]
    prompt, generation = _parse_swarm(text) if text.lstrip().startswith("{") else parse_infotext(text)
    return PictureText(prompt, generation, has_workflow)


def parse_infotext(text: str) -> tuple[str | None, Generation | None]:
    """A1111's form: the prompt, `Negative prompt: ...`, and a last line of `Steps: 20, Sampler: ...`."""
    body, _, last = f"\n{text.strip()}".rpartition("\n")
    found = [(name.strip(), _unquoted(value.strip())) for name, value in _PARAMETER.findall(last[:_MAX_LINE])]
    if len(found) < _FEWEST_PARAMETERS:
        body, found = f"{body}\n{last}", []
    prompt, _, negative = body.partition("\nNegative prompt:")
    facts = {_FIELD_OF_LABEL[name]: value for name, value in found if name in _FIELD_OF_LABEL}
    loras = [{"type": "lora", "name": name, "weight": weight or None} for name, weight in _LORA.findall(prompt)]
    return clean_text(prompt, MAX_PROMPT), make_generation({**facts, "negative_prompt": negative}, loras)


def _parse_swarm(text: str) -> tuple[str | None, Generation | None]:
    """`{"sui_image_params": {...}}`; names and weights of LoRAs are lists side by side."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return None, None
    said = whole.get("sui_image_params") if isinstance(whole, dict) else None
    if not isinstance(said, dict):
        return None, None
    pairs = zip_longest(_listed(said, "loras"), _listed(said, "loraweights"))
    loras = [{"type": "lora", "name": name, "weight": weight} for name, weight in pairs]
    facts = {**said, "negative_prompt": said.get("negativeprompt"), "cfg_scale": said.get("cfgscale")}
    return clean_text(said.get("prompt"), MAX_PROMPT), make_generation(facts, loras)


def _listed(said: Mapping[str, Any], key: str) -> list[Any]:
    found = said.get(key)
    return found if isinstance(found, list) else []


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        return value
