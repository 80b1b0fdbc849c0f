"""A finished file gets its name in one step and never replaces another."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sd_model_manager.download import place as place_module
from sd_model_manager.download.place import place, rename_without_overwriting
from sd_model_manager.lib.errors import AppError, FileExists


@pytest.fixture
def part(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors.part"
    path.write_bytes(b"weights")
    (tmp_path / "model.safetensors.part.json").write_text("{}")
    return path


@pytest.fixture
def final(tmp_path: Path) -> Path:
    return tmp_path / "model.safetensors"


def test_the_file_gets_its_name_and_nothing_else_is_left(part: Path, final: Path) -> None:
    assert place(part, final) == final
    assert final.read_bytes() == b"weights"
    assert [path.name for path in final.parent.iterdir()] == [final.name]


def test_the_folder_is_made_where_it_is_missing(part: Path, tmp_path: Path) -> None:
    assert place(part, tmp_path / "loras" / "style" / "x.safetensors").exists()


def test_another_file_is_never_overwritten(part: Path, final: Path) -> None:
    final.write_bytes(b"somebody's own")
    with pytest.raises(FileExists, match="not overwritten"):
        place(part, final)
    assert final.read_bytes() == b"somebody's own"
    assert part.read_bytes() == b"weights"


def test_a_link_to_nowhere_is_not_overwritten(part: Path, final: Path) -> None:
    final.symlink_to("nowhere")
    with pytest.raises(FileExists):
        place(part, final)
    assert final.is_symlink()


def test_of_many_that_want_one_name_exactly_one_gets_it(tmp_path: Path) -> None:
    final, start = tmp_path / "model.bin", threading.Barrier(8)
    lost: list[int] = []

    def compete(number: int) -> None:
        part = tmp_path / f"{number}.part"
        part.write_bytes(str(number).encode())
        start.wait()
        try:
            place(part, final)
        except FileExists:
            lost.append(number)

    threads = [threading.Thread(target=compete, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {*map(str, lost), final.read_text()} == set("01234567")
    assert all((tmp_path / f"{number}.part").exists() for number in lost)


def test_a_crash_between_the_two_names_is_healed(part: Path, final: Path) -> None:
    os.link(part, final)
    place(part, final)
    assert [path.name for path in final.parent.iterdir()] == [final.name]


def test_a_crash_before_the_journal_was_removed_is_healed(part: Path, final: Path) -> None:
    part.rename(final)
    place(part, final)
    assert [path.name for path in final.parent.iterdir()] == [final.name]


def test_what_is_not_there_cannot_be_placed(tmp_path: Path) -> None:
    with pytest.raises(AppError) as caught:
        place(tmp_path / "none.part", tmp_path / "model.bin")
    assert caught.value.error_code == "PLACE_FAILED"


def refuse(source: Path, target: Path) -> None:
    raise OSError(errno.EPERM, "no hard links here")


WAYS = [("_link_and_unlink",), ("_link_and_unlink", "_rename_exclusively")]


@pytest.mark.parametrize("missing", WAYS, ids=["no hard links", "no exclusive rename either"])
def test_disks_that_can_do_less_are_served_as_safely(
    part: Path, final: Path, missing: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in missing:
        monkeypatch.setattr(place_module, name, refuse)
    other = part.with_name("other.part")
    other.write_bytes(b"other")
    rename_without_overwriting(part, final)
    with pytest.raises(FileExistsError):
        rename_without_overwriting(other, final)
    assert final.read_bytes() == b"weights"
    assert other.read_bytes() == b"other"
    assert not part.exists()


def test_a_disk_that_refuses_everything_leaves_no_empty_file(
    part: Path, final: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path, __: Path) -> None:
        raise OSError(errno.EIO, "broken")

    replace: Callable[[Path, Path], None] = fail
    for name in WAYS[1]:
        monkeypatch.setattr(place_module, name, refuse)
    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OSError, match="broken"):
        rename_without_overwriting(part, final)
    assert not final.exists()
