"""The bytes of fake model files, made on the fly from small recipes, so that sizes and hashes are true."""

from __future__ import annotations

import hashlib
import json
import random
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import blake3

_PERIOD = 251
_NOISE_BLOCK_BYTES = 1_048_573
"""A prime, so that parts of a file swapped at any round size are noticed."""

_DTYPE_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "I64": 8, "I32": 4, "U8": 1}


@dataclass(frozen=True, eq=False)
class Payload:
    """A file's bytes: `head`, then a body that `body(offset, length)` makes. `kind` is `safetensors` or `raw`."""

    head: bytes
    body_bytes: int
    body: Callable[[int, int], bytes] = field(repr=False)
    kind: str = "raw"

    @property
    def size_bytes(self) -> int:
        return len(self.head) + self.body_bytes

    def read(self, offset: int, length: int) -> bytes:
        end = min(offset + length, self.size_bytes)
        if offset >= end:
            return b""
        start_of_body = len(self.head)
        head = self.head[offset : min(end, start_of_body)]
        body_start = max(offset - start_of_body, 0)
        body_end = end - start_of_body
        return head + self.body(body_start, body_end - body_start) if body_end > body_start else head

    def chunks(self, start: int = 0, size: int = 1 << 20) -> Iterator[bytes]:
        for offset in range(start, self.size_bytes, size):
            yield self.read(offset, size)

    @cached_property
    def hashes(self) -> dict[str, str]:
        """As Civitai gives them: upper case, AutoV1 for files of 2 MiB and more, AutoV3 for safetensors."""
        sha256, tensors, crc32, three = hashlib.sha256(), hashlib.sha256(), 0, blake3.blake3()
        skip = len(self.head)
        for chunk in self.chunks():
            sha256.update(chunk)
            three.update(chunk)
            crc32 = zlib.crc32(chunk, crc32)
            tensors.update(chunk[skip:])
            skip = max(0, skip - len(chunk))
        digest = sha256.hexdigest().upper()
        found = {"AutoV2": digest[:10], "SHA256": digest, "BLAKE3": three.hexdigest().upper()}
        found["CRC32"] = crc32.to_bytes(4, "little").hex().upper()
        if self.size_bytes >= 2 << 20:
            found["AutoV1"] = hashlib.sha256(self.read(1 << 20, 1 << 16)).hexdigest()[:8].upper()
        if self.kind == "safetensors":
            found["AutoV3"] = tensors.hexdigest()[:12].upper()
        return found

    @property
    def sha256(self) -> str:
        return self.hashes["SHA256"].lower()


def make_pattern(length: int, a: int, b: int) -> Callable[[int, int], bytes]:
    """Byte i is `(i*a + b) mod 251`."""
    period = bytes((i * a + b) % _PERIOD for i in range(_PERIOD))
    return _repeat(period * 4096, length)


def make_noise(length: int, seed: int) -> Callable[[int, int], bytes]:
    """Incompressible bytes, the same for the same seed, never all in memory."""
    return _repeat(random.Random(seed).randbytes(min(length, _NOISE_BLOCK_BYTES) or 1), length)


def _repeat(block: bytes, total: int) -> Callable[[int, int], bytes]:
    def read(offset: int, length: int) -> bytes:
        length = min(length, total - offset)
        start = offset % len(block)
        if start + length <= len(block):
            return block[start : start + length]
        times = (start + length) // len(block) + 1
        return (block * times)[start : start + length]

    return read


def from_recipe(recipe: Mapping[str, Any]) -> Payload:
    """A recipe of `fixtures/payloads.json`."""
    if recipe["kind"] == "raw":
        return Payload(b"", recipe["bytes"], make_pattern(recipe["bytes"], recipe["a"], recipe["b"]))
    size = recipe["tensor_bytes"]
    head = make_safetensors_head({"t": ("U8", [size])}, recipe["metadata"])
    return Payload(head, size, make_pattern(size, recipe["a"], recipe["b"]), "safetensors")


def make_raw(size_bytes: int, seed: int = 1) -> Payload:
    return Payload(b"", size_bytes, make_noise(size_bytes, seed))


def make_safetensors(
    tensors: Mapping[str, tuple[str, Sequence[int]]] | None = None,
    *,
    metadata: Mapping[str, str] | None = None,
    size_bytes: int | None = None,
    seed: int = 1,
) -> Payload:
    """A safetensors file with these tensors (`name: (dtype, shape)`), or of about this size with a single one."""
    if tensors is None:
        tensors = {"t": ("U8", [size_bytes or 100_000])}
    head = make_safetensors_head(tensors, metadata or {"format": "pt"})
    body_bytes = sum(_tensor_bytes(dtype, shape) for dtype, shape in tensors.values())
    return Payload(head, body_bytes, make_noise(body_bytes, seed), "safetensors")


def make_safetensors_head(tensors: Mapping[str, tuple[str, Sequence[int]]], metadata: Mapping[str, str]) -> bytes:
    header: dict[str, Any] = {"__metadata__": dict(metadata)}
    offset = 0
    for name, (dtype, shape) in tensors.items():
        end = offset + _tensor_bytes(dtype, shape)
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def _tensor_bytes(dtype: str, shape: Sequence[int]) -> int:
    size = _DTYPE_BYTES[dtype]
    for length in shape:
        size *= length
    return size
