"""Writes what is known of a model into another tool's JSON file and touches nothing else in it.

What the user said here goes in, unless it was changed there since it was last written. What sources say only fills what
is empty. A block of our own keeps what was written and what stood there before, so that it can be taken back when the
user takes it back; and how old the rest is, so that the file's new time does not make it news.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sd_model_manager.sidecars.format import ExportFacts, SidecarRefused
from sd_model_manager.sidecars.json_text import set_value

OWN_KEY = "sd_model_manager"
_SAID_AT = "said_at"
_BOM = b"\xef\xbb\xbf"
_EMPTY: tuple[Any, ...] = (None, "", [], {}, 0, 0.0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a format would have in its file.

    `fresh` is a whole new file. `known` fills keys that are empty, `own` is the user's and replaces what is there.
    `tags_key` names a list that gets the user's tags beside its own. `block_path` is where our own block stands.
    """

    fresh: Mapping[str, Any]
    known: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)
    tags_key: str | None = None
    block_path: tuple[str, ...] = (OWN_KEY,)


def read_existing(existing: bytes) -> dict[str, Any]:
    """The object in a file that is to be edited. Raises SidecarRefused where it cannot be edited without loss."""
    try:
        body = json.loads(_decode(existing))
    except (ValueError, RecursionError) as error:
        raise SidecarRefused("The file there is no JSON that could be kept as it is.", code="UNREADABLE") from error
    if not isinstance(body, dict):
        raise refuse_shape()
    return body


def refuse_shape() -> SidecarRefused:
    return SidecarRefused("The file there has another shape; another tool wrote it.", code="OTHER_SHAPE")


def require_same_model(facts: ExportFacts, *, version_id: object = None, sha256: str | None = None) -> None:
    """Raises SidecarRefused where the file there says that it is about another model."""
    known = facts.published
    if sha256 and facts.sha256 and sha256 != facts.sha256:
        raise SidecarRefused("The file there names the hash of another model.", code="OTHER_MODEL")
    if version_id and known and known.source == "civitai" and str(version_id) != known.version_id:
        raise SidecarRefused("The file there names another version.", code="OTHER_MODEL")


def write_object(existing: bytes | None, wanted: Wanted, facts: ExportFacts) -> bytes:
    """The new bytes; the very same where there is nothing to change."""
    if existing is None:
        raw = (json.dumps(wanted.fresh, indent=4, ensure_ascii=False, allow_nan=False) + "\n").encode(
            errors="backslashreplace"
        )
    else:
        raw = existing
    bom = _BOM if raw.startswith(_BOM) else b""
    text = _decode(raw)
    body = read_existing(raw)
    block = _block_in(body, wanted.block_path)
    changes, new_block = _decide(body, wanted, facts, block)
    is_touched = existing is None or bool(changes) or new_block != block
    if is_touched and facts.said_at and _SAID_AT not in block:
        new_block[_SAID_AT] = facts.said_at.isoformat(timespec="seconds")
    try:
        for key, value in changes.items():
            text = set_value(text, (key,), value)
        if new_block != block:
            text = set_value(text, wanted.block_path, new_block)
    except (ValueError, RecursionError) as error:
        raise SidecarRefused("The file there holds something where ours would go.", code="OTHER_SHAPE") from error
    return bom + text.encode()


def read_said_at(raw: bytes) -> datetime | None:
    """How old what a file says of its source is, where we wrote the file: it is older than the file then."""
    if OWN_KEY.encode() not in raw:
        return None
    try:
        body = json.loads(_decode(raw))
        texts = [_block_in(body, path).get(_SAID_AT) for path in ((OWN_KEY,), ("extensions", OWN_KEY))]
        said_at = datetime.fromisoformat(next(text for text in texts if isinstance(text, str)))
    except (ValueError, RecursionError, StopIteration):
        return None
    return said_at.astimezone(UTC) if said_at.tzinfo else None


def is_empty(value: object) -> bool:
    return any(value is empty or (type(value) is type(empty) and value == empty) for empty in _EMPTY)


def _decode(raw: bytes) -> str:
    return raw.removeprefix(_BOM).decode()


def _block_in(body: Mapping[str, Any], path: Sequence[str]) -> dict[str, Any]:
    value: Any = body
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _object_of(block: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = block.get(key)
    return value if isinstance(value, dict) else {}


def _decide(
    body: Mapping[str, Any], wanted: Wanted, facts: ExportFacts, block: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What to change at the top of the file, and our block after it."""
    changes, wrote, before = _merge_own(body, wanted.own, _object_of(block, "wrote"), _object_of(block, "before"))
    for key, value in wanted.known.items():
        if key not in wanted.own and key not in wrote and is_empty(body.get(key)) and not is_empty(value):
            changes.setdefault(key, value)
    added: list[str] = []
    if wanted.tags_key:
        merged, added = _merge_tags(changes.get(wanted.tags_key, body.get(wanted.tags_key)), facts.own.tags, block)
        if merged is not None:
            changes[wanted.tags_key] = merged
    parts = {"own": facts.own.to_json(), "wrote": wrote, "before": before, "added_tags": added}
    new_block = {key: value for key, value in block.items() if key not in parts}
    new_block |= {key: value for key, value in parts.items() if value}
    return {key: value for key, value in changes.items() if not _is_same(body, key, value)}, new_block


def _merge_own(
    body: Mapping[str, Any], own: Mapping[str, Any], wrote: Mapping[str, Any], before: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Three sides: what the user says here, what stands there, and what was written there last."""
    changes: dict[str, Any] = {}
    now_wrote: dict[str, Any] = {}
    now_before: dict[str, Any] = {}
    for key, old in wrote.items():
        if key not in own and body.get(key) == old:
            changes[key] = before.get(key, type(old)() if old is not None else None)
    for key, value in own.items():
        if key in wrote:
            now_wrote[key] = value
            if key in before:
                now_before[key] = before[key]
            if wrote[key] != value:
                changes[key] = value
        elif body.get(key) != value:
            changes[key] = now_wrote[key] = value
            if key in body:
                now_before[key] = body[key]
    return changes, now_wrote, now_before


def _merge_tags(there: Any, own: Sequence[str], block: Mapping[str, Any]) -> tuple[list[Any] | None, list[str]]:
    """The list with the user's tags behind those of others; `None` where it is no list and nothing is to be added."""
    listed = there if isinstance(there, list) else []
    ours = block.get("added_tags")
    added_before = {tag for tag in ours if isinstance(tag, str)} if isinstance(ours, list) else set()
    others = [tag for tag in listed if not (isinstance(tag, str) and tag in added_before)]
    known = {tag.casefold() for tag in others if isinstance(tag, str)}
    added = [tag for tag in own if tag.casefold() not in known]
    is_open = there is None or isinstance(there, list)
    return ([*others, *added], added) if is_open and (added or added_before) else (None, [])


def _is_same(body: Mapping[str, Any], key: str, value: Any) -> bool:
    return key in body and type(body[key]) is type(value) and bool(body[key] == value)
