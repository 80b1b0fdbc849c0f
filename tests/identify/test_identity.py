"""Rules of identification: what decides, what is said, and what is left open."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sd_model_manager.domain.local import Identity, Problem
from sd_model_manager.domain.taxonomy import FileFormat, ModelType
from sd_model_manager.identify.header import Header, Tensor
from sd_model_manager.identify.identity import identify_header
from tests.identify.header_cases import HeaderCase, read_cases

CASES = {case.case_id: case for group in ("observed", "native_models") for case in read_cases(group)}


def header(tensors: Mapping[str, Sequence[int]], *, dtype: str = "F16", **metadata: str) -> Header:
    return Header(
        FileFormat.SAFETENSORS,
        {name: Tensor(dtype, tuple(shape)) for name, shape in tensors.items()},
        {key.replace("__", "."): value for key, value in metadata.items()},
    )


def with_metadata(case: HeaderCase, **metadata: str) -> Header:
    return Header(
        case.header.format,
        case.header.tensors,
        {**case.header.metadata, **{key.replace("__", "."): value for key, value in metadata.items()}},
    )


def identify_case(case_id: str, **metadata: str) -> Identity:
    return identify_header(with_metadata(CASES[case_id], **metadata))


def adapter(modules: Mapping[str, tuple[int, int]], rank: int = 4, **metadata: str) -> Header:
    tensors: dict[str, list[int]] = {}
    for module, (out, in_) in modules.items():
        tensors[f"{module}.lora_A.weight"] = [rank, in_]
        tensors[f"{module}.lora_B.weight"] = [out, rank]
    return header(tensors, **metadata)


def test_metadata_that_contradicts_the_tensors_is_not_believed() -> None:
    identity = identify_case("dm-flux-schnell-bf16", modelspec__architecture="stable-diffusion-xl-v1-base")
    assert identity.family == "flux1"
    assert "the metadata says SDXL, the tensors say otherwise" in identity.evidence


def test_metadata_decides_between_adapters_that_are_built_alike() -> None:
    modules = {f"transformer.single_transformer_blocks.{n}.attn.to_q": (3072, 3072) for n in range(38)}
    assert identify_header(adapter(modules)).family == "flux1"
    assert identify_header(adapter(modules, modelspec__architecture="chroma/lora")).family == "chroma"


def test_an_adapter_that_trains_no_modulation_is_not_flux_whatever_its_metadata_says() -> None:
    layers = {"img_attn.qkv": 9216, "img_attn.proj": 3072, "img_mlp.0": 12288, "txt_attn.qkv": 9216, "txt_mlp.0": 12288}
    modules = {
        f"diffusion_model.double_blocks.{n}.{layer}": (out, 3072) for n in range(19) for layer, out in layers.items()
    }
    for n in range(38):
        modules[f"diffusion_model.single_blocks.{n}.linear1"] = (21504, 3072)
        modules[f"diffusion_model.single_blocks.{n}.linear2"] = (3072, 15360)
    assert identify_header(adapter(modules, ss_base_model_version="flux1")).family == "chroma"


@pytest.mark.parametrize(
    ("metadata", "variant", "base_model"),
    [
        ({"modelspec__title": "Pony Diffusion V6 XL"}, "pony", "Pony"),
        ({"ss_tag_frequency": json.dumps({"10_x": {"score_9": 12}})}, "pony", "Pony"),
        ({"ss_sd_model_name": "Illustrious-XL-v0.1.safetensors"}, "illustrious", "Illustrious"),
        ({"modelspec__title": "noobaiXLNAIXL_vPred10"}, "noobai", "NoobAI"),
    ],
)
def test_only_metadata_tells_pony_illustrious_and_noobai(
    metadata: dict[str, str], variant: str, base_model: str
) -> None:
    identity = identify_case("ckpt-sdxl", **metadata)
    assert (identity.family, identity.variant, identity.base_model) == ("sdxl", variant, base_model)
    assert identity.candidates == ()


def test_without_metadata_an_sdxl_checkpoint_names_what_it_may_be() -> None:
    identity = identify_case("ckpt-sdxl")
    assert identity.variant is None
    assert identity.base_model == "SDXL 1.0"
    assert set(identity.candidates) >= {"Pony", "Illustrious", "NoobAI"}


def test_a_file_name_only_moves_a_candidate_to_the_front() -> None:
    identity = identify_header(CASES["ckpt-sdxl"].header, filename="ponyDiffusionV6XL.safetensors")
    assert identity.variant is None
    assert identity.candidates[0] == "Pony"


def test_a_checkpoint_says_what_it_contains() -> None:
    assert "contains besides the diffusion model: autoencoder, text encoder" in identify_case("ckpt-sd15").evidence


def test_marker_tensors_tell_what_an_sdxl_model_predicts() -> None:
    assert identify_case("ckpt-sdxl-vpred").prediction == "v"
    assert identify_case("ckpt-sdxl").prediction == "epsilon"


def test_what_an_sd2_model_predicts_is_said_only_if_the_metadata_says_it() -> None:
    assert identify_case("ckpt-sd21").prediction is None
    assert identify_case("ckpt-sd21", modelspec__prediction_type="v").prediction == "v"


def test_a_vae_that_fits_three_families_is_said_to_be_of_no_base_model() -> None:
    identity = identify_case("vae-sd-ldm-prefixed")
    assert identity.type is ModelType.VAE
    assert identity.base_model is None
    assert identity.candidates == ("sd1", "sd2", "sdxl")


def test_a_gguf_that_claims_to_be_flux_is_believed_by_its_tensors_alone() -> None:
    assert CASES["gguf-Q4_K-chroma"].header.metadata["general.architecture"] == "flux"
    assert identify_case("gguf-Q4_K-chroma").family == "chroma"


def test_a_control_model_of_flux_is_not_flux2_though_both_take_128_channels() -> None:
    assert identify_case("nat-flux-canny").family == "flux1"
    assert identify_case("nat-flux-canny").variant == "control"


def test_an_adapter_of_unknown_modules_is_still_an_adapter() -> None:
    identity = identify_header(adapter({f"planet.{n}.moon": (77, 55) for n in range(4)}))
    assert identity.type is ModelType.LORA
    assert identity.family is None
    assert identity.rank == 4


def test_adapters_of_self_attention_alone_leave_sd1_and_sd2_open() -> None:
    modules = {f"unet.down_blocks.0.attentions.{n}.transformer_blocks.0.attn1.to_q": (320, 320) for n in range(2)}
    identity = identify_header(adapter(modules))
    assert identity.candidates == ("sd1", "sd2")
    assert identity.confidence <= 0.5


def test_the_most_frequent_rank_is_told() -> None:
    tensors: dict[str, list[int]] = {}
    for n, rank in enumerate((8, 8, 8, 32)):
        tensors[f"transformer.transformer_blocks.{n}.attn.to_q.lora_A.weight"] = [rank, 3072]
        tensors[f"transformer.transformer_blocks.{n}.attn.to_q.lora_B.weight"] = [3072, rank]
    assert identify_header(header(tensors)).rank == 8


def test_no_tensors_are_no_model() -> None:
    assert identify_header(Header(FileFormat.SAFETENSORS)).type is ModelType.OTHER
    assert identify_header(Header(FileFormat.UNKNOWN)).type is ModelType.UNKNOWN


def test_problems_of_a_file_are_passed_on() -> None:
    problem = Problem("truncated", "The download is unfinished.")
    identity = identify_header(Header(FileFormat.UNKNOWN, problems=(problem,)))
    assert identity.problems == (problem,)


def test_a_folder_speaks_only_for_files_that_do_not_speak_themselves() -> None:
    detector = CASES["other-yolo-detector"].header
    assert identify_header(detector).type is ModelType.OTHER
    assert identify_header(detector, folder="ultralytics/bbox").type is ModelType.DETECTION
    assert identify_header(CASES["ckpt-sd15"].header, folder="loras").type is ModelType.CHECKPOINT


def test_an_unreadable_pickle_is_what_its_folder_holds_and_hardly_sure() -> None:
    identity = identify_header(Header(FileFormat.PICKLE), folder="embeddings")
    assert identity.type is ModelType.EMBEDDING
    assert identity.confidence <= 0.2


def test_the_name_of_a_lone_token_is_its_trigger_word() -> None:
    assert identify_header(header({"<my-cat>": [2, 768]})).trigger_words == ("<my-cat>",)


def test_two_hundred_thousand_tensors_are_no_obstacle() -> None:
    tensors = {f"layer_{n}.part_{n % 7}.weight": Tensor("F16", (4, 4)) for n in range(200_000)}
    assert identify_header(Header(FileFormat.SAFETENSORS, tensors)).type is ModelType.OTHER


NAMES = st.text(alphabet=st.sampled_from("abw01._*|#/@ \u00e9"), max_size=12) | st.sampled_from(
    [
        "lora_unet_x.lora_down.weight",
        "a.lora_A.weight",
        "b.hada_w1_a",
        "c.lokr_w2_b",
        "d.oft_blocks",
        "e.diff",
        "f.alpha",
    ],
)
SHAPES = st.lists(st.integers(min_value=0, max_value=5), max_size=5).map(tuple)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(NAMES, st.builds(Tensor, st.sampled_from(["F16", "U8", "Q4_K", "?"]), SHAPES), max_size=8),
    st.dictionaries(
        st.sampled_from(["ss_tag_frequency", "modelspec.architecture", "general.file_type", "_quantization_metadata"]),
        st.text(max_size=9),
    ),
    st.sampled_from(list(FileFormat)),
)
def test_no_header_is_too_odd(tensors: dict[str, Tensor], metadata: dict[str, str], format_: FileFormat) -> None:
    identity = identify_header(Header(format_, tensors, metadata), filename="x.bin", folder="a/b")
    assert 0 <= identity.confidence <= 1


def test_a_model_of_another_size_is_not_renamed_by_what_its_metadata_says() -> None:
    identity = identify_case("nat-wan5b", general__name="wan2.2")
    assert identity.base_model == "Wan Video 2.2 TI2V-5B"
    assert identity.candidates == ()


def test_what_a_lora_was_made_from_counts_more_than_its_title() -> None:
    attention = "lora_unet_input_blocks_4_1_transformer_blocks_1_attn2_to_k"
    tensors = {f"{attention}.lora_down.weight": [8, 2048], f"{attention}.lora_up.weight": [640, 8]}
    made = {"modelspec__title": "my little pony", "ss_sd_model_name": "illustriousXL_v01.safetensors"}
    assert identify_header(header(tensors, **made)).base_model == "Illustrious"


def test_a_pipeline_folder_is_a_checkpoint_that_its_class_names() -> None:
    flux = {f"transformer.{name}": tensor for name, tensor in CASES["nat-flux-dev"].header.tensors.items()}
    vae = {"vae.decoder.conv_in.weight": Tensor("BF16", (512, 16, 3, 3))}
    folder = Header(FileFormat.DIFFUSERS, {**flux, **vae}, {"diffusers.class_name": "FluxKontextPipeline"})
    identity = identify_header(folder)
    assert (identity.type, identity.family) == (ModelType.CHECKPOINT, "flux1")
    assert (identity.variant, identity.base_model) == ("kontext", "Flux.1 Kontext")


def test_a_number_too_long_to_be_a_blocks_is_none() -> None:
    identity = identify_header(header({f"double_blocks.{'9' * 5000}.img_attn.qkv.lora_A.weight": [4, 3072]}))
    assert identity.type is ModelType.LORA
