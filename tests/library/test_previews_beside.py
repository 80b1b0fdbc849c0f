"""Which pictures beside a model are its own, and which of them comes first."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from sd_model_manager.domain.ids import FolderId
from sd_model_manager.library.walker import Walk


def find_previews(folder: Path, names: list[str]) -> list[str]:
    for name in ["model.safetensors", *names]:
        (folder / name).write_bytes(b"x")
    (found,) = Walk(folder, FolderId(1))
    return [companion.relative_path for companion in found.companions]


IN_ORDER = [
    "model.mp4",
    "model.webm",
    "model.png",
    "model.jpg",
    "model.jpeg",
    "model.webp",
    "model.gif",
    "model.avif",
    "model.preview.mp4",
    "model.preview.webm",
    "model.preview.png",
    "model.preview.jpg",
    "model.preview.jpeg",
    "model.preview.webp",
    "model.preview.gif",
    "model.thumb.png",
    "model.thumb.jpg",
    "model.example.0.png",
    "model.example.2.jpeg",
    "model.example.10.mp4",
    "model.example.10.png",
]


def test_every_way_to_name_a_preview_is_known_and_has_its_rank(tmp_path: Path) -> None:
    shuffled = random.Random(3).sample(IN_ORDER, len(IN_ORDER))
    assert find_previews(tmp_path, shuffled) == IN_ORDER


@pytest.mark.parametrize("name", IN_ORDER)
def test_each_counts_alone_in_any_case(tmp_path: Path, name: str) -> None:
    assert find_previews(tmp_path, [name.upper()]) == [name.upper()]


@pytest.mark.parametrize(
    "name", ["model2.png", "other.preview.png", "model.example.png", "model.example.x.png", "m.png"]
)
def test_a_neighbours_picture_is_not_taken(tmp_path: Path, name: str) -> None:
    assert find_previews(tmp_path, [name]) == []
