from __future__ import annotations

import hashlib
import json
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sd_model_manager.domain.lookups import AskedHash
from sd_model_manager.domain.published import PublishedVersion, Reference
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.lib.errors import (
    BadInput,
    SourceBroken,
    SourceError,
    SourceForbidden,
    SourceGone,
    SourceNeedsLogin,
    SourceNotFound,
    SourceOffline,
    SourceRateLimited,
    SourceUnavailable,
)
from sd_model_manager.lib.throttle import HostThrottle
from sd_model_manager.sources.civitai.source import CivitaiSource
from tests.support.fake_world import GOOD_KEY, HARBOR, LANTERN, FakeWorld
from tests.support.fake_world.server import LoopbackServer, Reply, Request, json_reply

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
MakeSource = Callable[..., CivitaiSource]


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_source(fake_world: FakeWorld, clock: Clock) -> Iterator[MakeSource]:
    made: list[CivitaiSource] = []

    def make(base_url: str = fake_world.api_url, key: str = GOOD_KEY) -> CivitaiSource:
        throttle = HostThrottle(per_second=1000, clock=clock, sleep=clock.sleep)
        made.append(CivitaiSource(base_url, key, throttle=throttle, now=lambda: NOW))
        return made[-1]

    yield make
    for source in made:
        source.close()


@pytest.fixture
def source(make_source: MakeSource) -> CivitaiSource:
    return make_source()


def fetch(source: CivitaiSource, text: str) -> PublishedVersion:
    reference = source.recognise(text)
    assert reference is not None
    return source.fetch_version(reference)


def primary_name(version: PublishedVersion) -> str:
    return next(file.name for file in version.files if file.is_primary)


def test_a_page_address_names_the_version_its_creator_put_first(fake_world: FakeWorld, source: CivitaiSource) -> None:
    version = fetch(source, f"{fake_world.api_url}/models/{LANTERN}/paper-lantern-style")
    assert (version.model_name, version.version_name) == ("Paper Lantern Style", "v3.0")
    assert (version.model_type, version.creator) == (ModelType.LORA, "lantern_maker")
    assert [caution.code for caution in version.warnings] == ["EARLY_ACCESS"]


@pytest.mark.parametrize(
    ("text", "version_name", "file_name"),
    [
        ("{api}/models/9000301?modelVersionId=9100302", "v2.0", "paper_lantern_v2.safetensors"),
        ("urn:air:sdxl:lora:civitai:9000301@9100301", "v1.0", "paper_lantern_v1.safetensors"),
        ("https://civitai.red/model-versions/9100302", "v2.0", "paper_lantern_v2.safetensors"),
        ("{api}/api/download/models/9100301?fileId=9200300", "v1.0", "paper_lantern_v1_trainingData.zip"),
        ("{api}/api/download/models/9100401?type=Model&format=GGUF", "v2.0", "harborFogMix_v20Q4KM.gguf"),
        ("{api}/api/download/models/9100401?type=Model&fp=fp8", "v2.0", "harborFogMix_v20Fp8.safetensors"),
        ("{api}/api/download/models/9100401", "v2.0", "harborFogMix_v20.safetensors"),
        ("{api}/api/v1/model-versions/by-hash/56C63641E4", "v2.0", "harborFogMix_v20Fp8.safetensors"),
        ("{api}/api/v1/model-versions/by-hash/39BACA6C89E1", "v2.0", "harborFogMix_v20Fp8.safetensors"),
        ("9000401", "v2.0", "harborFogMix_v20.safetensors"),
    ],
)
def test_a_link_leads_to_the_version_and_the_file_it_chose(
    fake_world: FakeWorld, source: CivitaiSource, text: str, version_name: str, file_name: str
) -> None:
    version = fetch(source, text.format(api=fake_world.api_url))
    assert (version.version_name, primary_name(version)) == (version_name, file_name)


def test_a_link_that_chooses_a_file_the_version_lacks_names_those_it_has(source: CivitaiSource) -> None:
    with pytest.raises(BadInput, match="paper_lantern_v2") as error:
        source.fetch_version(Reference("civitai", version_id="9100302", file_id="5"))
    assert error.value.error_code == "NO_SUCH_FILE"


def test_every_file_can_be_fetched_where_it_is_said_to_be_and_has_the_hash_it_is_said_to_have(
    fake_world: FakeWorld, source: CivitaiSource
) -> None:
    version = fetch(source, str(HARBOR))
    for file in version.files:
        request = source.resolve_file(version, file)
        assert request.headers == {"Authorization": f"Bearer {GOOD_KEY}"}
        located = _location(request.url, dict(request.headers))
        with urllib.request.urlopen(located) as answer:
            content = answer.read()
        assert hashlib.sha256(content).hexdigest() == request.expected_sha256
        assert len(content) == request.expected_size_bytes


def _location(url: str, headers: dict[str, str]) -> str:
    class Stop(urllib.request.HTTPRedirectHandler):
        def http_error_307(self, req: Any, fp: Any, code: int, msg: str, found: Any) -> Any:
            return fp

    agent = {"User-Agent": "SDModelManager/test"}
    with urllib.request.build_opener(Stop).open(urllib.request.Request(url, headers=headers | agent)) as answer:
        return str(answer.headers["Location"])


def test_the_key_is_sent_with_whitespace_removed_and_never_in_an_address(
    fake_world: FakeWorld, make_source: MakeSource
) -> None:
    assert make_source(key=f" {GOOD_KEY}\n").fetch_account_name() == "tester"
    assert [GOOD_KEY in request.target for request in fake_world.requests] == [False]


def test_a_version_kept_from_another_address_is_asked_for_at_the_present_one(
    fake_world: FakeWorld, source: CivitaiSource, make_source: MakeSource
) -> None:
    version = fetch(source, str(HARBOR))
    elsewhere = make_source("https://mirror.example")
    urls = [elsewhere.resolve_file(version, file).url for file in version.files]
    assert urls[0] == "https://mirror.example/api/download/models/9100401?fileId=9200401"
    assert urls[-1] == "https://mirror.example/api/download/models/9100401?type=VAE&format=SafeTensor"


def test_without_a_key_nothing_is_sent_in_its_place(make_source: MakeSource) -> None:
    anonymous = make_source(key="")
    version = fetch(anonymous, str(HARBOR))
    assert anonymous.resolve_file(version, version.files[0]).headers == {}


def test_a_wrong_key_is_noticed_when_asked_who_it_belongs_to(make_source: MakeSource) -> None:
    with pytest.raises(SourceNeedsLogin):
        make_source(key="wrong-key-wrong-key").fetch_account_name()


@pytest.mark.parametrize("control", ["Generation", "InternalGeneration", "ExternalGeneration", "SomethingNew"])
def test_a_version_for_generation_only_is_not_asked_for(
    fake_world: FakeWorld, source: CivitaiSource, control: str
) -> None:
    fake_world.library.models[LANTERN].versions[0].usage_control = control
    version = fetch(source, str(LANTERN))
    with pytest.raises(SourceForbidden) as error:
        source.resolve_file(version, version.files[0])
    assert error.value.error_code == "SOURCE_DOWNLOADS_DISABLED"


def test_an_archived_model_is_told_as_gone_with_all_that_is_known_of_it(
    fake_world: FakeWorld, source: CivitaiSource
) -> None:
    model = fake_world.add_model("Old Pier", tags=["pier"])
    before = fetch(source, str(model.model_id))
    model.facts["mode"] = "Archived"
    version = fetch(source, str(model.model_id))
    assert (version.model_name, version.tags, version.files) == ("Old Pier", ("pier",), ())
    with pytest.raises(SourceGone):
        source.resolve_file(version, before.files[0])


def test_a_new_version_that_its_own_endpoint_does_not_know_yet_is_found_with_its_model(
    fake_world: FakeWorld, source: CivitaiSource
) -> None:
    model = fake_world.add_model("Fresh Paint")
    model.versions[0].is_indexed = False
    assert fetch(source, fake_world.page_url(model)).model_name == "Fresh Paint"
    assert fetch(source, fake_world.page_url(model, version=0)).model_name == "Fresh Paint"


def test_a_hidden_model_whose_version_is_known_is_told_without_its_author(
    fake_world: FakeWorld, source: CivitaiSource
) -> None:
    model = fake_world.add_model("Hidden Cove")
    model.is_published = False
    version = fetch(source, f"{fake_world.api_url}/model-versions/{model.versions[0].version_id}")
    assert (version.model_name, version.creator) == ("Hidden Cove", None)


@pytest.mark.parametrize("text", ["77", "civitai:77", "civitai:9000301@78", "{api}/model-versions/78"])
def test_what_civitai_does_not_know_is_not_found_and_never_called_deleted(
    fake_world: FakeWorld, source: CivitaiSource, text: str
) -> None:
    with pytest.raises(SourceNotFound) as error:
        fetch(source, text.format(api=fake_world.api_url))
    assert "deleted" not in error.value.message


def test_a_number_that_may_be_a_versions_is_explained(source: CivitaiSource) -> None:
    with pytest.raises(SourceNotFound, match=r"civitai\.com/model-versions/9100302"):
        fetch(source, "9100302")


def test_a_model_without_versions_says_so(fake_world: FakeWorld, source: CivitaiSource) -> None:
    fake_world.add_model("Empty Harbour", versions=0)
    with pytest.raises(SourceNotFound, match="lists no version"):
        fetch(source, "5000001")


def test_all_versions_of_a_model_come_with_one_request(fake_world: FakeWorld, source: CivitaiSource) -> None:
    versions = source.fetch_model_versions(str(LANTERN))
    assert [version.version_name for version in versions] == ["v3.0", "v2.0", "v1.0"]
    assert len(fake_world.requests) == 1


def test_a_library_is_looked_up_by_hash_in_one_lookup_and_a_batch_per_hundred_hits(
    fake_world: FakeWorld, source: CivitaiSource
) -> None:
    models = [fake_world.add_model(f"Model {number}", size_bytes=2000) for number in range(120)]
    known = [model.versions[0].files[0].payload.sha256 for model in models]
    unknown = [hashlib.sha256(bytes([number])).hexdigest() for number in range(200)]
    found = source.fetch_versions_by_sha256([*known, *unknown, "not a hash"])
    assert {digest: version.model_name for digest, version in found.items()} == {
        digest: f"Model {number}" for number, digest in enumerate(known)
    }
    assert [request.path.rpartition("/")[2] for request in fake_world.requests] == ["ids", "by-hash", "by-hash"]


def test_the_file_that_was_looked_up_by_hash_is_the_primary_one(fake_world: FakeWorld, source: CivitaiSource) -> None:
    files = fake_world.library.models[HARBOR].versions[0].files[:3]
    found = source.fetch_versions_by_sha256([file.payload.sha256.upper() for file in files])
    for file in files:
        assert primary_name(found[file.payload.sha256]) == file.facts["name"]


def test_of_several_versions_with_the_same_file_the_first_published_counts(
    fake_world: FakeWorld, source: CivitaiSource
) -> None:
    payload = fake_world.library.models[LANTERN].versions[1].files[0].payload
    fake_world.add_model("Copycat", payload=payload)
    found = source.fetch_versions_by_sha256([payload.sha256])
    assert found[payload.sha256].model_name == "Paper Lantern Style"


def test_a_version_all_of_whose_files_are_hidden_is_passed_over(fake_world: FakeWorld, source: CivitaiSource) -> None:
    model = fake_world.add_model("Shuttered")
    model.versions[0].files[0].is_public = False
    assert source.fetch_versions_by_sha256([model.versions[0].files[0].payload.sha256]) == {}


def test_looking_up_nothing_asks_nothing(fake_world: FakeWorld, source: CivitaiSource) -> None:
    assert source.fetch_versions_by_sha256([]) == {}
    assert fake_world.requests == []


def test_authors_and_tags_are_added_for_a_hundred_models_at_once(fake_world: FakeWorld, source: CivitaiSource) -> None:
    hashes = [file.payload.sha256 for file in fake_world.library.models[HARBOR].versions[0].files[:2]]
    found = source.fetch_versions_by_sha256(hashes)
    completed = source.add_model_facts([found[digest] for digest in hashes])
    assert [version.creator for version in completed] == ["harbor_fog", "harbor_fog"]
    assert [primary_name(version) for version in completed] == [primary_name(found[digest]) for digest in hashes]
    assert len(fake_world.requests_to("api", "/api/v1/models")) == 1


def test_all_other_versions_of_models_come_with_their_facts(fake_world: FakeWorld, source: CivitaiSource) -> None:
    known = fetch(source, f"civitai:{LANTERN}@9100302")
    fake_world.requests.clear()
    (completed,), others = source.fetch_with_siblings([known])
    assert completed.version_id == known.version_id
    assert [(version.version_name, version.creator) for version in others] == [
        ("v3.0", known.creator),
        ("v1.0", known.creator),
    ]
    kept = [json.loads(zlib.decompress(version.raw)) for version in others]
    assert [body["version"]["name"] for body in kept] == ["v3.0", "v1.0"]
    assert [body["model"]["modelVersions"] for body in kept] == [[], []]
    assert len(fake_world.requests) == 1


def test_weights_that_another_file_of_the_same_short_hash_has_are_no_match(
    fake_world: FakeWorld, source: CivitaiSource
) -> None:
    payload = fake_world.add_model().versions[0].files[0].payload
    assert source.find_version_by_hash(AskedHash.AUTOV3, "0" * 12) is None
    assert source.find_version_by_hash(AskedHash.AUTOV3, payload.sha256[:12]) is None
    found = source.find_version_by_hash(AskedHash.AUTOV3, payload.hashes["AutoV3"].lower())
    assert found is not None
    assert found.model_name == "Quiet Harbour"


def test_a_version_is_known_as_long_as_its_own_page_is(fake_world: FakeWorld, source: CivitaiSource) -> None:
    (version,) = fake_world.add_model().versions
    assert source.knows_version(str(version.version_id))
    version.is_indexed = False
    assert not source.knows_version(str(version.version_id))


def test_a_model_the_list_misses_keeps_what_was_known(fake_world: FakeWorld, source: CivitaiSource) -> None:
    version = fetch(source, str(LANTERN))
    fake_world.unlisted.add(LANTERN)
    assert source.add_model_facts([version]) == (version,)


def test_an_answer_too_large_for_a_hundred_versions_is_asked_for_in_halves(make_source: MakeSource) -> None:
    sizes: list[int] = []

    def answer(request: Request) -> Reply:
        hashes = json.loads(request.body)
        if request.path.endswith("/ids"):
            return json_reply(200, [{"modelVersionId": 1, "modelId": 1, "hash": digits} for digits in hashes])
        sizes.append(len(hashes))
        padding = "x" * (12 << 20) if len(hashes) > 1 else ""
        return json_reply(
            200, [{"id": 1, "files": [{"id": 1, "hashes": {"SHA256": d}}], "description": padding} for d in hashes]
        )

    server = LoopbackServer("huge", answer)
    server.start()
    hashes = [hashlib.sha256(bytes([number])).hexdigest() for number in range(4)]
    assert set(make_source(server.origin).fetch_versions_by_sha256(hashes)) == set(hashes)
    assert sizes == [4, 2, 2]
    server.close()


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "reply", "status": 401, "text": '{"error":"Unauthorized"}'}, SourceNeedsLogin),
        (
            {"kind": "reply", "status": 403, "text": "error code: 1010", "headers": {"Content-Type": "text/plain"}},
            SourceForbidden,
        ),
        ({"kind": "reply", "status": 410, "text": '{"error":"gone"}'}, SourceGone),
        ({"kind": "reply", "status": 451, "text": '{"error":"region","code":"REGION_BLOCKED"}'}, SourceForbidden),
        ({"kind": "reply", "status": 429, "text": "error code: 1015"}, SourceRateLimited),
        ({"kind": "reply", "status": 500, "text": '{"message":"x","error":"y"}'}, SourceUnavailable),
        (
            {"kind": "reply", "status": 524, "text": "<html>", "headers": {"Content-Type": "text/html"}},
            SourceUnavailable,
        ),
        ({"kind": "reply", "status": 400, "text": '{"error":{"name":"ZodError","message":"[]"}}'}, SourceBroken),
        ({"kind": "html"}, SourceBroken),
        ({"kind": "empty"}, SourceBroken),
        ({"kind": "truncated_json"}, SourceBroken),
        ({"kind": "drop"}, SourceUnavailable),
    ],
)
def test_each_way_of_failing_is_a_state_of_its_own(
    fake_world: FakeWorld, source: CivitaiSource, fault: dict[str, Any], kind: type[SourceError]
) -> None:
    fake_world.fault(**fault, server="api", times=None)
    with pytest.raises(SourceError) as error:
        fetch(source, str(LANTERN))
    assert type(error.value) is kind


def test_passing_trouble_is_waited_out(fake_world: FakeWorld, source: CivitaiSource, clock: Clock) -> None:
    fake_world.fault("reply", server="api", status=503, text="<html>", headers={"Content-Type": "text/html"})
    fake_world.fault("drop", server="api", skip=1)
    assert fetch(source, str(LANTERN)).model_name == "Paper Lantern Style"
    assert sum(clock.slept) >= 3


@pytest.mark.parametrize(
    ("asked", "least"),
    [("2", 2.0), ("Tue, 01 Sep 2026 12:00:20 GMT", 20.0), ("soon", 1.0), (None, 1.0)],
)
def test_a_pause_that_civitai_asks_for_is_kept(
    fake_world: FakeWorld, source: CivitaiSource, clock: Clock, asked: str | None, least: float
) -> None:
    headers = {"Retry-After": asked} if asked else {}
    fake_world.fault("reply", server="api", status=429, text="error code: 1015", headers=headers)
    assert fetch(source, str(LANTERN)).model_name == "Paper Lantern Style"
    assert least <= sum(clock.slept) <= least + 1


def test_a_pause_too_long_to_wait_for_is_reported_at_once(
    fake_world: FakeWorld, source: CivitaiSource, clock: Clock
) -> None:
    fake_world.fault("reply", server="api", status=429, headers={"Retry-After": "1500"}, times=None)
    with pytest.raises(SourceRateLimited) as error:
        fetch(source, str(LANTERN))
    assert (error.value.retry_after_seconds, clock.slept, len(fake_world.requests)) == (1500.0, [], 1)


def test_asking_too_deep_a_page_is_never_tried_again(fake_world: FakeWorld, source: CivitaiSource) -> None:
    text = json.dumps({"error": "You've requested too many pages, please use cursors instead"})
    fake_world.fault("reply", server="api", status=429, text=text, times=None)
    with pytest.raises(SourceBroken):
        fetch(source, str(LANTERN))
    assert len(fake_world.requests) == 1


def test_a_server_that_is_not_there_means_offline(make_source: MakeSource) -> None:
    server = LoopbackServer("closed", lambda _request: json_reply(200, {}))
    server.start()
    server.close()
    with pytest.raises(SourceOffline, match="internet connection"):
        fetch(make_source(server.origin), str(LANTERN))


def test_an_answer_with_huge_workflows_and_descriptions_is_survived(
    fake_world: FakeWorld, source: CivitaiSource
) -> None:
    model = fake_world.add_model("Novel", description="<p>" + "word " * 1_000_000 + "</p>")
    model.versions[0].facts["images"][0]["meta"] = {"comfy": "x" * 1_000_000, "prompt": "a pier", "seed": 10**40}
    version = fetch(source, str(model.model_id))
    assert len(version.description_html or "") < 600_000
    assert version.images[0].prompt == "a pier"
