"""What programs write into the pictures they make is read, and nothing that stands there instead does harm."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.domain.generation import Generation, Resource, make_generation
from sd_model_manager.domain.infotext import PictureText, parse_infotext, parse_picture_text

FORGE = """a quiet canal, <lora:lantern:0.8>
at dusk
Negative prompt: lowres,
blurry
Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5, Seed: 18446744073709551615, Size: 832x1216, \
Model hash: 0671bb9300, Model: "canal, final", Clip skip: 2, Lora hashes: "lantern: d1bed7ac39b9", Version: f2.0"""


def test_the_text_of_a1111_and_forge_is_read_with_its_lines_and_quotes() -> None:
    assert parse_infotext(FORGE) == (
        "a quiet canal, <lora:lantern:0.8>\nat dusk",
        Generation(
            negative_prompt="lowres,\nblurry",
            sampler="DPM++ 2M",
            scheduler="Karras",
            steps=28,
            cfg_scale=5.5,
            seed="18446744073709551615",
            size="832x1216",
            clip_skip=2,
            model="canal, final",
            resources=(Resource("lora", "lantern", 0.8),),
        ),
    )


@pytest.mark.parametrize(
    ("text", "prompt", "negative"),
    [
        ("a canal\nSteps: many, all of stone", "a canal\nSteps: many, all of stone", None),
        ("Negative prompt: lowres", None, "lowres"),
        ("a canal", "a canal", None),
        ("", None, None),
    ],
)
def test_a_last_line_that_a1111_takes_for_prompt_is_prompt(text: str, prompt: str | None, negative: str | None) -> None:
    said, made = parse_infotext(text)
    assert (said, made.negative_prompt if made else None) == (prompt, negative)


def test_the_json_of_swarmui_is_read() -> None:
    said = {
        "prompt": "a canal",
        "negativeprompt": "lowres",
        "model": "canal.safetensors",
        "seed": 7,
        "steps": 20,
        "cfgscale": 6.0,
        "width": 832,
        "height": 1216,
        "loras": ["lantern", "ink"],
        "loraweights": ["0.8"],
    }
    text = parse_picture_text({"parameters": json.dumps({"sui_image_params": said}, indent=2)})
    assert text == PictureText(
        "a canal",
        Generation(
            negative_prompt="lowres",
            steps=20,
            cfg_scale=6.0,
            seed="7",
            size="832x1216",
            model="canal.safetensors",
            resources=(Resource("lora", "lantern", 0.8), Resource("lora", "ink")),
        ),
    )


def test_a_workflow_of_comfyui_is_recognised_and_not_taken_for_a_prompt() -> None:
    text = parse_picture_text({"prompt": '{"3": {"class_type": "KSampler"}}', "workflow": '{"nodes": []}'})
    assert text == PictureText(has_workflow=True)


def test_what_is_too_large_or_no_number_is_left_out() -> None:
    facts = {"steps": 10**400, "cfg_scale": float("nan"), "seed": -1, "size": "huge", "clip_skip": "two", "model": 3}
    assert make_generation(facts) is None
    long = make_generation({"negative_prompt": "x" * 10**6, "sampler": "Euler\0 a\ud800"})
    assert long is not None
    assert (len(long.negative_prompt or ""), long.sampler) == (20_000, "Euler a")


@given(st.text(max_size=300), st.sampled_from(["", "{", '{"sui_image_params": ', "Steps: 1, Seed: 2, "]))
def test_any_text_may_stand_there(text: str, start: str) -> None:
    parse_picture_text({"parameters": start + text, "prompt": text})
