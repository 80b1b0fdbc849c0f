"""The quick fingerprint: tells contents apart long before they are hashed, from a few small reads."""

from __future__ import annotations

from hashlib import sha256
from typing import BinaryIO

_WHOLE_UP_TO = 256 * 1024
_MAX_HEAD = 8 * 1024 * 1024
_MIN_HEAD = 64 * 1024
_SAMPLE = 16 * 1024
_SAMPLES = 4


def quick_fingerprint(file: BinaryIO, size_bytes: int, data_start: int | None) -> str:
    """64 hexadecimal digits over the size, the header and evenly spread samples of the weights, the end among them.

    Files up to 256 KiB are read whole. Equal contents have equal fingerprints; different ones may share theirs only
    where header, size and all samples agree, which the SHA-256 settles later. A buffered file is left at no place that
    can be relied on.
    """
    digest = sha256(b"sdmm-1" + size_bytes.to_bytes(8, "little"))
    head = size_bytes if size_bytes <= _WHOLE_UP_TO else min(max(data_start or 0, _MIN_HEAD), _MAX_HEAD, size_bytes)
    file.seek(0)
    digest.update(file.read(head))
    rest = size_bytes - head
    if rest > 0:
        unbuffered = getattr(file, "raw", file)  # a buffer would be filled for each sample
        for number in range(1, _SAMPLES + 1):
            unbuffered.seek(head + max(0, rest * number // _SAMPLES - _SAMPLE))
            digest.update(unbuffered.read(_SAMPLE))
    return digest.hexdigest()
