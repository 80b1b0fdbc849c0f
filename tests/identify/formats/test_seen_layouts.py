"""A list of tensors that was read before is not read again, and what is said of a file does not depend on that."""

from __future__ import annotations

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.identify.formats import safetensors
from sd_model_manager.identify.formats.clean_text import clean_text
from sd_model_manager.identify.header import Header

LIST = '"a":{"dtype":"F16","shape":[2,2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}'


def read(text: str, data: bytes = b"\0" * 12) -> Header:
    raw = text.encode()
    content = len(raw).to_bytes(8, "little") + raw + data
    return safetensors.read(io.BytesIO(content), len(content))


def write(metadata: dict[str, str], *, listed: str = LIST) -> str:
    return f'{{"__metadata__":{json.dumps(metadata, separators=(",", ":"))},{listed}}}'


def test_equal_lists_share_what_was_read_of_them() -> None:
    first, second = read(write({"title": "one"})), read(write({"title": "two"}))
    assert second.tensors is first.tensors
    assert (first.metadata, second.metadata) == ({"title": "one"}, {"title": "two"})


@given(metadata=st.dictionaries(st.text(), st.text()))
def test_the_metadata_is_the_files_own_whatever_it_holds(metadata: dict[str, str]) -> None:
    read(write({"title": "before"}))
    again = read(write(metadata))
    assert list(again.tensors) == ["a", "b"]
    assert again.metadata == {clean_text(k): clean_text(v) for k, v in metadata.items()}


def test_a_known_list_over_missing_weights_is_still_a_truncated_file() -> None:
    read(write({"title": "whole"}))
    assert [problem.code for problem in read(write({"title": "cut"}), b"\0" * 11).problems] == ["truncated"]
    assert [problem.code for problem in read(write({"title": "long"}), b"\0" * 13).problems] == ["trailing_bytes"]


def test_metadata_that_is_no_plain_text_is_still_reported_behind_a_known_list() -> None:
    read(write({"title": "plain"}))
    odd = f'{{"__metadata__":{{"number":7}},{LIST}}}'
    assert [problem.code for problem in read(odd).problems] == ["bad_metadata"]


def test_a_faulty_list_is_examined_each_time() -> None:
    twice = LIST.replace('"b"', '"a"')
    for _ in range(2):
        assert "duplicate_tensor" in {problem.code for problem in read(write({}, listed=twice)).problems}
