"""Newer versions of what is here are found with a request per hundred models."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update as update_table

from sd_model_manager.db.engine import Database
from sd_model_manager.db.tables import published_versions
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.updates import Access, Ignored, IgnoredKind, Update
from sd_model_manager.lib.errors import SourceNeedsLogin
from sd_model_manager.registry.changes import change_models
from sd_model_manager.tasks.running import TaskPostponed
from tests.support.fake_world import FakeWorld
from tests.support.fake_world.fixture import fake_world
from tests.support.fake_world.library import FakeModel
from tests.support.lookup_bench import LookupBench

__all__ = ["fake_world"]


@pytest.fixture
def bench(database: Database, fake_world: FakeWorld) -> Iterator[LookupBench]:
    made = LookupBench(database, fake_world.api_url)
    yield made
    made.close()


def install(bench: LookupBench, model: FakeModel, *versions: int) -> list[ModelId]:
    """Files of these versions, counted from the newest, that are known as such."""
    name = str(model.facts["name"])
    ids = [bench.add(name, model.versions[index].files[0].payload.sha256) for index in versions]
    bench.enrich()
    bench.now += timedelta(days=1)
    return ids


def updates_of(bench: LookupBench) -> list[Update]:
    return list(bench.updates.list_page(now=bench.now, limit=500).items)


def names_of(bench: LookupBench) -> dict[str, list[str]]:
    return {update.name: [version.name for version in update.versions] for update in updates_of(bench)}


def test_newer_versions_are_found_newest_first_and_searched_for(bench: LookupBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model("Harbour", versions=4)
    (key,) = install(bench, model, 2)
    assert names_of(bench) == {}
    task = bench.check()
    (update,) = updates_of(bench)
    assert (update.model_id, update.name, update.installed.name) == (key, "Harbour", "v2.0")
    assert [(version.name, version.base_model) for version in update.versions] == [
        ("v4.0", "SDXL 1.0"),
        ("v3.0", "SDXL 1.0"),
    ]
    assert update.versions[0].url.endswith(f"/models/{model.model_id}?modelVersionId={model.versions[0].version_id}")
    assert update.versions[0].published_at == datetime(2026, 3, 20, 10, tzinfo=UTC)
    assert update.creator == "harbour_master"
    assert bench.names("has:update") == ["Harbour"]
    assert (task.progress.done, task.progress.total) == (1, 1)
    assert bench.changed_models() == {key}


def test_a_hundred_models_cost_one_request(bench: LookupBench, fake_world: FakeWorld) -> None:
    models = [fake_world.add_model(f"Model {number}", size_bytes=2000, versions=2) for number in range(120)]
    bench.add_many([{"name": "m", "sha256": model.versions[1].files[0].payload.sha256} for model in models])
    bench.enrich()
    bench.now += timedelta(days=1)
    fake_world.requests.clear()
    bench.check()
    assert [request.path for request in fake_world.requests] == ["/api/v1/models"] * 2
    assert len(updates_of(bench)) == 120


def test_siblings_are_no_updates(bench: LookupBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model("Harbour", versions=4)
    for index, (name, base) in enumerate(
        [("v2.0", "Pony"), ("v1.0 fp8", "SDXL 1.0"), ("v2.0 inpainting", "SDXL 1.0"), ("v1.0", "SDXL 1.0")]
    ):
        model.versions[index].facts |= {"name": name, "baseModel": base}
    install(bench, model, 3)
    bench.check()
    assert bench.count_versions() == 4
    assert names_of(bench) == {}
    assert bench.names("has:update") == []


def test_what_is_here_already_is_no_update(bench: LookupBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model("Harbour", versions=3)
    oldest, newest = install(bench, model, 2, 0)
    bench.check()
    assert names_of(bench) == {}
    bench.change(newest, state="missing")
    assert [update.model_id for update in updates_of(bench)] == [oldest]


def test_of_versions_of_one_moment_the_higher_number_is_newer(
    bench: LookupBench, database: Database, fake_world: FakeWorld
) -> None:
    model = fake_world.add_model("Harbour", versions=2)
    (here,) = install(bench, model, 0)  # which the source numbered first
    bench.check()
    same = {"published_at": datetime(2026, 3, 20, tzinfo=UTC), "version_name": "release"}
    with change_models(database) as connection:
        connection.execute(update_table(published_versions).values(same))
    assert [update.model_id for update in updates_of(bench)] == [here]


def test_early_access_is_told_with_its_end_and_is_over_when_it_is(bench: LookupBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model("Harbour", versions=3)
    ends_at = bench.now + timedelta(days=9)
    model.versions[0].facts["paidAccess"] = {"permanent": False, "endsAt": ends_at.isoformat()}
    model.versions[1].facts["paidAccess"] = {"permanent": True, "endsAt": None}
    install(bench, model, 2)
    bench.check()
    (update,) = updates_of(bench)
    found = [(version.access, version.available_from) for version in update.versions]
    assert found == [(Access.EARLY_ACCESS, ends_at), (Access.PAID, None)]
    bench.now = ends_at
    (update,) = updates_of(bench)
    assert (update.versions[0].access, update.versions[0].available_from) == (Access.FREE, None)


def test_what_is_ignored_is_neither_listed_nor_found_until_it_is_heeded_again(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    harbour = fake_world.add_model("Harbour", versions=3, creator="anna")
    lantern = fake_world.add_model("Lantern", versions=2, creator="ben")
    install(bench, harbour, 2)
    install(bench, lantern, 1)
    bench.check()
    everything = {"Harbour": ["v3.0", "v2.0"], "Lantern": ["v2.0"]}
    for kind, key, left in (
        (IgnoredKind.VERSION, str(harbour.versions[0].version_id), {**everything, "Harbour": ["v2.0"]}),
        (IgnoredKind.MODEL, str(harbour.model_id), {"Lantern": ["v2.0"]}),
        (IgnoredKind.CREATOR, "ben", {"Harbour": ["v3.0", "v2.0"]}),
    ):
        ignored = Ignored("civitai", kind, key)
        bench.updates.ignore(ignored, now=bench.now)
        bench.updates.ignore(ignored, now=bench.now)
        assert names_of(bench) == left
        assert bench.names("has:update") == list(left)
        assert [listing.ignored for listing in bench.updates.list_ignored()] == [ignored]
        bench.updates.heed(ignored)
        assert names_of(bench) == everything


def test_of_ignored_models_the_source_is_not_asked(bench: LookupBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model("Harbour", versions=3)
    install(bench, model, 2)
    bench.updates.ignore(Ignored("civitai", IgnoredKind.MODEL, str(model.model_id)), now=bench.now)
    fake_world.requests.clear()
    bench.check()
    assert fake_world.requests == []


def test_a_model_that_the_list_hides_keeps_what_is_known(bench: LookupBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model("Harbour", versions=2)
    (key,) = install(bench, model, 1)
    fake_world.unlisted.add(model.model_id)
    bench.check()
    assert bench.published_name(key) == "Harbour"
    assert names_of(bench) == {}


def test_what_a_version_alone_tells_is_not_lost(bench: LookupBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model("Harbour", versions=2, tags=["sea"])
    model.versions[1].usage_control = "Generation"
    (key,) = install(bench, model, 1)
    bench.check()
    published = bench.get(key).published
    assert published is not None
    assert published.tags == ("sea",)
    assert "DOWNLOADS_DISABLED" in {caution.code for caution in published.warnings}
    assert bench.get(key).listing.tags == ("sea",)


def test_a_check_goes_on_with_what_it_has_not_asked_for(bench: LookupBench, fake_world: FakeWorld) -> None:
    models = [fake_world.add_model(f"Model {number}", size_bytes=2000, versions=2) for number in range(120)]
    bench.add_many([{"name": "m", "sha256": model.versions[1].files[0].payload.sha256} for model in models])
    bench.enrich()
    bench.now += timedelta(days=1)
    fake_world.fault("reply", server="api", path="/models$", status=503, skip=1, times=3)
    with pytest.raises(TaskPostponed):
        bench.check()
    assert len(updates_of(bench)) == 100
    fake_world.requests.clear()
    bench.now += timedelta(hours=1)
    bench.check()
    assert len(fake_world.requests) == 1
    assert len(updates_of(bench)) == 120


def test_a_source_that_wants_a_key_ends_the_check(bench: LookupBench, fake_world: FakeWorld) -> None:
    install(bench, fake_world.add_model("Harbour", versions=2), 1)
    fake_world.fault("reply", server="api", status=401)
    with pytest.raises(SourceNeedsLogin):
        bench.check()
