"""Every case of the corpus is identified; each failure is shown with what was said instead."""

from __future__ import annotations

import pytest

from sd_model_manager.identify.identity import identify_header
from tests.identify.header_cases import GROUPS, HeaderCase, read_cases

OBSERVED = list(read_cases("observed"))


@pytest.mark.parametrize("case", OBSERVED, ids=lambda case: case.case_id)
def test_a_published_file_is_identified(case: HeaderCase) -> None:
    assert case.accepts(identify_header(case.header)) == []


@pytest.mark.parametrize("group", GROUPS[1:])
def test_all_files_built_from_public_definitions_are_identified(group: str) -> None:
    wrong = [line for case in read_cases(group) for line in case.accepts(identify_header(case.header))]
    assert wrong == []


@pytest.mark.parametrize("case", OBSERVED, ids=lambda case: case.case_id)
def test_an_identity_says_why(case: HeaderCase) -> None:
    identity = identify_header(case.header)
    assert identity.evidence
    assert 0 < identity.confidence <= 1
