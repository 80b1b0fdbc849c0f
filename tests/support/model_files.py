"""Writes real, valid model files of any size in milliseconds: true headers, weights that are holes in the file.

    write_safetensors(path, {"emb_params": ("F32", [8, 768])}, {"name": "x"})
    write_gguf(path, {"img_in.weight": ("Q8_0", [3072, 64])}, {"general.architecture": "flux"})
    write_torch_zip(path, {"conv.weight": ("F16", [4, 3, 3, 3])}, wrapper="state_dict")
    materialise(case, path)             a case of the header corpus, in whichever container it names

Shapes are in torch order everywhere; GGUF stores them reversed.
"""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Callable, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

from tests.support.torch_files import StoredTensor, write_legacy_object, write_zip_object

TensorSpec = tuple[str, Sequence[int]]
"""A dtype in the container's own word, and a shape."""

BITS_OF_DTYPE = {
    **dict.fromkeys(("F64", "I64", "U64", "C64"), 64),
    **dict.fromkeys(("F32", "I32", "U32"), 32),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 16),
    **dict.fromkeys(("F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "I8", "U8", "BOOL"), 8),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    "F4": 4,
}

GGML_TYPES = {
    "F32": (0, 1, 4),
    "F16": (1, 1, 2),
    "Q4_0": (2, 32, 18),
    "Q4_1": (3, 32, 20),
    "Q5_0": (6, 32, 22),
    "Q5_1": (7, 32, 24),
    "Q8_0": (8, 32, 34),
    "Q2_K": (10, 256, 84),
    "Q3_K": (11, 256, 110),
    "Q4_K": (12, 256, 144),
    "Q5_K": (13, 256, 176),
    "Q6_K": (14, 256, 210),
    "IQ4_XS": (23, 256, 136),
    "I8": (24, 1, 1),
    "BF16": (30, 1, 2),
}
"""Type number, elements in a block, bytes of a block."""


def write_safetensors(
    path: Path,
    tensors: Mapping[str, TensorSpec],
    metadata: Mapping[str, Any] | None = None,
    *,
    sparse: bool = True,
    keep_data_bytes: int | None = None,
) -> Path:
    """Write a safetensors file; `sparse=False` fills it with bytes that depend on the names and shapes alone.

    `keep_data_bytes` cuts the weights after so many bytes, as an unfinished download does.
    """
    entries: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    end = 0
    for name, (dtype, shape) in sorted(tensors.items(), key=lambda item: (-BITS_OF_DTYPE[item[1][0]], item[0])):
        begin, end = end, end + prod(shape) * BITS_OF_DTYPE[dtype] // 8
        entries[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}
    text = json.dumps(entries, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    size = end if keep_data_bytes is None else min(end, keep_data_bytes)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        _add_weights(file, size, seed=None if sparse else text)
    return path


def write_gguf(
    path: Path,
    tensors: Mapping[str, TensorSpec],
    metadata: Mapping[str, Any] | None = None,
    *,
    alignment: int = 32,
    keep_data_bytes: int | None = None,
) -> Path:
    """Write a little-endian GGUF version 3. Metadata may hold str, bool, int, float and lists of int or str."""
    entries = dict(metadata or {})
    if alignment != 32:
        entries["general.alignment"] = alignment
    parts = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(entries))]
    parts += [_gguf_string(key) + _gguf_value(value) for key, value in entries.items()]
    end = 0
    for name, (dtype, shape) in tensors.items():
        number, block_elements, block_bytes = GGML_TYPES[dtype]
        dimensions = list(reversed(shape)) or [1]
        parts.append(_gguf_string(name) + struct.pack(f"<I{len(dimensions)}Q", len(dimensions), *dimensions))
        parts.append(struct.pack("<IQ", number, end))
        end += prod(shape) // block_elements * block_bytes
        end += -end % alignment
    header = b"".join(parts)
    header += bytes(-len(header) % alignment)
    with path.open("wb") as file:
        file.write(header)
        _add_weights(file, end if keep_data_bytes is None else min(end, keep_data_bytes))
    return path


def write_torch_zip(
    path: Path,
    tensors: Mapping[str, TensorSpec],
    *,
    wrapper: str | None = None,
    extra: Mapping[Any, Any] | None = None,
) -> Path:
    """Write what `torch.save` writes since 1.6; `a/b` and `#768/0/b` names nest as `nest` says."""
    write_zip_object(path, nest(tensors, wrapper=wrapper, extra=extra))
    return path


def write_torch_legacy(
    path: Path,
    tensors: Mapping[str, TensorSpec],
    *,
    wrapper: str | None = None,
    extra: Mapping[Any, Any] | None = None,
) -> Path:
    """Write what `torch.save` wrote before 1.6: five pickles in a row, then the storages."""
    write_legacy_object(path, nest(tensors, wrapper=wrapper, extra=extra))
    return path


def nest(
    tensors: Mapping[str, TensorSpec], *, wrapper: str | None = None, extra: Mapping[Any, Any] | None = None
) -> dict[Any, Any]:
    """Turn flat names into the dictionaries that are saved.

    `a/b` is `b` in the dictionary `a`; `#768/0/b` is `b` in the first of the tuple under the integer key 768;
    a wrapper holds all of them; `extra` stands beside them on the top level.
    """
    content: dict[Any, Any] = {}
    tuples: dict[int, dict[int, dict[str, StoredTensor]]] = {}
    for name, (dtype, shape) in tensors.items():
        tensor = StoredTensor(dtype, tuple(shape))
        if name.startswith("#"):
            key, index, rest = name[1:].split("/", 2)
            tuples.setdefault(int(key), {}).setdefault(int(index), {})[rest] = tensor
        elif "/" in name and wrapper is None:
            outer, inner = name.split("/", 1)
            content.setdefault(outer, {})[inner] = tensor
        else:
            content[name] = tensor
    content |= {key: tuple(parts[index] for index in sorted(parts)) for key, parts in tuples.items()}
    return ({wrapper: content} if wrapper else content) | dict(extra or {})


def materialise(case: Mapping[str, Any], path: Path, *, keep_data_bytes: int | None = None) -> Path:
    """Write a case of the header corpus: `container`, `metadata`, `tensors`, and for pickles `wrapper`/`pickle_extra`.

    A folder as path takes the case's `filename_hint`.
    """
    target = path / case["filename_hint"] if path.is_dir() else path
    tensors = case["tensors"] or {}
    torch_writers: dict[str, Callable[..., Path]] = {"torch-zip": write_torch_zip, "torch-legacy": write_torch_legacy}
    if writer := torch_writers.get(case["container"]):
        return writer(target, tensors, wrapper=case.get("wrapper"), extra=case.get("pickle_extra"))
    if case["container"] == "gguf":
        return write_gguf(target, tensors, case.get("metadata"), keep_data_bytes=keep_data_bytes)
    metadata = {key: _as_text(value) for key, value in (case.get("metadata") or {}).items()}
    return write_safetensors(target, tensors, metadata, keep_data_bytes=keep_data_bytes)


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _gguf_string(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _gguf_value(value: object) -> bytes:
    match value:
        case bool():
            return struct.pack("<I?", 7, value)
        case int():
            return struct.pack("<II", 4, value)
        case float():
            return struct.pack("<If", 6, value)
        case list() if value and isinstance(value[0], str):
            return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(_gguf_string, value))
        case list():
            return struct.pack(f"<IIQ{len(value)}i", 9, 5, len(value), *value)
        case _:
            return struct.pack("<I", 8) + _gguf_string(str(value))


def _add_weights(file: BinaryIO, size_bytes: int, *, seed: bytes | None = None) -> None:
    if seed is None:
        file.truncate(file.tell() + size_bytes)
        return
    generator = random.Random(seed)
    for start in range(0, size_bytes, 1 << 20):
        file.write(generator.randbytes(min(1 << 20, size_bytes - start)))
