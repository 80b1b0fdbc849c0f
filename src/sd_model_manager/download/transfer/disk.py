"""What a disk's refusal means to the user."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sd_model_manager.lib.errors import AppError, NoSpace

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def disk_failures_explained(path: Path) -> Iterator[None]:
    """Turn an OSError about a download's files into an AppError; only file operations belong into the block."""
    try:
        yield
    except OSError as error:
        raise _explain(error, path) from error


def _explain(error: OSError, path: Path) -> AppError:
    if error.errno in _FULL:
        return NoSpace(
            f"The disk is full: '{path.parent}' has no room for the rest of the download. Free some space.",
            folder=str(path.parent),
        )
    if error.errno == errno.EFBIG:
        return AppError(
            f"'{path.parent}' cannot hold a file this large (FAT32 ends at 4 GiB). Choose a library folder elsewhere.",
            code="FILE_TOO_LARGE",
            folder=str(path.parent),
        )
    reason = error.strerror or str(error)
    return AppError(
        f"'{path}' could not be read or written: {reason}. Check the disk and its permissions.",
        code="DISK_FAILED",
        path=str(path),
    )
