"""Looking around on Civitai."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sd_model_manager.domain.browsing import BrowsePeriod, BrowseSort, BrowseWish, FoundName, NamedField
from sd_model_manager.domain.published import PublishedImage
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.lib.errors import SourceNotFound, SourceRateLimited
from sd_model_manager.lib.throttle import HostThrottle
from sd_model_manager.sources.civitai.source import CivitaiSource
from tests.support.fake_world import BRUSH, HARBOR, LANTERN, TIDEWATER, FakeWorld

TAME, ALL = 3, 31


@pytest.fixture
def source(fake_world: FakeWorld) -> Iterator[CivitaiSource]:
    made = CivitaiSource(fake_world.api_url, throttle=HostThrottle(per_second=1000, sleep=lambda _seconds: None))
    yield made
    made.close()


def browse(source: CivitaiSource, **wish: Any) -> list[str]:
    return [model.model_id for model in source.browse(BrowseWish(**wish)).models]


def asked(fake_world: FakeWorld) -> dict[str, list[str]]:
    return fake_world.requests_to("api", "/api/v1/models")[-1].query


def test_a_found_model_says_what_a_card_shows_and_what_downloads_it(source: CivitaiSource) -> None:
    (model,) = source.browse(BrowseWish(words="lantern", max_level=ALL)).models
    assert (model.model_id, model.version_id, model.name) == (str(LANTERN), "9100303", "Paper Lantern Style")
    assert (model.model_type, model.creator, model.downloads) == (ModelType.LORA, "lantern_maker", 12410)
    assert "Illustrious" in model.base_models
    assert [caution.code for caution in model.warnings] == ["EARLY_ACCESS"]
    assert set(model.version_of_sha256.values()) == {"9100301", "9100302", "9100303"}
    reference = source.recognise(model.link)
    assert reference is not None
    assert reference.version_id == model.version_id


def test_words_are_never_sent_with_a_page_but_with_a_cursor(source: CivitaiSource, fake_world: FakeWorld) -> None:
    for number in range(5):
        fake_world.add_model(f"Harbour {number}")
    first = source.browse(BrowseWish(words="harbour", limit=2))
    second = source.browse(BrowseWish(words="harbour", limit=2, cursor=first.next_cursor))
    third = source.browse(BrowseWish(words="harbour", limit=2, cursor=second.next_cursor))
    names = [model.name for page in (first, second, third) for model in page.models]
    assert names == [f"Harbour {number}" for number in range(5)]
    assert third.next_cursor is None
    assert "page" not in asked(fake_world)


def test_an_order_leads_on_by_its_cursor(source: CivitaiSource, fake_world: FakeWorld) -> None:
    fake_world.add_model("Loved").facts["stats"]["downloadCount"] = 10**9
    first = source.browse(BrowseWish(sort=BrowseSort.DOWNLOADS, limit=1))
    second = source.browse(BrowseWish(sort=BrowseSort.DOWNLOADS, limit=1, cursor=first.next_cursor))
    assert [model.name for model in first.models] == ["Loved"]
    assert first.models != second.models


def test_a_type_of_ours_is_asked_for_in_all_words_of_its(source: CivitaiSource, fake_world: FakeWorld) -> None:
    assert browse(source, types=(ModelType.VAE,)) == [str(TIDEWATER)]
    assert browse(source, types=(ModelType.LORA,)) == [str(LANTERN)]
    assert asked(fake_world)["types"] == ["LORA", "LoCon", "DoRA"]


def test_a_type_that_civitai_does_not_have_finds_nothing_and_asks_nobody(
    source: CivitaiSource, fake_world: FakeWorld
) -> None:
    assert browse(source, types=(ModelType.T2I_ADAPTER,)) == []
    assert fake_world.requests == []


def test_base_models_tag_creator_and_period_narrow(source: CivitaiSource, fake_world: FakeWorld) -> None:
    made = fake_world.add_model("Quiet Harbour", base_model="Pony", tags=["sea"], creator="keeper")
    own = [str(made.model_id)]
    assert browse(source, tag="sea") == own
    assert browse(source, creator="keeper") == own
    assert own[0] in browse(source, base_models=("Pony", "NoobAI"))
    assert str(TIDEWATER) not in browse(source, base_models=("Pony", "NoobAI"))
    assert browse(source, creator="keeper", period=BrowsePeriod.DAY) == []


def test_an_unknown_tag_finds_nothing_though_civitai_lists_everything_then(source: CivitaiSource) -> None:
    assert browse(source, tag="unheard-of") == []


def test_an_unknown_creator_is_said_to_be_one(source: CivitaiSource) -> None:
    with pytest.raises(SourceNotFound, match="no creator of this name"):
        browse(source, creator="nobody")


@pytest.mark.parametrize(("bound", "nsfw"), [(1, "false"), (TAME, "true"), (ALL, "true")])
def test_the_bound_is_passed_on(source: CivitaiSource, fake_world: FakeWorld, bound: int, nsfw: str) -> None:
    browse(source, max_level=bound)
    assert asked(fake_world)["nsfw"] == [nsfw]


def test_a_model_that_is_marked_mature_is_not_tame_however_tame_its_pictures(
    source: CivitaiSource, fake_world: FakeWorld
) -> None:
    made = fake_world.add_model("Shy", nsfw_level=1)
    made.facts["nsfw"] = True
    (model,) = source.browse(BrowseWish(words="shy")).models
    assert not model.nsfw_level & TAME


def test_a_model_without_a_version_is_left_out(source: CivitaiSource, fake_world: FakeWorld) -> None:
    fake_world.library.models[BRUSH].versions.clear()
    assert str(BRUSH) not in browse(source)
    assert str(HARBOR) in browse(source)


def test_a_cursor_that_leads_to_itself_ends_the_list(source: CivitaiSource, fake_world: FakeWorld) -> None:
    answer = '{"items": [], "metadata": {"nextCursor": "7|0|7"}}'
    headers = {"Content-Type": "application/json"}
    fake_world.fault("reply", server="api", status=200, headers=headers, text=answer, times=2)
    assert source.browse(BrowseWish()).next_cursor == "7|0|7"
    assert source.browse(BrowseWish(cursor="7|0|7")).next_cursor is None


@pytest.mark.parametrize("body", ['{"items": null}', '{"items": [null, 1, {}], "metadata": 3}', "{}"])
def test_an_answer_of_another_shape_finds_nothing(source: CivitaiSource, fake_world: FakeWorld, body: str) -> None:
    fake_world.fault("reply", server="api", status=200, headers={"Content-Type": "application/json"}, text=body)
    page = source.browse(BrowseWish())
    assert (page.models, page.next_cursor) == ((), None)


def test_a_pause_that_is_asked_for_says_how_long(source: CivitaiSource, fake_world: FakeWorld) -> None:
    fake_world.fault("reply", server="api", status=429, headers={"Retry-After": "1500"}, text="slow down")
    with pytest.raises(SourceRateLimited) as error:
        source.browse(BrowseWish())
    assert error.value.retry_after_seconds == 1500


@pytest.mark.parametrize(
    ("image", "thumbnail"),
    [
        (PublishedImage("{}/original=true/1.jpeg"), "{}/width=450,optimized=true/1.jpeg"),
        (PublishedImage("{}/width=450/1.jpeg"), "{}/width=450,optimized=true/1.jpeg"),
        (PublishedImage("{}/original=true/1.mp4", "video"), "{}/anim=false,transcode=true,width=450/1.jpeg"),
        (PublishedImage("https://elsewhere.example/1.jpeg"), "https://elsewhere.example/1.jpeg"),
    ],
)
def test_a_thumbnail_is_a_small_still(source: CivitaiSource, image: PublishedImage, thumbnail: str) -> None:
    folder = "https://image.civitai.com/account/uuid"
    made = source.make_thumbnail_url(PublishedImage(image.url.format(folder), image.media))
    assert made == thumbnail.format(folder)


def test_tags_and_creators_are_completed_what_begins_so_first(source: CivitaiSource, fake_world: FakeWorld) -> None:
    fake_world.add_model("Anchor", tags=["old harbour", "harbour"], creator="the_harbour")
    fake_world.add_model("Buoy", tags=["harbour light"], creator="Harbourer")
    tags = source.find_names(NamedField.TAG, "harbour")
    assert [tag.name for tag in tags] == ["harbour", "harbour light", "old harbour"]
    creators = source.find_names(NamedField.CREATOR, "harbour")
    assert [(creator.name, creator.models) for creator in creators] == [("Harbourer", 1), ("the_harbour", 1)]
    assert source.find_names(NamedField.CREATOR, "no_models") == (FoundName("no_models_yet"),)
    assert source.find_names(NamedField.TAG, "&limit=0") == ()
