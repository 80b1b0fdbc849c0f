"""What changes in a library folder while the program runs appears by itself, and only there is looked."""

from __future__ import annotations

import logging
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.local import Place
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.library.network_paths import find_mounted_type
from sd_model_manager.library.scanner import TouchedFolder
from sd_model_manager.library.watch_events import RestlessPaths
from sd_model_manager.library.watcher import Watcher, WatchSettings
from tests.library.test_model_sets import save_pipeline, size_of
from tests.support.library_bench import LibraryBench

PATIENCE_SECONDS = 30.0
BY_POLLING = WatchSettings(by_polling=True, poll_seconds=0.1)


@contextmanager
def watching(
    library: LibraryBench, settings: WatchSettings | None = None, *, is_alone: bool = True
) -> Iterator[Watcher]:
    lock_file = library.root.parent / "watcher.lock"
    watcher = Watcher(library.scanner, library.places.snapshot, lambda: settings or WatchSettings(), lock_file)
    watcher.start()
    try:
        watcher.is_watching.wait(PATIENCE_SECONDS if is_alone else 0.0)
        yield watcher
    finally:
        watcher.stop()


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def wait_for_states(library: LibraryBench, **states: str) -> None:
    wanted = {f"{name}.safetensors": state for name, state in states.items()}
    wait_until(lambda: library.states() == wanted)


@pytest.fixture
def scanned(library: LibraryBench) -> LibraryBench:
    library.add_lora("a.safetensors")
    library.scan()
    return library


def test_a_new_file_appears_by_itself(scanned: LibraryBench) -> None:
    with watching(scanned):
        scanned.add_lora("b.safetensors")
        wait_for_states(scanned, a="present", b="present")


def test_a_change_inside_a_folder_that_is_one_model_appears_by_itself(scanned: LibraryBench) -> None:
    folder = save_pipeline(scanned.root / "dream-1.5")
    scanned.scan()
    with watching(scanned):
        (folder / "vae/extra.json").write_text("{}")
        wait_until(lambda: any(model.size_bytes == size_of(folder) for model in scanned.models()))


def test_a_deleted_file_is_missing_by_itself(scanned: LibraryBench) -> None:
    scanned.add_lora("b.safetensors")
    scanned.scan()
    with watching(scanned):
        (scanned.root / "a.safetensors").unlink()
        wait_for_states(scanned, a="missing", b="present")


def test_a_folder_that_is_moved_in_is_listed_with_all_that_lies_in_it(scanned: LibraryBench, tmp_path: Path) -> None:
    scanned.add_lora("elsewhere/deep/b.safetensors")
    shutil.move(scanned.root / "elsewhere", tmp_path / "elsewhere")
    with watching(scanned):
        shutil.move(tmp_path / "elsewhere", scanned.root / "here")
        wait_until(lambda: scanned.states().get("here/deep/b.safetensors") == "present")


@pytest.mark.parametrize("settings", [WatchSettings(), BY_POLLING], ids=["events", "polling"])
def test_a_folder_that_goes_is_offline_and_one_that_returns_is_back(
    scanned: LibraryBench, settings: WatchSettings
) -> None:
    unplugged = scanned.root.with_name("unplugged")
    with watching(scanned, settings):
        wait_until(lambda: scanned.states() == {"a.safetensors": "present"})
        scanned.root.rename(unplugged)
        wait_for_states(scanned, a="offline")
        unplugged.rename(scanned.root)
        wait_for_states(scanned, a="present")


def test_a_share_is_looked_at_from_time_to_time(scanned: LibraryBench) -> None:
    with watching(scanned, BY_POLLING):
        scanned.add_lora("b.safetensors")
        wait_for_states(scanned, a="present", b="present")


def test_one_process_watches_for_all(scanned: LibraryBench) -> None:
    other = FileLock(scanned.root.parent / "watcher.lock", thread_local=False)
    with other, watching(scanned, BY_POLLING, is_alone=False):
        scanned.add_lora("b.safetensors")
    assert scanned.states() == {"a.safetensors": "present"}


def test_nothing_is_watched_where_that_is_switched_off(scanned: LibraryBench) -> None:
    with watching(scanned, WatchSettings(is_on=False, poll_seconds=0.0)) as watcher:
        scanned.add_lora("b.safetensors")
        watcher.stop()
    assert scanned.states() == {"a.safetensors": "present"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such a limit")
def test_a_system_that_will_not_tell_is_named_once_and_polled(
    scanned: LibraryBench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> Iterator[object]:
        raise OSError("OS file watch limit reached.")

    monkeypatch.setattr("watchfiles.watch", refuse)
    with caplog.at_level(logging.WARNING), watching(scanned, WatchSettings(poll_seconds=0.1)):
        scanned.add_lora("b.safetensors")
        wait_for_states(scanned, a="present", b="present")
    (said,) = [record.getMessage() for record in caplog.records if record.name.endswith("library.watcher")]
    assert "max_user_watches" in said


ROOT = (FolderId(1), Category.ACTIVE)


def make_restless(root: Path) -> RestlessPaths:
    return RestlessPaths({root: ROOT}, quiet_seconds=2.0)


def test_a_file_that_still_grows_is_left_alone_until_it_rests(tmp_path: Path) -> None:
    restless = make_restless(tmp_path)
    growing, whole = str(tmp_path / "x/growing.safetensors"), str(tmp_path / "x/whole.safetensors")
    restless.note([growing, whole], 10.0)
    restless.note([growing], 11.5)
    assert restless.take_quiet(11.9) == ([], [])
    assert restless.take_quiet(12.0) == ([TouchedFolder(*ROOT, "x")], [Place(FolderId(1), "x/growing.safetensors")])
    assert restless.take_quiet(13.5) == ([TouchedFolder(*ROOT, "x")], [])
    assert restless.take_quiet(99.0) == ([], [])


def test_downloads_under_way_and_hidden_files_matter_to_nobody(tmp_path: Path) -> None:
    restless = make_restless(tmp_path)
    restless.note([str(tmp_path / "a.safetensors.part"), str(tmp_path / ".git/x.bin"), "/elsewhere/a.safetensors"], 0.0)
    assert restless.take_quiet(10.0) == ([], [])


def test_what_may_be_a_folder_is_looked_at_with_all_that_lies_in_it(tmp_path: Path) -> None:
    (tmp_path / "v1.safetensors").mkdir()
    restless = make_restless(tmp_path)
    restless.note([str(tmp_path / "v1.safetensors"), str(tmp_path / "gone"), str(tmp_path / "a.PNG")], 0.0)
    assert restless.take_quiet(10.0)[0] == [
        TouchedFolder(*ROOT, "v1.safetensors", with_subfolders=True),
        TouchedFolder(*ROOT, "gone", with_subfolders=True),
        TouchedFolder(*ROOT, ""),
    ]


def test_after_a_great_upheaval_the_whole_folder_is_looked_at_once(tmp_path: Path) -> None:
    restless = make_restless(tmp_path)
    restless.note([str(tmp_path / f"{number}/a.bin") for number in range(3000)], 0.0)
    assert restless.take_quiet(10.0) == ([TouchedFolder(*ROOT, "", with_subfolders=True)], [])


MOUNTS = (
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
    r"40 22 0:50 / /mnt/my\040nas rw - nfs4 nas:/models rw",
    "41 22 0:51 / /mnt/cloud rw - fuse.rclone remote: rw",
    "42 22 0:52 / /mnt/cloud rw - ext4 /dev/sdb1 rw",
    "no line of a mount",
)


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("/mnt/my nas/loras", "nfs4"),
        ("/mnt/my nas", "nfs4"),
        ("/mnt/my nasty", "ext4"),
        ("/mnt/cloud/x", "ext4"),
        ("/home/models", "ext4"),
    ],
)
def test_the_file_system_of_a_path_is_that_of_the_innermost_mount(path: str, type_: str) -> None:
    assert find_mounted_type(path, MOUNTS) == type_
