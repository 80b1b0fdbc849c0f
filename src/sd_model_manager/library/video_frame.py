"""First frames of films, decoded in a process of their own: libav on a hostile file may crash, hang or grow."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path

from sd_model_manager.lib.errors import DamagedFile

_WORKER = "sd_model_manager.library.video_worker"
_MAX_SECONDS = 15.0
_HEADER_BYTES = 64


@cache
def can_read_films() -> bool:
    """Whether `av` is installed, which the extra `video` brings."""
    return importlib.util.find_spec("av") is not None


def read_first_frame(path: Path, suffix: str, box: tuple[int, int], *, max_seconds: float = _MAX_SECONDS) -> bytes:
    """A PPM of at most `box`, pixels across and down, upright. `suffix` is that of its content, `.mp4` or `.webm`.

    Raises DamagedFile where there is none to be had within the time.
    """
    max_bytes = box[0] * box[1] * 3 + _HEADER_BYTES
    width, height = map(str, box)
    command = [sys.executable, "-P", "-m", _WORKER, str(path.absolute()), suffix, width, height]
    with subprocess.Popen(  # noqa: S603 - our own module, with arguments that are no options
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as worker:
        assert worker.stdout is not None
        clock = threading.Timer(max_seconds, worker.kill)
        clock.start()
        try:
            picture = worker.stdout.read(max_bytes + 1)
            is_done = len(picture) <= max_bytes and worker.wait() == 0
        finally:
            clock.cancel()
            worker.kill()
    if not is_done:
        raise DamagedFile(f"'{path.name}' gives no picture; it seems to be damaged, or of a kind browsers do not show.")
    return picture
