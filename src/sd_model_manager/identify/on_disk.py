"""What lies at a path: one file, the parts of a sharded model, or a folder that diffusers saved."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from sd_model_manager.domain.local import Identity, Problem
from sd_model_manager.domain.taxonomy import MODEL_EXTENSIONS, FileFormat, ModelType
from sd_model_manager.identify.diffusers_folder import is_diffusers_folder, read_diffusers_folder
from sd_model_manager.identify.header import Header
from sd_model_manager.identify.identity import identify_header
from sd_model_manager.identify.reading import read_header_of
from sd_model_manager.identify.shards import group_shards, read_shards
from sd_model_manager.lib.codes import ProblemCode
from sd_model_manager.lib.errors import AppError


def find_models(paths: Iterable[Path]) -> Iterator[Path]:
    """Files as they are; for a folder the models below it, of a sharded one the first part, and folders that diffusers
    saved as one model each. Links to folders are not followed."""
    for path in paths:
        if path.is_dir() and not is_diffusers_folder(path):
            yield from _walk(path)
        else:
            yield path


def identify_path(path: Path) -> Identity:
    """Say what lies at a path; what cannot be read is unknown, with the reason as its problem."""
    try:
        header = _read(path)
    except AppError as error:
        problem = Problem(cast(ProblemCode, error.error_code.lower()), error.message)
        return Identity(type=ModelType.UNKNOWN, format=FileFormat.UNKNOWN, problems=(problem,))
    return identify_header(header, filename=path.name, folder=path.absolute().parent.as_posix())


def _read(path: Path) -> Header:
    if path.is_dir():
        return read_diffusers_folder(path)
    sets, _ = group_shards([path])
    if not sets:
        return read_header_of(path)
    siblings = (other for other in path.parent.iterdir() if other.suffix == path.suffix)
    return next(read_shards(found) for found in group_shards(siblings)[0] if path in dict(found.parts).values())


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        saved = {name for name in folders if is_diffusers_folder(here / name)}
        folders[:] = sorted(set(folders) - saved)
        files = (here / name for name in sorted(names) if Path(name).suffix.lower() in MODEL_EXTENSIONS)
        sets, alone = group_shards(files)
        yield from sorted([*alone, *(found.parts[0][1] for found in sets), *(here / name for name in saved)])
