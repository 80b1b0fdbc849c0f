"""Reads other tools' JSON: a value of another type than expected counts as absent."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sd_model_manager.domain.local import HashKind, is_hash

_MAX_DEPTH = 64
_MAX_WEIGHT = 100
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
"""No text column takes a NUL or half of a surrogate pair."""


def parse_object(raw: bytes) -> dict[str, Any]:
    """A JSON object; an empty one where it is another value. Raises ValueError: no JSON, or nested absurdly."""
    try:
        body = json.loads(raw, parse_constant=lambda _: None)
    except RecursionError as error:
        raise ValueError("its JSON is nested too deeply") from error
    return _clean(body, 0) if isinstance(body, dict) else {}


def _clean(value: Any, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise ValueError("its JSON is nested too deeply")
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean(entry, depth + 1) for entry in value]
    if isinstance(value, dict):
        return {clean_text(key): _clean(entry, depth + 1) for key, entry in value.items()}
    return value


def clean_text(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def object_in(body: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def text_in(body: Mapping[str, Any], *keys: str) -> str | None:
    """The first of these that holds any text."""
    texts = (value.strip() for key in keys if isinstance(value := body.get(key), str))
    return next((text for text in texts if text), None)


def texts_in(body: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of texts, each of them once; `tag, tag` in one text counts as one."""
    value = body.get(key)
    if isinstance(value, str):
        return split_words(value)
    texts = [text.strip() for text in value if isinstance(text, str)] if isinstance(value, list) else []
    return tuple(dict.fromkeys(text for text in texts if text))


def split_words(text: str, separator: str = ",") -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for part in text.split(separator) if (word := part.strip())))


def weight_in(body: Mapping[str, Any], key: str) -> float | None:
    """A strength to use a model at; tools write 0 for the usual one."""
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        weight = float(value)
    except (ValueError, OverflowError):
        return None
    return weight if 0 < abs(weight) <= _MAX_WEIGHT else None


def hashes_in(body: Mapping[str, Any]) -> dict[HashKind, str]:
    """The hashes of an object that has their names for keys, as Civitai writes them; not the SHA-256."""
    texts = {key.lower(): value.strip().lower() for key, value in body.items() if isinstance(value, str)}
    found = {kind: texts[kind.value] for kind in HashKind if kind is not HashKind.SHA256 and kind.value in texts}
    return {kind: digits for kind, digits in found.items() if is_hash(kind, digits)}


def hashes_of_file(version: Mapping[str, Any], file_id: str) -> dict[HashKind, str]:
    """Of the file with this id in a version as Civitai describes it."""
    files = version.get("files")
    for entry in files if isinstance(files, list) else []:
        if isinstance(entry, dict) and str(entry.get("id")) == file_id:
            return hashes_in(object_in(entry, "hashes"))
    return {}


def sha256_in(body: Mapping[str, Any], key: str) -> str | None:
    digits = (text_in(body, key) or "").lower()
    return digits if is_hash(HashKind.SHA256, digits) else None


def base_model_in(body: Mapping[str, Any], key: str) -> str | None:
    """Civitai's name for it; the tools' words for not knowing are no name."""
    name = text_in(body, key)
    return name if name and name.lower() not in {"unknown", "none", "other"} else None
