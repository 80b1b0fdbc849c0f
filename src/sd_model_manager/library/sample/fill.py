"""Puts the shelf's models into a folder."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random

from sd_model_manager.identify.header import Tensor
from sd_model_manager.library.sample.adapters import Layer, make_lora
from sd_model_manager.library.sample.facts import describe_publication, describe_training
from sd_model_manager.library.sample.pictures import draw_picture
from sd_model_manager.library.sample.sample_model import SampleModel, Training
from sd_model_manager.library.sample.shelf import SHELF
from sd_model_manager.library.sample.tensor_file import count_bytes, describe_tensors, makes_holes, write_tensor_file

_MOST_BYTES_TO_HASH = 160_000_000
_MOST_BYTES_WITHOUT_HOLES = 2_000_000
_FEW_LAYERS = 24
_OLDEST_DAYS = 400
_DAY_SECONDS = 86_400


def fill_sample_library(folder: Path, *, count: int | None = None, seed: int = 1, full_size: bool | None = None) -> int:
    """Write the sample models, or `count` of them, below a folder; the same for the same seed.

    `full_size` files have their true sizes and take some megabytes, where the disk makes holes; `None` is whether it
    does. Otherwise the large models are left out and LoRAs change a few layers only. What lies there already is kept.
    Returns how many models of the sample lie there now. Raises OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chosen = list(SHELF) if count is None else Random(seed).sample(SHELF, min(count, len(SHELF)))  # noqa: S311
    is_full_size = makes_holes(folder) if full_size is None else full_size
    return sum(_write_model(folder, model, seed, full_size=is_full_size) for model in chosen)


def _write_model(folder: Path, model: SampleModel, seed: int, *, full_size: bool) -> bool:
    """`False` where it is too large for this disk."""
    path = folder / model.path
    if path.exists():
        return True
    chance = Random(f"{seed}:{model.path}")  # noqa: S311 - a sample, no secret
    tensors, metadata = _make_content(model, chance, full_size=full_size)
    size_bytes = count_bytes(tensors)
    if not full_size and size_bytes > _MOST_BYTES_WITHOUT_HOLES:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    file_time = time.time() - chance.randrange(_OLDEST_DAYS) * _DAY_SECONDS
    if model.picture:
        picture = draw_picture(model.stem, seed, motif=SHELF.index(model))
        picture.save(path.with_name(f"{model.stem}.preview{model.picture}"), quality=88)
    write_tensor_file(path, describe_tensors(tensors), size_bytes, metadata, chance.randbytes(64))
    os.utime(path, (file_time, file_time))
    if model.published:
        file_bytes = path.stat().st_size
        digest = _hash(path) if file_bytes <= _MOST_BYTES_TO_HASH else None
        body = describe_publication(model, model.published, file_bytes, digest, chance)
        sidecar = path.with_name(f"{model.stem}.civitai.info")
        sidecar.write_text(json.dumps(body, indent=2, ensure_ascii=False), encoding="utf-8")
    return True


def _make_content(
    model: SampleModel, chance: Random, *, full_size: bool
) -> tuple[dict[str, Tensor], Mapping[str, str]]:
    made = model.content
    if not isinstance(made, Training):
        return made(), {"format": "pt", **model.metadata}
    layers: Iterable[Layer] = made.layers() if full_size else islice(made.layers(), _FEW_LAYERS)
    rank = made.rank if full_size else 2
    return make_lora(layers, rank=rank), describe_training(made, model.stem, rank, chance) | dict(model.metadata)


def _hash(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
