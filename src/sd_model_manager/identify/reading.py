"""From a path or an open file to its header: the format is decided by content, never by the extension."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from sd_model_manager.domain.local import Problem
from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.collector import collector_paused
from sd_model_manager.identify.formats import READERS
from sd_model_manager.identify.formats.reader import START_BYTES
from sd_model_manager.identify.header import Header
from sd_model_manager.lib.errors import BadInput, DamagedFile, NotFound

_UNKNOWN = Problem(
    "unknown_format",
    "This is none of the model formats known here (safetensors, GGUF, torch, ONNX). "
    "Compare its size and hash with the published ones, or download it again.",
)


def read_header(file: BinaryIO, size_bytes: int) -> Header:
    """Read what a file says of itself. Bounded in time and memory; runs nothing; whatever is wrong is a problem.

    Raises:
        OSError: the disk failed.
    """
    file.seek(0)
    start = file.read(min(START_BYTES, size_bytes))
    for reader in READERS:
        if reader.recognises(start, size_bytes):
            with collector_paused():
                return reader.read(file, size_bytes)
    return Header(FileFormat.UNKNOWN, problems=(_UNKNOWN,))


def read_header_of(path: Path) -> Header:
    """The header of a file. Folders are `read_diffusers_folder`'s.

    Raises:
        NotFound: there is nothing at this path.
        BadInput: it is a folder, a pipe or a device.
        DamagedFile: the disk or the operating system refused to read it.
    """
    try:
        _refuse_what_is_no_file(path, path.stat().st_mode)
        with _open_without_waiting(path) as file:
            status = os.fstat(file.fileno())
            _refuse_what_is_no_file(path, status.st_mode)
            return read_header(file, status.st_size)
    except FileNotFoundError as error:
        raise NotFound(f"There is no file at '{path}' any more. Scan its folder again.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DamagedFile(
            f"'{path}' cannot be read: {reason}. Check the disk and who may read the file.", code="FILE_UNREADABLE"
        ) from error


def _refuse_what_is_no_file(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise BadInput(f"'{path}' is no file but a folder, a pipe or a device.", code="NOT_A_FILE")


def _open_without_waiting(path: Path) -> BinaryIO:
    """Even if the file was replaced by a pipe since it was looked at, opening it does not wait for a writer."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags), "rb")
