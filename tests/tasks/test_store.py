"""A task is a row that several processes may want at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from sd_model_manager.db.engine import Database
from sd_model_manager.domain.ids import TaskId
from sd_model_manager.domain.tasks import NewTask, TaskCommand, TaskKind, TaskProgress, TaskState
from sd_model_manager.lib.errors import BadInput, NotFound, TaskStateConflict
from sd_model_manager.tasks.listing import TaskOrder
from sd_model_manager.tasks.order import End
from sd_model_manager.tasks.store import Claim, TaskStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LEASE = timedelta(seconds=20)
LIMITS = {TaskKind.DOWNLOAD: 2, TaskKind.SCAN: 1}


@pytest.fixture
def store(database: Database) -> TaskStore:
    return TaskStore(database)


def add(store: TaskStore, name: str = "a", *, kind: TaskKind = TaskKind.DOWNLOAD, priority: int = 0) -> TaskId:
    task, is_new = store.add(NewTask(kind, name, dedupe_key=name, priority=priority), now=NOW)
    assert is_new
    return task.task_id


def claim(store: TaskStore, owner: str = "me", *, now: datetime = NOW) -> Claim:
    found = store.claim(owner, LIMITS, now=now, lease=LEASE)
    assert found is not None
    return found


def test_the_same_work_is_not_queued_twice_while_it_is_unfinished(store: TaskStore) -> None:
    first = add(store)
    again, is_new = store.add(NewTask(TaskKind.DOWNLOAD, "a", dedupe_key="a"), now=NOW)
    assert (again.task_id, is_new) == (first, False)
    store.finish(claim(store), TaskState.DONE, now=NOW)
    assert store.add(NewTask(TaskKind.DOWNLOAD, "a", dedupe_key="a"), now=NOW)[1]


def test_the_most_urgent_goes_first_and_among_equals_the_oldest(store: TaskStore) -> None:
    old, _, urgent = add(store, "old"), add(store, "young", priority=-1), add(store, "urgent", priority=5)
    assert [claim(store).task.task_id for _ in range(2)] == [urgent, old]


def test_no_more_than_the_limit_of_a_kind_run_at_once_whoever_asks(store: TaskStore) -> None:
    for number in range(6):
        add(store, f"d{number}")
    with ThreadPoolExecutor(6) as pool:
        claims = list(pool.map(lambda i: store.claim(f"w{i}", LIMITS, now=NOW, lease=LEASE), range(6)))
    taken = [c.task.task_id for c in claims if c]
    assert len(taken) == len(set(taken)) == 2


@pytest.mark.parametrize(
    ("commands", "state"),
    [
        ([TaskCommand.PAUSE], TaskState.PAUSED),
        ([TaskCommand.PAUSE, TaskCommand.RESUME], TaskState.QUEUED),
        ([TaskCommand.PAUSE, TaskCommand.CANCEL], TaskState.CANCELLED),
        ([TaskCommand.CANCEL, TaskCommand.RETRY], TaskState.QUEUED),
    ],
)
def test_commands_change_the_state_at_once(store: TaskStore, commands: list[TaskCommand], state: TaskState) -> None:
    task_id = add(store)
    for command in commands:
        task = store.command(task_id, command, now=NOW)
    assert task.state is state


@pytest.mark.parametrize("command", [TaskCommand.RESUME, TaskCommand.RETRY])
def test_a_command_that_cannot_be_says_what_state_the_task_is_in(store: TaskStore, command: TaskCommand) -> None:
    with pytest.raises(TaskStateConflict, match="is queued"):
        store.command(add(store), command, now=NOW)


def test_an_unknown_task_is_not_found(store: TaskStore) -> None:
    with pytest.raises(NotFound):
        store.get(TaskId("0" * 32))


def test_a_paused_task_is_not_taken_up_before_its_worker_has_let_go(store: TaskStore) -> None:
    task_id = add(store)
    held = claim(store)
    store.command(task_id, TaskCommand.PAUSE, now=NOW)
    store.command(task_id, TaskCommand.RESUME, now=NOW)
    assert store.claim("other", LIMITS, now=NOW, lease=LEASE) is None
    store.let_go(held)
    assert claim(store, "other").task.task_id == task_id


def test_what_a_worker_lost_it_can_no_longer_change(store: TaskStore) -> None:
    task_id = add(store)
    lost = claim(store, "suspended")
    later = NOW + LEASE + timedelta(seconds=1)
    assert [t.state for t in store.release_lost(now=later)] == [TaskState.QUEUED]
    claim(store, "successor", now=later)
    store.save_progress(lost, TaskProgress(99, 100, "bytes"))
    store.finish(lost, TaskState.FAILED, now=later, error="no", code="NO")
    assert store.find_state(lost) is None
    assert store.renew([lost], until=later) == {task_id: None}
    task = store.get(task_id)
    assert (task.state, task.progress.done) == (TaskState.RUNNING, 0)


def test_a_dead_workers_tasks_are_free_before_the_lease_is_over(store: TaskStore) -> None:
    task_id = add(store)
    claim(store, "dead")
    assert [t.task_id for t in store.release_lost(now=NOW, dead_owners=["dead"])] == [task_id]


def test_what_was_done_stays_done_though_a_pause_came_meanwhile(store: TaskStore) -> None:
    task_id = add(store)
    held = claim(store)
    store.command(task_id, TaskCommand.PAUSE, now=NOW)
    assert store.finish(held, TaskState.DONE, now=NOW).state is TaskState.DONE


def test_a_cancelled_task_is_given_out_once_more_to_clear_up_after_it(store: TaskStore) -> None:
    task_id = add(store)
    store.command(task_id, TaskCommand.CANCEL, now=NOW)
    discard = claim(store)
    assert discard.is_discard
    assert store.finish_discard(discard).state is TaskState.CANCELLED
    assert store.claim("me", LIMITS, now=NOW, lease=LEASE) is None


def test_a_postponed_task_waits_for_its_time(store: TaskStore) -> None:
    add(store)
    store.let_go(claim(store), run_after=NOW + timedelta(minutes=5))
    assert store.claim("me", LIMITS, now=NOW, lease=LEASE) is None
    assert claim(store, now=NOW + timedelta(minutes=6)).task.attempts == 2


def test_the_history_is_paged_newest_first(store: TaskStore) -> None:
    ids = [store.add(NewTask(TaskKind.SCAN, "s"), now=NOW + timedelta(seconds=i))[0].task_id for i in range(5)]
    seen, cursor = [], None
    while True:
        page = store.list_page(kinds=[TaskKind.SCAN], limit=2, cursor=cursor)
        seen += [task.task_id for task in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == ids[::-1]
    assert page.total == 5


def test_a_made_up_cursor_is_refused(store: TaskStore) -> None:
    with pytest.raises(BadInput):
        store.list_page(cursor="yesterday")


def test_only_finished_tasks_leave_the_history(store: TaskStore) -> None:
    task_id = add(store)
    with pytest.raises(TaskStateConflict):
        store.remove_finished(task_id)
    store.finish(claim(store), TaskState.DONE, now=NOW)
    store.remove_finished(task_id)
    with pytest.raises(NotFound):
        store.get(task_id)


def names_in_order(store: TaskStore) -> list[str]:
    return [task.name for task in store.list_page(order=TaskOrder.QUEUE).items]


@pytest.mark.parametrize(
    ("target", "order"), [("first", "dabc"), ("last", "abcd"), ("a", "dabc"), ("b", "adbc"), ("d", "abcd")]
)
def test_what_waits_can_be_moved_and_what_comes_later_goes_behind_it(store: TaskStore, target: str, order: str) -> None:
    ids = {name: add(store, name) for name in "abcd"}
    spread = [TaskId(task.task_id) for task in store.list_all(TaskKind.DOWNLOAD, list(TaskState))]
    for task_id in sorted(spread, key=lambda task_id: store.get(task_id).name, reverse=True):
        store.move(task_id, End.FIRST)  # of one time, they lay in the order of their ids
    place: TaskId | End = ids[target] if target in ids else End(target)
    store.move(ids["d"], place)
    add(store, "later")
    assert names_in_order(store) == [*order, "later"]
    assert [claim(store).task.name for _ in range(2)] == list(order[:2])


def test_what_is_finished_has_no_place_to_change(store: TaskStore) -> None:
    done = add(store, "done")
    store.finish(claim(store), TaskState.DONE, now=NOW)
    waiting = add(store, "waiting")
    refused: list[tuple[TaskId, TaskId | End]] = [(done, End.FIRST), (waiting, done), (waiting, TaskId("nothing"))]
    for moved, target in refused:
        with pytest.raises(TaskStateConflict):
            store.move(moved, target)
    with pytest.raises(NotFound):
        store.move(TaskId("nothing"), End.FIRST)


def test_urgent_work_goes_before_all_that_waits(store: TaskStore) -> None:
    add(store, "a", priority=7)
    store.add(NewTask(TaskKind.DOWNLOAD, "urgent", is_first=True), now=NOW)
    assert names_in_order(store) == ["urgent", "a"]


def test_pages_in_the_order_of_work_miss_none_and_repeat_none(store: TaskStore) -> None:
    for number in range(7):
        add(store, f"t{number}", priority=number % 3)
    whole, seen, cursor = names_in_order(store), [], None
    while True:
        page = store.list_page(order=TaskOrder.QUEUE, limit=2, cursor=cursor)
        seen += [task.name for task in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == whole
    with pytest.raises(BadInput):
        store.list_page(order=TaskOrder.QUEUE, cursor="x~2026-01-01T00:00:00+00:00~a")


def test_one_host_is_not_asked_for_more_at_once_than_it_may_be(store: TaskStore) -> None:
    for name, host in [("a1", "a.example"), ("a2", "a.example"), ("b1", "b.example")]:
        store.add(NewTask(TaskKind.DOWNLOAD, name, {"host": host}), now=NOW + timedelta(seconds=int(name[1])))

    def claim_one() -> Claim | None:
        return store.claim("me", {TaskKind.DOWNLOAD: 9}, now=NOW, lease=LEASE, per_host=1)

    first = claim_one()
    second = claim_one()
    assert first is not None
    assert second is not None
    assert {first.task.payload["host"], second.task.payload["host"]} == {"a.example", "b.example"}
    assert claim_one() is None
    store.finish(first, TaskState.DONE, now=NOW)
    store.finish(second, TaskState.DONE, now=NOW)
    third = claim_one()
    assert third is not None
    assert third.task.name == "a2"


def test_work_without_a_host_is_limited_by_its_kind_alone(store: TaskStore) -> None:
    for name in "ab":
        add(store, name)
    assert store.claim("me", LIMITS, now=NOW, lease=LEASE, per_host=1)
    assert store.claim("me", LIMITS, now=NOW, lease=LEASE, per_host=1)


@pytest.mark.parametrize(
    ("words", "found"),
    [("HARBOUR", 1), ("quiet civitai", 1), ("harb_ur", 0), ("100%", 0), ("harbour_v1", 1), ("nowhere", 0), ("", 2)],
)
def test_the_history_is_searched_by_name_link_and_file(store: TaskStore, words: str, found: int) -> None:
    payload = {"url": "https://civitai.com/models/1", "relative_path": "loras/harbour_v1.safetensors"}
    store.add(NewTask(TaskKind.DOWNLOAD, "Quiet Harbour", payload), now=NOW)
    store.add(NewTask(TaskKind.DOWNLOAD, "Another", {"url": "https://x.example"}), now=NOW)
    assert store.list_page(words=words).total == found


def test_the_history_is_cleared_of_what_is_finished_alone(store: TaskStore) -> None:
    add(store, "done")
    store.finish(claim(store), TaskState.DONE, now=NOW)
    add(store, "waiting")
    left = add(store, "left")
    store.command(left, TaskCommand.CANCEL, now=NOW)  # its part file has not been removed yet
    assert store.clear(TaskKind.DOWNLOAD, [TaskState.FAILED]) == 0
    assert store.clear(TaskKind.DOWNLOAD, list(TaskState)) == 1
    assert sorted(names_in_order(store)) == ["left", "waiting"]


def test_processes_that_work_are_counted_once_each(store: TaskStore) -> None:
    assert store.count_workers(TaskKind.DOWNLOAD) == 0
    for name in "abc":
        add(store, name)
    limits = {TaskKind.DOWNLOAD: 3}
    claims = [store.claim(owner, limits, now=NOW, lease=LEASE) for owner in ("one", "one", "two")]
    assert store.count_workers(TaskKind.DOWNLOAD) == 2
    assert store.count_workers(TaskKind.SCAN) == 0
    assert claims[2] is not None
    store.let_go(claims[2])
    assert store.count_workers(TaskKind.DOWNLOAD) == 1
