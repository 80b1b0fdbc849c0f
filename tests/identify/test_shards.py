from __future__ import annotations

from pathlib import Path

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.shards import group_shards, read_shards
from tests.support.model_files import write_safetensors


def write_part(folder: Path, number: int, total: int, name: str) -> Path:
    path = folder / f"model-{number:05}-of-{total:05}.safetensors"
    return write_safetensors(path, {name: ("F16", [2, 2])}, {"format": "pt"})


def test_the_parts_of_a_model_are_one_and_the_rest_stands_alone() -> None:
    folder = Path("loras")
    names = ["b-00002-of-00002.gguf", "a-00001-of-00002.safetensors", "b-00001-of-00002.gguf", "c.safetensors"]
    sets, alone = group_shards(folder / name for name in names)
    assert [(one.stem, one.suffix, [number for number, _ in one.parts], one.missing) for one in sets] == [
        ("b", ".gguf", [1, 2], ()),
        ("a", ".safetensors", [1], (2,)),
    ]
    assert alone == (folder / "c.safetensors",)


def test_parts_in_different_folders_or_of_different_totals_are_different_models() -> None:
    paths = [Path("x/m-00001-of-00002.gguf"), Path("y/m-00002-of-00002.gguf"), Path("x/m-00002-of-00003.gguf")]
    assert len(group_shards(paths)[0]) == 3


def test_numbers_that_cannot_be_make_no_part() -> None:
    paths = [Path("m-00003-of-00002.gguf"), Path("m-00000-of-00002.gguf"), Path("m-00001-of-99999.gguf")]
    assert group_shards(paths) == ((), tuple(paths))


def test_a_complete_set_is_read_as_one_header(tmp_path: Path) -> None:
    paths = [write_part(tmp_path, number, 2, f"w{number}") for number in (2, 1)]
    header = read_shards(group_shards(paths)[0][0])
    assert header.format is FileFormat.SAFETENSORS
    assert list(header.tensors) == ["w1", "w2"]
    assert header.metadata == {"format": "pt"}
    assert not header.problems


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    header = read_shards(group_shards([write_part(tmp_path, 1, 3, "w")])[0][0])
    assert [problem.code for problem in header.problems] == ["incomplete"]
    assert "number 2, 3" in header.problems[0].message


def test_a_tensor_in_two_parts_and_a_fault_of_one_part_are_told(tmp_path: Path) -> None:
    first, second = (write_part(tmp_path, number, 2, "w") for number in (1, 2))
    with second.open("ab") as file:
        file.write(b"more")
    header = read_shards(group_shards([first, second])[0][0])
    assert [problem.code for problem in header.problems] == ["trailing_bytes", "duplicate_tensor"]
    assert header.problems[0].message.startswith(second.name)
