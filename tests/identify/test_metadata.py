"""Metadata names families and trigger words, in the many ways in which trainers write them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.identify.metadata import find_named_family, find_prediction_word, read_trigger_words


@pytest.mark.parametrize(
    ("key", "value", "family"),
    [
        ("modelspec.architecture", "stable-diffusion-xl-v1-base/lora", "sdxl"),
        ("modelspec.architecture", "stable-diffusion-xl-v1-refiner", "sdxl-refiner"),
        ("modelspec.architecture", "stable-diffusion-v1", "sd1"),
        ("modelspec.architecture", "stable-diffusion-3-5-large", "sd3.5-large"),
        ("modelspec.architecture", "Flux.1-dev", "flux1"),
        ("ss_base_model_version", "sd_v2_v", "sd2"),
        ("ss_base_model_version", "sdxl_base_v1-0", "sdxl"),
        ("ss_base_model_version", "flux1", "flux1"),
        ("ss_base_model_version", "FLUX_KLEIN_9B", "flux2"),
        ("ss_base_model_version", "wan2.2", "wan"),
        ("ss_base_model_version", "qwen_image", "qwen-image"),
        ("ss_base_model_version", "zimage", "z-image"),
        ("ss_base_model_version", "hunyuan-image-2.1", "hunyuan-image"),
        ("ss_base_model_version", "chroma", "chroma"),
        ("ss_base_model_version", "lumina2", "lumina2"),
    ],
)
def test_an_architecture_is_recognised(key: str, value: str, family: str) -> None:
    found = find_named_family({key: value})
    assert found is not None
    assert found.id == family


@pytest.mark.parametrize("value", ["", "None", "null", "something new"])
def test_empty_and_unknown_architectures_name_nothing(value: str) -> None:
    assert find_named_family({"modelspec.architecture": value}) is None


def test_the_authors_trigger_phrase_comes_before_all_else() -> None:
    metadata = {
        "modelspec.trigger_phrase": "ohwx woman, portrait",
        "modelspec.usage_hint": "use at 0.8",
        "ss_tag_frequency": json.dumps({"10_zwx": {"1girl": 9}}),
    }
    assert read_trigger_words(metadata) == ("ohwx woman", "portrait")


def test_folder_names_of_the_training_images_come_before_their_tags() -> None:
    tags = {"10_zwx cat": {"zwx": 20, "cat": 18, "grass": 3}, "2_reg": {"cat": 2}}
    assert read_trigger_words({"ss_tag_frequency": json.dumps(tags)}) == ("zwx cat", "reg", "zwx", "cat")


@pytest.mark.parametrize("value", ["", "None", "{", "[1]", "NaN", json.dumps({"a": None})])
def test_broken_tag_lists_give_no_words(value: str) -> None:
    assert read_trigger_words({"ss_tag_frequency": value}) == ()


@given(st.dictionaries(st.sampled_from(["ss_tag_frequency", "modelspec.trigger_phrase", "ss_dataset_dirs"]), st.text()))
def test_no_metadata_is_too_odd(metadata: dict[str, str]) -> None:
    assert all(word for word in read_trigger_words(metadata))


def test_kohya_and_modelspec_say_what_a_model_predicts() -> None:
    assert find_prediction_word({"ss_v_parameterization": "True"}) == "v"
    assert find_prediction_word({"modelspec.prediction_type": "epsilon"}) == "epsilon"
    assert find_prediction_word({"ss_base_model_version": "sd_v2_v"}) == "v"
    assert find_prediction_word({}) is None
