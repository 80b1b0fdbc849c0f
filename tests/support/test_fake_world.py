"""The fake Civitai answers as the recorded answers of the real one do, and breaks as it is told to."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.support.fake_world import BRUSH, GOOD_KEY, HARBOR, LANTERN, FakeModel, FakeWorld
from tests.support.fake_world.library import FIXTURES
from tests.support.fake_world.payloads import from_recipe, make_raw, make_safetensors

AGENT = {"User-Agent": "SDModelManager/test"}
KEY = {"Authorization": f"Bearer {GOOD_KEY}"}
CASES = {case["case"]: case for case in json.loads((FIXTURES / "download_endpoint_cases.json").read_text("utf-8"))}


@dataclass(frozen=True)
class Got:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@pytest.fixture
def world() -> Iterator[FakeWorld]:
    with FakeWorld() as made:
        yield made


def ask(url: str, headers: dict[str, str] | None = None, *, method: str = "GET", body: bytes | None = None) -> Got:
    """One request on one connection; a body cut short gives what arrived."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, body, headers=AGENT | (headers or {}))
        answer = connection.getresponse()
        try:
            content = answer.read()
        except http.client.IncompleteRead as cut:
            content = cut.partial
        return Got(answer.status, {name.lower(): text for name, text in answer.getheaders()}, content)
    finally:
        connection.close()


def locate(world: FakeWorld, model: FakeModel, headers: dict[str, str] | None = None) -> str:
    version = model.versions[0]
    url = f"{world.api_url}/api/download/models/{version.version_id}?fileId={version.files[0].file_id}"
    return ask(url, headers).headers["location"]


def fixture(name: str, world: FakeWorld) -> Any:
    text = (FIXTURES / name).read_text("utf-8")
    text = text.replace("https://civitai.com", world.api_url).replace("https://image.civitai.com", world.urls["images"])
    return json.loads(text)


def keys_of(content: Any, path: str = "") -> set[str]:
    """Every key with where it stands; what was recorded of pictures' free-form `meta` does not count."""
    if isinstance(content, list):
        return set().union(*(keys_of(entry, f"{path}[]") for entry in content)) if content else set()
    if not isinstance(content, dict) or path.endswith(("meta", "metadata", "stats")):
        return set()
    return {f"{path}.{key}" for key in content}.union(
        *(keys_of(fact, f"{path}.{key}") for key, fact in content.items())
    )


@pytest.mark.parametrize("name", ["model_detail_lora_3_versions.json", "model_detail_checkpoint_multifile.json"])
def test_a_models_answer_is_the_recorded_one(world: FakeWorld, name: str) -> None:
    recorded = fixture(name, world)
    assert ask(f"{world.api_url}/api/v1/models/{recorded['id']}").json == recorded


def test_a_versions_answer_has_the_recorded_keys(world: FakeWorld) -> None:
    recorded = fixture("model_version_by_hash_checkpoint_multifile.json", world)
    assert keys_of(ask(f"{world.api_url}/api/v1/model-versions/9100401").json) == keys_of(recorded)


@pytest.mark.parametrize("case", ["model not found", "model id not a number", "model id out of range", "version id 0",
                                  "version not found / unpublished / unknown hash", "query with page", "page too deep",
                                  "favorites/hidden without login", "unknown username filter", "malformed cursor",
                                  "me without / with bad token", "wrong method on mixed/authed endpoint"])  # fmt: skip
def test_errors_are_the_recorded_ones(world: FakeWorld, case: str) -> None:
    recorded = next(e for e in json.loads((FIXTURES / "errors.json").read_text("utf-8")) if e["case"] == case)
    got = ask(world.api_url + recorded["path"], method=recorded["method"])
    assert (got.status, got.json) == (recorded["status"], recorded["body"])


def test_an_unknown_path_is_an_html_404_and_a_refused_program_gets_a_bare_code(world: FakeWorld) -> None:
    assert ask(f"{world.api_url}/api/v1/models-versions/by-hash/AA").headers["content-type"].startswith("text/html")
    refused = ask(f"{world.api_url}/api/v1/models", {"User-Agent": "Python-urllib/3.11"})
    assert (refused.status, refused.body) == (403, b"error code: 1010")


def test_the_list_shows_safe_models_unless_asked_and_leads_on_by_cursor(world: FakeWorld) -> None:
    def ids(query: str) -> list[int]:
        return [item["id"] for item in ask(f"{world.api_url}/api/v1/models?{query}").json["items"]]

    assert HARBOR in ids("nsfw=true")
    world.library.models[HARBOR].facts["nsfwLevel"] = 28
    assert HARBOR not in ids("")
    first = ask(f"{world.api_url}/api/v1/models?limit=1&nsfw=true").json
    second = ask(first["metadata"]["nextPage"]).json
    assert [item["id"] for item in (*first["items"], *second["items"])] == [HARBOR, LANTERN]
    assert ids("baseModels=Pony&nsfw=true") == [LANTERN]
    assert ids("tag=unheard-of") == ids("")
    assert ids(f"ids={BRUSH},{LANTERN}") == [LANTERN, BRUSH]


def test_the_next_page_repeats_the_query_with_its_token(world: FakeWorld) -> None:
    answer = ask(f"{world.api_url}/api/v1/models?limit=1&token={GOOD_KEY}").json
    assert f"token={GOOD_KEY}" in answer["metadata"]["nextPage"]


def test_a_comma_list_of_types_is_one_invalid_type(world: FakeWorld) -> None:
    assert ask(f"{world.api_url}/api/v1/models?types=LORA,DoRA").status == 400
    assert ask(f"{world.api_url}/api/v1/models?types=LORA&types=DoRA").status == 200


def test_batches_by_hash_drop_what_is_unknown_and_repeat_a_version_per_file(world: FakeWorld) -> None:
    wanted = json.loads((FIXTURES / "batch_by_hash_request.json").read_text("utf-8"))
    url, header = f"{world.api_url}/api/v1/model-versions/by-hash", {"Content-Type": "application/json"}
    body = json.dumps(wanted).encode()
    recorded = fixture("batch_by_hash_response.json", world)
    got = ask(url, header, method="POST", body=body).json
    assert sorted(version["id"] for version in got) == sorted(version["id"] for version in recorded)
    hits = ask(f"{url}/ids", header, method="POST", body=body).json
    assert sorted(map(str, hits)) == sorted(map(str, fixture("batch_by_hash_ids_response.json", world)))
    assert ask(url, method="POST", body=body).status == 400
    assert ask(url, header, method="POST", body=b'["ab"]').status == 400
    assert ask(url, header, method="POST", body=json.dumps([wanted[0]] * 101).encode()).status == 400
    assert ask(url).status == 400


def test_json_comes_compressed_to_whoever_accepts_it(world: FakeWorld) -> None:
    got = ask(f"{world.api_url}/api/v1/models/{LANTERN}", {"Accept-Encoding": "gzip"})
    assert got.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(got.body))["id"] == LANTERN


def refused(world: FakeWorld, headers: dict[str, str] | None = None, version_id: int = 9100302) -> Got:
    return ask(f"{world.api_url}/api/download/models/{version_id}?fileId=9200302", headers)


def is_as_recorded(got: Got, case: str) -> bool:
    return (got.status, got.json) == (CASES[case]["status"], CASES[case]["body"])


def test_downloads_are_refused_in_the_recorded_words_and_order(world: FakeWorld) -> None:
    version = world.library.models[LANTERN].versions[1]
    world.login_required = True
    assert is_as_recorded(refused(world), "no token, non-browser UA")
    assert refused(world, {"User-Agent": "Mozilla/5.0"}).headers["location"].startswith("/login?reason=download-auth")
    assert refused(world, {"Authorization": "Bearer wrong"}).status == 401
    version.is_private = True
    assert is_as_recorded(refused(world, KEY), "logged in but no grant (private etc.)")
    version.facts["paidAccess"] = {"permanent": False, "endsAt": "2099-06-25T18:02:44.120Z"}
    assert is_as_recorded(refused(world, KEY), "early access / paid, not bought, non-browser UA")
    version.facts["paidAccess"] = {"permanent": True, "endsAt": None}
    assert is_as_recorded(refused(world, KEY), "paid permanent, not bought (deadline key absent)")
    version.usage_control = "Generation"
    assert is_as_recorded(refused(world, KEY), "downloads disabled (usageControl != Download)")
    world.library.models[LANTERN].facts["mode"] = "Archived"
    assert is_as_recorded(refused(world, KEY), "archived model")
    world.quota = 0
    assert is_as_recorded(refused(world, KEY), "download quota")
    world.accounts[GOOD_KEY].is_banned = True
    assert is_as_recorded(refused(world, KEY), "blacklisted")
    world.quota, world.accounts[GOOD_KEY].is_banned = None, False
    unknown = "unknown / deleted / unpublished / selector mismatch / storage resolve failure"
    assert is_as_recorded(refused(world, KEY, version_id=5), unknown)


def test_a_bought_version_is_given_out(world: FakeWorld) -> None:
    version = world.library.models[LANTERN].versions[0]
    url = f"{world.api_url}/api/download/models/{version.version_id}"
    assert ask(url, KEY).status == 403
    world.accounts[GOOD_KEY].bought.add(version.version_id)
    assert ask(url, KEY).status == 307


def test_without_an_id_the_users_preferences_choose_the_file(world: FakeWorld) -> None:
    url = f"{world.api_url}/api/download/models/9100401"
    assert "harborFogMixv20safetensors" in ask(url, KEY).headers["location"]
    world.accounts[GOOD_KEY].prefers["fp"] = "fp8"
    assert "harborFogMixv20Fp8" in ask(url, KEY).headers["location"]
    assert "tidewater" in ask(f"{url}?type=VAE&format=SafeTensor").headers["location"]
    assert ask(f"{url}?fileId=9209901").status == 404
    assert ask(f"{url}?type=Model&format=ONNX").status == 404
    assert ask(f"{url}?format=zip").status == 400


@pytest.mark.parametrize("backend", ["r2", "b2"])
def test_storage_serves_ranges_of_the_true_bytes(world: FakeWorld, backend: Any) -> None:
    world.backend = backend
    model = world.add_model(size_bytes=700_000)
    payload = model.versions[0].files[0].payload
    url = locate(world, model)
    whole = ask(url)
    assert (whole.status, hashlib.sha256(whole.body).hexdigest()) == (200, payload.sha256)
    part = ask(url, {"Range": "bytes=1000-1999"})
    assert (part.status, part.body) == (206, payload.read(1000, 1000))
    assert part.headers["content-range"] == f"bytes 1000-1999/{payload.size_bytes}"
    assert ask(url, {"Range": f"bytes={payload.size_bytes - 5}-"}).body == payload.read(payload.size_bytes - 5, 5)
    beyond = ask(url, {"Range": f"bytes={payload.size_bytes}-"})
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{payload.size_bytes}")
    assert ask(url, {"Range": "bytes=-5"}).status == 200
    assert ask(url, {"Range": "bytes=0-1,5-6"}).status == 200
    assert ask(url, {"Range": "bytes=5-9", "If-Range": '"other"'}).status == 200
    assert ask(url, method="HEAD").status == (403 if backend == "r2" else 200)
    assert ("etag" in whole.headers) is (backend == "r2")


def test_a_storage_link_is_signed_and_tolerates_no_other_credentials(world: FakeWorld) -> None:
    model = world.add_model()
    url = locate(world, model)
    recorded = CASES["storage: Authorization header sent to a signed R2 URL"]
    got = ask(url, KEY)
    assert (got.status, got.body.decode()) == (400, recorded["body_text"])
    assert len(world.list_leaks()) == 2
    assert ask(url.replace("X-Amz-Signature=", "X-Amz-Signature=1")).status == 403
    world.storage.expire_links()
    expired = ask(url)
    assert (expired.status, expired.body.decode()) == (403, CASES["storage: R2 URL expired"]["body_text"])
    world.storage.one_time = True
    again = locate(world, model)
    assert [ask(again).status, ask(again).status] == [200, 403]


def served(world: FakeWorld, kind: str, **options: Any) -> tuple[Got, bytes]:
    model = world.add_model(size_bytes=600_000)
    url = locate(world, model)
    world.fault(kind, **options)
    payload = model.versions[0].files[0].payload
    return ask(url, {"Range": "bytes=1000-"}), payload.read(1000, payload.size_bytes)


def test_a_transfer_can_be_cut_short(world: FakeWorld) -> None:
    got, expected = served(world, "cut", after_bytes=300_001)
    assert got.body == expected[:300_001]
    assert int(got.headers["content-length"]) == len(expected)


def test_a_transfer_can_be_reset(world: FakeWorld) -> None:
    with pytest.raises(ConnectionError):
        served(world, "reset", after_bytes=300_001)


def test_a_transfer_can_be_held_and_let_go_on(world: FakeWorld) -> None:
    done: list[bool] = []

    def fetch() -> None:
        got, expected = served(world, "hold", after_bytes=5)
        done.append(got.body == expected)

    thread = threading.Thread(target=fetch)
    thread.start()
    assert world.storage.held.wait(20)
    assert done == []
    world.storage.gate.set()
    thread.join()
    assert done == [True]


@pytest.mark.parametrize(
    ("fault", "status", "header"),
    [
        ({"kind": "ignore_range"}, 200, {}),
        ({"kind": "wrong_offset"}, 206, {"content-range": "bytes 999-"}),
        ({"kind": "total_off", "amount": 7}, 206, {}),
        ({"kind": "no_length"}, 206, {"transfer-encoding": "chunked"}),
        ({"kind": "gzip"}, 200, {"content-encoding": "gzip"}),
        ({"kind": "expired"}, 403, {"content-type": "application/xml"}),
        ({"kind": "json_error"}, 200, {"content-type": "application/json"}),
        ({"kind": "html"}, 200, {"content-type": "text/html"}),
        ({"kind": "empty"}, 200, {"content-length": "0"}),
        ({"kind": "reply", "status": 503, "headers": {"Retry-After": "2"}}, 503, {"retry-after": "2"}),
    ],
)
def test_storage_can_answer_wrongly(
    world: FakeWorld, fault: dict[str, Any], status: int, header: dict[str, str]
) -> None:
    got, _ = served(world, **fault)
    assert got.status == status
    for name, start in header.items():
        assert got.headers[name].startswith(start)


@pytest.mark.parametrize(("amount", "arrived"), [(-100, -100), (100, 0)])
def test_content_length_can_be_off(world: FakeWorld, amount: int, arrived: int) -> None:
    got, expected = served(world, "length_off", amount=amount)
    assert int(got.headers["content-length"]) == len(expected) + amount
    assert len(got.body) == len(expected) + arrived


def test_one_wrong_byte_can_be_served_and_only_as_often_as_asked(world: FakeWorld) -> None:
    model = world.add_model(size_bytes=600_000)
    payload = model.versions[0].files[0].payload
    world.fault("corrupt", after_bytes=400_000, times=1)
    first, second = ask(locate(world, model)).body, ask(locate(world, model)).body
    assert [index for index, byte in enumerate(first) if byte != second[index]] == [400_000]
    assert hashlib.sha256(second).hexdigest() == payload.sha256


def test_an_etag_can_change_between_two_parts(world: FakeWorld) -> None:
    model = world.add_model()
    world.fault("changed_etag", skip=1)
    tags = [ask(locate(world, model)).headers["etag"] for _ in range(3)]
    assert tags[0] != tags[1]
    assert tags[0] == tags[2]


def test_the_site_can_be_dropped_redirected_or_name_the_wrong_host(world: FakeWorld) -> None:
    world.fault("drop", server="api")
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        ask(f"{world.api_url}/api/v1/models")
    world.fault("redirect", server="api", path="/download/", text="http://169.254.169.254/x")
    version = world.library.models[HARBOR].versions[0]
    got = ask(f"{world.api_url}/api/download/models/{version.version_id}")
    assert got.headers["location"] == "http://169.254.169.254/x"
    world.fault("undefined_host", server="api")
    file = ask(f"{world.api_url}/api/v1/model-versions/9100302").json["files"][0]
    assert file["downloadUrl"].startswith("https://undefined/")


def test_back_ends_can_alternate(world: FakeWorld) -> None:
    world.backend = "alternate"
    model = world.add_model()
    hosts = [urlsplit(locate(world, model)).port for _ in range(2)]
    assert hosts == [urlsplit(world.urls[name]).port for name in ("storage-r2", "storage-b2")]


def test_names_are_announced_as_a_test_wants_them(world: FakeWorld) -> None:
    model = world.add_model()
    for disposition in ("attachment; filename*=UTF-8''h%C3%A4fen.safetensors", 'attachment; filename="../../x"'):
        world.storage.disposition = disposition
        assert ask(locate(world, model)).headers["content-disposition"] == disposition
    world.storage.disposition = None
    assert "content-disposition" not in ask(locate(world, model)).headers


def test_previews_are_real_pictures_of_the_width_asked_for(world: FakeWorld) -> None:
    image = ask(f"{world.api_url}/api/v1/models/{LANTERN}").json["modelVersions"][0]["images"][0]["url"]
    for url, width in ((image, 832), (image.replace("original=true", "width=96,optimized=true"), 96)):
        got = ask(url)
        assert Image.open(io.BytesIO(got.body)).size == (width, width * 3 // 2)
        assert got.headers["content-type"] == "image/jpeg"


def test_the_recipes_yield_the_recorded_hashes() -> None:
    recipes = json.loads((FIXTURES / "payloads.json").read_text("utf-8"))["payloads"]
    assert {name: from_recipe(entry["recipe"]).hashes for name, entry in recipes.items()} == {
        name: entry["hashes"] for name, entry in recipes.items()
    }


def test_made_bytes_are_the_same_however_they_are_read() -> None:
    payload = make_safetensors({"a": ("F16", [700, 900]), "b": ("F32", [3])}, seed=7)
    whole = payload.read(0, payload.size_bytes)
    assert len(whole) == payload.size_bytes
    assert b"".join(payload.chunks(size=70_001)) == whole
    assert make_raw(3_000_000, 1).read(0, 100) != make_raw(3_000_000, 2).read(0, 100)


def test_it_runs_as_a_program_with_switches_over_http() -> None:
    command = [sys.executable, "-m", "tests.support.fake_world", "--add-mib", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            lines = iter(program.stdout.readline, "}\n")
            urls = json.loads("".join(lines) + "}")
            control = f"{urls['api']}/__control"
            body = json.dumps({"name": "Quay", "size_bytes": 5000}).encode()
            made = ask(f"{control}/models", method="POST", body=body).json
            assert ask(f"{urls['api']}/api/v1/models/{made['model_id']}").json["name"] == "Quay"
            fault = json.dumps({"kind": "reply", "server": "api", "status": 503, "times": None}).encode()
            assert ask(f"{control}/faults", method="POST", body=fault).status == 200
            assert ask(f"{urls['api']}/api/v1/models").status == 503
            assert ask(f"{control}/faults", method="DELETE").status == 200
            assert ask(f"{urls['api']}/api/v1/models").status == 200
            assert len(ask(f"{control}/requests").json) == 3
        finally:
            program.terminate()
