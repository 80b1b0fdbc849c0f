"""What a file's metadata says of itself: hints, to be believed where the structure leaves a choice."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sd_model_manager.identify.families import FAMILIES
from sd_model_manager.identify.families.family import Family, MetadataName

_ARCHITECTURE_KEYS = (
    "modelspec.architecture",
    "ss_base_model_version",
    "architecture",
    "base_model",
    "ss_base_model",
    "model_type",
)
_BASE_KEYS = (
    "ss_sd_model_name", "ss_base_model_version", "base_model", "modelspec.architecture", "modelspec.merged_from",
    "sd_merge_models", "diffusers.class_name",
)  # fmt: skip
"""Where trainers and mergers say what they started from."""

_TITLE_KEYS = (
    "modelspec.title", "modelspec.tags", "ss_output_name", "name", "general.name", "general.basename",
    "general.finetune",
)  # fmt: skip
"""What the author calls the file: telling, but a LoRA of a pony is not one for Pony."""

_PONY_TAGS = ("score_9", "score_8_up", "source_pony", "source_furry", "source_cartoon", "source_anime")
_FOLDER_TRIGGER = re.compile(r"^\d+_(?P<word>.+)$")
_MOST_TRIGGER_WORDS = 20
_JSON_LIMIT = 20_000_000
"""Characters; longer metadata is not looked into."""

_MOST_OF_A_NAME = 200
"""Characters; no name of an architecture is nearly as long."""


def find_named_family(metadata: Mapping[str, str]) -> Family | None:
    """The family that the metadata names outright, as ModelSpec or the trainer wrote it."""
    spoken = [metadata[key].strip().lower() for key in _ARCHITECTURE_KEYS if metadata.get(key, "").strip()]
    for word in spoken:
        plain = word.rsplit("/", 1)[0] if word.endswith(("/lora", "/vae", "/controlnet")) else word.rsplit("/", 1)[-1]
        if family := _find_closest_family(plain[:_MOST_OF_A_NAME]):
            return family
    return None


@lru_cache(maxsize=1024)
def _find_closest_family(word: str) -> Family | None:
    """The one with the longest name that fits; remembered, since the files of a library say the same few words."""
    fitting = [(len(name), family) for family in FAMILIES for name in family.architectures if _fits(word, name)]
    return max(fitting, key=itemgetter(0), default=(0, None))[1]


def _fits(word: str, name: str) -> bool:
    return word.startswith(name[:-1]) if name.endswith("*") else word == name


def find_metadata_name(metadata: Mapping[str, str], names: Sequence[MetadataName]) -> MetadataName | None:
    """The first of a family's structurally equal models whose words stand in the metadata.

    What a file was made from is asked before what it was trained on, and that before its own title.
    """
    tags = metadata.get("ss_tag_frequency", "")[:_JSON_LIMIT]
    trained_on = "score_9" if any(f'"{tag}' in tags for tag in _PONY_TAGS) else ""
    for text in (_join(metadata, _BASE_KEYS), trained_on, _join(metadata, _TITLE_KEYS)):
        if found := next((name for name in names if any(word in text for word in name.words)), None):
            return found
    return None


def _join(metadata: Mapping[str, str], keys: Iterable[str]) -> str:
    return "\n".join(metadata[key] for key in keys if key in metadata).lower()


def read_trigger_words(metadata: Mapping[str, str]) -> tuple[str, ...]:
    """The words to write into a prompt, from the surest place that has any.

    The author's trigger phrase comes before the usage hint, and that before the tags of the training images, which
    are many: the names of the training folders (`10_word`) first, then the most frequent tags.
    """
    for key in ("modelspec.trigger_phrase", "modelspec.usage_hint", "trigger_word", "trigger_words"):
        if words := _split(metadata.get(key, "")):
            return words
    if words := _trained_words(metadata):
        return words
    return ()


def _split(text: str) -> tuple[str, ...]:
    if text.strip().lower() in {"", "none", "null", "nan"}:
        return ()
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _trained_words(metadata: Mapping[str, str]) -> tuple[str, ...]:
    datasets = read_json_object(metadata.get("ss_tag_frequency", ""))
    folders = [*datasets, *read_json_object(metadata.get("ss_dataset_dirs", ""))]
    from_folders = [match["word"].strip() for name in folders if (match := _FOLDER_TRIGGER.match(name))]
    counts: Counter[str] = Counter()
    for tags in datasets.values():
        if isinstance(tags, dict):
            counts.update({tag.strip(): count for tag, count in tags.items() if isinstance(count, int)})
    most = max(counts.values(), default=0)
    frequent = [tag for tag, count in counts.most_common(_MOST_TRIGGER_WORDS) if tag and count * 2 >= most]
    return tuple(dict.fromkeys([*from_folders, *frequent]))[:_MOST_TRIGGER_WORDS]


def read_json_object(text: str) -> dict[str, Any]:
    """The object in this JSON text; anything else, `None` and broken JSON included, is an empty one."""
    if not text or len(text) > _JSON_LIMIT:
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def find_prediction_word(metadata: Mapping[str, str]) -> str | None:
    """`epsilon` or `v` where the metadata says so, else `None`."""
    spoken = metadata.get("modelspec.prediction_type", "").strip().lower()
    if spoken in {"v", "v_prediction", "v-prediction", "vpred"}:
        return "v"
    if spoken in {"epsilon", "eps"}:
        return "epsilon"
    if metadata.get("ss_v_parameterization", "").lower() == "true":
        return "v"
    if metadata.get("ss_base_model_version", "").endswith("_v"):
        return "v"
    return None
