"""Reads a folder as diffusers saves a pipeline (`model_index.json`) or one part of it (`config.json` and weights).

Facts: diffusers 0.42 `pipeline_loading_utils.py`: weights lie in a folder for each component, as one file or sharded,
a variant such as `fp16` in the name; safetensors are preferred to pickles.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from sd_model_manager.domain.local import Problem
from sd_model_manager.domain.taxonomy import MODEL_EXTENSIONS, FileFormat
from sd_model_manager.identify.header import Header
from sd_model_manager.identify.reading import read_header_of
from sd_model_manager.identify.shards import group_shards, merge_headers, read_shards
from sd_model_manager.lib.errors import BadInput, DamagedFile, NotFound

MAX_JSON_BYTES = 1 << 20
MAX_FILES = 2000
MAX_COMPONENTS = 32

_PIPELINE, _COMPONENT = "model_index.json", "config.json"
_WEIGHTS = re.compile(
    r"(diffusion_pytorch_model|pytorch_model|model)(?P<variant>\.\w+)?(-\d{5}-of-\d{5})?\.(?P<suffix>safetensors|bin)",
    re.ASCII,
)
_COMPONENT_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)


def is_diffusers_folder(folder: Path) -> bool:
    """Whether a pipeline or one of its components was saved here."""
    if (folder / _PIPELINE).is_file():
        return True
    return (folder / _COMPONENT).is_file() and bool(find_weights(folder))


def read_diffusers_folder(folder: Path) -> Header:
    """One header for the folder; of a pipeline the tensors are named `unet.conv_in.weight`, as in single files.

    Metadata: `diffusers.class_name`, `diffusers.components` (JSON list), `diffusers.config` (JSON of one component).

    Raises:
        BadInput: the folder is not one that diffusers saves.
        NotFound, DamagedFile: a file in it cannot be read.
    """
    if (folder / _PIPELINE).is_file():
        return _read_pipeline(folder)
    if not is_diffusers_folder(folder):
        raise BadInput(f"'{folder}' holds no diffusers model: neither {_PIPELINE} nor {_COMPONENT} with weights.")
    return _read_component(folder)


def find_weights(folder: Path) -> list[Path]:
    """The files of one variant: safetensors before pickles, the plain ones before `fp16` and the like."""
    variants: dict[tuple[bool, str], list[Path]] = {}
    for path in _list_files(folder):
        if match := _WEIGHTS.fullmatch(path.name):
            key = (match["suffix"] != "safetensors", match["variant"] or "")
            variants.setdefault(key, []).append(path)
    return sorted(variants[min(variants)]) if variants else []


def _list_files(folder: Path) -> list[Path]:
    try:
        found = [path for _, path in zip(range(MAX_FILES), folder.iterdir(), strict=False)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise DamagedFile(f"'{folder}' cannot be listed: {error.strerror}.", code="FILE_UNREADABLE") from error
    return [path for path in found if path.is_file()]


def _read_pipeline(folder: Path) -> Header:
    index, problems = _read_json(folder / _PIPELINE)
    names = [name for name, value in index.items() if isinstance(value, list) and _COMPONENT_NAME.fullmatch(name)]
    parts = {name: _read_weights(folder / name) for name in names[:MAX_COMPONENTS] if find_weights(folder / name)}
    merged = merge_headers(parts, lambda part, name: f"{part}.{name}")
    metadata = {**merged.metadata, "diffusers.components": json.dumps(list(parts))}
    if isinstance(class_name := index.get("_class_name"), str):
        metadata["diffusers.class_name"] = class_name
    problems += merged.problems
    problems += _find_absent(folder, index, names[:MAX_COMPONENTS])
    if not parts:
        message = "None of its components has weights here. Download the whole repository again."
        problems += (Problem("missing_weights", message),)
    return Header(FileFormat.DIFFUSERS, merged.tensors, metadata, problems=problems)


def _find_absent(folder: Path, index: dict[str, Any], names: list[str]) -> tuple[Problem, ...]:
    """Components that have a configuration and no weights, or no folder at all; `[null, null]` is one left out."""
    absent = []
    for name in names:
        here = folder / name
        is_empty = (here / _COMPONENT).is_file() and not any(
            path.suffix.lower() in MODEL_EXTENSIONS for path in _list_files(here)
        )
        if is_empty or (index[name] != [None, None] and not here.is_dir()):
            absent.append(name)
    if not absent or len(absent) == len(names):
        return ()
    message = f"It lacks {', '.join(absent)}. Download the whole repository again."
    return (Problem("incomplete", message, {"absent": ", ".join(absent)}),)


def _read_component(folder: Path) -> Header:
    config, problems = _read_json(folder / _COMPONENT)
    header = _read_weights(folder)
    metadata = {**header.metadata, "diffusers.config": json.dumps(config)}
    architectures = config.get("architectures")
    first = architectures[0] if isinstance(architectures, list) and architectures else None
    if isinstance(class_name := config.get("_class_name", first), str):
        metadata["diffusers.class_name"] = class_name
    return Header(FileFormat.DIFFUSERS, header.tensors, metadata, problems=problems + header.problems)


def _read_weights(folder: Path) -> Header:
    sets, alone = group_shards(find_weights(folder))
    parts = {shards.stem: read_shards(shards) for shards in sets} or {path.name: read_header_of(path) for path in alone}
    return merge_headers(parts, lambda _, name: name)


def _read_json(path: Path) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The object in a small file; what is no object is a problem, not an error."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_JSON_BYTES + 1)
        parsed = json.loads(text.decode()) if len(text) <= MAX_JSON_BYTES else None
    except FileNotFoundError as error:
        raise NotFound(f"'{path}' vanished while it was read. Scan its folder again.") from error
    except OSError as error:
        raise DamagedFile(f"'{path}' cannot be read: {error.strerror}.", code="FILE_UNREADABLE") from error
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, dict):
        return parsed, ()
    return {}, (
        Problem("invalid_json", f"'{path.name}' is not a JSON object. Download it again.", {"file": path.name}),
    )
