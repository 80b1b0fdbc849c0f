"""Where downloads go, whatever their sources call them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.domain.published import PublishedFile, PublishedVersion
from sd_model_manager.domain.taxonomy import MODEL_EXTENSIONS, ModelType
from sd_model_manager.download.plan import choose_file, plan_destination
from sd_model_manager.lib.errors import BadInput, NotFound
from sd_model_manager.lib.paths import MAX_NAME_BYTES


def make_file(file_id: str = "1", name: str = "cat.safetensors", **changes: object) -> PublishedFile:
    return replace(PublishedFile(file_id, name, f"https://civitai.com/{file_id}"), **changes)  # type: ignore[arg-type]


def make_version(*files: PublishedFile, model_type: ModelType = ModelType.LORA) -> PublishedVersion:
    return PublishedVersion("civitai", "1", "2", "Cat", "v1", model_type, "https://civitai.com/models/1", files=files)


def plan(file: PublishedFile, *siblings: PublishedFile, **changes: object) -> str:
    version = make_version(file, *siblings)
    return plan_destination(Path("/models"), version, file, **changes).relative_path  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("model_type", "folder"),
    [(ModelType.LORA, "loras"), (ModelType.CHECKPOINT, "checkpoints"), (ModelType.UNKNOWN, "other")],
)
def test_each_type_has_its_folder(tmp_path: Path, model_type: ModelType, folder: str) -> None:
    file = make_file()
    destination = plan_destination(tmp_path, make_version(file, model_type=model_type), file)
    assert destination.path == tmp_path / folder / "cat.safetensors"
    assert destination.part_path == tmp_path / folder / "cat.safetensors.part"


def test_a_file_of_another_type_than_its_version_goes_to_its_own_folder() -> None:
    assert plan(make_file(model_type=ModelType.VAE)) == "vae/cat.safetensors"


@pytest.mark.parametrize("model_type", list(ModelType))
def test_no_type_is_without_a_folder(tmp_path: Path, model_type: ModelType) -> None:
    file = make_file()
    assert plan_destination(tmp_path, make_version(file, model_type=model_type), file).path.parent.parent == tmp_path


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (make_file(name="v1.2", format="SafeTensor"), "v1.2.safetensors"),
        (make_file(name="evil.exe", format="PickleTensor"), "evil.exe.pt"),
        (make_file(name="flux", format="GGUF"), "flux.gguf"),
        (make_file(name="what", format=None), "what.bin"),
        (make_file(name="cat.SafeTensors"), "cat.SafeTensors"),
        (make_file(name="config.yaml", kind="Config"), "config.yaml"),
        (make_file(name="config.yaml", kind="Model", format="SafeTensor"), "config.yaml.safetensors"),
    ],
)
def test_a_model_ends_as_models_do(file: PublishedFile, name: str) -> None:
    assert plan(file) == f"loras/{name}"


def test_files_of_one_version_with_one_name_are_told_apart() -> None:
    fp16, fp8 = make_file("11", "Cat.safetensors"), make_file("22", "cat.safetensors")
    assert plan(fp16, fp8) == "loras/Cat-11.safetensors"
    assert plan(fp8, fp16) == "loras/cat-22.safetensors"


def test_long_names_are_told_apart_as_well() -> None:
    one, two = make_file("11", "x" * 300 + ".bin"), make_file("22", "x" * 300 + ".bin")
    assert plan(one, two).endswith("-11.bin")
    assert plan(one, two) != plan(two, one)


def test_the_user_chooses_folder_and_name() -> None:
    assert plan(make_file(), folder="loras/style", filename="mine") == "loras/style/mine.safetensors"
    assert plan(make_file(), folder="", filename="mine.ckpt") == "mine.ckpt"


@pytest.mark.parametrize("folder", ["../outside", "/etc", "C:\\Windows", "loras/../../x"])
def test_a_folder_outside_is_refused(folder: str) -> None:
    with pytest.raises(BadInput):
        plan(make_file(), folder=folder)


@given(st.text(max_size=300), st.text(max_size=30), st.booleans())
def test_hostile_names_end_as_safe_names_within_the_folder(name: str, file_id: str, is_shared: bool) -> None:
    file, sibling = make_file(file_id, name), make_file(f"{file_id}2", name)
    version = make_version(file, sibling) if is_shared else make_version(file)
    path = plan_destination(Path("/models"), version, file).path
    assert path.parent == Path("/models/loras")
    assert path.suffix.lower() in MODEL_EXTENSIONS
    assert len(path.name.encode()) <= MAX_NAME_BYTES
    assert not path.name.startswith((".", "-"))
    if is_shared:
        assert path != plan_destination(Path("/models"), version, sibling).path


PICKLE = make_file("1", "a.ckpt", format="PickleTensor")
SAFE = make_file("2", "b.safetensors", format="SafeTensor")
VAE = make_file("3", "c.safetensors", format="SafeTensor", kind="VAE")


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        ([PICKLE, replace(SAFE, is_primary=True)], "2"),
        ([replace(PICKLE, is_primary=True), replace(SAFE, is_primary=True)], "2"),
        ([replace(PICKLE, is_primary=True), SAFE], "1"),
        ([VAE, PICKLE, SAFE], "2"),
        ([VAE, PICKLE], "1"),
        ([VAE], "3"),
    ],
)
def test_the_file_to_fetch_is_the_primary_one_or_the_first_weights(files: list[PublishedFile], chosen: str) -> None:
    assert choose_file(make_version(*files)).file_id == chosen


def test_the_user_chooses_the_file() -> None:
    assert choose_file(make_version(PICKLE, SAFE, VAE), "3") is VAE


def test_a_file_that_is_not_offered_is_named_with_those_that_are() -> None:
    with pytest.raises(NotFound, match=r"1 \(a\.ckpt\), 2 \(b\.safetensors\)"):
        choose_file(make_version(PICKLE, SAFE), "9")


def test_a_version_without_files_has_none_to_choose() -> None:
    with pytest.raises(NotFound, match="offers no file"):
        choose_file(make_version())
