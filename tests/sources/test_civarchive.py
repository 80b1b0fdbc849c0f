from __future__ import annotations

from collections.abc import Iterator

import pytest

from sd_model_manager.domain.published import Reference
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.lib.errors import BadInput, SourceBroken, SourceGone, SourceNotFound, SourceRateLimited
from sd_model_manager.lib.throttle import HostThrottle
from sd_model_manager.sources.civarchive.source import CivArchiveSource
from tests.support.fake_world import FakeWorld

SHA256 = "0671bb93009703a607e2e5d5506d46a9e773f58979d6d88c9a992c8c4cda340c"
COPY = "https://huggingface.co/example-archive/loras/resolve/main/paper_lantern_v2.safetensors"


@pytest.fixture
def source(fake_world: FakeWorld) -> Iterator[CivArchiveSource]:
    made = CivArchiveSource(fake_world.urls["civarchive"], throttle=HostThrottle(per_second=1000))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://civarchive.com/models/9000301", Reference("civarchive", model_id="9000301")),
        ("https://www.civitaiarchive.com/models/9000301/", Reference("civarchive", model_id="9000301")),
        (
            "civarchive.com/models/9000301?modelVersionId=9100302",
            Reference("civarchive", model_id="9000301", version_id="9100302"),
        ),
        (f"https://civarchive.com/sha256/{SHA256.upper()}", Reference("civarchive", sha256=SHA256)),
        ("https://civitai.com/models/1", None),
        ("paper lantern", None),
        ("https://[::1/models/1", None),
    ],
)
def test_its_links_are_recognised(source: CivArchiveSource, text: str, expected: Reference | None) -> None:
    assert source.recognise(text) == expected


def test_its_other_pages_name_no_model(source: CivArchiveSource) -> None:
    with pytest.raises(BadInput):
        source.recognise("https://civarchive.com/users/somebody")


@pytest.mark.parametrize("is_wrapped", [True, False])
@pytest.mark.parametrize("knows_files_only", [True, False])
def test_a_removed_model_is_told_with_a_copy_that_is_still_there(
    fake_world: FakeWorld, source: CivArchiveSource, is_wrapped: bool, knows_files_only: bool
) -> None:
    fake_world.civ_archive.is_wrapped = is_wrapped
    fake_world.civ_archive.knows_files_only = knows_files_only
    version = source.fetch_version(Reference("civarchive", sha256=SHA256))
    assert (version.model_name, version.version_name, version.creator) == (
        "Paper Lantern Style",
        "v2.0",
        "lantern_maker",
    )
    assert (version.model_type, version.base_model, version.trigger_words) == (ModelType.LORA, "Pony", ("pprlntrn",))
    assert [caution.code for caution in version.warnings] == ["MIRROR"]
    request = source.resolve_file(version, version.files[0])
    assert (request.url, dict(request.headers)) == (COPY, {})
    assert (request.expected_sha256, request.expected_size_bytes) == (SHA256, 2300144)


def test_keys_in_the_other_spelling_are_read_as_well(fake_world: FakeWorld, source: CivArchiveSource) -> None:
    version = fake_world.civ_archive.model["version"]
    file = version["files"][0]
    version["base_model"], file["size_kb"] = version.pop("baseModel"), file.pop("sizeKB")
    file["mirrors"][0]["deleted_at"] = file["mirrors"][0].pop("deletedAt")
    found = source.fetch_version(Reference("civarchive", model_id="9000301"))
    assert (found.base_model, found.files[0].size_bytes, found.files[0].download_url) == ("Pony", 2300144, COPY)


@pytest.mark.parametrize(
    "fact", [{"deletedAt": "2026-05-01"}, {"is_gated": True}, {"is_paid": True}, {"url": "http://x/y"}]
)
def test_a_model_without_a_copy_to_be_had_is_gone(
    fake_world: FakeWorld, source: CivArchiveSource, fact: dict[str, object]
) -> None:
    fake_world.civ_archive.model["version"]["files"][0]["mirrors"][1].update(fact)
    version = source.fetch_version(Reference("civarchive", model_id="9000301"))
    with pytest.raises(SourceGone, match="no copy"):
        source.resolve_file(version, version.files[0])


def test_what_it_does_not_know_is_not_found(source: CivArchiveSource) -> None:
    with pytest.raises(SourceNotFound):
        source.fetch_version(Reference("civarchive", model_id="5"))
    with pytest.raises(SourceNotFound):
        source.fetch_version(Reference("civarchive", sha256="0" * 64))


def test_a_long_pause_it_asks_for_is_reported_at_once(fake_world: FakeWorld, source: CivArchiveSource) -> None:
    fake_world.fault("reply", server="civarchive", status=429, headers={"Retry-After": "1500"}, times=None)
    with pytest.raises(SourceRateLimited) as error:
        source.fetch_version(Reference("civarchive", model_id="9000301"))
    assert error.value.retry_after_seconds == 1500.0
    assert len(fake_world.requests) == 1


def test_a_web_page_instead_of_an_answer_is_an_error(fake_world: FakeWorld, source: CivArchiveSource) -> None:
    fake_world.fault("html", server="civarchive")
    with pytest.raises(SourceBroken):
        source.fetch_version(Reference("civarchive", model_id="9000301"))
