"""From what a pickle would make to named tensors and metadata.

Names of nested dictionaries are joined with `/`; an integer key is `#768`, a place in a list or tuple its number; the
parts of a torch module are joined with `.`, as its own state dict names them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sd_model_manager.identify.formats.clean_text import clean_text
from sd_model_manager.identify.formats.limits import MAX_TENSORS
from sd_model_manager.identify.formats.pickle_values import PickledDict, PickledObject
from sd_model_manager.identify.header import Tensor

MAX_DEPTH = 48
MAX_NAME_CHARACTERS = 2000
MAX_NAMES_CHARACTERS = 64_000_000
"""Of all names together: a hostile file repeats one long name for every tensor."""

MAX_METADATA_KEYS = 1000
MAX_METADATA_CHARACTERS = 65_536
MAX_LIST_ITEMS = 64

WRAPPERS = (
    "state_dict",
    "params_ema",
    "params-ema",
    "params",
    "model_state_dict",
    "model",
    "ema",
    "module",
    "generator",
)
"""Keys under which training programs save the weights proper, the wanted one first."""

_MODULE_PARTS = ("_parameters", "_buffers", "_modules")
_CONTAINERS = (PickledDict, PickledObject, list, tuple)
_Child = tuple[str, str, Any]


def name_contents(value: Any) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors by name, and the small values beside them under `pickle.<key>`.

    Where the weights stand in a wrapper, its name is told as `pickle.wrapper` and what stands beside it is left out.
    """
    metadata: dict[str, str] = {}
    wrappers: list[str] = []
    tensors: dict[str, Tensor] = {}
    for _ in range(2):
        metadata |= _read_scalars(value)
        wrapper, inner, tensors = _find_wrapped(value)
        if wrapper is None:
            break
        wrappers.append(wrapper)
        value = inner
    if wrappers:
        metadata["pickle.wrapper"] = "/".join(wrappers)
    return tensors if tensors and wrapper else _name_tensors(value), metadata


def _find_wrapped(value: Any) -> tuple[str | None, Any, dict[str, Tensor]]:
    if isinstance(value, PickledDict):
        entries = {key: child for key, child in value.pairs if type(key) is str}
        for wrapper in WRAPPERS:
            child = entries.get(wrapper)
            if isinstance(child, PickledDict | PickledObject) and (tensors := _name_tensors(child)):
                return wrapper, child, tensors
    return None, None, {}


def _name_tensors(root: Any) -> dict[str, Tensor]:
    """Each container is entered once, so shared and circular ones cost no more than their size."""
    tensors: dict[str, Tensor] = {}
    entered: set[int] = set()
    characters_left = MAX_NAMES_CHARACTERS
    pending: list[tuple[str, int, Any]] = [("", 0, root)]
    while pending and len(tensors) < MAX_TENSORS:
        name, depth, value = pending.pop()
        if isinstance(value, Tensor):
            tensors[name or "tensor"] = value
            continue
        if (
            not isinstance(value, _CONTAINERS)
            or depth >= MAX_DEPTH
            or len(name) > MAX_NAME_CHARACTERS
            or id(value) in entered
        ):
            continue
        entered.add(id(value))
        children: list[tuple[str, int, Any]] = []
        for key, joint, child in _children(value):
            characters_left -= len(name) + len(key)
            if characters_left < 0:
                break
            children.append((f"{name}{joint}{key}" if name else key, depth + 1, child))
        pending += reversed(children)
    return tensors


def _children(value: Any) -> Iterator[_Child]:
    if isinstance(value, PickledDict):
        for key, child in value.pairs:
            if isinstance(child, (Tensor, *_CONTAINERS)):
                yield _name_key(key), "/", child
    elif isinstance(value, PickledObject):
        yield from _children_of_object(value)
    else:
        for index, child in enumerate(value):
            if isinstance(child, (Tensor, *_CONTAINERS)):
                yield str(index), "/", child


def _children_of_object(value: PickledObject) -> Iterator[_Child]:
    pairs = value.state.pairs if isinstance(value.state, PickledDict) else []
    parts = {key: child for key, child in pairs if type(key) is str and key in _MODULE_PARTS}
    for name in _MODULE_PARTS:
        if isinstance(part := parts.get(name), PickledDict):
            yield from ((key, ".", child) for key, _, child in _children(part))
    if parts:
        return
    if pairs:
        yield from ((key, ".", child) for key, _, child in _children(value.state))
    else:
        yield from ((part, "/", child) for part, child in (("state", value.state), ("arguments", value.arguments)))


def _name_key(key: Any) -> str:
    if type(key) is str:
        return clean_text(key[:MAX_NAME_CHARACTERS])
    return f"#{key}" if type(key) is int and key.bit_length() <= 64 else "?"


def _read_scalars(value: Any) -> dict[str, str]:
    metadata: dict[str, str] = {}
    for key, child in value.pairs if isinstance(value, PickledDict) else ():
        text = _as_text(child)
        if text is not None and len(metadata) < MAX_METADATA_KEYS:
            metadata[f"pickle.{_name_key(key)}"] = clean_text(text)
    return metadata


def _as_text(value: Any) -> str | None:
    if type(value) is str:
        return value[:MAX_METADATA_CHARACTERS]
    if _is_number(value):
        return json.dumps(value)
    if type(value) in (list, tuple) and 0 < len(value) <= MAX_LIST_ITEMS:
        items = [item[:1000] if type(item) is str else item for item in value]
        return json.dumps(items) if all(type(item) is str or _is_number(item) for item in items) else None
    return None


def _is_number(value: Any) -> bool:
    return type(value) in (bool, float) or (type(value) is int and value.bit_length() <= 64)
