"""Changes small files of other programs without losing what was there: read, compared, replaced at once, journalled."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sd_model_manager.lib.errors import Conflict, NotFound
from sd_model_manager.lib.paths import write_atomically

MAX_CHANGED_BYTES = 16 * 1024 * 1024
"""No larger file is changed: a whole one is held in memory."""

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EMLINK}
"""What file systems without hard links answer, FAT among them."""


class ChangedMeanwhile(Exception):
    """Somebody else wrote the file between reading it and replacing it."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file as it was found; `content` and `mode` are `None` where there is none."""

    path: Path
    content: bytes | None
    mode: int | None = None
    mark: tuple[int, int, int] | None = None

    @property
    def modified_at(self) -> datetime | None:
        return datetime.fromtimestamp(self.mark[1] / 1e9, UTC) if self.mark else None

    @property
    def digest(self) -> str | None:
        return digest_of(self.content) if self.content is not None else None


def find_file(path: Path) -> FoundFile:
    """What lies at a path, behind its links. Raises Conflict where it is no file, or one that is too large, OSError."""
    target = path.resolve()
    try:
        status = target.stat()
    except FileNotFoundError:
        return FoundFile(target, None)
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_CHANGED_BYTES:
        raise Conflict("What lies there is no file, or larger than any that is written here.", code="OTHER_SHAPE")
    content = target.read_bytes()
    found = FoundFile(target, content, stat.S_IMODE(status.st_mode), _mark_of(status))
    if len(content) != status.st_size:
        raise ChangedMeanwhile
    return found


def replace_file(found: FoundFile, content: bytes | None, *, mode_of_new: int = 0o644) -> None:
    """Put other content where a file was found, `None` for none at all; whoever reads sees the old or the new.

    Raises ChangedMeanwhile, and OSError.
    """
    if content is None:
        _require_unchanged(found)
        found.path.unlink(missing_ok=True)
        return
    mode = mode_of_new if found.mode is None else found.mode
    with _temporary_file(found.path, content, mode) as temporary:
        _require_unchanged(found)
        if found.content is not None or not _link_new(temporary, found.path):
            temporary.replace(found.path)


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def _temporary_file(beside: Path, content: bytes, mode: int) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=beside.parent, prefix=f".{beside.name[:40]}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _require_unchanged(found: FoundFile) -> None:
    try:
        mark = _mark_of(found.path.stat())
    except FileNotFoundError:
        mark = None
    if mark != found.mark:
        raise ChangedMeanwhile


def _link_new(temporary: Path, path: Path) -> bool:
    """Give a new file its name unless somebody else took it; `False` where the file system has no links."""
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise ChangedMeanwhile from error
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return False
    return True


def _mark_of(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ino


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after, by the SHA-256 of its content; `None`: there was none.

    `model_path` is the model that it lies beside; empty where it belongs to none.
    """

    path: str
    model_path: str
    before: str | None
    after: str | None


class FileBackups:
    """What files held before they were changed: contents by their SHA-256, and a journal of the changes of each run.

    The journal is written first, so that a crash leaves nothing that could not be taken back.
    """

    def __init__(self, folder: Path) -> None:
        self._contents = folder / "contents"
        self._runs = folder / "runs"

    def note(self, run_id: str, path: Path, found: FoundFile, content: bytes | None, model_path: Path | None) -> None:
        """Keep what is about to be changed. `path` is the file's own, before any link is followed."""
        if found.content is not None:
            self._keep(found.content)
        after = digest_of(content) if content is not None else None
        change = FileChange(str(path), str(model_path or ""), found.digest, after)
        self._runs.mkdir(parents=True, exist_ok=True)
        with self._journal_of(run_id).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(change)) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def list_changes(self, run_id: str) -> list[FileChange]:
        """In the order in which they were made; a line that a crash cut off was never acted on. Raises NotFound."""
        try:
            lines = self._journal_of(run_id).read_text("utf-8").splitlines(keepends=True)
        except FileNotFoundError as error:
            raise NotFound("No files were changed by this export, or it is not known.") from error
        return [FileChange(**json.loads(line)) for line in lines if line.endswith("\n")]

    def restore(self, change: FileChange, existing: bytes | None) -> bytes | None:
        """What was there before a change, for a file that holds `existing` now.

        Raises Conflict where that is not what the change left; OSError where the backup cannot be read."""
        now = digest_of(existing) if existing is not None else None
        if now == change.before:
            return existing
        if now != change.after:
            raise Conflict("It was changed since, so it stays as it is.", code="CHANGED_SINCE")
        return self._read(change.before) if change.before is not None else None

    def _read(self, digest: str) -> bytes:
        return (self._contents / digest[:2] / digest).read_bytes()

    def _keep(self, content: bytes) -> None:
        digest = digest_of(content)
        path = self._contents / digest[:2] / digest
        if not path.exists():
            write_atomically(path, content)

    def _journal_of(self, run_id: str) -> Path:
        if not (run_id.isascii() and run_id.isalnum()):
            raise NotFound("There is no such export.")
        return self._runs / f"{run_id}.jsonl"
