"""SHA-256 of a file while it grows: one thread reads behind the contiguous front, from the page cache."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

from sd_model_manager.download.transfer.request import NICENESS
from sd_model_manager.lib.errors import AppError, DamagedFile
from sd_model_manager.lib.priority import step_back

_BUFFER_BYTES = 1024 * 1024


class FrontierHasher:
    """Hashes `[0, frontier)` of a file that others write to.

    After a resume it starts with what is on the disk already: the state of a hash cannot be kept, the bytes can.
    Use as a context manager; the thread ends with it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed = threading.Condition()
        self._frontier = 0
        self._position = 0
        self._stopped = False
        self._digest = hashlib.sha256()
        self._failure: AppError | None = None
        self._thread = threading.Thread(target=self._run, name=f"hash-{path.name[:40]}", daemon=True)

    def __enter__(self) -> FrontierHasher:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join()

    def advance(self, frontier: int) -> None:
        """Everything before `frontier` is in the file now."""
        with self._changed:
            self._frontier = max(self._frontier, frontier)
            self._changed.notify_all()

    def wait(self, timeout_seconds: float) -> str | None:
        """The hash of all that was announced, in lower-case hexadecimal; `None` when it takes longer.

        Raises:
            AppError: the file could not be read back.
        """
        with self._changed:
            self._changed.wait_for(self._has_caught_up, timeout_seconds)
            if self._failure is not None:
                raise self._failure
            return self._digest.hexdigest() if self._has_caught_up() else None

    def _has_caught_up(self) -> bool:
        return self._failure is not None or self._position >= self._frontier

    def _run(self) -> None:
        step_back(NICENESS)
        try:
            self._hash_behind_frontier()
        except OSError as error:
            self._fail(
                AppError(
                    f"'{self._path}' could not be read back: {error}.", code="DISK_READ_FAILED", path=str(self._path)
                )
            )
        except DamagedFile as error:
            self._fail(error)

    def _fail(self, failure: AppError) -> None:
        with self._changed:
            self._failure = failure
            self._changed.notify_all()

    def _hash_behind_frontier(self) -> None:
        view = memoryview(bytearray(_BUFFER_BYTES))
        with self._path.open("rb", buffering=0) as file:
            while (room := self._wait_for_room()) > 0:
                count = file.readinto(view[: min(room, len(view))])
                if not count:
                    raise DamagedFile(f"'{self._path}' became shorter while it was downloaded.")
                self._digest.update(view[:count])
                self._catch_up(count)

    def _wait_for_room(self) -> int:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._position < self._frontier)
            return 0 if self._stopped else self._frontier - self._position

    def _catch_up(self, byte_count: int) -> None:
        with self._changed:
            self._position += byte_count
            if self._position >= self._frontier:
                self._changed.notify_all()
