"""A bug report carries what a rule needs and nothing that is the user's own."""

from __future__ import annotations

import json

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.header import Header, Tensor
from sd_model_manager.identify.identity import identify_header
from sd_model_manager.identify.strip import strip_header
from tests.identify.header_cases import parse_case, read_cases

SECRETS = {
    "ss_output_name": "my secret project",
    "ss_sd_model_name": "C:/Users/ann/model.safetensors",
    "ss_tag_frequency": json.dumps({"10_ann": {"ann": 3}}),
    "modelspec.title": "Ann",
    "modelspec.thumbnail": "data:image/jpeg;base64,AAAA",
    "training_info": "{}",
}


def test_what_a_program_wrote_of_the_architecture_is_kept_and_all_else_left_behind() -> None:
    header = Header(FileFormat.SAFETENSORS, {"a": Tensor("F16", (1,))}, {"ss_base_model_version": "flux1", **SECRETS})
    assert strip_header(header, case_id="x")["metadata"] == {"ss_base_model_version": "flux1"}


def test_a_token_of_the_users_own_loses_its_name() -> None:
    header = Header(FileFormat.TORCH_ZIP, {"<ann>": Tensor("F32", (2, 768))})
    assert "ann" not in json.dumps(strip_header(header, case_id="x"))


def test_bundled_embeddings_lose_their_names_and_stay_apart() -> None:
    names = ("bundle_emb.ann.string_to_param.*", "bundle_emb.bob.string_to_param.*", "lora_unet_x.alpha")
    stripped = strip_header(Header(FileFormat.SAFETENSORS, {n: Tensor("F16", (1,)) for n in names}), case_id="x")
    assert list(stripped["tensors"]) == [
        "bundle_emb.embedding1.string_to_param.*",
        "bundle_emb.embedding2.string_to_param.*",
        "lora_unet_x.alpha",
    ]


def test_a_stripped_header_is_identified_as_the_file_was() -> None:
    for case in read_cases("observed"):
        stripped = json.loads(json.dumps(strip_header(case.header, case_id=case.case_id)))
        before, after = identify_header(case.header), identify_header(parse_case(stripped).header)
        assert (after.type, after.family, after.precision) == (before.type, before.family, before.precision)
