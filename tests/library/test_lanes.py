"""A file is read once for several: in order, whole, and without a thread left behind whatever goes wrong."""

from __future__ import annotations

import errno
import io
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sd_model_manager.library.lanes import read_here, read_in_lanes


class FailingDisk(io.RawIOBase):
    """Gives zeros, until it cannot any more."""

    def __init__(self, good_reads: int) -> None:
        self._good_reads = good_reads

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._good_reads == 0:
            raise OSError(errno.EIO, "Input/output error")
        self._good_reads -= 1
        return len(buffer)


@pytest.mark.parametrize("read", [read_here, read_in_lanes])
@pytest.mark.parametrize("good_reads", [0, 1, 3, 4, 9])
def test_a_disk_that_fails_is_told_of(read: Callable[..., int], good_reads: int) -> None:
    before = threading.active_count()
    seen: list[int] = []
    with pytest.raises(OSError, match="Input/output error"):
        read(FailingDisk(good_reads), [lambda offset, _: seen.append(offset)], lambda _: None, 100)
    assert seen == [i * 100 for i in range(len(seen))]
    assert threading.active_count() == before


@pytest.mark.parametrize("read", [read_here, read_in_lanes])
@pytest.mark.parametrize("fails_at", [0, 300, 900])
def test_what_goes_wrong_in_a_lane_goes_wrong_for_the_one_who_reads(
    tmp_path: Path, read: Callable[..., int], fails_at: int
) -> None:
    path = tmp_path / "f"
    path.write_bytes(bytes(1000))

    def fail(offset: int, _: memoryview) -> None:
        if offset == fails_at:
            raise ArithmeticError(offset)

    told: list[int] = []
    before = threading.active_count()
    with path.open("rb", buffering=0) as file, pytest.raises(ArithmeticError, match=str(fails_at)):
        read(file, [lambda *_: None, fail], told.append, 100)
    assert told == [end for end in range(100, 1001, 100) if end <= fails_at]
    assert threading.active_count() == before


def test_every_lane_sees_every_byte_in_order(tmp_path: Path) -> None:
    raw = bytes(range(256)) * 40
    path = tmp_path / "f"
    path.write_bytes(raw)
    seen: list[list[bytes]] = [[], [], []]
    lanes = [lambda _, block, kept=kept: kept.append(bytes(block)) for kept in seen]
    with path.open("rb", buffering=0) as file:
        assert read_in_lanes(file, lanes, lambda _: None, 1000) == len(raw)
    assert [b"".join(kept) for kept in seen] == [raw] * 3
