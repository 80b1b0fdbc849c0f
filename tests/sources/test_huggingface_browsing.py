"""Looking around on Hugging Face."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sd_model_manager.domain.browsing import BrowseSort, BrowseWish
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.lib.errors import SourceBroken, SourceRateLimited
from sd_model_manager.lib.throttle import HostThrottle
from sd_model_manager.sources.huggingface.browsing import find_next_cursor
from sd_model_manager.sources.huggingface.source import HuggingFaceSource
from tests.support.fake_world import FakeWorld, make_raw, make_safetensors

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def source(fake_world: FakeWorld) -> Iterator[HuggingFaceSource]:
    throttle = HostThrottle(per_second=1000, sleep=lambda _seconds: None)
    made = HuggingFaceSource(fake_world.urls["huggingface"], throttle=throttle)
    yield made
    made.close()


def add(fake_world: FakeWorld, name: str, file: str = "model.safetensors", **facts: Any) -> None:
    fake_world.hugging_face.add(name, {file: make_safetensors()}, facts=facts)


def browse(source: HuggingFaceSource, **wish: Any) -> list[str]:
    return [model.model_id for model in source.browse(BrowseWish(**wish)).models]


def test_a_found_repository_says_what_a_card_shows_and_what_downloads_it(
    source: HuggingFaceSource, fake_world: FakeWorld
) -> None:
    tags = ["lora", "base_model:lab/flux-1", "base_model:adapter:lab/flux-1"]
    add(fake_world, "harbor-fog/mix", tags=tags, downloads=70, likes=4, gated="auto")
    (model,) = source.browse(BrowseWish(words="mix")).models
    assert (model.name, model.creator, model.model_type) == ("mix", "harbor-fog", ModelType.LORA)
    assert (model.base_models, model.downloads, model.likes) == (("flux-1",), 70, 4)
    assert [caution.code for caution in model.warnings] == ["GATED"]
    reference = source.recognise(model.link)
    assert reference is not None
    assert reference.model_id == "harbor-fog/mix"


def test_words_author_and_tag_narrow(source: HuggingFaceSource, fake_world: FakeWorld) -> None:
    add(fake_world, "harbor-fog/mix", tags=["sea"])
    add(fake_world, "inkwell/mix")
    assert browse(source, words="harbor") == ["harbor-fog/mix"]
    assert browse(source, creator="inkwell") == ["inkwell/mix"]
    assert browse(source, tag="sea") == ["harbor-fog/mix"]


def test_who_looks_for_nothing_in_particular_is_shown_what_makes_pictures(
    source: HuggingFaceSource, fake_world: FakeWorld
) -> None:
    add(fake_world, "lab/chat", pipeline_tag="text-generation")
    add(fake_world, "lab/paint")
    assert browse(source) == ["lab/paint"]
    assert browse(source, words="chat") == ["lab/chat"]


def test_repositories_without_a_model_file_are_left_out(source: HuggingFaceSource, fake_world: FakeWorld) -> None:
    fake_world.hugging_face.add("lab/words", {"README.md": make_raw(10)})
    add(fake_world, "lab/closed", disabled=True)
    assert browse(source) == []


def test_the_next_page_is_that_of_the_link_header(source: HuggingFaceSource, fake_world: FakeWorld) -> None:
    for number in range(3):
        add(fake_world, f"lab/paint-{number}", likes=number)
    first = source.browse(BrowseWish(sort=BrowseSort.LIKES, limit=2))
    second = source.browse(BrowseWish(sort=BrowseSort.LIKES, limit=2, cursor=first.next_cursor))
    names = [model.name for page in (first, second) for model in page.models]
    assert names == ["paint-2", "paint-1", "paint-0"]
    assert second.next_cursor is None


@pytest.mark.parametrize(
    ("link", "cursor"),
    [
        ('<https://huggingface.co/api/models?limit=2&cursor=eyJ%3D>; rel="next"', "eyJ="),
        ('<https://huggingface.co/api/models?limit=2>; rel="next"', None),
        ('<https://huggingface.co/api/models?cursor=1>; rel="prev"', None),
        ("", None),
    ],
)
def test_a_link_header_names_a_cursor_or_none(link: str, cursor: str | None) -> None:
    assert find_next_cursor(link) == cursor


def test_mature_repositories_are_told_by_their_tag(source: HuggingFaceSource, fake_world: FakeWorld) -> None:
    add(fake_world, "lab/adult", tags=["not-for-all-audiences"])
    (model,) = source.browse(BrowseWish(words="adult")).models
    assert model.nsfw_level == 8


def test_an_answer_that_is_no_list_is_said_to_be_broken(source: HuggingFaceSource, fake_world: FakeWorld) -> None:
    fake_world.fault("reply", server="huggingface", status=200, headers=JSON, text="{}")
    with pytest.raises(SourceBroken, match="list"):
        source.browse(BrowseWish())


def test_a_pause_that_is_asked_for_says_how_long(source: HuggingFaceSource, fake_world: FakeWorld) -> None:
    headers = {**JSON, "ratelimit": '"api";r=0;t=255'}
    fake_world.fault("reply", server="huggingface", status=429, headers=headers, text="{}")
    with pytest.raises(SourceRateLimited) as error:
        source.browse(BrowseWish())
    assert error.value.retry_after_seconds == 255
