"""What every source keeps to, whoever wrote it. A new source adds one line to `EXAMPLES`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sd_model_manager.domain.browsing import BrowseWish
from sd_model_manager.lib.errors import BadInput, SourceError
from sd_model_manager.sources.registry import SOURCES, SourceSettings, build_sources, recognise
from sd_model_manager.sources.source import BrowsableSource, Source
from tests.support.fake_world import GOOD_KEY, LANTERN, FakeWorld, make_raw, make_safetensors
from tests.support.fake_world.fixture import fake_world
from tests.support.fake_world.hugging_face import GOOD_TOKEN

__all__ = ["fake_world"]

EXAMPLES = {
    "civitai": "{api}/models/" + str(LANTERN) + "?modelVersionId=9100302&token=" + GOOD_KEY,
    "huggingface": "{hugging_face}/harbor-fog/mix/blob/main/mix.safetensors?token=" + GOOD_KEY,
    "civarchive": "{civ_archive}/models/9000301?modelVersionId=9100302",
    "url": "https://models.example/files/harbour.safetensors",
}
"""A text that each source recognises, found in the fake world where the source makes requests."""


@pytest.fixture
def sources(fake_world: FakeWorld) -> Iterator[tuple[Source, ...]]:
    fake_world.hugging_face.add("harbor-fog/mix", {"mix.safetensors": make_safetensors(), "mix.ckpt": make_raw(9000)})
    made = build_sources(
        SourceSettings(
            civitai_base_url=fake_world.api_url,
            civitai_api_key=GOOD_KEY,
            huggingface_base_url=fake_world.urls["huggingface"],
            huggingface_token=GOOD_TOKEN,
            civarchive_base_url=fake_world.urls["civarchive"],
        )
    )
    yield made
    for source in made:
        source.close()


@pytest.fixture(params=range(len(SOURCES)), ids=list(EXAMPLES))
def source(request: pytest.FixtureRequest, sources: tuple[Source, ...]) -> Source:
    index: int = request.param
    return sources[index]


@pytest.fixture
def example(source: Source, fake_world: FakeWorld) -> str:
    return EXAMPLES[source.name].format(
        api=fake_world.api_url, hugging_face=fake_world.urls["huggingface"], civ_archive=fake_world.urls["civarchive"]
    )


def test_every_source_has_a_name_of_its_own_and_an_example(sources: tuple[Source, ...]) -> None:
    assert [source.name for source in sources] == list(EXAMPLES)


def test_the_first_source_that_knows_a_text_is_the_one_it_belongs_to(
    source: Source, sources: tuple[Source, ...], example: str
) -> None:
    found, reference = recognise(example, sources)
    assert (found.name, reference.source) == (source.name, source.name)


def test_recognising_asks_nobody_and_keeps_no_key(source: Source, example: str, fake_world: FakeWorld) -> None:
    reference = source.recognise(example)
    assert reference is not None
    assert GOOD_KEY not in repr(reference)
    assert fake_world.requests == []


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80) | st.from_regex(r"(https?|urn|hf)://?[ -~]{0,60}"))
def test_recognising_any_text_gives_a_reference_or_nothing_or_a_reason(source: Source, text: str) -> None:
    try:
        reference = source.recognise(text)
    except BadInput:
        return
    assert reference is None or reference.source == source.name


def test_a_version_names_its_source_and_exactly_one_primary_file(source: Source, example: str) -> None:
    reference = source.recognise(example)
    assert reference is not None
    version = source.fetch_version(reference)
    assert version.source == source.name
    assert version.version_id
    assert version.model_id
    assert version.raw
    assert [file.is_primary for file in version.files].count(True) == 1
    assert len({file.file_id for file in version.files}) == len(version.files)


def test_a_file_is_asked_for_by_an_address_that_holds_no_key(source: Source, example: str) -> None:
    reference = source.recognise(example)
    assert reference is not None
    version = source.fetch_version(reference)
    request = source.resolve_file(version, version.files[0])
    assert request.url.startswith(("https://", "http://127.0.0.1"))
    assert not any(key in request.url + repr(request) for key in (GOOD_KEY, GOOD_TOKEN))


def test_nothing_is_found_by_no_hashes(source: Source) -> None:
    assert source.fetch_versions_by_sha256([]) == {}


def test_whoever_can_be_looked_around_in_says_how_without_asking_anybody(
    sources: tuple[Source, ...], fake_world: FakeWorld
) -> None:
    browsable = [source for source in sources if isinstance(source, BrowsableSource)]
    assert {source.name for source in browsable} == {"civitai", "huggingface"}
    assert all(source.browsing.title and source.browsing.sorts for source in browsable)
    assert fake_world.requests == []


def test_what_is_found_is_of_its_source_and_its_link_leads_to_it_and_holds_no_key(sources: tuple[Source, ...]) -> None:
    for source in (source for source in sources if isinstance(source, BrowsableSource)):
        found = source.browse(BrowseWish(max_level=31)).models
        assert found
        for model in found:
            reference = source.recognise(model.link)
            assert reference is not None
            assert (model.source, reference.model_id) == (source.name, model.model_id)
            assert not any(key in repr(model) for key in (GOOD_KEY, GOOD_TOKEN))


@pytest.mark.parametrize("status", [200, 302, 307, 400, 401, 403, 404, 410, 416, 429, 451, 500, 503, 524])
@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"error":"x"}', b"\xff"])
def test_every_refusal_is_a_source_error_that_says_something(source: Source, status: int, body: bytes) -> None:
    error = source.explain_refusal(status, {"Content-Type": "text/html"}, body)
    assert isinstance(error, SourceError)
    assert error.message.endswith(".")
    if status >= 400:
        assert error.can_retry is (status == 429 or status >= 500)


@pytest.mark.parametrize("text", ["", "  ", "paper lantern", "1@2", "ftp://models.example/x"])
def test_what_no_source_knows_is_bad_input_that_says_what_to_paste(sources: tuple[Source, ...], text: str) -> None:
    with pytest.raises(BadInput, match=r"https"):
        recognise(text, sources)
