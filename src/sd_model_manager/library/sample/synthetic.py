"""Any number of LoRAs with headers as large as real ones, for measuring. The weights are holes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

from sd_model_manager.library.sample.adapters import Layer, flux_layers, make_lora, sd1_layers, sdxl_layers
from sd_model_manager.library.sample.facts import describe_training
from sd_model_manager.library.sample.sample_model import Training
from sd_model_manager.library.sample.shelf import FLUX_BASE, ILLUSTRIOUS_BASE, PONY_BASE, SD1_BASE, SDXL_BASE
from sd_model_manager.library.sample.tensor_file import count_bytes, describe_tensors, makes_holes, write_tensor_file

_RANKS = (4, 8, 16, 32)
_STEPS_OF_SIZE = 5
_FILES_IN_FOLDER = 200
_SUBJECTS = ("amber", "basalt", "cedar", "dune", "ember", "fjord", "garnet", "heather", "indigo", "juniper", "kelp",
             "lichen", "moss", "nacre", "opal", "pumice", "quartz", "rowan", "saffron", "thistle", "umber")  # fmt: skip
_KINDS = ("style", "portrait", "armor", "dress", "interior", "skyline", "lighting", "texture", "creature", "garden")
_CAPTIONS = ("1girl", "solo", "outdoors", "smile", "night", "upper body", "looking at viewer", "no humans", "water",
             "sky", "detailed", "hat", "flower", "window", "tree", "from above")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Kin:
    """LoRAs of one architecture; `bases` are the models they may be trained on."""

    folder: str
    layers: Callable[[], Iterable[Layer]]
    bases: tuple[dict[str, str], ...]


_KINDRED = (
    _Kin("sdxl", lambda: sdxl_layers(with_text=True), (SDXL_BASE, PONY_BASE, ILLUSTRIOUS_BASE)),
    _Kin("flux", flux_layers, (FLUX_BASE,)),
    _Kin("sd15", sd1_layers, (SD1_BASE,)),
)


@dataclass(frozen=True, slots=True)
class _Shape:
    """The tensors of many files, described once."""

    kin: _Kin
    rank: int
    described: str
    size_bytes: int


def write_synthetic_library(
    folder: Path, count: int, *, seed: int = 1, header_bytes: tuple[int, int] = (20_000, 60_000)
) -> int:
    """Write `count` different LoRAs below `folder / "loras"`, the same for the same seed; returns `count`.

    A tenth of a second for a hundred. `header_bytes` are about the least and the most a header takes. Raises ValueError
    on a disk that makes no holes, which would soon be full, and FileExistsError where files of these names are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not makes_holes(folder):
        raise ValueError(f"The disk of {folder} makes no holes in files; these would take {count} times 50 MB.")
    chance = Random(seed)  # noqa: S311 - a sample, no secret
    shapes = list(_make_shapes(header_bytes))
    for number in range(count):
        shape = chance.choice(shapes)
        below = folder / "loras" / shape.kin.folder / f"shelf-{number // _FILES_IN_FOLDER:03}"
        below.mkdir(parents=True, exist_ok=True)
        _write(below, number, shape, chance)
    return count


def _make_shapes(header_bytes: tuple[int, int]) -> Iterator[_Shape]:
    least, most = header_bytes
    for kin in _KINDRED:
        layers = list(kin.layers())
        length_of_layer = len(describe_tensors(make_lora(layers, rank=8))) / len(layers)
        for step in range(_STEPS_OF_SIZE):
            wanted = least + (most - least) * step / (_STEPS_OF_SIZE - 1)
            for rank in _RANKS:
                tensors = make_lora(islice(layers, max(1, round(wanted / length_of_layer))), rank=rank)
                yield _Shape(kin, rank, describe_tensors(tensors), count_bytes(tensors))


def _write(folder: Path, number: int, shape: _Shape, chance: Random) -> None:
    subject, kind = chance.choice(_SUBJECTS), chance.choice(_KINDS)
    stem = f"{subject}_{kind}_{number:05}_v{chance.randint(1, 4)}"
    training = Training(
        shape.kin.layers,
        shape.rank,
        chance.choice(shape.kin.bases),
        f"{subject[:4]}{number} {kind}",
        tuple(chance.sample(_CAPTIONS, 6)),
    )
    metadata = describe_training(training, stem, shape.rank, chance)
    path = folder / f"{stem}.safetensors"
    write_tensor_file(path, shape.described, shape.size_bytes, metadata, chance.randbytes(64))
