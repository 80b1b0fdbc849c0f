"""Which paths lie on shares, whose servers tell nobody here when something changes on them."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

_SHARED_TYPES = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "afpfs", "ceph", "davfs", "glusterfs", "lustre", "ncpfs",
     "vboxsf", "virtiofs", "drvfs", "webdav"}
)  # fmt: skip
_DRIVE_REMOTE = 4
"""`GetDriveType` of Windows."""

_MOUNTS = Path("/proc/self/mountinfo")


def is_on_share(path: Path) -> bool:
    """`False` also where that cannot be told."""
    if sys.platform == "win32":  # pragma: no cover - asked of Windows alone
        import ctypes

        drive = f"{path.drive}\\"
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(drive) == _DRIVE_REMOTE
    try:
        mounts = _MOUNTS.read_text("utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    type_ = find_mounted_type(os.path.realpath(path), mounts)
    return type_ in _SHARED_TYPES or type_.startswith("fuse.")


def find_mounted_type(path: str, mounts: Iterable[str]) -> str:
    """The file system type of the mount that holds `path`, from the lines of Linux's `mountinfo` (proc(5)); empty
    where none does. The last of several mounts at one point counts."""
    best, best_type = "", ""
    for line in mounts:
        before, separator, after = line.partition(" - ")
        fields = before.split(" ")
        if not separator or len(fields) < 5:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4])
        if len(point) >= len(best) and (point in {"/", path} or path.startswith(f"{point}/")):
            best, best_type = point, after.split(" ")[0]
    return best_type
