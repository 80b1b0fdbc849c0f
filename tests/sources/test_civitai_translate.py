from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sd_model_manager.domain.generation import Generation, Resource
from sd_model_manager.domain.published import PublishedVersion, list_cautions
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.sources.civitai.kinds import file_type_of
from sd_model_manager.sources.civitai.payloads import ModelPayload, VersionPayload
from sd_model_manager.sources.civitai.translate import mark_primary, translate_version
from tests.support.fake_world.library import FIXTURES

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(Path(FIXTURES / name).read_text("utf-8"))
    return content


def translate(
    version: dict[str, Any],
    model: dict[str, Any] | None = None,
    *,
    now: datetime = NOW,
    base_url: str = "https://civitai.com",
) -> PublishedVersion:
    return translate_version(
        VersionPayload.model_validate(version),
        ModelPayload.model_validate(model) if model is not None else None,
        base_url=base_url,
        now=now,
        raw={"version": version, "model": model},
    )


def changed(name: str, **facts: Any) -> dict[str, Any]:
    return read(name) | facts


def codes(version: PublishedVersion) -> list[str]:
    return [caution.code for caution in version.warnings]


def test_the_models_answer_adds_author_tags_and_licence_to_the_versions() -> None:
    version = translate(read("model_version_by_id.json"), read("model_detail_lora_3_versions.json"))
    assert version.creator == "lantern_maker"
    assert version.tags == ("style", "lighting", "lantern")
    assert version.licence == (
        "no credit needed; commercial use: selling images, generation on Civitai; merges allowed; "
        "derivatives keep these terms"
    )
    assert version.description_html == "<p>Soft paper-lantern lighting.</p>"
    assert version.published_at == datetime(2026, 3, 2, 9, 10, 3, 551000, tzinfo=UTC)
    assert version.page_url == "https://civitai.com/models/9000301?modelVersionId=9100302"


def test_a_version_alone_is_told_as_far_as_it_goes() -> None:
    version = translate(read("model_version_by_id.json"))
    assert (version.model_name, version.creator, version.licence) == ("Paper Lantern Style", None, None)
    assert version.trigger_words == ("pprlntrn",)


def test_what_the_source_said_is_kept_whole() -> None:
    body, model = read("model_version_by_id.json"), read("model_detail_lora_3_versions.json")
    assert json.loads(zlib.decompress(translate(body, model).raw)) == {"version": body, "model": model}


def test_pages_that_are_not_safe_for_work_are_linked_where_they_can_be_seen() -> None:
    body, model = (
        read("model_version_by_hash_checkpoint_multifile.json"),
        read("model_detail_checkpoint_multifile.json"),
    )
    assert translate(body, model).page_url == "https://civitai.red/models/9000401?modelVersionId=9100401"
    assert translate(body, model, base_url="http://127.0.0.1:9").page_url.startswith(
        "http://127.0.0.1:9/models/9000401"
    )


def test_every_file_of_a_version_is_offered_with_its_own_type_and_one_is_primary() -> None:
    body, model = (
        read("model_version_by_hash_checkpoint_multifile.json"),
        read("model_detail_checkpoint_multifile.json"),
    )
    version = translate(body, model)
    assert version.model_type is ModelType.CHECKPOINT
    assert [(file.kind, file.model_type, file.precision, file.is_primary) for file in version.files] == [
        ("Model", ModelType.CHECKPOINT, "fp16", True),
        ("Model", ModelType.CHECKPOINT, "fp8", False),
        ("Model", ModelType.DIFFUSION_MODEL, "Q4_K_M", False),
        ("Text Encoder", ModelType.TEXT_ENCODER, "fp16", False),
        ("Config", ModelType.OTHER, None, False),
        ("VAE", ModelType.VAE, None, False),
    ]
    assert version.files[0].size_bytes == 6000104
    assert version.files[0].sha256 == "c8a7e34dd2b60a63b3e4a406e605ad674e35d655373c38e2efe9d498c4149616"
    assert version.files[0].autov3 == "f43f496f2f56"


def test_download_links_are_built_from_ids_whatever_host_the_answer_names() -> None:
    for entry in json.loads(Path(FIXTURES / "batch_by_hash_response_bad_host_and_null.json").read_text("utf-8")):
        if entry is not None:
            version = translate(entry)
            assert version.files[0].download_url == "https://civitai.com/api/download/models/9100302?fileId=9200302"


@pytest.mark.parametrize("generation", ["current_2026_09", "up_to_2026_08"])
def test_a_linked_vae_keeps_its_selectors_and_all_other_files_get_their_id(generation: str) -> None:
    body, model = (
        read("model_version_by_hash_checkpoint_multifile.json"),
        read("model_detail_checkpoint_multifile.json"),
    )
    for file, url in zip(body["files"], read("file_download_url_variants.json")[generation], strict=True):
        file["downloadUrl"] = url
    urls = [file.download_url.rpartition("?")[2] for file in translate(body, model).files]
    assert urls == [*(f"fileId={file_id}" for file_id in range(9200401, 9200406)), "type=VAE&format=SafeTensor"]


def test_a_version_none_of_whose_files_is_marked_primary_still_has_one_to_fetch() -> None:
    body = read("model_version_by_hash_checkpoint_multifile.json")
    for file in body["files"]:
        file.pop("primary")
    body["files"].reverse()
    assert [file.name for file in translate(body).files if file.is_primary] == ["harborFogMix_v20Fp8.safetensors"]


def test_a_safetensors_file_is_preferred_to_a_pickle_that_civitai_marks_primary() -> None:
    body = read("model_version_by_id.json")
    pickle = body["files"][0] | {"id": 1, "name": "old.ckpt", "metadata": {"format": "PickleTensor"}}
    body["files"] = [pickle, body["files"][0] | {"primary": False}]
    version = translate(body)
    assert [(file.name, file.is_primary, file.is_pickle) for file in version.files] == [
        ("old.ckpt", False, True),
        ("paper_lantern_v2.safetensors", True, False),
    ]
    assert "PICKLE" in [caution.code for caution in list_cautions(version, version.files[0])]


@pytest.mark.parametrize(
    "hashes",
    [
        {}, {"SHA256": "0" * 64}, {"SHA256": "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"},
        {"SHA256": "abc"}, {"SHA256": None}, {"SHA256": 5}, None, "x",
    ],
)  # fmt: skip
def test_junk_in_place_of_a_hash_counts_as_no_hash(hashes: Any) -> None:
    body = read("model_version_by_id.json")
    body["files"][0]["hashes"] = hashes
    version = translate(body)
    assert version.files[0].sha256 is None
    assert "NO_HASH" in [caution.code for caution in list_cautions(version, version.files[0])]


@pytest.mark.parametrize(
    ("text", "described", "is_cautioned"),
    [
        (["Image", "Sell"], "commercial use: selling images, selling the model", False),
        ("{Image,RentCivit}", "commercial use: selling images, generation on Civitai", False),
        ("Rent", "commercial use: generation services", False),
        ("{}", "no commercial use", True),
        ([], "no commercial use", True),
        ("None", "no commercial use", True),
    ],
)
def test_commercial_use_is_read_in_all_three_forms(text: Any, described: str, is_cautioned: bool) -> None:
    model = changed("model_detail_lora_3_versions.json", allowCommercialUse=text)
    version = translate(read("model_version_by_id.json"), model)
    assert described in (version.licence or "")
    assert ("LICENCE" in codes(version)) is is_cautioned


@pytest.mark.parametrize(
    "terms",
    [
        {"paidAccess": {"permanent": False, "endsAt": "2026-10-01T00:00:00.000Z"}},
        {"availability": "EarlyAccess", "earlyAccessEndsAt": "2026-10-01T00:00:00.000Z", "earlyAccessConfig": {}},
        {"earlyAccessDeadline": "2026-10-01T00:00:00.000Z"},
        {"earlyAccessTimeFrame": 10, "publishedAt": "2026-09-21T00:00:00.000Z"},
    ],
)
def test_early_access_is_recognised_in_every_generation_of_the_answer(terms: dict[str, Any]) -> None:
    body = changed("model_version_by_id.json", **terms)
    version = translate(body)
    assert version.available_from == datetime(2026, 10, 1, tzinfo=UTC)
    assert codes(version) == ["EARLY_ACCESS"]
    assert "2026-10-01 00:00 UTC" in version.warnings[0].message
    after = translate(body, now=datetime(2026, 10, 2, tzinfo=UTC))
    assert (after.available_from, codes(after)) == (None, [])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("model_version_paid_permanent.json", ["PAID"]),
        ("model_version_generation_only.json", ["DOWNLOADS_DISABLED"]),
        ("model_version_archived.json", ["ARCHIVED"]),
        ("model_version_takendown.json", ["TAKEN_DOWN"]),
        ("model_version_early_access.json", ["EARLY_ACCESS"]),
        ("model_version_legacy_shape_2024_to_2026_07.json", ["EARLY_ACCESS"]),
        ("model_version_by_id.json", []),
    ],
)
def test_what_stands_in_the_way_of_a_download_is_said(name: str, expected: list[str]) -> None:
    assert codes(translate(read(name))) == expected


def test_a_gate_without_a_date_is_early_access_all_the_same() -> None:
    version = translate(changed("model_version_by_id.json", paidAccess={"permanent": False, "endsAt": None}))
    assert (codes(version), version.available_from) == (["EARLY_ACCESS"], None)


@pytest.mark.parametrize(
    ("model_type", "kind", "file_format", "expected"),
    [
        ("LoCon", "Model", "SafeTensor", ModelType.LORA),
        ("DoRA", "Pruned Model", None, ModelType.LORA),
        ("Checkpoint", "Diffusion Model", "SafeTensor", ModelType.DIFFUSION_MODEL),
        ("Checkpoint", "Model", "GGUF", ModelType.DIFFUSION_MODEL),
        ("TextualInversion", "Negative", "SafeTensor", ModelType.EMBEDDING),
        ("LORA", "Training Data", "Other", ModelType.OTHER),
        ("Something New", "Model", None, ModelType.UNKNOWN),
        ("Something New", "VAE", None, ModelType.VAE),
        (None, "New Kind", None, ModelType.UNKNOWN),
    ],
)
def test_a_files_own_kind_counts_before_its_models(
    model_type: str | None, kind: str, file_format: str | None, expected: ModelType
) -> None:
    assert file_type_of(model_type, kind, file_format) is expected


def test_every_kind_that_civitai_lists_has_a_type() -> None:
    enums = read("enums.json")
    assert [name for name in enums["ModelType"] if file_type_of(name, "Model", None) is ModelType.UNKNOWN] == []


def test_pictures_of_both_answers_are_joined_with_the_prompts() -> None:
    version = translate(read("model_version_by_id.json"), read("model_detail_lora_3_versions.json"))
    assert [(image.media, image.prompt) for image in version.images] == [
        ("image", "paper lantern over a quiet canal, soft rim light")
    ]


def test_pictures_come_with_how_they_were_made() -> None:
    (image,) = translate(read("model_version_by_id.json")).images
    assert image.generation == Generation(
        negative_prompt="lowres",
        sampler="Euler a",
        steps=28,
        cfg_scale=5.0,
        seed="630071407",
        size="832x1216",
        resources=(Resource("lora", None, 0.8, "9100303"),),
    )


def made_with(meta: Any) -> Generation | None:
    image = {**read("model_version_by_id.json")["images"][0], "meta": meta}
    return translate(changed("model_version_by_id.json", images=[image])).images[0].generation


@pytest.mark.parametrize("meta", [None, {}, [], "text", 3, {"meta": None}, {"prompt": "a pier"}, {"resources": "none"}])
def test_a_picture_of_which_nothing_is_said_has_nothing(meta: Any) -> None:
    assert made_with(meta) is None


def test_numbers_may_be_texts_and_what_is_no_number_is_left_out() -> None:
    meta = {"steps": "28", "cfgScale": "7.5", "seed": "12", "Clip skip": "2", "sampler": 7, "Size": 512}
    assert made_with(meta) == Generation(steps=28, cfg_scale=7.5, seed="12", clip_skip=2)
    assert made_with({"steps": "many", "cfgScale": "high", "seed": 10**40, "Clip skip": -1}) is None


def test_how_a_picture_was_made_may_be_wrapped() -> None:
    wrapped = read("images_list.json")["items"][1]["meta"]
    assert made_with(wrapped) == Generation(seed="12345")


def test_the_models_that_took_part_are_read_in_all_three_shapes() -> None:
    a1111 = {"Model": "harbour", "resources": [{"name": "harbour", "type": "model"}, {"name": "ink", "type": "lora"}]}
    assert made_with(a1111) == Generation(model="harbour", resources=(Resource("lora", "ink"),))
    comfy = {
        "models": ["harbour.safetensors"],
        "width": 832,
        "height": 1216,
        "scheduler": "karras",
        "additionalResources": [{"name": "ink", "type": "lora", "strength": 0.6}],
    }
    assert made_with(comfy) == Generation(
        scheduler="karras",
        size="832x1216",
        model="harbour.safetensors",
        resources=(Resource("lora", "ink", 0.6),),
    )
    own = {"civitaiResources": [{"type": "checkpoint", "modelVersionId": 5, "modelVersionName": "v2"}, None, {}]}
    assert made_with(own) == Generation(model="v2", resources=(Resource("checkpoint", "v2", None, "5"),))


def test_choosing_another_file_changes_the_type_with_it() -> None:
    version = translate(read("model_version_by_hash_checkpoint_multifile.json"))
    chosen = mark_primary(version, "9209901")
    assert chosen.model_type is ModelType.VAE
    assert [file.file_id for file in chosen.files if file.is_primary] == ["9209901"]


def test_descriptions_lose_whatever_could_run() -> None:
    body = changed("model_version_by_id.json", description='<p onclick="x()">Hi<script>x()</script></p>')
    assert translate(body).version_description_html == "<p>Hi</p>"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.data())
def test_any_field_may_hold_anything(data: st.DataObject) -> None:
    body, model = (
        read("model_version_by_hash_checkpoint_multifile.json"),
        read("model_detail_checkpoint_multifile.json"),
    )
    for place in (body, body["files"][0], body["images"][0], body["model"], model, model["modelVersions"][0]):
        if key := data.draw(st.none() | st.sampled_from(sorted(place))):
            place[key] = data.draw(json_values)
    version = translate_version(
        VersionPayload.model_validate(body),
        ModelPayload.model_validate(model),
        base_url="https://civitai.com",
        now=NOW,
        raw={},
    )
    assert version.model_name is not None
    assert sum(file.is_primary for file in version.files) <= 1
