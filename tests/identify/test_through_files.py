"""From a real file through its reader to its identity."""

from __future__ import annotations

from pathlib import Path

import pytest

from sd_model_manager.identify.identity import identify_header
from sd_model_manager.identify.reading import read_header_of
from tests.identify.header_cases import HeaderCase, read_cases
from tests.support.model_files import materialise

SMALL_ELEMENTS = 100_000_000
"""Weights are holes in the files, but not every file system has those."""

SMALL = [
    case
    for case in read_cases("observed")
    if sum(t.element_count for t in case.header.tensors.values()) < SMALL_ELEMENTS
]
PICKLED = [case for case in read_cases("special_files") if case.raw["container"] == "torch-zip"]


@pytest.mark.parametrize("case", SMALL + PICKLED, ids=lambda case: case.case_id)
def test_a_file_is_identified_as_its_header_is(case: HeaderCase, tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    materialise(case.raw, path)
    header = read_header_of(path)
    assert header.problems == ()
    assert case.accepts(identify_header(header, filename=path.name)) == []
