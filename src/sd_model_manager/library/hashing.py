"""All hashes of a file from one read of it."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from blake3 import blake3

from sd_model_manager.domain.local import Hashes

_BLOCK = 1024 * 1024
_AUTOV1_START, _AUTOV1_END = 0x100000, 0x110000
_AUTOV1_MIN_SIZE = 2 * 1024 * 1024
_MAX_SAFETENSORS_HEADER = 100_000_000


def hash_file(path: Path, on_bytes: Callable[[int], None] = lambda _: None) -> Hashes:
    """Read a file once. `on_bytes` is told how many bytes are done and may raise to stop.

    AutoV1 is the 64 KiB at 1 MiB, given from 2 MiB on as Civitai does; AutoV3 is everything behind the header of a
    safetensors file and `None` for others. Raises OSError.
    """
    whole, weights, tree, window = sha256(), sha256(), blake3(), sha256()
    crc = done = 0
    buffer = memoryview(bytearray(_BLOCK))
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        data_start = _read_data_start(file.read(8), size)
        file.seek(0)
        while count := file.readinto(buffer):
            block = buffer[:count]
            whole.update(block)
            tree.update(block)
            crc = zlib.crc32(block, crc)
            if data_start is not None and done + count > data_start:
                weights.update(block[max(0, data_start - done) :])
            if done < _AUTOV1_END and done + count > _AUTOV1_START:
                window.update(block[max(0, _AUTOV1_START - done) : _AUTOV1_END - done])
            done += count
            on_bytes(done)
        _forget_pages(file.fileno())
    digest = whole.hexdigest()
    return Hashes(
        sha256=digest,
        blake3=tree.hexdigest(),
        crc32=f"{crc:08x}",
        autov2=digest[:10],
        autov1=window.hexdigest()[:8] if done >= _AUTOV1_MIN_SIZE else None,
        autov3=weights.hexdigest() if data_start is not None else None,
    )


def _read_data_start(head: bytes, size: int) -> int | None:
    """Where the weights of a safetensors file begin; `None` for another format."""
    start = 8 + int.from_bytes(head, "little")
    is_possible = len(head) == 8 and 8 + 2 <= start <= min(size, 8 + _MAX_SAFETENSORS_HEADER)
    return start if is_possible else None


def _forget_pages(descriptor: int) -> None:
    """Leave the user's working set in the page cache rather than a model nobody is about to load."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
