from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.reading import read_header_of
from sd_model_manager.lib.errors import BadInput, NotFound
from tests.support.model_files import write_gguf, write_safetensors, write_torch_legacy, write_torch_zip


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        (write_safetensors, FileFormat.SAFETENSORS),
        (write_gguf, FileFormat.GGUF),
        (write_torch_zip, FileFormat.TORCH_ZIP),
        (write_torch_legacy, FileFormat.TORCH_LEGACY),
    ],
)
@pytest.mark.parametrize("name", ["model.ckpt", "model.safetensors", "model"])
def test_the_content_decides_and_not_the_extension(
    tmp_path: Path, write: Callable[..., Path], expected: FileFormat, name: str
) -> None:
    header = read_header_of(write(tmp_path / name, {"w": ("F32", [2, 3])}))
    assert header.format is expected
    assert list(header.tensors) == ["w"]


def test_a_file_of_many_gigabytes_is_read_by_its_header_alone(tmp_path: Path) -> None:
    path = write_safetensors(tmp_path / "x", {"w": ("F32", [1 << 33])})
    assert not read_header_of(path).problems


def test_a_file_that_vanished_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_header_of(tmp_path / "gone.safetensors")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="folder"):
        read_header_of(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_a_pipe_under_a_models_name_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.safetensors")
    with pytest.raises(BadInput, match="pipe"):
        read_header_of(tmp_path / "x.safetensors")
