"""What the tests are built on: the files that stand in for real models are valid files themselves."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import pytest

from tests.support.model_files import write_torch_zip
from tests.support.torch_files import crc_of_zeros


@pytest.mark.parametrize("count", [0, 1, 7, 64, 4096, 100_003])
def test_the_checksum_of_a_hole_is_the_checksum_of_its_zeros(count: int) -> None:
    assert crc_of_zeros(count) == zlib.crc32(bytes(count))


def test_a_written_torch_file_is_a_zip_without_a_fault(tmp_path: Path) -> None:
    path = write_torch_zip(tmp_path / "x.pt", {"a/w": ("F32", [3, 5]), "b/v": ("F16", [100])}, extra={"step": 7})
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None


def test_weights_beyond_four_gigabytes_are_reachable(tmp_path: Path) -> None:
    path = write_torch_zip(tmp_path / "x.pt", {"a": ("F32", [1 << 30, 2]), "b": ("U8", [3])})
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("archive/data/0").file_size == 1 << 33
        assert archive.read("archive/data/1") == bytes(3)
