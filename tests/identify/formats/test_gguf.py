from __future__ import annotations

import json
import struct
from io import BytesIO
from pathlib import Path

import pytest

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.formats import gguf
from sd_model_manager.identify.header import Header, Tensor
from sd_model_manager.identify.reading import read_header, read_header_of
from tests.support.model_files import write_gguf


def read(content: bytes) -> Header:
    return read_header(BytesIO(content), len(content))


def codes(header: Header) -> list[str]:
    return [problem.code for problem in header.problems]


def text(value: str, count: str = "<Q") -> bytes:
    return struct.pack(count, len(value)) + value.encode()


def one_tensor(order: str, version: int, count: str) -> bytes:
    """A file with one key and one F16 tensor of torch shape [3, 2]."""
    word = order + count
    head = b"GGUF" + struct.pack(order + "I", version) + struct.pack(order + count * 2, 1, 1)
    key = text("general.architecture", word) + struct.pack(order + "I", 8) + text("flux", word)
    shape = struct.pack(order + "I" + count * 2, 2, 2, 3)
    tensor = text("w", word) + shape + struct.pack(order + "IQ", 1, 0)
    body = head + key + tensor
    return body + bytes(-len(body) % 32) + bytes(12)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("version", "count"), [(1, "I"), (2, "Q"), (3, "Q")])
def test_all_versions_in_both_byte_orders_tell_the_same(order: str, version: int, count: str) -> None:
    header = read(one_tensor(order, version, count))
    assert header.format is FileFormat.GGUF
    assert header.tensors == {"w": Tensor("F16", (3, 2))}
    assert header.metadata == {"general.architecture": "flux"}
    assert not header.problems


def test_values_of_every_kind_are_kept_as_text(tmp_path: Path) -> None:
    values = {"s": "x", "b": True, "i": 7, "f": 0.5, "l": [1, -2], "t": ["a", "b"]}
    metadata = read_header_of(write_gguf(tmp_path / "x", {"w": ("F32", [1])}, values)).metadata
    assert metadata["s"] == "x"
    assert {key: json.loads(text) for key, text in metadata.items() if key != "s"} == {
        key: value for key, value in values.items() if key != "s"
    }


def test_a_long_list_is_counted_and_not_kept(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "x", {"w": ("F32", [1])}, {"words": ["ab"] * 5000, "numbers": [1] * 5000})
    header = read_header_of(path)
    assert json.loads(header.metadata["words"]) == {"type": "text", "count": 5000}
    assert json.loads(header.metadata["numbers"])["count"] == 5000
    assert header.tensors


def test_a_flattened_convolution_gets_its_true_shape_back(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "x", {"w": ("Q4_K", [45, 256])}, {"comfy.gguf.orig_shape.w": [320, 4, 3, 3]})
    assert read_header_of(path).tensors == {"w": Tensor("Q4_K", (320, 4, 3, 3))}


def test_a_true_shape_that_does_not_fit_is_not_believed(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "x", {"w": ("F16", [4, 4])}, {"comfy.gguf.orig_shape.w": [99]})
    assert read_header_of(path).tensors == {"w": Tensor("F16", (4, 4))}


@pytest.mark.parametrize("alignment", [32, 64, 4096])
def test_the_alignment_of_the_file_is_followed(tmp_path: Path, alignment: int) -> None:
    path = write_gguf(tmp_path / "x", {"a": ("Q8_0", [3, 32]), "b": ("F32", [7])}, {}, alignment=alignment)
    header = read_header_of(path)
    assert not header.problems
    assert header.data_start is not None
    assert header.data_start % alignment == 0


def test_an_unfinished_download_is_told(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "x", {"a": ("Q8_0", [320, 32])}, keep_data_bytes=100)
    header = read_header_of(path)
    assert codes(header) == ["truncated"]
    assert header.tensors


def test_a_file_that_ends_within_its_header_tells_what_came_before(tmp_path: Path) -> None:
    content = write_gguf(tmp_path / "x", {"a": ("F32", [1]), "b": ("F32", [1])}, {"k": "v"}).read_bytes()
    header = read(content[: content.rindex(b"b")])
    assert codes(header) == ["truncated"]
    assert list(header.tensors) == ["a"]


def test_a_type_newer_than_this_program_is_told_and_named() -> None:
    content = one_tensor("<", 3, "Q").replace(struct.pack("<QIQ", 3, 1, 0), struct.pack("<QIQ", 3, 99, 0))
    header = read(content)
    assert codes(header) == ["unknown_dtype"]
    assert header.tensors["w"].dtype == "GGML_99"


def head(tensors: int, keys: int, version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, keys)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (head(2**60, 0), "header_too_large"),
        (head(0, 2**60), "header_too_large"),
        (head(0, 0, version=9), "invalid_header"),
        (head(0, 1) + struct.pack("<Q", 2**62), "header_too_large"),
        (head(0, 1) + text("k") + struct.pack("<I", 77), "invalid_header"),
        (head(0, 1) + text("k") + struct.pack("<IIQ", 9, 9, 1), "invalid_header"),
        (head(0, 1) + text("k") + struct.pack("<IIQ", 9, 8, 2**50), "header_too_large"),
        (head(0, 1) + text("k") + struct.pack("<IIQ", 9, 4, 2**61), "truncated"),
        (head(0, 1) + text("k") + struct.pack("<IQ", 8, 2**61), "truncated"),
        (head(1, 0) + text("w") + struct.pack("<I", 2**31), "invalid_header"),
        (head(1, 0) + text("w") + struct.pack("<IQQIQ", 2, 2**62, 2**62, 0, 0), "invalid_header"),
        (head(1, 0) + text("w") + struct.pack("<IQIQ", 1, 4, 0, 2**64 - 1), "invalid_header"),
        (b"GGUF", "truncated"),
    ],
)
def test_numbers_that_cannot_be_are_refused_at_once(content: bytes, code: str) -> None:
    assert codes(read(content)) == [code]


def test_weights_that_share_bytes_or_names_are_told() -> None:
    tensor = text("w") + struct.pack("<IQIQ", 1, 4, 0, 0)
    assert codes(read(head(2, 0) + tensor + tensor + bytes(64))) == ["duplicate_tensor", "overlapping_offsets"]


def test_an_alignment_that_cannot_be_is_replaced_by_the_usual_one() -> None:
    content = head(0, 1) + text("general.alignment") + struct.pack("<II", 4, 33)
    assert codes(read(content)) == ["bad_metadata"]


def test_text_longer_than_a_header_needs_is_not_kept() -> None:
    content = head(0, 1) + text("k") + struct.pack("<I", 8) + text("x" * (gguf.MAX_TEXT_BYTES + 1))
    assert read(content).metadata == {"k": json.dumps({"type": "text", "bytes": gguf.MAX_TEXT_BYTES + 1})}
