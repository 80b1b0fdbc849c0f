from __future__ import annotations

from io import BytesIO

import pytest

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.header import Header
from sd_model_manager.identify.reading import read_header


def read(content: bytes) -> Header:
    return read_header(BytesIO(content), len(content))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (bytes(5000), "blank_file"),
        (b"<!DOCTYPE html><html>Please log in</html>", "html_page"),
        (b"\xef\xbb\xbf\r\n<HTML>", "html_page"),
        (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "html_page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "lfs_pointer"),
        (b'{"error":"Unauthorized","message":"..."}', "json_text"),
        (b"[1, 2]", "json_text"),
        (b"learning_rate: 0.1\n", "text_file"),
        ("模型".encode() * 200, "text_file"),
        (b"config: a\nlr: 2\nRank: 4\n", "text_file"),
        (b"id: 4\nname: x\n", "text_file"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(100), "archive"),
        (bytes(1) + b"x" * 256 + b"ustar" + bytes(100), "archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "image_file"),
    ],
)
def test_what_is_no_model_is_named_and_says_what_to_do(content: bytes, code: str) -> None:
    header = read(content)
    assert header.format is FileFormat.UNKNOWN
    assert [problem.code for problem in header.problems] == [code]
    assert not header.tensors


def test_bytes_of_no_known_format_are_unknown() -> None:
    assert [problem.code for problem in read(b"\x01\x02\x03\x04\xff\xfe" * 50).problems] == ["unknown_format"]


ONNX = b"\x08\x07\x12\x07pytorch\x1a\x051.0.0:\x05graph"


def test_onnx_is_recognised_and_tells_who_wrote_it() -> None:
    header = read(ONNX)
    assert header.format is FileFormat.ONNX
    assert header.metadata == {
        "onnx.ir_version": "7",
        "onnx.producer_name": "pytorch",
        "onnx.producer_version": "1.0.0",
    }
    assert not header.problems


def test_an_unfinished_onnx_is_told() -> None:
    assert [problem.code for problem in read(ONNX[:-2]).problems] == ["truncated"]
