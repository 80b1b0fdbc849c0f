"""The user says where downloads go, and no source can say otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.domain.published import PublishedFile, PublishedVersion
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.download.plan import is_companion, plan_destination
from sd_model_manager.download.templates import PLACEHOLDERS, check_template
from sd_model_manager.lib.paths import MAX_NAME_BYTES

FILE = PublishedFile("1", "cat_v1.safetensors", "https://civitai.com/1")
VERSION = PublishedVersion(
    "civitai",
    "1",
    "2",
    "Quiet Cat",
    "v1",
    ModelType.LORA,
    "https://civitai.com/models/1",
    base_model="SDXL 1.0",
    creator="someone",
    published_at=datetime(2025, 3, 1, tzinfo=UTC),
    files=(FILE,),
)


def plan(template: str, version: PublishedVersion = VERSION, file: PublishedFile = FILE, **wish: str) -> str:
    return plan_destination(Path("/models"), version, file, template=check_template(template), **wish).relative_path


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("{type}", "loras/cat_v1.safetensors"),
        ("", "cat_v1.safetensors"),
        ("{type}/{base_model}/{creator}", "loras/SDXL 1.0/someone/cat_v1.safetensors"),
        ("/{type}/{source}-{year}/", "loras/civitai-2025/cat_v1.safetensors"),
        ("mine/{type}", "mine/loras/cat_v1.safetensors"),
        ("{type}/{model_name} {version_name} {file_name}", "loras/Quiet Cat v1 cat_v1.safetensors"),
        ("{file_name}", "cat_v1.safetensors"),
    ],
)
def test_placeholders_are_what_the_source_says(template: str, path: str) -> None:
    assert plan(template) == path


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("{type}/{creator}/{base_model}", "loras/cat_v1.safetensors"),
        ("{type}/by {creator}/{model_name}", "loras/Quiet Cat/cat_v1.safetensors"),
        ("{type}/{creator} - {model_name}", "loras/Quiet Cat/cat_v1.safetensors"),
        ("{type}/{year}", "loras/cat_v1.safetensors"),
    ],
)
def test_what_a_source_does_not_say_leaves_no_empty_part(template: str, path: str) -> None:
    assert plan(template, replace(VERSION, creator=None, base_model=None, published_at=None)) == path


def test_a_folder_and_a_name_of_the_users_own_go_before_the_template() -> None:
    assert plan("{type}/{creator}/{file_name}", folder="here", filename="mine") == "here/mine.safetensors"


def test_a_vae_beside_a_checkpoint_goes_to_the_folder_of_its_own_type() -> None:
    vae = replace(FILE, file_id="2", name="v.safetensors", kind="VAE", model_type=ModelType.VAE)
    version = replace(VERSION, model_type=ModelType.CHECKPOINT, files=(FILE, vae))
    assert plan("{type}/{creator}", version, vae) == "vae/someone/v.safetensors"


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{type}/{author}", "there is no {author}"),
        ("{type", "may not stand"),
        ("{}", "there is no {}"),
        ("../{type}", "consists of dots"),
        ("{type}//x", "is empty"),
        ("C:\\models\\{type}", "may not stand"),
        ("{type}:x", "may not stand"),
        ("{file_name}/{type}", "last part alone"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_with_the_reason(template: str, why: str) -> None:
    with pytest.raises(ValueError, match=why.replace("{", r"\{").replace("}", r"\}")):
        check_template(template)


HOSTILE = st.one_of(
    st.text(max_size=120),
    st.sampled_from(["..", "../../etc", "/etc/passwd", "C:\\x", "con", "a/b", ".", "\0", "NUL.txt", "\u202e", "~", ""]),
)


@given(
    st.lists(st.sampled_from(PLACEHOLDERS), min_size=1, max_size=4), st.sampled_from("/ -."), HOSTILE, HOSTILE, HOSTILE
)
def test_hostile_values_end_inside_the_folder_under_safe_names(
    names: list[str], joint: str, creator: str, model_name: str, file_name: str
) -> None:
    try:
        template = check_template(joint.join(f"{{{name}}}" for name in names))
    except ValueError:
        return
    file = replace(FILE, name=file_name)
    version = replace(
        VERSION, creator=creator, model_name=model_name, version_name=creator, base_model=model_name, files=(file,)
    )
    path = plan_destination(Path("/models"), version, file, template=template).path
    assert path.is_relative_to("/models")
    for part in path.relative_to("/models").parts:
        assert part not in {"", ".", ".."}
        assert not part.startswith((".", "-", " "))
        assert not part.endswith((".", " "))
        assert not set(part) & set('<>:"/\\|?*\0')
        assert len(part.encode()) <= MAX_NAME_BYTES


@pytest.mark.parametrize(
    ("kind", "model_type", "expected"),
    [
        ("VAE", ModelType.VAE, True),
        ("Text Encoder", ModelType.TEXT_ENCODER, True),
        ("Config", ModelType.UNKNOWN, True),
        ("Model", ModelType.VAE, True),
        ("Pruned Model", ModelType.UNKNOWN, False),
        ("Model", ModelType.CHECKPOINT, False),
        ("Training Data", ModelType.UNKNOWN, False),
    ],
)
def test_what_goes_with_a_file_is_told_from_what_could_be_had_instead(
    kind: str, model_type: ModelType, *, expected: bool
) -> None:
    chosen = replace(FILE, model_type=ModelType.CHECKPOINT)
    assert is_companion(replace(FILE, file_id="2", kind=kind, model_type=model_type), chosen) is expected
    assert not is_companion(chosen, chosen)
