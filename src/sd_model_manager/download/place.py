"""A verified file gets its final name: in one step, durably, and never over another file."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

from sd_model_manager.download.transfer.journal import flush_to_disk, journal_path_of, remove_journal
from sd_model_manager.lib.errors import AppError, FileExists

_NOT_SUPPORTED = frozenset(
    {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL, errno.EMLINK, errno.EACCES}
)
_AT_FDCWD_LINUX, _RENAME_NOREPLACE = -100, 1
_RENAME_EXCL_MACOS = 4


def place(part_path: Path, final_path: Path) -> Path:
    """Give a complete `.part` file its final name in the same file system, and remove its journal.

    After a crash in the middle, calling it again finishes what was begun.

    Raises:
        FileExists: there is another file of that name; the `.part` stays as it is.
        AppError: the disk does not take the name (`PLACE_FAILED`); the `.part` stays as it is.
    """
    try:
        final_path.parent.mkdir(parents=True, exist_ok=True)
        if not _was_placed_before(part_path, final_path):
            flush_to_disk(part_path)
            rename_without_overwriting(part_path, final_path)
        flush_folder(final_path.parent)
        remove_journal(part_path)
    except FileExistsError as error:
        raise FileExists(
            f"'{final_path}' exists already and is not overwritten. Rename or remove it, then try again.",
            path=str(final_path),
        ) from error
    except OSError as error:
        raise AppError(
            f"'{final_path}' could not be given its name: {error.strerror or error}. The download is kept.",
            code="PLACE_FAILED",
            path=str(final_path),
        ) from error
    return final_path


def rename_without_overwriting(source: Path, target: Path) -> None:
    """Rename within one file system, in a way that cannot replace a file, also when another program is quicker.

    A hard link fails when its name is taken, on every POSIX system; where there are no hard links (exFAT), the
    system's own exclusive rename is asked; where there is none either, an empty file holds the name meanwhile.

    Raises:
        FileExistsError: the target's name is taken.
        OSError: the disk refuses.
    """
    if sys.platform == "win32":
        source.rename(target)
        return
    for way in (_link_and_unlink, _rename_exclusively, _rename_onto_placeholder):
        try:
            way(source, target)
        except FileExistsError:
            raise
        except OSError as error:
            if error.errno not in _NOT_SUPPORTED or way is _rename_onto_placeholder:
                raise
        else:
            return


def flush_folder(folder: Path) -> None:
    """Return once the names in a folder are on the disk; Windows needs and offers no such thing."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network file systems cannot flush a folder; they write names through at once.
        if error.errno not in _NOT_SUPPORTED:
            raise
    finally:
        os.close(handle)


def _was_placed_before(part_path: Path, final_path: Path) -> bool:
    """Whether a crash left the file under both names or under the final one alone with our journal beside it."""
    if part_path.exists() and final_path.exists() and part_path.samefile(final_path):
        part_path.unlink()
        return True
    return not part_path.exists() and final_path.exists() and journal_path_of(part_path).exists()


def _link_and_unlink(source: Path, target: Path) -> None:
    os.link(source, target, follow_symlinks=False)
    source.unlink()


def _rename_exclusively(source: Path, target: Path) -> None:
    name, arguments = _exclusive_rename_of_system(os.fsencode(source), os.fsencode(target))
    call: Callable[..., int] | None = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if call is None:
        raise OSError(errno.ENOSYS, "no exclusive rename")
    if call(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(target))


def _exclusive_rename_of_system(source: bytes, target: bytes) -> tuple[str, tuple[object, ...]]:
    if sys.platform == "darwin":
        return "renamex_np", (source, target, _RENAME_EXCL_MACOS)
    return "renameat2", (_AT_FDCWD_LINUX, source, _AT_FDCWD_LINUX, target, _RENAME_NOREPLACE)


def _rename_onto_placeholder(source: Path, target: Path) -> None:
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    try:
        source.replace(target)
    except OSError:
        target.unlink()
        raise
