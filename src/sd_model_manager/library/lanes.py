"""Reads a file once for several who need all of it: a reader, and a thread for each of them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from io import RawIOBase
from itertools import cycle

Lane = Callable[[int, memoryview], None]
"""Takes an offset and the bytes from there on, which are its own only until it returns. Called in order."""

_RING_BUFFERS = 4
_FORGET_BYTES = 64 * 1024 * 1024


def read_here(
    file: RawIOBase,
    lanes: Sequence[Lane],
    on_bytes: Callable[[int], None],
    block_bytes: int,
    buffer: memoryview | None = None,
) -> int:
    """Read to the end in this thread alone; how many bytes there were. `on_bytes` may raise to stop. Raises OSError.

    Who reads many files gives a `buffer`: making one takes as long as hashing a small file.
    """
    done = 0
    for block in _read_blocks(file, [buffer or memoryview(bytearray(block_bytes))]):
        for lane in lanes:
            lane(done, block)
        done += len(block)
        on_bytes(done)
    return done


def read_in_lanes(file: RawIOBase, lanes: Sequence[Lane], on_bytes: Callable[[int], None], block_bytes: int) -> int:
    """The same with a thread for each lane, while this one reads ahead by up to four blocks.

    `on_bytes` is called in this thread, for what every lane is through with. No thread is left when this returns or
    raises; what a lane raises is raised here.
    """
    read = 0
    under_way: deque[tuple[int, list[Future[None]]]] = deque()

    def wait_for_oldest() -> None:
        end, works = under_way.popleft()
        for work in works:
            work.result()
        on_bytes(end)

    buffers = [memoryview(bytearray(block_bytes)) for _ in range(_RING_BUFFERS)]
    with ExitStack() as stack:
        threads = [ThreadPoolExecutor(1, "lane") for _ in lanes]
        for thread in threads:
            stack.callback(thread.shutdown, cancel_futures=True)
        for block in _read_blocks(file, buffers):
            works = [thread.submit(lane, read, block) for thread, lane in zip(threads, lanes, strict=True)]
            read += len(block)
            under_way.append((read, works))
            if len(under_way) == len(buffers):
                wait_for_oldest()
        while under_way:
            wait_for_oldest()
    return read


def _read_blocks(file: RawIOBase, buffers: Sequence[memoryview]) -> Iterator[memoryview]:
    """Fill the buffers in turn. Pages behind are forgotten in steps: a large file must not fill the page cache."""
    done = forgotten = 0
    for buffer in cycle(buffers):
        count = file.readinto(buffer)
        if not count:
            return
        done += count
        if done - forgotten >= _FORGET_BYTES:
            forget_pages(file, forgotten, done - forgotten)
            forgotten = done
        yield buffer[:count]


def forget_pages(file: RawIOBase, offset: int = 0, length: int = 0) -> None:
    """Leave the user's working set in the page cache rather than a model nobody is about to load. 0 is to the end."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), offset, length, os.POSIX_FADV_DONTNEED)
