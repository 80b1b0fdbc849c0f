"""A scan survives whatever lies in a folder or happens to it meanwhile, says so, and lets go of nothing it knew."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sd_model_manager.db.engine import Database, DatabaseUnusable
from sd_model_manager.domain.local import InspectedFile, ScanProblem
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.library.inspector import Inspector
from sd_model_manager.library.scanner import TouchedFolder
from sd_model_manager.library.walker import FoundModel, ListedFolder
from tests.support.library_bench import LibraryBench

only_posix = pytest.mark.skipif(sys.platform == "win32", reason="such files do not exist on Windows")


def list_problems(library: LibraryBench) -> dict[str, str]:
    return {problem.place.relative_path: problem.code for problem, _ in library.folders.list_problems()}


def touched(library: LibraryBench, folder: str = "", *, with_subfolders: bool = False) -> TouchedFolder:
    return TouchedFolder(library.folder_id, Category.ACTIVE, folder, with_subfolders)


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], object]], None]:
    """Have something happen right before each file is looked into, given its path."""

    def arrange(happens: Callable[[str], object]) -> None:
        inspect = Inspector.inspect

        def inspect_later(self: Inspector, root: Path, found: FoundModel) -> tuple[InspectedFile, list[ScanProblem]]:
            happens(found.place.relative_path)
            return inspect(self, root, found)

        monkeypatch.setattr(Inspector, "inspect", inspect_later)

    return arrange


def test_a_file_that_vanishes_meanwhile_is_reported_and_the_others_listed(
    library: LibraryBench, meanwhile: Callable[[Callable[[str], object]], None]
) -> None:
    doomed = library.add_lora("doomed.safetensors")
    library.add_lora("a.safetensors")
    meanwhile(lambda _: doomed.unlink(missing_ok=True))
    library.scan()
    assert library.names() == ["a"]
    assert list_problems(library) == {"doomed.safetensors": "UNREADABLE"}


def test_a_file_that_grows_meanwhile_is_looked_at_again_by_the_next_scan(
    library: LibraryBench, meanwhile: Callable[[Callable[[str], object]], None]
) -> None:
    path = library.add_lora("a.safetensors")
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    meanwhile(lambda _: path.write_bytes(whole))
    library.scan()
    library.scan()
    assert library.only().identity.problems == ()
    assert library.only().listing.size_bytes == len(whole)


@only_posix
def test_a_file_that_becomes_a_pipe_meanwhile_is_not_waited_for(
    library: LibraryBench, meanwhile: Callable[[Callable[[str], object]], None]
) -> None:
    path = library.add_lora("a.safetensors")

    def swap(_: str) -> None:
        path.unlink()
        os.mkfifo(path)

    meanwhile(swap)
    library.scan()
    assert list_problems(library) == {"a.safetensors": "UNREADABLE"}


@only_posix
def test_a_folder_that_disappears_half_way_takes_no_model_with_it(
    library: LibraryBench, meanwhile: Callable[[Callable[[str], object]], None]
) -> None:
    for name in ("a/1", "b/2", "c/3"):
        library.add_lora(f"{name}.safetensors")
    library.scan()
    before = {model.model_id for model in library.models()}
    changed = library.add_lora("a/1.safetensors", rank=8)
    meanwhile(lambda _: library.root.rename(library.root.with_name("unplugged")) if changed.exists() else None)
    library.scan()
    library.root.with_name("unplugged").rename(library.root)
    assert before <= {model.model_id for model in library.models()}
    assert "missing" not in library.states().values()
    library.scan()
    assert library.states() == {**library.states(), "b/2.safetensors": "present", "c/3.safetensors": "present"}


def test_a_drive_that_is_unplugged_before_its_folder_is_read_loses_nothing(
    library: LibraryBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add_lora("a.safetensors")
    library.scan()
    list_all = ListedFolder.add_all

    def unplug(self: ListedFolder, entries: Iterator[os.DirEntry[str]]) -> None:
        shutil.move(library.root / "a.safetensors", library.root.with_name("a.safetensors"))
        list_all(self, iter(()))
        monkeypatch.undo()

    monkeypatch.setattr(ListedFolder, "add_all", unplug)
    library.scan()
    assert library.states() == {"a.safetensors": "offline"}


@only_posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_reported_and_stays_known(library: LibraryBench) -> None:
    library.add_lora("closed/a.safetensors")
    library.scan()
    (library.root / "closed").chmod(0)
    library.scan()
    (library.root / "closed").chmod(0o755)
    assert library.states() == {"closed/a.safetensors": "present"}
    assert list_problems(library) == {"closed": "FOLDER_UNREADABLE"}


def test_a_folder_that_cannot_be_read_keeps_its_models(library: LibraryBench, monkeypatch: pytest.MonkeyPatch) -> None:
    library.add_lora("closed/a.safetensors")
    library.add_lora("open/b.safetensors")
    library.scan()
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    library.scan()
    assert library.states() == {"closed/a.safetensors": "present", "open/b.safetensors": "present"}
    assert list_problems(library) == {"closed": "FOLDER_UNREADABLE"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has its own limits")
def test_paths_of_four_thousand_characters_are_listed_or_reported(library: LibraryBench) -> None:
    deep = library.root
    while len(str(deep)) < 3700:
        deep /= "d" * 120
    deep.mkdir(parents=True)
    path = library.add_lora("a.safetensors")
    path.rename(deep / "a.safetensors")
    beyond = os.open(deep, os.O_RDONLY)  # longer than the system takes in one piece
    for _ in range(3):
        os.mkdir("e" * 200, dir_fd=beyond)
        inner = os.open("e" * 200, os.O_RDONLY, dir_fd=beyond)
        os.close(beyond)
        beyond = inner
    os.close(beyond)
    library.scan()
    assert library.names() == ["a"]
    assert set(list_problems(library).values()) <= {"FOLDER_UNREADABLE"}
    shutil.rmtree(library.root)


@only_posix
def test_a_folder_is_listed_under_its_own_name_before_that_of_a_link(library: LibraryBench) -> None:
    library.add_lora("zeta/a.safetensors")
    (library.root / "alpha").symlink_to(library.root / "zeta", target_is_directory=True)
    library.scan()
    library.look_again(touched(library, "alpha"), touched(library, "zeta"))
    assert library.states() == {"zeta/a.safetensors": "present"}
    assert library.only().listing.duplicates == 0


@only_posix
def test_links_that_lead_nowhere_or_to_themselves_are_reported(library: LibraryBench) -> None:
    (library.root / "nowhere.safetensors").symlink_to(library.root / "not there")
    (library.root / "itself.safetensors").symlink_to(library.root / "itself.safetensors")
    library.add_lora("a.safetensors")
    library.scan()
    assert library.names() == ["a"]
    assert set(list_problems(library)) == {"nowhere.safetensors", "itself.safetensors"}


def test_a_file_under_the_same_path_in_folder_and_archive_may_be_wrong_in_both(library: LibraryBench) -> None:
    if sys.platform == "win32":
        pytest.skip("such files do not exist on Windows")
    archive = library.root.with_name("models-archive")
    archive.mkdir()
    for folder in (library.root, archive):
        os.mkfifo(folder / "pipe.bin")
    library.scan()
    assert list_problems(library) == {"pipe.bin": "NOT_A_FILE"}


def test_only_what_was_touched_is_looked_at_again(library: LibraryBench) -> None:
    for name in ("x/1", "x/deep/2", "y/3"):
        library.add_lora(f"{name}.safetensors")
    library.scan()
    for name in ("x/1", "x/deep/2", "y/3"):
        (library.root / f"{name}.safetensors").unlink()
    library.look_again(touched(library, "x"))
    assert library.states() == {
        "x/1.safetensors": "missing",
        "x/deep/2.safetensors": "present",
        "y/3.safetensors": "present",
    }
    library.look_again(touched(library, "x", with_subfolders=True), touched(library, "x/deep"))
    assert library.states()["x/deep/2.safetensors"] == "missing"


def test_names_that_differ_from_a_touched_one_by_pattern_or_case_are_not_meant(library: LibraryBench) -> None:
    library.add_lora("style_1/a.safetensors")
    library.add_lora("styleX1/b.safetensors")
    library.add_lora("Style_1/c.safetensors")
    library.scan()
    library.look_again(touched(library, "style_1", with_subfolders=True))
    assert set(library.states().values()) == {"present"}


def test_a_folder_that_is_gone_is_gone_with_all_in_it_and_a_move_loses_nothing(library: LibraryBench) -> None:
    library.add_lora("x/deep/1.safetensors")
    library.add_lora("y/2.safetensors")
    library.scan()
    before = {model.model_id for model in library.models()}
    (library.root / "x").rename(library.root / "z")
    library.look_again(touched(library, "x", with_subfolders=True), touched(library, "z", with_subfolders=True))
    assert library.states() == {"z/deep/1.safetensors": "present", "y/2.safetensors": "present"}
    assert {model.model_id for model in library.models()} == before
    shutil.rmtree(library.root / "z")
    library.look_again(touched(library, "z", with_subfolders=True))
    assert library.states()["z/deep/1.safetensors"] == "missing"


def test_a_file_that_was_just_written_to_is_left_until_it_rests(library: LibraryBench) -> None:
    path = library.add_lora("x/1.safetensors")
    library.scan()
    path = library.add_lora("x/2.safetensors")
    later = library.scanner.look_again([touched(library, "x")], quiet_seconds=3600.0)
    assert (library.names(), later) == (["1"], [touched(library, "x")])
    os.utime(path, (0, 0))
    assert library.scanner.look_again(later, quiet_seconds=3600.0) == []
    assert library.names() == ["1", "2"]


def test_problems_are_replaced_where_it_was_looked_and_nowhere_else(library: LibraryBench) -> None:
    now = datetime.now(UTC)
    library.folders.note_scan(library.folder_id, [], now=now)
    if sys.platform == "win32":
        pytest.skip("such files do not exist on Windows")
    for name in ("x", "y"):
        (library.root / name).mkdir()
        os.mkfifo(library.root / name / "pipe.bin")
    library.scan()
    for name in ("x", "y"):
        (library.root / name / "pipe.bin").unlink()
    library.look_again(touched(library, "x"))
    assert list_problems(library) == {"y/pipe.bin": "NOT_A_FILE"}


only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The other database has a disk and locks of its own."""


@only_sqlite
def test_a_full_disk_ends_the_scan_with_the_reason_and_what_was_known_stays(
    library: LibraryBench, database: Database
) -> None:
    library.add_lora("a.safetensors")
    library.scan()
    for number in range(60):
        library.add_lora(f"new/{number}.safetensors", metadata={"title": f"{number}", "notes": "x" * 5000})
    with database.read() as connection:  # the pool has this connection alone
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")
    with pytest.raises(DatabaseUnusable, match=r"disk is full.*scan again"):
        library.scan()
    assert library.states() == {"a.safetensors": "present"}


@only_sqlite
def test_a_database_that_another_program_holds_ends_the_scan_with_the_reason(
    library: LibraryBench, database: Database
) -> None:
    library.add_lora("a.safetensors")
    with database.read() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    holder = sqlite3.connect(database.file or "", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnusable, match="database is locked"):
        library.look_again(touched(library))
    holder.close()
    library.look_again(touched(library))
    assert library.states() == {"a.safetensors": "present"}
