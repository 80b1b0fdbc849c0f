from __future__ import annotations

import json
from pathlib import Path

import pytest

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.diffusers_folder import find_weights, is_diffusers_folder, read_diffusers_folder
from sd_model_manager.lib.errors import BadInput
from tests.support.model_files import write_safetensors, write_torch_zip

INDEX = {
    "_class_name": "StableDiffusionPipeline",
    "scheduler": ["diffusers", "PNDMScheduler"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
    "../elsewhere": ["diffusers", "AutoencoderKL"],
}


def write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    folder = tmp_path / "pipeline"
    write_json(folder / "model_index.json", INDEX)
    write_json(folder / "unet" / "config.json", {"_class_name": "UNet2DConditionModel"})
    write_json(folder / "scheduler" / "scheduler_config.json", {"_class_name": "PNDMScheduler"})
    write_json(folder / "vae" / "config.json", {"_class_name": "AutoencoderKL"})
    for number in (1, 2):
        name = f"diffusion_pytorch_model-0000{number}-of-00002.safetensors"
        write_safetensors(folder / "unet" / name, {f"block{number}": ("F16", [4])})
    write_safetensors(folder / "vae" / "diffusion_pytorch_model.fp16.safetensors", {"conv_in": ("F16", [4])})
    write_safetensors(folder / "vae" / "diffusion_pytorch_model.safetensors", {"conv_in": ("F32", [4])})
    write_torch_zip(folder / "vae" / "diffusion_pytorch_model.bin", {"conv_in": ("F32", [4])})
    return folder


def test_a_pipeline_is_one_model_with_the_tensors_of_its_components(pipeline: Path) -> None:
    assert is_diffusers_folder(pipeline)
    header = read_diffusers_folder(pipeline)
    assert header.format is FileFormat.DIFFUSERS
    assert list(header.tensors) == ["unet.block1", "unet.block2", "vae.conv_in"]
    assert header.metadata["diffusers.class_name"] == "StableDiffusionPipeline"
    assert json.loads(header.metadata["diffusers.components"]) == ["unet", "vae"]
    assert not header.problems


def test_the_plain_safetensors_are_taken_before_variants_and_pickles(pipeline: Path) -> None:
    assert [path.name for path in find_weights(pipeline / "vae")] == ["diffusion_pytorch_model.safetensors"]
    (pipeline / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    assert [path.name for path in find_weights(pipeline / "vae")] == ["diffusion_pytorch_model.fp16.safetensors"]


def test_one_component_is_a_model_of_its_own(pipeline: Path) -> None:
    header = read_diffusers_folder(pipeline / "unet")
    assert header.format is FileFormat.DIFFUSERS
    assert list(header.tensors) == ["block1", "block2"]
    assert header.metadata["diffusers.class_name"] == "UNet2DConditionModel"


def test_a_shard_that_is_missing_is_told_with_its_component(pipeline: Path) -> None:
    (pipeline / "unet" / "diffusion_pytorch_model-00002-of-00002.safetensors").unlink()
    (problem,) = read_diffusers_folder(pipeline).problems
    assert problem.code == "incomplete"
    assert problem.message.startswith("unet: ")


def test_components_without_weights_or_a_folder_are_told(pipeline: Path) -> None:
    (pipeline / "scheduler" / "scheduler_config.json").unlink()
    (pipeline / "scheduler").rmdir()
    for weights in find_weights(pipeline / "unet"):
        weights.unlink()
    (problem,) = read_diffusers_folder(pipeline).problems
    assert (problem.code, "It lacks scheduler, unet." in problem.message) == ("incomplete", True)


def test_a_pipeline_without_weights_and_an_index_that_is_no_json_are_told(tmp_path: Path) -> None:
    (tmp_path / "model_index.json").write_text("[" * 100_000)
    problems = read_diffusers_folder(tmp_path).problems
    assert [problem.code for problem in problems] == ["invalid_json", "missing_weights"]


def test_a_folder_of_single_files_is_none(tmp_path: Path) -> None:
    write_safetensors(tmp_path / "lora.safetensors", {"w": ("F32", [1])})
    write_json(tmp_path / "config.json", {})
    assert not is_diffusers_folder(tmp_path)
    with pytest.raises(BadInput):
        read_diffusers_folder(tmp_path)
