"""Thousands of local files become known with a few requests, and no failure costs what was known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from sd_model_manager.db.engine import Database
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.lookups import AskedHash, LookupOutcome, OwnMatch
from sd_model_manager.domain.tasks import Task
from sd_model_manager.lib.errors import SourceForbidden
from sd_model_manager.library.enricher import ARCHIVE_QUESTIONS, SINGLE_QUESTIONS
from sd_model_manager.library.enrichment_wish import EnrichmentWish, new_enrichment
from sd_model_manager.library.patience import MAX_ATTEMPTS
from sd_model_manager.registry.hashes import HashRegistry
from sd_model_manager.tasks.running import RunningTask, StopReason, TaskPostponed, TaskStopped
from tests.support.fake_world import LANTERN, FakeWorld, make_safetensors
from tests.support.fake_world.fixture import fake_world
from tests.support.fake_world.library import FakeModel
from tests.support.fake_world.server import LoopbackServer, Reply, Request, json_reply
from tests.support.lookup_bench import START, LookupBench, digest_of

__all__ = ["fake_world"]


@pytest.fixture
def bench(database: Database, fake_world: FakeWorld) -> Iterator[LookupBench]:
    made = LookupBench(database, fake_world.api_url, fake_world.urls["civarchive"])
    yield made
    made.close()


def sha256_of(model: FakeModel, version: int = 0) -> str:
    return model.versions[version].files[0].payload.sha256


def outcomes_of(task: Task) -> dict[str, int]:
    return {outcome: count for outcome, count in task.result["outcomes"].items() if count}


def paths_of(fake_world: FakeWorld) -> list[str]:
    return [request.path.removeprefix("/api/v1/") for request in fake_world.requests]


def test_ten_thousand_files_cost_at_most_a_hundred_and_one_requests(database: Database) -> None:
    asked: list[int] = []

    def answer(request: Request) -> Reply:
        hashes = json.loads(request.body)
        asked.append(len(hashes))
        if request.path.endswith("/ids"):
            hits = [{"modelVersionId": int(h[:7], 16), "modelId": int(h[7:14], 16), "hash": h} for h in hashes]
            return json_reply(200, hits[::-1])
        return json_reply(200, [version_holding(digest) for digest in hashes][::-1])

    def version_holding(digest: str) -> dict[str, object]:
        file = {"id": int(digest[:7], 16), "name": "a.safetensors", "hashes": {"SHA256": digest}}
        model = {"name": f"Model {digest[:4].lower()}", "type": "LORA"}
        return {"id": int(digest[:7], 16), "modelId": int(digest[7:14], 16), "model": model, "files": [file]}

    server = LoopbackServer("many", answer)
    server.start()
    bench = LookupBench(database, server.origin)
    digests = [digest_of(str(number)) for number in range(10_000)]
    ids = bench.add_many([{"name": f"m{number}", "sha256": digest} for number, digest in enumerate(digests)])
    task = bench.enrich()
    assert outcomes_of(task) == {"matched": 10_000}
    assert asked == [10_000, *[100] * 100]
    assert bench.published_name(ids[4321]) == f"Model {digests[4321][:4]}"
    assert bench.enrich().result["outcomes"] == {}
    assert len(asked) == 101
    bench.close()
    server.close()


def test_what_is_found_is_linked_and_shown(bench: LookupBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model("Quiet Harbour", trained_words=["qharbour"])
    known, unknown = bench.add("ink", sha256_of(model)), bench.add("own", digest_of("own"))
    task = bench.enrich()
    assert outcomes_of(task) == {"matched": 1, "not_found": 1}
    assert (task.progress.done, task.progress.total, task.progress.unit) == (2, 2, "files")
    assert bench.get(known).listing.name == "Quiet Harbour"
    assert bench.get(known).listing.trigger_words == ("qharbour",)
    assert bench.names("is:unmatched") == ["own"]
    assert bench.names("is:not_found") == ["own"]
    assert bench.changed_models() == {known}
    assert (bench.outcome_of(known), bench.outcome_of(unknown)) == ("matched", "not_found")
    assert paths_of(fake_world) == ["model-versions/by-hash/ids", "model-versions/by-hash"]


def test_only_what_a_query_means_is_asked_for(bench: LookupBench, fake_world: FakeWorld) -> None:
    model, other = fake_world.add_model("Harbour"), fake_world.add_model("Lantern")
    first, second = bench.add("ink", sha256_of(model)), bench.add("oil", sha256_of(other))
    bench.enrich("is:unmatched ink")
    assert bench.names("is:not_found") == []
    assert (bench.outcome_of(first), bench.outcome_of(second)) == ("matched", None)


def test_a_hash_that_a_tool_claims_matches_for_the_time_being(bench: LookupBench, fake_world: FakeWorld) -> None:
    digest = sha256_of(fake_world.add_model())
    model_id = bench.add(claimed_sha256=digest)
    bench.enrich()
    lookup = bench.get(model_id).lookup
    assert lookup is not None
    assert (lookup.hash_kind, lookup.is_provisional) == (AskedHash.CLAIMED_SHA256, True)
    bench.change(model_id, sha256=digest)
    bench.enrich()
    lookup = bench.get(model_id).lookup
    assert lookup is not None
    assert not lookup.is_provisional
    assert len(fake_world.requests) == 2


def test_a_match_by_a_hash_that_the_file_contradicts_is_taken_back(bench: LookupBench, fake_world: FakeWorld) -> None:
    model_id = bench.add(claimed_sha256=sha256_of(fake_world.add_model()))
    bench.enrich()
    assert bench.published_name(model_id) == "Quiet Harbour"
    bench.change(model_id, sha256=digest_of("something else"))
    fake_world.fault("reply", server="api", status=503, times=3)
    with pytest.raises(TaskPostponed):
        bench.enrich()
    assert bench.published_name(model_id) == "Quiet Harbour"
    bench.enrich()
    assert bench.published_name(model_id) is None
    assert bench.outcome_of(model_id) is LookupOutcome.NOT_FOUND


def test_what_was_not_found_is_asked_for_after_a_week_and_then_ever_more_seldom(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    model_id = bench.add(sha256=digest_of("own"))
    waits = []
    for _ in range(6):
        bench.enrich()
        lookup = bench.get(model_id).lookup
        assert lookup is not None
        assert lookup.again_at is not None
        waits.append((lookup.again_at - bench.now).days)
        bench.now = lookup.again_at - timedelta(seconds=1)
        bench.enrich()
        bench.now = lookup.again_at
    assert waits == [7, 14, 28, 56, 90, 90]
    assert len(fake_world.requests) == 6


def test_asking_again_asks_for_everything_once(bench: LookupBench, fake_world: FakeWorld) -> None:
    bench.add("ink", sha256_of(fake_world.add_model()))
    bench.add("own", digest_of("own"))
    bench.enrich()
    bench.now += timedelta(minutes=1)
    assert outcomes_of(bench.enrich(again=True)) == {"matched": 1, "not_found": 1}
    assert len(fake_world.requests) == 4


def test_a_model_that_was_known_and_is_missed_stays_known(bench: LookupBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model()
    model_id = bench.add(sha256=sha256_of(model))
    bench.enrich()
    model.is_published = False
    bench.now += timedelta(days=1)
    bench.enrich(again=True)
    assert bench.outcome_of(model_id) is LookupOutcome.NOT_FOUND
    assert bench.published_name(model_id) == "Quiet Harbour"


def test_gone_is_only_what_two_ways_of_asking_miss_hours_apart(bench: LookupBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model()
    model_id = bench.add(sha256=sha256_of(model))
    bench.enrich()
    model.is_published = model.versions[0].is_indexed = False
    for hours, expected in ((0, "not_found"), (3, "not_found"), (3, "gone"), (1, "gone")):
        bench.now += timedelta(hours=hours, minutes=1)
        bench.enrich(again=True)
        assert bench.outcome_of(model_id) == expected
    assert bench.published_name(model_id) == "Quiet Harbour"
    assert paths_of(fake_world).count(f"model-versions/{model.versions[0].version_id}") == 2


def test_what_one_way_of_asking_misses_and_the_other_shows_is_not_gone(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    model = fake_world.add_model()
    model_id = bench.add(sha256=sha256_of(model))
    bench.enrich()
    model.versions[0].files[0].payload = make_safetensors(seed=77)  # its hash was recomputed, or lost
    for _ in range(2):
        bench.now += timedelta(hours=7)
        bench.enrich(again=True)
    assert bench.outcome_of(model_id) is LookupOutcome.MATCHED


@pytest.mark.parametrize(("asked", "waits"), [({"Retry-After": "1500"}, 1500), ({}, 60)])
def test_a_pause_that_is_asked_for_is_kept(
    bench: LookupBench, fake_world: FakeWorld, asked: dict[str, str], waits: int
) -> None:
    model_id = bench.add(sha256=sha256_of(fake_world.add_model()))
    fake_world.fault("reply", server="api", status=429, times=3, headers=asked)
    with pytest.raises(TaskPostponed) as postponed:
        bench.enrich()
    assert postponed.value.after_seconds == waits
    assert bench.outcome_of(model_id) is LookupOutcome.UNREACHABLE
    assert bench.throttle.per_second < 2
    fake_world.faults.clear()
    bench.enrich()
    assert bench.published_name(model_id) == "Quiet Harbour"


def test_a_short_pause_is_waited_for(bench: LookupBench, fake_world: FakeWorld) -> None:
    bench.add(sha256=sha256_of(fake_world.add_model()))
    fake_world.fault("reply", server="api", status=429, headers={"Retry-After": "20"})
    assert outcomes_of(bench.enrich()) == {"matched": 1}
    assert bench.waited_seconds >= 20


def test_in_a_storm_of_errors_the_task_waits_longer_each_time_and_gives_up_at_last(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    model_id = bench.add(sha256=digest_of("own"))
    fake_world.fault("reply", server="api", status=503, headers={"Content-Type": "text/html"}, times=None)
    waits = []
    for attempt in (1, 2, 5, 7):
        with pytest.raises(TaskPostponed) as postponed:
            bench.enrich(attempt=attempt)
        waits.append(postponed.value.after_seconds)
    assert waits == [60, 120, 960, 3600]
    assert outcomes_of(bench.enrich(attempt=MAX_ATTEMPTS)) == {"unreachable": 1}
    assert bench.outcome_of(model_id) is LookupOutcome.UNREACHABLE


def test_after_three_batches_in_a_row_that_fail_the_rest_is_left_for_later(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    models = [fake_world.add_model(f"Model {number}", size_bytes=2000) for number in range(450)]
    bench.add_many([{"name": "m", "sha256": sha256_of(model)} for model in models])
    fake_world.fault("reply", server="api", path="by-hash$", status=500, times=None)
    with pytest.raises(TaskPostponed):
        bench.enrich()
    assert paths_of(fake_world).count("model-versions/by-hash") == 9  # three batches, each tried three times
    fake_world.faults.clear()
    assert outcomes_of(bench.enrich()) == {"matched": 450}


@pytest.mark.parametrize("fault", ["truncated_json", "html", "empty"])
def test_a_batch_whose_answer_is_damaged_is_asked_for_later(
    bench: LookupBench, fake_world: FakeWorld, fault: str
) -> None:
    models = [fake_world.add_model(f"Model {number}", size_bytes=2000) for number in range(120)]
    ids = bench.add_many([{"name": "m", "sha256": sha256_of(model)} for model in models])
    fake_world.fault(fault, server="api", path="by-hash$")
    with pytest.raises(TaskPostponed):
        bench.enrich()
    assert sorted(map(str, map(bench.outcome_of, ids))) == ["matched"] * 20 + ["unreachable"] * 100
    assert outcomes_of(bench.enrich()) == {"matched": 120}


def test_a_source_that_refuses_us_altogether_says_so(bench: LookupBench, fake_world: FakeWorld) -> None:
    model_id = bench.add(sha256=digest_of("own"))
    fake_world.fault("reply", server="api", status=403, headers={"Content-Type": "text/html"})
    with pytest.raises(SourceForbidden, match="Cloudflare"):
        bench.enrich()
    assert bench.outcome_of(model_id) is LookupOutcome.FORBIDDEN
    bench.enrich()
    assert bench.outcome_of(model_id) is LookupOutcome.NOT_FOUND


def test_versions_that_come_hidden_doubled_or_without_hashes_are_sorted_out(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    hidden, silent = fake_world.add_model("Hidden"), fake_world.add_model("Silent")
    hidden.versions[0].files[0].is_public = False
    lantern = fake_world.library.models[LANTERN].versions[1].files[0].payload
    fake_world.add_model("Copycat", payload=lantern)

    def answer(request: Request) -> Reply:
        path = request.path
        if path.endswith("ids"):
            hits = {sha256_of(hidden): hidden, sha256_of(silent): silent}
            ids = [{"modelVersionId": m.versions[0].version_id, "hash": digest.upper()} for digest, m in hits.items()]
            return json_reply(200, [None, {"hash": "x"}, *ids, *ids])
        version = silent.versions[0].version_id
        files = [{"id": 1, "name": "silent.safetensors", "hashes": {}}]
        body = {"id": version, "modelId": silent.model_id, "model": {"name": "Silent", "type": "LORA"}, "files": files}
        return json_reply(200, [None, body, body])

    server = LoopbackServer("odd", answer)
    server.start()
    odd = LookupBench(bench.database, server.origin)
    first, second = odd.add("first", sha256_of(hidden)), odd.add("second", sha256_of(silent))
    odd.enrich()
    assert (odd.outcome_of(first), odd.published_name(second)) == ("not_found", "Silent")
    odd.close()
    server.close()
    bench._numbers = odd._numbers
    copied = bench.add("copied", lantern.sha256)
    bench.enrich()
    assert bench.published_name(copied) == "Paper Lantern Style"


def test_files_of_the_same_claimed_content_are_matched_together(bench: LookupBench, fake_world: FakeWorld) -> None:
    digest = sha256_of(fake_world.add_model())
    ids = [bench.add(claimed_sha256=digest), bench.add(claimed_sha256=digest)]
    bench.enrich()
    assert [bench.published_name(key) for key in ids] == ["Quiet Harbour"] * 2


def test_facts_of_the_whole_model_come_for_a_hundred_at_once_when_asked_for(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    model = fake_world.add_model(tags=["sea"], description="<p>Fog</p>", versions=3)
    model_id = bench.add(sha256=sha256_of(model, 1))
    bench.enrich(full=True)
    published = bench.get(model_id).published
    assert published is not None
    assert (published.creator, published.tags, published.description_html) == ("harbour_master", ("sea",), "<p>Fog</p>")
    assert paths_of(fake_world)[-1] == "models"
    assert bench.count_versions() == 3
    assert bench.names("has:update") == ["Quiet Harbour"]
    bench.now += timedelta(days=1)
    bench.enrich(again=True)
    again = bench.get(model_id).published
    assert again is not None
    assert (again.creator, again.tags, again.description_html) == ("harbour_master", ("sea",), "<p>Fog</p>")


def test_facts_of_the_whole_model_that_cannot_be_had_keep_no_match_away(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    model_id = bench.add(sha256=sha256_of(fake_world.add_model()))
    fake_world.fault("reply", server="api", path="/models$", status=500, times=None)
    with pytest.raises(TaskPostponed):
        bench.enrich(full=True)
    assert bench.published_name(model_id) == "Quiet Harbour"


def test_weights_are_asked_for_only_when_wished_and_only_of_what_is_not_known(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    payload = fake_world.add_model().versions[0].files[0].payload
    autov3 = payload.hashes["AutoV3"].lower()
    edited = bench.add("edited", digest_of("another header"), autov3=autov3.ljust(64, "0"))
    own = bench.add("own", digest_of("own"), autov3="a" * 64)
    bench.add("picture", digest_of("pickle"), autov3="b" * 64, format="torch_zip")
    bench.enrich()
    assert bench.published_name(edited) is None
    assert outcomes_of(bench.enrich(weights=True)) == {"matched": 1}
    assert outcomes_of(bench.enrich(weights=True)) == {}
    assert bench.published_name(edited) == "Quiet Harbour"
    lookup = bench.get(edited).lookup
    assert lookup is not None
    assert lookup.hash_kind is AskedHash.AUTOV3
    assert bench.outcome_of(own) is LookupOutcome.NOT_FOUND
    batches = {"model-versions/by-hash", "model-versions/by-hash/ids"}
    single = [path for path in paths_of(fake_world) if path not in batches]
    assert single == [f"model-versions/by-hash/{autov3}", f"model-versions/by-hash/{'a' * 12}"]


def test_files_found_by_their_weights_in_the_same_run_are_counted_once(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    payload = fake_world.add_model().versions[0].files[0].payload
    bench.add("edited", digest_of("another header"), autov3=payload.hashes["AutoV3"].lower())
    bench.add("own", digest_of("own"), autov3="a" * 64)
    assert outcomes_of(bench.enrich(weights=True)) == {"matched": 1, "not_found": 1}


def test_no_more_than_fifty_files_are_asked_for_by_their_weights_at_once(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    bench.add_many([{"name": "m", "sha256": digest_of(str(n)), "autov3": f"{n:064x}"[::-1]} for n in range(1, 71)])
    bench.enrich(weights=True)
    assert len(fake_world.requests) == 1 + SINGLE_QUESTIONS
    bench.enrich(weights=True)
    assert len(fake_world.requests) == 1 + 70


def test_what_the_user_says_is_changed_by_no_look_up(bench: LookupBench, fake_world: FakeWorld) -> None:
    harbour, lantern = fake_world.add_model("Harbour"), fake_world.add_model("Lantern")
    model_id = bench.add(sha256=sha256_of(harbour))
    bench.enrich()
    bench.published.unlink(model_id)
    for _ in range(2):
        bench.now += timedelta(days=100)
        bench.enrich(again=True)
        assert (bench.published_name(model_id), bench.get(model_id).own_match) == (None, OwnMatch.NONE)
    version = bench.source.fetch_model_versions(str(lantern.model_id))[0]
    bench.published.link(model_id, version, now=bench.now, own_match=OwnMatch.CHOSEN)
    bench.enrich(again=True)
    assert (bench.published_name(model_id), bench.get(model_id).own_match) == ("Lantern", OwnMatch.CHOSEN)


@pytest.mark.parametrize("said_first", [True, False])
def test_when_two_models_turn_out_to_be_one_the_user_still_has_the_say(
    bench: LookupBench, fake_world: FakeWorld, said_first: bool
) -> None:
    model = fake_world.add_model()
    digest = sha256_of(model)
    first, second = bench.add(sha256=digest), bench.add(claimed_sha256=digest)
    bench.enrich()
    bench.published.unlink(first if said_first else second)
    assert HashRegistry(bench.database).note_sha256(second, digest) == first
    assert (bench.get(first).own_match, bench.published_name(first)) == (OwnMatch.NONE, None)


def test_a_task_that_is_stopped_in_the_middle_goes_on_where_it_was(bench: LookupBench, fake_world: FakeWorld) -> None:
    models = [fake_world.add_model(f"Model {number}", size_bytes=2000) for number in range(250)]
    bench.add_many([{"name": "m", "sha256": sha256_of(model)} for model in models])

    def stop_after_a_batch(running: RunningTask) -> None:
        bench.on_event = lambda _: running.stop(StopReason.PAUSED)

    with pytest.raises(TaskStopped):
        bench.work(bench.enricher, new_enrichment(EnrichmentWish()), before=stop_after_a_batch)
    bench.on_event = lambda _: None
    task = bench.enrich()
    assert outcomes_of(task) == {"matched": 250}
    assert len(bench.changed_models()) == 250
    batches = [request for request in fake_world.requests if request.path.endswith("by-hash")]
    assert [len(json.loads(request.body)) for request in batches] == [100, 100, 50]


def test_missing_models_and_those_without_a_hash_are_not_asked_for(bench: LookupBench, fake_world: FakeWorld) -> None:
    bench.add("gone", digest_of("gone"), state="missing")
    bench.add("unhashed")
    bench.enrich()
    assert fake_world.requests == []


def test_a_name_that_came_from_another_tool_does_not_hide_that_nothing_was_asked(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    model = fake_world.add_model()
    model_id: ModelId = bench.add(sha256=sha256_of(model))
    bench.published.link(model_id, bench.source.fetch_model_versions(str(model.model_id))[0], now=START)
    fake_world.requests.clear()
    bench.enrich()
    assert fake_world.requests == []
    bench.enrich(again=True)
    assert bench.outcome_of(model_id) is LookupOutcome.MATCHED


def forget(fake_world: FakeWorld, name: str = "Harbour") -> FakeModel:
    """A model that Civitai has removed and CivArchive remembers."""
    model = fake_world.add_model(name, trained_words=["qharbour"])
    fake_world.civ_archive.remember(model)
    model.is_published = model.versions[0].is_indexed = False
    return model


def count_archive_questions(fake_world: FakeWorld) -> int:
    return sum(request.path.startswith("/api/sha256/") for request in fake_world.requests)


def test_a_file_whose_bytes_a_source_knows_by_blake3_alone_is_found(bench: LookupBench, fake_world: FakeWorld) -> None:
    payload = fake_world.add_model().versions[0].files[0].payload
    blake3 = payload.hashes["BLAKE3"].lower()
    model_id = bench.add("ink", digest_of("noted wrongly there"), blake3=blake3, autov3="a" * 64)
    bench.enrich()
    assert bench.published_name(model_id) is None
    assert outcomes_of(bench.enrich(weights=True)) == {"matched": 1}
    lookup = bench.get(model_id).lookup
    assert lookup is not None
    assert lookup.hash_kind is AskedHash.BLAKE3
    assert paths_of(fake_world)[-1] == f"model-versions/by-hash/{blake3}"


def test_a_file_is_asked_for_by_each_of_its_other_hashes_once(bench: LookupBench, fake_world: FakeWorld) -> None:
    bench.add("ink", digest_of("own"), blake3="b" * 64, autov3="a" * 64)
    for _ in range(2):
        bench.enrich(weights=True)
    assert paths_of(fake_world)[1:] == [f"model-versions/by-hash/{'b' * 64}", f"model-versions/by-hash/{'a' * 12}"]


def test_what_civitai_has_removed_is_found_at_civarchive_if_that_is_wished_for(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    model_id = bench.add("ink", sha256_of(forget(fake_world)))
    own = bench.add("own", digest_of("own"))
    assert outcomes_of(bench.enrich()) == {"not_found": 2}
    assert count_archive_questions(fake_world) == 0
    assert outcomes_of(bench.enrich(civarchive=True)) == {"matched": 1}
    published, lookup = bench.get(model_id).published, bench.get(model_id).lookup
    assert published is not None
    assert lookup is not None
    assert (published.source, published.model_name, published.trigger_words) == ("civarchive", "Harbour", ("qharbour",))
    assert (lookup.source, lookup.outcome) == ("civarchive", LookupOutcome.MATCHED)
    assert bench.outcome_of(own) is LookupOutcome.NOT_FOUND


def test_both_are_asked_in_one_run_and_each_file_counts_once(bench: LookupBench, fake_world: FakeWorld) -> None:
    known = fake_world.add_model("Known")
    bench.add("known", sha256_of(known))
    bench.add("ink", sha256_of(forget(fake_world)))
    bench.add("own", digest_of("own"))
    assert outcomes_of(bench.enrich(civarchive=True)) == {"matched": 2, "not_found": 1}
    assert count_archive_questions(fake_world) == 2


def test_what_civitai_knows_or_knew_is_not_asked_for_at_civarchive(bench: LookupBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model()
    model_id = bench.add(sha256=sha256_of(model))
    bench.enrich()
    model.is_published = model.versions[0].is_indexed = False
    for _ in range(3):
        bench.now += timedelta(hours=7)
        bench.enrich(again=True, civarchive=True)
    assert bench.outcome_of(model_id) is LookupOutcome.GONE
    assert count_archive_questions(fake_world) == 0


def test_what_civarchive_does_not_know_either_is_asked_for_there_ever_more_seldom(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    bench.add(sha256=digest_of("own"))
    for days, questions in ((0, 1), (1, 1), (6, 2), (7, 2), (7, 3)):
        bench.now += timedelta(days=days, seconds=1)
        bench.enrich(civarchive=True)
        assert count_archive_questions(fake_world) == questions


def test_civarchive_is_asked_for_a_hundred_files_at_most_and_goes_on_with_the_next(
    bench: LookupBench, fake_world: FakeWorld
) -> None:
    bench.add_many([{"name": "m", "sha256": digest_of(str(number))} for number in range(ARCHIVE_QUESTIONS + 30)])
    bench.enrich(civarchive=True)
    assert count_archive_questions(fake_world) == ARCHIVE_QUESTIONS
    bench.enrich(civarchive=True)
    assert count_archive_questions(fake_world) == ARCHIVE_QUESTIONS + 30


@pytest.mark.parametrize(
    ("fault", "waits"),
    [({"status": 429, "headers": {"Retry-After": "1500"}}, 1500), ({"status": 503, "times": None}, 60)],
)
def test_an_archive_that_is_overtaxed_is_left_alone_and_loses_no_answer(
    bench: LookupBench, fake_world: FakeWorld, fault: dict[str, object], waits: int
) -> None:
    ids = [
        bench.add(name, sha256_of(forget(fake_world, name))) for name in ("Fog", "Harbour", "Lantern", "Mist", "Sea")
    ]
    fake_world.fault("reply", server="civarchive", **fault)
    with pytest.raises(TaskPostponed) as postponed:
        bench.enrich(civarchive=True)
    assert postponed.value.after_seconds == waits
    fake_world.faults.clear()
    assert bench.enrich(civarchive=True).result["outcomes"]["matched"] == 5
    assert [bench.published_name(model_id) for model_id in ids] == ["Fog", "Harbour", "Lantern", "Mist", "Sea"]


def test_a_model_that_civitai_shows_again_is_civitais_again(bench: LookupBench, fake_world: FakeWorld) -> None:
    model = forget(fake_world)
    model_id = bench.add(sha256=sha256_of(model))
    bench.enrich(civarchive=True)
    model.is_published = model.versions[0].is_indexed = True
    bench.now += timedelta(days=8)
    bench.enrich()
    published = bench.get(model_id).published
    assert published is not None
    assert published.source == "civitai"


def test_another_file_than_the_one_that_was_asked_for_is_no_match(bench: LookupBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model()
    digest = digest_of("own")

    def answer(_: Request) -> Reply:
        return json_reply(200, fake_world.civ_archive.model)

    server = LoopbackServer("liar", answer)
    server.start()
    odd = LookupBench(bench.database, fake_world.api_url, server.origin)
    model_id = odd.add("ink", digest)
    odd.enrich(civarchive=True)
    assert (odd.published_name(model_id), odd.outcome_of(model_id)) == (None, LookupOutcome.NOT_FOUND)
    assert model.is_published
    odd.close()
    server.close()
