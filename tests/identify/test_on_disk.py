"""Whatever lies at a path is answered for: a file, a sharded model, a folder of diffusers, or nothing readable."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from sd_model_manager.domain.taxonomy import FileFormat, ModelType
from sd_model_manager.identify.on_disk import find_models, identify_path
from tests.support.model_files import write_safetensors

UNET = {
    "conv_in.weight": ("F16", (320, 4, 3, 3)),
    "time_embedding.linear_1.weight": ("F16", (1280, 320)),
    "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_k.weight": ("F16", (320, 320)),
    "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight": ("F16", (320, 768)),
    "down_blocks.0.resnets.0.conv1.weight": ("F16", (320, 320, 3, 3)),
    "mid_block.resnets.0.conv1.weight": ("F16", (1280, 1280, 3, 3)),
    "up_blocks.0.resnets.0.conv1.weight": ("F16", (1280, 2560, 3, 3)),
    "conv_out.weight": ("F16", (4, 320, 3, 3)),
}


def split(folder: Path, parts: int) -> list[Path]:
    """The UNet as so many files."""
    folder.mkdir(parents=True, exist_ok=True)
    names = list(UNET)
    return [
        write_safetensors(
            folder / f"unet-{number + 1:05d}-of-{parts:05d}.safetensors", {n: UNET[n] for n in names[number::parts]}
        )
        for number in range(parts)
    ]


def test_a_sharded_model_is_one_model_and_every_part_tells_the_same(tmp_path: Path) -> None:
    files = split(tmp_path, 3)
    assert list(find_models([tmp_path])) == [files[0]]
    identities = [identify_path(file) for file in files]
    assert {(one.type, one.family) for one in identities} == {(ModelType.DIFFUSION_MODEL, "sd1")}
    assert identities[0].parameters == identities[1].parameters


def test_a_missing_part_is_a_problem(tmp_path: Path) -> None:
    files = split(tmp_path, 3)
    files[1].unlink()
    assert "incomplete" in {problem.code for problem in identify_path(files[0]).problems}


def test_a_folder_that_diffusers_saved_is_one_model(tmp_path: Path) -> None:
    folder = tmp_path / "diffusers/my-unet"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"_class_name": "UNet2DConditionModel"}))
    write_safetensors(folder / "diffusion_pytorch_model.safetensors", UNET)
    loose = write_safetensors(tmp_path / "loose.safetensors", UNET)
    assert list(find_models([tmp_path])) == [loose, folder]
    assert list(find_models([folder])) == [folder]
    identity = identify_path(folder)
    assert (identity.format, identity.family) == (FileFormat.DIFFUSERS, "sd1")


@pytest.mark.skipif(sys.platform == "win32", reason="such files do not exist on Windows")
def test_what_cannot_be_read_is_unknown_with_the_reason(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.safetensors"
    os.mkfifo(pipe)
    dangling = tmp_path / "dangling.safetensors"
    dangling.symlink_to(tmp_path / "nowhere")
    for path, code in ((pipe, "not_a_file"), (dangling, "not_found"), (tmp_path, "bad_input")):
        identity = identify_path(path)
        assert identity.type is ModelType.UNKNOWN
        assert [problem.code for problem in identity.problems] == [code]
