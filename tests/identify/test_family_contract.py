"""What every family file keeps to, and that no family claims another's files."""

from __future__ import annotations

from itertools import islice

import pytest

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.adapters import read_adapter
from sd_model_manager.identify.families import FAMILIES
from sd_model_manager.identify.families.family import Family
from sd_model_manager.identify.names import Names
from sd_model_manager.identify.verdict import judge
from tests.identify.header_cases import GROUPS, HeaderCase, read_cases

SPECIAL_OF = {
    "anima": {"cosmos-predict2"},
    "auraflow": {"flux1"},
    "chroma": {"flux1", "longcat-image"},
    "chroma-radiance": {"chroma"},
    "flux1": {"longcat-image", "chroma"},
    "flux2": {"flux1"},
    "hunyuan-image": {"hunyuan-video"},
    "hunyuan-video": {"flux1"},
    "hunyuan-video-1.5": {"hunyuan-video"},
    "kolors": {"sdxl"},
    "ltx2": {"ltxv"},
    "mochi": {"flux1"},
    "rgt": {"dat"},
    "sd1": {"sd2"},
    "sd2": {"sd1"},
    "sd3-medium": {"sdxl"},
    "sd3.5-medium": {"sd3-medium"},
    "sdxl": {"ssd-1b", "segmind-vega", "sd1", "sd2"},
    "segmind-vega": {"sdxl"},
    "ssd-1b": {"sdxl"},
    "svd": {"sd1"},
}
"""Family -> families whose signs also fit some of its files, because it was made from them: it is asked first or is
surer. Everything else may be claimed by one family alone."""


def _claimants(case: HeaderCase) -> tuple[str | None, set[str]]:
    names = Names({name.replace("/", "."): tensor for name, tensor in case.header.tensors.items()})
    verdict = judge(names, case.header.metadata)
    if verdict.family is None:
        return None, set()
    type_ = ModelType.DIFFUSION_MODEL if verdict.type is ModelType.CHECKPOINT else verdict.type
    return verdict.family.id, {
        family.id
        for family in FAMILIES
        if any(
            sign.holds(verdict.names)
            for sign in (family.lora if type_ is ModelType.LORA else family.signs.get(type_, ()))
        )
    }


@pytest.mark.parametrize("group", GROUPS)
def test_a_file_is_claimed_by_its_family_alone_or_by_those_it_was_made_from(group: str) -> None:
    for case in islice(read_cases(group), 0, None, 3):
        family, claimants = _claimants(case)
        if family is not None:
            assert claimants - {family} <= SPECIAL_OF.get(family, set()), case.case_id


def test_families_have_names_of_their_own() -> None:
    distinct = {(family.id, family.title) for family in FAMILIES}
    assert len({identifier for identifier, _ in distinct}) == len(distinct)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_a_family_says_in_words_by_what_it_is_known(family: Family) -> None:
    signs = [sign for offered in family.signs.values() for sign in offered] + list(family.lora)
    assert signs
    for sign in signs:
        assert sign.says
        assert sign.facts
        assert 0 < sign.certainty < 1


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_what_a_family_may_be_taken_for_exists(family: Family) -> None:
    known = {one.id for one in FAMILIES}
    assert {other for others in family.may_be.values() for other in others} <= known


def test_every_family_of_diffusion_models_has_cases_of_models_and_of_adapters() -> None:
    seen: dict[ModelType, set[str]] = {}
    for group in GROUPS:
        for case in read_cases(group):
            if family := case.expected.get("family"):
                seen.setdefault(ModelType(case.expected["kind"]), set()).add(family)
    models = seen[ModelType.DIFFUSION_MODEL] | seen[ModelType.CHECKPOINT]
    for family in FAMILIES:
        if ModelType.DIFFUSION_MODEL in family.signs:
            assert family.id in models
        if family.lora and family.id not in WITHOUT_ADAPTER_CASES:
            assert family.id in seen[ModelType.LORA]


WITHOUT_ADAPTER_CASES = {"sdxl-refiner", "svd", "omnigen2", "chroma-radiance", "ace-step"}


def test_an_empty_header_fits_no_sign() -> None:
    nothing = Names({})
    adapter = read_adapter(nothing, {})
    for family in FAMILIES:
        assert not any(sign.holds(nothing) for offered in family.signs.values() for sign in offered)
        assert not any(sign.holds(adapter.backbone) for sign in family.lora)
