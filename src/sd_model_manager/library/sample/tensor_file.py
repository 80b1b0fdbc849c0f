"""Writes valid safetensors files whose weights are a hole: no space on disks that make holes, whatever their size.

Format: https://github.com/huggingface/safetensors, `README.md`, version 0.6.
"""

from __future__ import annotations

import json
import os
import struct
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sd_model_manager.identify.header import Tensor

Tensors = Mapping[str, Tensor]

_BYTES_OF_DTYPE = {"F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1}
_PROBE_BYTES = 16 * 1024 * 1024
_MARK_BYTES = 64
"""The weights begin with so many bytes of the file's own, lest files of one structure have the same weights."""


def count_bytes(tensors: Tensors) -> int:
    return sum(tensor.element_count * _BYTES_OF_DTYPE[tensor.dtype] for tensor in tensors.values())


def describe_tensors(tensors: Tensors) -> str:
    """The tensors' part of a header as JSON, without the braces around it."""
    entries, end = {}, 0
    for name, tensor in tensors.items():
        begin, end = end, end + tensor.element_count * _BYTES_OF_DTYPE[tensor.dtype]
        entries[name] = {"dtype": tensor.dtype, "shape": tensor.shape, "data_offsets": (begin, end)}
    return json.dumps(entries, separators=(",", ":"))[1:-1]


def write_tensor_file(path: Path, described: str, size_bytes: int, metadata: Mapping[str, str], mark: bytes) -> None:
    """Write one file of weights that are `mark` and then a hole. `size_bytes` is what `described` adds up to.

    Raises FileExistsError where there is one of that name: nothing is overwritten.
    """
    spoken = json.dumps(metadata, separators=(",", ":"), ensure_ascii=False)
    header = f'{{"__metadata__":{spoken},{described}}}'.encode()
    header += b" " * (-len(header) % 8)
    with path.open("xb") as file:
        file.write(struct.pack("<Q", len(header)) + header + mark[: min(size_bytes, _MARK_BYTES)])
        file.truncate(8 + len(header) + size_bytes)


def makes_holes(folder: Path) -> bool:
    """Whether this disk keeps no space for what was never written (ext4, XFS, btrfs, APFS do; FAT and NTFS do not)."""
    with tempfile.TemporaryFile(dir=folder) as probe:
        probe.truncate(_PROBE_BYTES)
        blocks = getattr(os.fstat(probe.fileno()), "st_blocks", None)
        return blocks is not None and blocks * 512 < _PROBE_BYTES // 2
