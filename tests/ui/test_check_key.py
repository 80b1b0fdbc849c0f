"""Whether a key works is known before a download needs it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.app_bench import AppBench, settings_of
from tests.support.fake_world.hugging_face import GOOD_TOKEN
from tests.support.fake_world.world import GOOD_KEY, FakeWorld

MakeApp = Callable[..., AppBench]
KEYS = [("civitai", "civitai_api_key", GOOD_KEY), ("huggingface", "huggingface_token", GOOD_TOKEN)]


@pytest.fixture
def app(make_app: MakeApp, fake_world: FakeWorld) -> AppBench:
    return make_app(huggingface_base_url=fake_world.urls["huggingface"], **settings_of(fake_world))


@pytest.mark.parametrize(("source", "setting", "key"), KEYS)
def test_a_good_key_names_its_account_and_goes_to_its_own_source_alone(
    app: AppBench, fake_world: FakeWorld, source: str, setting: str, key: str
) -> None:
    app.request("PATCH", "/api/settings", 200, json={"values": {setting: key}})
    assert app.post("/api/settings/check-key", {"source": source}) == {"source": source, "account": "tester"}
    assert fake_world.list_leaks() == []


@pytest.mark.parametrize(("source", "setting", "key"), KEYS)
def test_a_wrong_key_is_said_to_be_wrong(app: AppBench, source: str, setting: str, key: str) -> None:
    app.request("PATCH", "/api/settings", 200, json={"values": {setting: key[:-1] + "x"}})
    body = app.post("/api/settings/check-key", {"source": source}, status=502)
    assert body["code"] == "SOURCE_NEEDS_LOGIN"
    assert key[:-1] not in body["error"]


@pytest.mark.parametrize("source", ["civitai", "huggingface"])
def test_a_key_that_is_missing_is_named(app: AppBench, fake_world: FakeWorld, source: str) -> None:
    body = app.post("/api/settings/check-key", {"source": source}, status=400)
    assert body["code"] == "NO_KEY"
    assert fake_world.requests == []


def test_only_sources_with_accounts_are_asked(app: AppBench) -> None:
    app.post("/api/settings/check-key", {"source": "elsewhere"}, status=422)
