"""Which folders engines look for a type in."""

from __future__ import annotations

import pytest

from sd_model_manager.domain.taxonomy import FOLDER_OF_TYPE, ModelType, find_type_of_folder, fits_folder


@pytest.mark.parametrize(
    ("folder", "model_type", "fits"),
    [
        ("loras/style", "lora", True),
        ("loras", "checkpoint", False),
        ("checkpoints/loras", "lora", True),
        ("loras/checkpoints", "lora", False),
        ("Stable-diffusion\\Flux", "diffusion_model", True),
        ("checkpoints", "diffusion_model", False),
        ("ControlNet", "t2i_adapter", True),
        ("vae", "unknown", True),
        ("vae", "other", True),
        ("vae", None, True),
        ("", "lora", True),
        ("my things", "lora", True),
    ],
)
def test_a_type_fits_the_folders_in_which_engines_look_for_it(folder: str, model_type: str | None, fits: bool) -> None:
    assert fits_folder(folder, model_type) is fits


@pytest.mark.parametrize("model_type", ModelType)
def test_a_download_is_put_where_it_fits(model_type: ModelType) -> None:
    assert fits_folder(FOLDER_OF_TYPE[model_type], model_type)


def test_the_innermost_name_tells_the_type_of_a_folder() -> None:
    assert find_type_of_folder("checkpoints/LORA/x") is ModelType.LORA
    assert find_type_of_folder("pictures") is None
