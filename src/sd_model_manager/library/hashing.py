"""All hashes of a file from one read of it."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from blake3 import blake3

from sd_model_manager.domain.local import Hashes
from sd_model_manager.library.lanes import forget_pages, read_here, read_in_lanes

BLOCK_BYTES = 4 * 1024 * 1024
SMALL_BLOCK_BYTES = 1024 * 1024
_LANES_FROM_BYTES = 8 * 1024 * 1024
_AUTOV1_START, _AUTOV1_END = 0x100000, 0x110000
_AUTOV1_MIN_SIZE = 2 * 1024 * 1024
_MAX_SAFETENSORS_HEADER = 100_000_000


class WholeHashes:
    """SHA-256 and CRC32. About as much work as `PartHashes`, so that neither waits long for the other."""

    def __init__(self) -> None:
        self.sha256 = sha256()
        self.crc32 = 0

    def update(self, _offset: int, block: memoryview) -> None:
        self.sha256.update(block)
        self.crc32 = zlib.crc32(block, self.crc32)


class PartHashes:
    """BLAKE3, and the SHA-256 of the weights from `data_start` on (`None`: there are none) and of AutoV1's window."""

    def __init__(self, data_start: int | None) -> None:
        self._data_start = data_start
        self.blake3, self.weights, self.window = blake3(), sha256(), sha256()

    def update(self, offset: int, block: memoryview) -> None:
        end = offset + len(block)
        self.blake3.update(block)
        if self._data_start is not None and end > self._data_start:
            self.weights.update(block[max(0, self._data_start - offset) :])
        if offset < _AUTOV1_END and end > _AUTOV1_START:
            self.window.update(block[max(0, _AUTOV1_START - offset) : _AUTOV1_END - offset])


def hash_file(
    path: Path,
    on_bytes: Callable[[int], None] = lambda _: None,
    *,
    block_bytes: int = BLOCK_BYTES,
    lanes_from_bytes: int = _LANES_FROM_BYTES,
    buffer: memoryview | None = None,
) -> Hashes:
    """Read a file once. `on_bytes` is told how many bytes are done and may raise to stop.

    From `lanes_from_bytes` on, two threads hash what this one reads; a smaller file is done before they would start.
    Who hashes many files gives a `buffer` of `SMALL_BLOCK_BYTES` to read small ones into.
    AutoV1 is the 64 KiB at 1 MiB, given from 2 MiB on as Civitai does; AutoV3 is everything behind the header of a
    safetensors file and `None` for others. Raises OSError.
    """
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        data_start = _read_data_start(file.read(8), size)
        file.seek(0)
        whole, parts = WholeHashes(), PartHashes(data_start)
        lanes = (whole.update, parts.update)
        try:
            if size < lanes_from_bytes:
                done = read_here(file, lanes, on_bytes, min(block_bytes, SMALL_BLOCK_BYTES, size + 1), buffer)
            else:
                done = read_in_lanes(file, lanes, on_bytes, block_bytes)
        finally:
            forget_pages(file)
    digest = whole.sha256.hexdigest()
    return Hashes(
        sha256=digest,
        blake3=parts.blake3.hexdigest(),
        crc32=f"{whole.crc32:08x}",
        autov2=digest[:10],
        autov1=parts.window.hexdigest()[:8] if done >= _AUTOV1_MIN_SIZE else None,
        autov3=parts.weights.hexdigest() if data_start is not None else None,
    )


def _read_data_start(head: bytes, size: int) -> int | None:
    """Where the weights of a safetensors file begin; `None` for another format."""
    start = 8 + int.from_bytes(head, "little")
    is_possible = len(head) == 8 and 8 + 2 <= start <= min(size, 8 + _MAX_SAFETENSORS_HEADER)
    return start if is_possible else None
