from __future__ import annotations

import json
import struct
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.formats import safetensors
from sd_model_manager.identify.header import Header, Tensor
from sd_model_manager.identify.reading import read_header, read_header_of
from tests.support.model_files import write_safetensors


def read(header: object, data_bytes: int = 0, *, length: int | None = None) -> Header:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    content = struct.pack("<Q", len(text) if length is None else length) + text + bytes(data_bytes)
    return read_header(BytesIO(content), len(content))


def codes(header: Header) -> list[str]:
    return [problem.code for problem in header.problems]


def entry(dtype: str, shape: list[Any], begin: int, end: int) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def test_a_sound_file_tells_its_tensors_metadata_and_where_the_weights_begin(tmp_path: Path) -> None:
    path = write_safetensors(tmp_path / "x.bin", {"a": ("F16", [2, 3]), "b": ("F32", [])}, {"ss_v2": "False"})
    header = read_header_of(path)
    assert header.format is FileFormat.SAFETENSORS
    assert header.tensors == {"a": Tensor("F16", (2, 3)), "b": Tensor("F32", ())}
    assert header.metadata == {"ss_v2": "False"}
    assert header.data_start == path.stat().st_size - 16
    assert not header.problems


def test_an_empty_set_of_tensors_is_sound() -> None:
    assert read({}) == Header(FileFormat.SAFETENSORS, data_start=10)


@pytest.mark.parametrize("length", [0x0280, 0x0380, 0x0480, 0x0580])
def test_a_header_whose_length_begins_like_a_pickle_is_read(length: int) -> None:
    header = read(b"{}".ljust(length))
    assert header.format is FileFormat.SAFETENSORS
    assert not header.problems


@pytest.mark.parametrize("padding", [b"  ", b"\n", b"\t "])
def test_space_before_the_header_is_tolerated(padding: bytes) -> None:
    assert not read(padding + b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1).problems


@pytest.mark.parametrize(("dtype", "shape", "size"), [("F4", [2, 4], 4), ("F6_E2M3", [4], 3), ("F8_E8M0", [5], 5)])
def test_numbers_smaller_than_a_byte_are_measured_in_bits(dtype: str, shape: list[int], size: int) -> None:
    assert not read({"a": entry(dtype, shape, 0, size)}, size).problems


def test_an_unfinished_download_says_how_much_is_missing(tmp_path: Path) -> None:
    path = write_safetensors(tmp_path / "x", {"a": ("F32", [1000])}, keep_data_bytes=1000)
    header = read_header_of(path)
    assert codes(header) == ["truncated"]
    assert f"{path.stat().st_size + 3000:,} bytes are expected" in header.problems[0].message
    assert header.tensors


def test_a_download_that_stopped_within_the_header_is_unfinished() -> None:
    assert codes(read(b'{"a":{"dty', length=500)) == ["truncated"]


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ({"a": entry("U8", [4], 0, 4), "b": entry("U8", [4], 2, 6)}, "overlapping_offsets"),
        ({"a": entry("U8", [2], 0, 2), "b": entry("U8", [4], 4, 8)}, "holes"),
        ({"a": entry("U8", [4], 4, 8)}, "holes"),
        ({"a": entry("U8", [4], 4, 0)}, "offsets_out_of_range"),
        ({"a": entry("U8", [4], -4, 0)}, "offsets_out_of_range"),
        ({"a": entry("U8", [4], 0, 2**70)}, "offsets_out_of_range"),
        ({"a": entry("U8", [4], 10**6, 10**6 + 4)}, "offsets_out_of_range"),
        ({"a": entry("F32", [4], 0, 8)}, "size_mismatch"),
        ({"a": entry("F33", [4], 0, 8)}, "unknown_dtype"),
        ({"a": entry("U8", [4], 0, 4)}, "trailing_bytes"),
        ({"a": entry("U8", [2.0, 4], 0, 8)}, "invalid_header"),
        ({"a": entry("U8", [True, 8], 0, 8)}, "invalid_header"),
        ({"a": entry("U8", [-2, -4], 0, 8)}, "invalid_header"),
        ({"a": entry("U8", ["a", 10**12], 0, 8)}, "invalid_header"),
        ({"a": entry("U8", [[8]], 0, 8)}, "invalid_header"),
        ({"a": entry("U8", [8] * 100, 0, 8)}, "invalid_header"),
        ({"a": {"dtype": "U8", "shape": "8", "data_offsets": [0, 8]}}, "invalid_header"),
        ({"a": {"dtype": ["U8"], "shape": [8], "data_offsets": [0, 8]}}, "invalid_header"),
        ({"a": {"dtype": "U8", "shape": [8], "data_offsets": [0]}}, "invalid_header"),
        ({"a": {"dtype": "U8", "shape": [8], "data_offsets": ["0", "8"]}}, "invalid_header"),
        ({"a": 1}, "invalid_header"),
        ({"__metadata__": {"n": 1}, "a": entry("U8", [8], 0, 8)}, "bad_metadata"),
        ({"__metadata__": ["n"], "a": entry("U8", [8], 0, 8)}, "bad_metadata"),
    ],
)
def test_every_fault_of_a_header_has_its_own_name(entries: dict[str, Any], code: str) -> None:
    assert code in codes(read(entries, 8))


@pytest.mark.parametrize(
    "text",
    [b"{", b"[]", b'"a"', b"{} x", b'{"a":' + b"[" * 5000, b'{"a":\xff}', b'{"a":' + b"9" * 10_000 + b"}", b"   "],
)
def test_what_is_no_json_object_is_no_usable_header(text: bytes) -> None:
    assert codes(read(text)) == ["invalid_header"]


@pytest.mark.parametrize("name", [b'"a"', rb'"\u0061"'])
def test_a_name_that_appears_twice_is_told_however_it_is_written(name: bytes) -> None:
    one = b'"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}'
    other = name + b':{"dtype":"U8","shape":[1],"data_offsets":[1,2]}'
    assert "duplicate_tensor" in codes(read(b"{" + one + b"," + other + b"}", 2))


def test_a_key_that_appears_twice_within_a_tensor_is_told() -> None:
    text = b'{"a":{"dtype":"U8","shape":[2],"shape":[1],"data_offsets":[0,1]}}'
    assert "duplicate_tensor" in codes(read(text, 1))


def test_metadata_that_is_no_text_is_kept_as_json() -> None:
    header = read({"__metadata__": {"steps": 12, "tags": {"a": [1, None]}, "name": "x"}})
    assert header.metadata == {"steps": "12", "tags": '{"a": [1, null]}', "name": "x"}
    assert codes(header) == ["bad_metadata"]


def test_an_unknown_dtype_does_not_hide_the_tensor() -> None:
    assert read({"a": entry("F3", [8], 0, 3)}, 3).tensors == {"a": Tensor("F3", (8,))}


def test_text_that_no_database_stores_is_replaced() -> None:
    header = read(rb'{"__metadata__":{"a":"x\u0000\ud800y"}}')
    assert header.metadata == {"a": "x\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}y"}


def test_a_header_beyond_the_limit_of_the_format_is_not_read() -> None:
    assert codes(read(b"{}", length=safetensors.MAX_HEADER_BYTES + 1)) == ["header_too_large"]


@pytest.mark.parametrize("unit", [b"1,", b"[],", b'{"a":1},', b'"":0,'])
def test_a_header_of_millions_of_tiny_values_is_refused_before_it_is_parsed(unit: bytes) -> None:
    text = b'{"a":[' + unit * safetensors.MAX_VALUES + b"0]}"
    assert codes(read(text)) == ["header_too_large"]


def test_one_wide_character_does_not_make_a_large_header_four_times_as_large() -> None:
    text = b'{"__metadata__":{"a":"' + b"x" * safetensors.MAX_WIDE_HEADER_BYTES + "\N{GRINNING FACE}".encode() + b'"}}'
    assert codes(read(text)) == ["header_too_large"]
