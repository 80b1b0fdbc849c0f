"""Who works here: a name for this process, and whether another one on this machine is still alive.

Each worker holds an operating system lock on a file named after it. The system lets go of it the moment the process
ends, however it ends, so that a restart after a crash need not wait for leases to run out.
"""

from __future__ import annotations

import os
import re
import socket
import uuid
from pathlib import Path

from filelock import FileLock, Timeout


class Owner:
    """This process as a worker. `lock_folder` is shared by the workers of one data folder."""

    def __init__(self, lock_folder: Path) -> None:
        host = re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname())[:60]
        self.name = f"{host}.{os.getpid()}.{uuid.uuid4().hex[:8]}"
        self._folder = lock_folder
        lock_folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(self._file_of(self.name))
        self._lock.acquire(timeout=0)

    def is_dead(self, name: str) -> bool:
        """True only where it is certain: its lock file lies here and nobody holds it."""
        file = self._file_of(name)
        if not file.exists():
            return False  # it works with another data folder, perhaps on another machine: its lease will tell
        lock = FileLock(file)
        try:
            with lock.acquire(timeout=0):
                pass
        except Timeout:
            return False
        file.unlink(missing_ok=True)
        return True

    def release(self) -> None:
        self._lock.release()
        self._file_of(self.name).unlink(missing_ok=True)

    def _file_of(self, name: str) -> Path:
        return self._folder / f"worker-{name}.lock"
