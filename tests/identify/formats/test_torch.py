"""`torch_saves/` holds what torch 2.13 wrote: `<name>.pt` as it saves today, `<name>.legacy.pt` as before 1.6."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.header import Header, Tensor
from sd_model_manager.identify.reading import read_header, read_header_of
from tests.support.model_files import write_torch_legacy, write_torch_zip
from tests.support.torch_files import TorchPickle

SAVES = Path(__file__).parent / "torch_saves"
CONTAINERS = [".pt", ".legacy.pt"]
SMALL_NET = {
    "conv.weight": Tensor("F32", (4, 3, 3, 3)),
    "conv.bias": Tensor("F32", (4,)),
    "bn.weight": Tensor("F32", (4,)),
    "bn.bias": Tensor("F32", (4,)),
    "bn.running_mean": Tensor("F32", (4,)),
    "bn.running_var": Tensor("F32", (4,)),
    "bn.num_batches_tracked": Tensor("I64", ()),
    "seq.0.weight": Tensor("F32", (5, 4)),
    "seq.0.bias": Tensor("F32", (5,)),
    "seq.2.weight": Tensor("F32", (2, 5)),
    "seq.2.bias": Tensor("F32", (2,)),
}


def read(content: bytes) -> Header:
    return read_header(BytesIO(content), len(content))


def codes(header: Header) -> list[str]:
    return [problem.code for problem in header.problems]


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_state_dict_tells_every_tensor(container: str) -> None:
    header = read_header_of(SAVES / f"statedict{container}")
    assert header.format is (FileFormat.TORCH_ZIP if container == ".pt" else FileFormat.TORCH_LEGACY)
    assert dict(header.tensors) == SMALL_NET
    assert not header.problems


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_wrapper_is_taken_off_and_what_stands_beside_it_is_told(container: str) -> None:
    header = read_header_of(SAVES / f"wrapped{container}")
    assert dict(header.tensors) == SMALL_NET
    assert header.metadata == {
        "pickle.wrapper": "state_dict",
        "pickle.epoch": "3",
        "pickle.global_step": "470000",
        "pickle.lr": "0.0001",
    }


@pytest.mark.parametrize("container", CONTAINERS)
def test_eight_bit_floats_that_torch_keeps_as_bytes_are_told(container: str) -> None:
    header = read_header_of(SAVES / f"fp8{container}")
    assert header.tensors == {"a": Tensor("F8_E4M3", (4,)), "b": Tensor("F8_E5M2", (4, 2))}
    assert not header.problems


@pytest.mark.parametrize("container", CONTAINERS)
def test_whole_numbers_of_every_width_are_told(container: str) -> None:
    tensors = read_header_of(SAVES / f"ints{container}").tensors
    dtypes = {name: tensor.dtype for name, tensor in tensors.items()}
    assert dtypes == {
        "i8": "I8",
        "u8": "U8",
        "i16": "I16",
        "i32": "I32",
        "i64": "I64",
        "b": "BOOL",
        "u16": "U16",
        "u32": "U32",
        "u64": "U64",
    }


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_hypernetwork_has_a_name_for_each_of_its_pairs(container: str) -> None:
    header = read_header_of(SAVES / f"hyper{container}")
    assert list(header.tensors) == ["#768/0/linear.0.weight", "#768/1/linear.0.weight"]
    assert header.metadata["pickle.layer_structure"] == "[1, 2, 1]"
    assert header.metadata["pickle.is_layer_norm"] == "false"


@pytest.mark.parametrize("container", CONTAINERS)
def test_slices_have_their_own_shape_and_parameters_that_of_their_tensor(container: str) -> None:
    assert read_header_of(SAVES / f"view{container}").tensors == {
        "a": Tensor("F32", (2, 2)),
        "t": Tensor("F32", (7, 3)),
    }
    assert read_header_of(SAVES / f"paramstate{container}").tensors == {"p": Tensor("F32", (2,))}


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_whole_module_is_unsafe_and_told_all_the_same(container: str) -> None:
    header = read_header_of(SAVES / f"module{container}")
    assert codes(header) == ["unsafe_pickle"]
    assert "__main__.Net" in header.problems[0].message
    assert dict(header.tensors) == SMALL_NET


def test_a_torchscript_program_brings_code() -> None:
    header = read_header_of(SAVES / "script.pt")
    assert "contains_code" in codes(header)
    assert header.tensors["0.weight"] == Tensor("F32", (5, 4))


def test_nested_dictionaries_are_joined_by_a_slash(tmp_path: Path) -> None:
    tensors = {"image_proj/proj.weight": ("F16", [8, 4]), "ip_adapter/1.to_k_ip.weight": ("F16", [4, 4])}
    for write in (write_torch_zip, write_torch_legacy):
        header = read_header_of(write(tmp_path / "x.bin", tensors))
        assert list(header.tensors) == list(tensors)
        assert not header.problems


def test_the_smoothed_weights_are_preferred_to_the_raw_ones(tmp_path: Path) -> None:
    path = write_torch_zip(tmp_path / "x", {"params/a": ("F32", [1]), "params_ema/b": ("F32", [1])})
    header = read_header_of(path)
    assert list(header.tensors) == ["b"]
    assert header.metadata == {"pickle.wrapper": "params_ema"}


def test_an_unfinished_zip_still_tells_its_tensors() -> None:
    content = (SAVES / "statedict.pt").read_bytes()
    header = read(content[: len(content) // 2])
    assert codes(header) == ["truncated"]
    assert dict(header.tensors) == SMALL_NET


def test_an_unfinished_legacy_file_says_how_much_is_missing() -> None:
    content = (SAVES / "statedict.legacy.pt").read_bytes()
    header = read(content[:-5])
    assert codes(header) == ["truncated"]
    assert f"{len(content):,} bytes are expected" in header.problems[0].message
    assert dict(header.tensors) == SMALL_NET


def test_something_after_the_weights_of_a_legacy_file_is_unsafe() -> None:
    assert codes(read((SAVES / "fp8.legacy.pt").read_bytes() + b"x")) == ["unsafe_pickle"]


def make_zip(entries: list[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


PICKLE = TorchPickle().dump({"step": 1})


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [("x/version", b"3")],
        [("data.pkl", PICKLE)],
        [("x/y/data.pkl", PICKLE)],
        [("x/data.pkl", PICKLE), ("y/data.pkl", PICKLE)],
        [("x/data.pkl", PICKLE), ("y/version", b"3")],
        [("x/data.pkl", PICKLE), ("x/other.pkl", PICKLE)],
    ],
)
def test_a_zip_that_torch_would_not_write_is_odd(entries: list[tuple[str, bytes]]) -> None:
    assert codes(read(make_zip(entries))) == ["odd_zip"]


def test_a_zip_with_two_entries_of_one_name_is_odd() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = make_zip([("x/data.pkl", PICKLE), ("x/data.pkl", PICKLE)])
    assert codes(read(content)) == ["odd_zip"]


def test_a_compressed_pickle_is_odd() -> None:
    assert codes(read(make_zip([("x/data.pkl", PICKLE)], zipfile.ZIP_DEFLATED))) == ["odd_zip"]


def test_a_zip_whose_records_contradict_each_other_is_odd() -> None:
    content = make_zip([("x/data.pkl", PICKLE)])
    assert not read(content).problems
    assert codes(read(content.replace(b"x/data.pkl", b"y/data.pkl", 1))) == ["odd_zip"]
    encrypted = content[:6] + b"\x01" + content[7:]
    assert codes(read(encrypted)) == ["odd_zip"]
    assert codes(read(content.replace(b"step", b"stop"))) == ["odd_zip"]
    assert codes(read(content + b"more")) == ["odd_zip"]


def test_more_entries_than_the_directory_holds_are_odd() -> None:
    content = bytearray(make_zip([("x/data.pkl", PICKLE)]))
    struct.pack_into("<HH", content, len(content) - 14, 9, 9)
    assert codes(read(bytes(content))) == ["odd_zip"]


def test_weights_that_are_not_in_the_zip_are_missed(tmp_path: Path) -> None:
    with zipfile.ZipFile(write_torch_zip(tmp_path / "x", {"a": ("F32", [4]), "b": ("F32", [4])})) as whole:
        kept = [(name, whole.read(name)) for name in whole.namelist() if name != "archive/data/1"]
    header = read(make_zip(kept))
    assert codes(header) == ["missing_weights"]
    assert list(header.tensors) == ["a", "b"]


def test_a_second_pickle_behind_the_first_is_unsafe() -> None:
    header = read(make_zip([("x/data.pkl", PICKLE + PICKLE)]))
    assert codes(header) == ["unsafe_pickle"]
    assert "after the end" in header.problems[0].message
