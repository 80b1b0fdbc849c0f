from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sd_model_manager.domain.published import PublishedVersion, Reference
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.lib.errors import (
    BadInput,
    SourceBroken,
    SourceError,
    SourceForbidden,
    SourceNeedsLogin,
    SourceNotFound,
    SourceRateLimited,
    SourceUnavailable,
)
from sd_model_manager.lib.throttle import HostThrottle
from sd_model_manager.sources.huggingface.payloads import RepositoryPayload
from sd_model_manager.sources.huggingface.references import parse_reference
from sd_model_manager.sources.huggingface.source import HuggingFaceSource
from sd_model_manager.sources.huggingface.translate import translate_repository
from tests.support.fake_world import FakeWorld, make_raw, make_safetensors
from tests.support.fake_world.hugging_face import GOOD_TOKEN
from tests.support.fake_world.library import FIXTURES

REPO = "harbor-fog/harbor-fog-mix"
MakeSource = Callable[..., HuggingFaceSource]
RESPONSES = json.loads((FIXTURES / "hf_resolve_responses.json").read_text("utf-8"))
CASES: dict[str, dict[str, Any]] = {case["case"]: case for case in RESPONSES}


def ref(repo: str = REPO, **fields: str) -> Reference:
    return Reference("huggingface", model_id=repo, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"https://huggingface.co/{REPO}", ref()),
        (f"https://huggingface.co/{REPO}/", ref()),
        (f"https://hf.co/{REPO}?library=diffusers#usage", ref()),
        (f"huggingface.co/{REPO}", ref()),
        (f"http://127.0.0.1:9000/{REPO}", ref()),
        (f"https://huggingface.co/{REPO}/tree/main", ref(revision="main")),
        (f"https://huggingface.co/{REPO}/tree/main/vae", ref(revision="main", path="vae")),
        (
            f"https://huggingface.co/{REPO}/blob/main/vae/a%20b.safetensors",
            ref(revision="main", path="vae/a b.safetensors"),
        ),
        (f"https://huggingface.co/{REPO}/resolve/main/a.gguf?download=true", ref(revision="main", path="a.gguf")),
        (f"https://huggingface.co/{REPO}/raw/main/a.safetensors", ref(revision="main", path="a.safetensors")),
        (f"https://huggingface.co/{REPO}/blob/refs%2Fpr%2F1/a.pt", ref(revision="refs/pr/1", path="a.pt")),
        (f"https://huggingface.co/{REPO}/discussions/4", ref()),
        (f"https://huggingface.co/api/models/{REPO}", ref()),
        (
            "https://huggingface.co/gpt2/blob/main/model.safetensors",
            ref("gpt2", revision="main", path="model.safetensors"),
        ),
        (f"hf://{REPO}/vae/a.safetensors", ref(path="vae/a.safetensors")),
        (f"hf://models/{REPO}@dev/a.safetensors", ref(revision="dev", path="a.safetensors")),
        (f"urn:air:sdxl:checkpoint:huggingface:{REPO}@main", ref(revision="main")),
        (REPO, ref()),
    ],
)
def test_every_shape_a_user_pastes_is_understood(text: str, expected: Reference) -> None:
    assert parse_reference(text, frozenset({"127.0.0.1:9000"})) == expected


@pytest.mark.parametrize(
    "text",
    [
        "https://civitai.com/models/1",
        "https://huggingface.co.evil.example/a/b",
        "models.example/x",
        "loras/x.safetensors",
        "paper lantern",
        "a/b/c",
        "",
        "civitai:1@2",
        "https://cdn-lfs.hf.co/x",
        "https://[::1/x",
    ],
)
def test_what_belongs_to_others_is_left_to_them(text: str) -> None:
    assert parse_reference(text) is None


@pytest.mark.parametrize(
    "text",
    ["https://huggingface.co", "https://huggingface.co/datasets/a/b", "https://huggingface.co/spaces/a/b",
     "https://huggingface.co/docs/hub", "https://huggingface.co/a/../b", "https://me:pw@huggingface.co/a/b", "hf://",
     f"https://huggingface.co/{REPO}/blob/main/../../etc", "huggingface:a/b/c"],
)  # fmt: skip
def test_links_that_lead_to_no_model_say_what_to_paste_instead(text: str) -> None:
    with pytest.raises(BadInput):
        parse_reference(text)


@settings(deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"(https?://|hf://)?(huggingface\.co/)?[a-z0-9/?=&@:%.-]{0,60}"))
def test_no_text_at_all_makes_it_fail_otherwise(text: str) -> None:
    try:
        parse_reference(text)
    except BadInput:
        return


@pytest.fixture
def make_source(fake_world: FakeWorld) -> Iterator[MakeSource]:
    made: list[HuggingFaceSource] = []

    def make(token: str = GOOD_TOKEN) -> HuggingFaceSource:
        throttle = HostThrottle(per_second=1000)
        made.append(HuggingFaceSource(fake_world.urls["huggingface"], token, throttle=throttle))
        return made[-1]

    yield make
    for source in made:
        source.close()


@pytest.fixture
def source(make_source: MakeSource) -> HuggingFaceSource:
    return make_source()


def recorded(path: str | None = None, **facts: Any) -> PublishedVersion:
    body = json.loads((FIXTURES / "hf_model_info_blobs.json").read_text("utf-8")) | facts
    payload = RepositoryPayload.model_validate(body)
    return translate_repository(payload, repo=REPO, revision="main", path=path, base_url="https://hf.example", raw=body)


def test_a_repository_is_a_version_at_one_commit_with_its_model_files() -> None:
    version = recorded()
    commit = "9dee5fc2fceffbc5e26d3b203e17105551cf3844"
    assert (version.model_id, version.version_id) == (REPO, f"{REPO}@{commit}")
    assert (version.creator, version.licence, version.version_name) == ("harbor-fog", "openrail++", "main (9dee5fc2)")
    assert version.published_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert [(file.file_id, file.model_type, file.size_bytes, file.is_primary) for file in version.files] == [
        ("harborFogMix_v20.safetensors", ModelType.UNKNOWN, 6000104, True),
        ("vae/tidewater_vae.safetensors", ModelType.VAE, 2150104, False),
    ]
    assert version.files[0].sha256 == "c8a7e34dd2b60a63b3e4a406e605ad674e35d655373c38e2efe9d498c4149616"
    assert version.files[1].download_url == f"https://hf.example/{REPO}/resolve/{commit}/vae/tidewater_vae.safetensors"


@pytest.mark.parametrize("path", ["vae", "vae/tidewater_vae.safetensors"])
def test_a_folder_or_a_file_narrows_what_is_offered(path: str) -> None:
    assert [file.name for file in recorded(path).files] == ["tidewater_vae.safetensors"]
    assert recorded(path).model_type is ModelType.VAE


@pytest.mark.parametrize("path", ["README.md", "va", "missing.safetensors"])
def test_a_place_without_a_model_file_is_not_found(path: str) -> None:
    with pytest.raises(SourceNotFound, match="no model file"):
        recorded(path)


def test_whole_safetensors_at_the_top_are_preferred_and_the_largest_of_them() -> None:
    names = [
        "unet/big.safetensors",
        "a-00001-of-00002.safetensors",
        "small.safetensors",
        "large-fp16.safetensors",
        "x.ckpt",
    ]
    siblings = [{"rfilename": name, "size": 10**9 if "large" in name else 10**6} for name in names]
    version = recorded(siblings=siblings, tags=["LoRA"])
    primary = next(file for file in version.files if file.is_primary)
    assert (primary.name, primary.precision, primary.model_type) == ("large-fp16.safetensors", "fp16", ModelType.LORA)
    assert [file.is_pickle for file in version.files] == [False, False, False, False, True]


def test_a_gated_repository_comes_with_a_caution() -> None:
    assert [caution.code for caution in recorded(gated="manual").warnings] == ["GATED"]


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["sha", "siblings", "tags", "cardData", "lastModified", "author", "gated"]),
        st.none() | st.integers() | st.text(max_size=5) | st.lists(st.none() | st.integers(), max_size=2),
    )
)
def test_any_field_may_hold_anything(facts: dict[str, Any]) -> None:
    try:
        assert recorded(**facts).source == "huggingface"
    except SourceNotFound:
        return


def test_a_file_is_asked_for_at_its_commit_and_arrives_with_its_hash(
    fake_world: FakeWorld, source: HuggingFaceSource
) -> None:
    payload = make_safetensors(size_bytes=50_000)
    repository = fake_world.hugging_face.add("harbor-fog/mix", {"a b.safetensors": payload})
    reference = source.recognise(f"{fake_world.urls['huggingface']}/harbor-fog/mix/blob/main/a%20b.safetensors")
    assert reference is not None
    version = source.fetch_version(reference)
    request = source.resolve_file(version, version.files[0])
    assert request.url.endswith(f"/harbor-fog/mix/resolve/{repository.commit}/a%20b.safetensors")
    assert request.headers == {"Authorization": f"Bearer {GOOD_TOKEN}"}
    assert (request.expected_sha256, request.expected_size_bytes) == (payload.sha256, payload.size_bytes)
    with urllib.request.urlopen(request.url) as answer:
        assert answer.read() == payload.read(0, payload.size_bytes)


@pytest.mark.parametrize(
    ("options", "token", "kind"),
    [
        ({"private": True}, "", SourceNotFound),
        ({"private": True}, GOOD_TOKEN, SourceNotFound),
        ({"disabled": True}, GOOD_TOKEN, SourceForbidden),
        ({}, "hf_wrong", SourceNeedsLogin),
    ],
)
def test_a_repository_that_is_not_shown_says_why(
    fake_world: FakeWorld, make_source: MakeSource, options: dict[str, Any], token: str, kind: type[SourceError]
) -> None:
    fake_world.hugging_face.add("harbor-fog/mix", {"a.ckpt": make_raw(9000)}, **options)
    with pytest.raises(kind):
        make_source(token).fetch_version(ref("harbor-fog/mix"))


def test_a_missing_revision_is_not_found(fake_world: FakeWorld, source: HuggingFaceSource) -> None:
    fake_world.hugging_face.add("harbor-fog/mix", {"a.ckpt": make_raw(9000)})
    assert source.fetch_version(ref("harbor-fog/mix", revision="refs/pr/1")).files
    with pytest.raises(SourceNotFound):
        source.fetch_version(ref("harbor-fog/mix", revision="nope"))


@pytest.mark.parametrize(
    ("case", "token", "kind", "hint"),
    [
        ("missing file", "", SourceNotFound, "no such file"),
        ("missing revision", "", SourceNotFound, "revision"),
        ("missing or private repo, no token", "", SourceNotFound, "huggingface_token"),
        ("missing repo, with token", "x", SourceNotFound, "Check its name"),
        ("gated, no token", "", SourceNeedsLogin, "accept its terms"),
        ("gated, token without grant", "x", SourceForbidden, "accept its terms"),
        ("bad token", "x", SourceNeedsLogin, "huggingface_token"),
        ("disabled repo", "x", SourceForbidden, "disabled"),
        ("rate limited", "", SourceRateLimited, "pause"),
    ],
)
def test_each_refusal_says_what_happened_and_what_to_do(
    make_source: MakeSource, case: str, token: str, kind: type[SourceError], hint: str
) -> None:
    error = make_source(token).explain_refusal(CASES[case]["status"], CASES[case]["headers"], b"")
    assert type(error) is kind
    assert re.search(hint, error.message)


def test_the_pause_is_as_long_as_hugging_face_says(source: HuggingFaceSource) -> None:
    error = source.explain_refusal(429, CASES["rate limited"]["headers"], b"")
    assert isinstance(error, SourceRateLimited)
    assert error.retry_after_seconds == 55.0
    other = source.explain_refusal(429, {"ratelimit": '"api";r=12;t=55', "Retry-After": "7"}, b"")
    assert isinstance(other, SourceRateLimited)
    assert other.retry_after_seconds == 7.0


def test_an_expired_storage_link_is_asked_for_anew(source: HuggingFaceSource) -> None:
    error = source.explain_refusal(403, {"Content-Type": "application/xml"}, b"<Error/>")
    assert isinstance(error, SourceUnavailable)
    assert isinstance(source.explain_refusal(200, {"Content-Type": "text/html"}, b"<html>"), SourceBroken)
