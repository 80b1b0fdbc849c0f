"""Reads what `torch.save` writes since 1.6: a zip with `<root>/data.pkl` and one entry for each storage.

Facts: torch 2.13 `serialization.py`; entries are uncompressed, their sizes stand in the directory alone.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from sd_model_manager.domain.local import Problem
from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.formats.cursor import MAX_READ_BYTES, Cursor
from sd_model_manager.identify.formats.pickle_contents import name_contents
from sd_model_manager.identify.formats.pickle_values import Storage
from sd_model_manager.identify.formats.pickle_walk import make_unsafe, walk_pickle
from sd_model_manager.identify.formats.reader import list_some, name_some, to_problem
from sd_model_manager.identify.formats.zip_directory import (
    ZipEntry,
    find_content_start,
    has_right_checksum,
    make_odd,
    read_directory,
)
from sd_model_manager.identify.header import Header
from sd_model_manager.lib.errors import DamagedFile

FORMAT = FileFormat.TORCH_ZIP

MAX_PICKLE_BYTES = MAX_READ_BYTES


def recognises(start: bytes, size_bytes: int) -> bool:
    del size_bytes
    return start[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def read(file: BinaryIO, size_bytes: int) -> Header:
    try:
        entries = read_directory(file, size_bytes)
        archive = _Archive.of(entries)
        start = archive.find_pickle(file)
    except DamagedFile as error:
        if error.error_code == "truncated":
            return _read_unfinished(file, size_bytes)
        return Header(FORMAT, problems=(to_problem(error),))
    problems = list(archive.problems)
    if not has_right_checksum(file, start, archive.pickle):
        problems.append(to_problem(make_odd("the checksum of its pickle is wrong")))
    header, storages = _read_pickle(file, start, start + archive.pickle.size_bytes)
    problems += [*header.problems, *archive.check_storages(storages)]
    return Header(FORMAT, header.tensors, header.metadata, problems=tuple(problems))


def _read_pickle(
    file: BinaryIO, start: int, end: int, *, is_whole: bool = True
) -> tuple[Header, Mapping[str, Storage]]:
    cursor = Cursor(file, end, start)
    content = walk_pickle(cursor)
    refusals = content.refusals
    if is_whole and content.is_complete and cursor.remaining_bytes:
        refusals += ("more after the end of its pickle",)
    tensors, metadata = name_contents(content.value)
    problems = (make_unsafe(refusals),) if refusals else ()
    return Header(FORMAT, tensors, metadata, problems=problems), content.storages


def _read_unfinished(file: BinaryIO, size_bytes: int) -> Header:
    """A zip without its end: the pickle usually stands first, so the tensors can be told all the same."""
    truncated = Problem(
        "truncated",
        f"The end of the file is missing after {size_bytes:,} bytes, as after an unfinished download. "
        "Download it again or resume the download.",
        {"found_bytes": size_bytes},
    )
    file.seek(0)
    record = file.read(30)
    if len(record) < 30:
        return Header(FORMAT, problems=(truncated,))
    _, method, *_, name_bytes, extra_bytes = struct.unpack_from("<2H2H3I2H", record, 6)
    is_pickle = method == 0 and file.read(name_bytes).endswith(b"/data.pkl")
    start = 30 + name_bytes + extra_bytes
    if not is_pickle or start >= size_bytes:
        return Header(FORMAT, problems=(truncated,))
    header, _ = _read_pickle(file, start, size_bytes, is_whole=False)
    return Header(FORMAT, header.tensors, header.metadata, problems=(truncated, *header.problems))


@dataclass(frozen=True)
class _Archive:
    entries: Mapping[str, ZipEntry]
    root: str
    pickle: ZipEntry
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, entries: tuple[ZipEntry, ...]) -> _Archive:
        """Raises DamagedFile `odd_zip` where no single pickle can be meant."""
        by_name = {entry.name: entry for entry in entries}
        if len(by_name) != len(entries):
            raise make_odd("it holds two entries of one name")
        pickles = [name for name in by_name if name.rpartition("/")[2] == "data.pkl"]
        if len(pickles) != 1 or pickles[0].count("/") != 1:
            raise make_odd(f"it holds {len(pickles)} entries named data.pkl, and one at its root is needed")
        root = pickles[0].removesuffix("data.pkl")
        return cls(by_name, root, by_name[pickles[0]], tuple(_check_entries(by_name, root)))

    def find_pickle(self, file: BinaryIO) -> int:
        if not self.pickle.is_plain or self.pickle.size_bytes > MAX_PICKLE_BYTES:
            raise make_odd("its pickle is compressed, encrypted or larger than can be")
        return find_content_start(file, self.pickle)

    def check_storages(self, storages: Mapping[str, Storage]) -> list[Problem]:
        wrong = [key for key, storage in storages.items() if not self._holds(storage)]
        if not wrong:
            return []
        message = f"The weights of {len(wrong):,} storages are missing or too short: {name_some(wrong)}."
        return [Problem("missing_weights", f"{message} Download the file again.", list_some(wrong))]

    def _holds(self, storage: Storage) -> bool:
        entry = self.entries.get(f"{self.root}data/{storage.key}")
        return entry is not None and entry.is_plain and entry.size_bytes >= storage.size_bytes


def _check_entries(entries: Mapping[str, ZipEntry], root: str) -> list[Problem]:
    """Code (TorchScript), further pickles, other roots and encrypted entries: none belongs in a weights file."""
    code = [name for name in entries if name.startswith((f"{root}code/", f"{root}constants.pkl"))]
    odd = [
        name
        for name, entry in entries.items()
        if not name.startswith(root)
        or (name.endswith((".pkl", ".pickle")) and name not in (f"{root}data.pkl", f"{root}constants.pkl"))
        or (not entry.is_plain and not name.startswith(f"{root}code/"))
    ]
    problems = []
    if code:
        message = f"This is a TorchScript program, not only weights; it brings code of its own: {name_some(code)}."
        text = f"{message} Load it only if you trust its publisher fully."
        problems.append(Problem("contains_code", text, list_some(code)))
    if odd:
        problems.append(to_problem(make_odd(f"it also holds {name_some(odd)}")))
    return problems
