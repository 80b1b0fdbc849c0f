from __future__ import annotations

from collections.abc import Iterator

import pytest

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.lib.throttle import HostThrottle
from sd_model_manager.sources.civitai.source import CivitaiSource
from tests.support.fake_world import GOOD_KEY, LANTERN, FakeWorld


@pytest.fixture
def source(fake_world: FakeWorld) -> Iterator[CivitaiSource]:
    made = CivitaiSource(fake_world.api_url, GOOD_KEY, throttle=HostThrottle(per_second=1000))
    yield made
    made.close()


def test_a_page_address_names_the_version_its_creator_put_first(fake_world: FakeWorld, source: CivitaiSource) -> None:
    reference = source.recognise(f"{fake_world.api_url}/models/{LANTERN}/paper-lantern-style")
    assert reference is not None
    version = source.fetch_version(reference)
    assert (version.model_name, version.version_name) == ("Paper Lantern Style", "v3.0")
    assert version.model_type is ModelType.LORA
    assert version.creator == "lantern_maker"
    request = source.resolve_file(version, version.files[0])
    assert request.url == f"{fake_world.api_url}/api/download/models/9100303?fileId=9200303"
    assert request.headers == {"Authorization": f"Bearer {GOOD_KEY}"}
    assert request.expected_size_bytes == 3000144
