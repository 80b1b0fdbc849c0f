"""Where programs and people put things on this machine, by the custom of its system."""

from __future__ import annotations

import os
import string
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_FIXED_DRIVE, _REMOVABLE_DRIVE = 3, 2
"""`GetDriveType` of Windows; drives of other machines are left out, for they may not answer."""


@dataclass(frozen=True, slots=True)
class Machine:
    """`settings_folders` are where programs keep their settings, `places` where people unpack programs."""

    home: Path
    settings_folders: tuple[Path, ...]
    places: tuple[Path, ...]
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def this(cls) -> Machine:
        home, environment = Path.home(), dict(os.environ)
        named = ("Desktop", "Documents", "Downloads", "OneDrive/Desktop", "OneDrive/Documents", "AppData/Local")
        places = [home, *(home / name for name in named), *list_drives()]
        return cls(home, tuple(_list_settings_folders(home, environment)), tuple(places), environment)


def list_drives() -> list[Path]:
    """The roots under which a user finds his disks, and `/opt`."""
    if sys.platform == "win32":  # pragma: no cover - asked of Windows alone
        import ctypes

        drives = [f"{letter}:\\" for letter in string.ascii_uppercase]
        local = (_FIXED_DRIVE, _REMOVABLE_DRIVE)
        return [Path(drive) for drive in drives if ctypes.windll.kernel32.GetDriveTypeW(drive) in local]
    user = Path.home().name
    parents = [Path("/Volumes"), Path("/media") / user, Path("/run/media") / user, Path("/mnt")]
    mounted = [folder for parent in parents for folder in _list_folders(parent)]
    return [Path("/opt"), Path("/srv"), Path("/data"), Path("/workspace"), *mounted]


def _list_settings_folders(home: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    for name in ("APPDATA", "LOCALAPPDATA", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        if value := environment.get(name):
            yield Path(value)
    customary = ("AppData/Roaming", "Library/Application Support", ".config", ".local/share")
    yield from (home / name for name in customary)


def _list_folders(parent: Path) -> list[Path]:
    try:
        return sorted(folder for folder in parent.iterdir() if folder.is_dir())
    except OSError:
        return []
