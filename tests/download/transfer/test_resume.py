"""What lies on the disk is continued when it is the same file, and only then."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from sd_model_manager.download.transfer import discard, engine
from sd_model_manager.download.transfer.lane import BUFFER_BYTES
from sd_model_manager.lib.errors import SourceBroken
from tests.download.conftest import Download, Serve, make_settings
from tests.download.file_server import FileServer, Handler, Seen, cut_after, make_bytes, reset_at_once, stall_after

ONE = make_settings(connections=1, max_attempts=1)
GIVE_UP_AFTER = 700_000


def begin(download: Download, **request: Any) -> None:
    """Fetch the first 700,000 bytes, then fail."""
    served = download.served
    served.faults.extend([cut_after(GIVE_UP_AFTER), reset_at_once])
    with pytest.raises(Exception, match="failed"):
        download.run(make_settings(connections=1, max_attempts=1, max_segment_bytes=5_000_000), **request)
    served.faults.clear()
    download.server.seen.clear()
    download.server.sent_bytes = 0


def test_only_what_is_missing_is_fetched(download: Download) -> None:
    begin(download)
    assert download.has_all(download.run(make_settings(connections=1)))
    assert download.server.sent_bytes == len(download.served.content) - GIVE_UP_AFTER


def test_on_a_fast_line_the_journal_follows_the_bytes(download: Download) -> None:
    download.served.content = make_bytes(9_000_000)
    download.served.faults.append(stall_after(8_000_000))

    def stop_once_noted() -> None:
        if "[[0," in download.journal.read_text():
            raise KeyboardInterrupt

    download.should_stop = stop_once_noted
    with pytest.raises(KeyboardInterrupt):
        download.run(make_settings(connections=1, max_segment_bytes=9_000_000, journal_interval_seconds=1000))
    assert json.loads(download.journal.read_text())["ranges"][0][1] >= 4 * 1024 * 1024


def test_a_line_that_is_quicker_than_the_disk_waits_for_the_journal(
    download: Download, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a crash would lose all that came while the disk was busy."""
    download.served.content = make_bytes(60_000_000)
    monkeypatch.setattr(engine, "flush_to_disk", lambda _: time.sleep(0.5))
    ahead: list[int] = []

    def look() -> None:
        saved = json.loads(download.journal.read_text())["ranges"]
        done = download.progress[-1][0] if download.progress else 0
        ahead.append(done - sum(end - start for start, end in saved))

    download.should_stop = look
    assert download.has_all(download.run(make_settings(max_segment_bytes=4_000_000)))
    assert max(ahead) < 16 * 1024 * 1024 + 4 * BUFFER_BYTES


def test_the_journal_holds_no_address_and_no_secret(download: Download) -> None:
    download.headers = {"Authorization": "Bearer very-secret"}
    download.url = f"{download.server.url}?token=very-secret&X-Amz-Signature=abc"
    begin(download)
    text = download.journal.read_text()
    assert "very-secret" not in text
    assert "Signature" not in text
    assert json.loads(text)["ranges"] == [[0, GIVE_UP_AFTER]]


def test_a_continuation_is_asked_for_on_condition_that_the_file_is_the_same(download: Download) -> None:
    begin(download)
    download.run()
    assert all(seen.headers["if-range"] == '"v1"' for seen in download.server.seen)


def test_a_weak_etag_is_no_condition(download: Download) -> None:
    download.served.etag = 'W/"v1"'
    begin(download)
    assert download.has_all(download.run(make_settings(connections=1)))
    assert all("if-range" not in seen.headers for seen in download.server.seen)
    assert download.server.sent_bytes == len(download.served.content) - GIVE_UP_AFTER


@pytest.mark.parametrize("expected_sha256", [None, "known"])
def test_a_file_that_changed_is_fetched_anew(download: Download, expected_sha256: str | None) -> None:
    begin(download, expected_sha256=None)
    download.served.content = make_bytes(1_500_000, seed=9)
    download.served.etag = '"v2"'
    fetched = download.run(expected_sha256=download.served.sha256 if expected_sha256 else None)
    assert download.has_all(fetched)
    assert "changed at the source" in fetched.notes[0]


def test_a_file_that_changes_while_it_is_fetched_is_fetched_anew(tmp_path: Path, serve: Serve) -> None:
    server = serve()
    changed = replace(server.served, content=make_bytes(1_800_000, seed=5), etag='"v2"')

    def change_at_the_fourth_request(seen: Seen) -> None:
        if len(server.seen) == 4:
            server.served = changed

    server.served.fault_for = change_at_the_fourth_request
    download = Download(tmp_path, server)
    fetched = download.run(make_settings(connections=1), expected_sha256=None, expected_size_bytes=None)
    assert download.has_all(fetched)
    assert "changed at the source" in fetched.notes[0]


def test_a_file_that_changes_between_two_answers_is_taken_as_it_is_then(tmp_path: Path, serve: Serve) -> None:
    download = Download(tmp_path, serve())

    def change(handler: Handler) -> None:
        cut_after(0)(handler)
        handler.server.served.content = make_bytes(2_500_000, seed=8)
        handler.server.served.etag = '"v2"'
        handler.server.served.allows_ranges = False

    download.served.faults.append(change)
    assert download.has_all(download.run(make_settings(connections=1), expected_sha256=None))


def test_a_file_that_shrank_is_fetched_anew(download: Download) -> None:
    begin(download, expected_sha256=None)
    download.served.content = make_bytes(600_000)
    assert download.has_all(download.run())


def test_a_file_that_never_stops_changing_is_given_up(tmp_path: Path, serve: Serve) -> None:
    server = serve(etag=None)
    download = Download(tmp_path, server)
    download.served.fault_for = lambda seen: cut_after(100_000) if len(server.seen) % 2 else None
    numbers = iter(range(1000))

    def change() -> None:
        server.served.etag = f'"{next(numbers)}"'

    download.should_stop = change
    with pytest.raises(SourceBroken, match="times in a row"):
        download.run(make_settings(connections=1, max_restarts=2))


def test_another_checksum_means_another_file(download: Download) -> None:
    begin(download)
    download.served.content = make_bytes(2_000_003, seed=4)
    assert download.has_all(download.run())
    assert download.server.sent_bytes >= 2_000_003


def test_a_server_that_forgot_ranges_is_read_from_the_beginning(download: Download) -> None:
    begin(download)
    download.served.allows_ranges = False
    fetched = download.run()
    assert download.has_all(fetched)
    assert "cannot continue" in fetched.notes[0]


def test_without_marks_and_checksum_nothing_is_combined(tmp_path: Path, serve: Serve) -> None:
    download = Download(tmp_path, serve(etag=None, allows_ranges=False))
    begin(download, expected_sha256=None)
    download.served.allows_ranges = True
    fetched = download.run(expected_sha256=None)
    assert download.has_all(fetched)
    assert "no way to tell" in fetched.notes[0]


def test_a_fresh_file_without_marks_and_checksum_comes_in_one_stream(tmp_path: Path, serve: Serve) -> None:
    download = Download(tmp_path, serve(etag=None))
    fetched = download.run(expected_sha256=None)
    assert download.has_all(fetched)
    assert fetched.notes == ()
    assert download.server.ranges_seen[1:] == [None]


def test_without_marks_the_checksum_is_enough(tmp_path: Path, serve: Serve) -> None:
    download = Download(tmp_path, serve(etag=None))
    begin(download)
    assert download.has_all(download.run(make_settings(connections=1)))
    assert download.server.sent_bytes == len(download.served.content) - GIVE_UP_AFTER


@pytest.mark.parametrize("age_seconds", [0, 3600])
def test_an_old_date_is_as_good_a_mark_as_an_etag(tmp_path: Path, serve: Serve, age_seconds: int) -> None:
    server = serve(etag=None)
    server.served.headers["Last-Modified"] = formatdate(time.time() - age_seconds, usegmt=True)
    download = Download(tmp_path, server)
    begin(download, expected_sha256=None)
    server.served.etag = None
    assert download.has_all(download.run(expected_sha256=None))
    conditions = [seen.headers.get("if-range") for seen in server.seen]
    assert (conditions[0] is not None) == (age_seconds > 60)


def test_a_whole_file_of_unknown_length_needs_no_more_bytes(tmp_path: Path, serve: Serve) -> None:
    download = Download(tmp_path, serve(announces_length=False))
    begin(download)
    journal = json.loads(download.journal.read_text())
    journal["total_bytes"] = None
    journal["ranges"] = [[0, len(download.served.content)]]
    download.part.write_bytes(download.served.content)
    download.journal.write_text(json.dumps(journal))
    assert download.has_all(download.run())
    assert download.server.sent_bytes == 0


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 99}', '{"version": 1, "ranges": [[5, 1]]}', '{"version": 1, "ranges": "x"}']
)
def test_a_damaged_journal_means_starting_over(download: Download, text: str) -> None:
    begin(download)
    download.journal.write_text(text)
    assert download.has_all(download.run())
    assert download.server.sent_bytes >= len(download.served.content)


def test_a_journal_that_claims_more_than_there_is_means_starting_over(download: Download) -> None:
    begin(download)
    os.truncate(download.part, 1000)
    assert download.has_all(download.run())


def test_a_file_that_was_complete_needs_no_request(download: Download) -> None:
    class Paused(Exception):
        pass

    def pause_at_the_end() -> None:
        if download.part.stat().st_size == len(download.served.content):
            raise Paused

    download.should_stop = pause_at_the_end
    with pytest.raises(Paused):
        download.run(ONE)
    download.should_stop = lambda: None
    download.server.seen.clear()
    assert download.has_all(download.run())
    assert not download.server.seen


def test_a_journal_without_its_file_means_starting_over(download: Download) -> None:
    begin(download)
    download.part.unlink()
    assert download.has_all(download.run())


def test_discarding_removes_what_is_ours_and_nothing_else(download: Download) -> None:
    begin(download)
    (download.folder / "other.part").write_bytes(b"x")
    discard(download.part)
    discard(download.folder / "other.part")
    assert [path.name for path in download.folder.iterdir()] == ["other.part"]


CHILD = """
import sys
from pathlib import Path
from sd_model_manager.download.transfer import FileUrl, Transfer, TransferRequest, TransferSettings
from sd_model_manager.lib.address_guard import AddressGuard

url, part, size = sys.argv[1:]
request = TransferRequest(lambda: FileUrl(url), Path(part), int(size))
settings = TransferSettings(
    min_segment_bytes=65536, max_segment_bytes=524288, journal_interval_seconds=0.02, find_proxy=lambda *_: None
)
print("started", flush=True)
fetched = Transfer(request, settings, AddressGuard(["127.0.0.1"])).run(lambda done, total: None, lambda: None)
print(fetched.sha256)
"""


def test_kills_at_any_moment_cost_little_and_no_byte_is_wrong(tmp_path: Path, serve: Serve) -> None:
    server = serve(make_bytes(6_000_000), pause_seconds=0.01)
    part = tmp_path / "model.part"
    moments = random.Random(20261124)
    for _ in range(4):
        with start_child(server, part) as child:
            assert child.stdout is not None
            child.stdout.readline()
            wait_until_sent(server, server.sent_bytes + moments.randrange(100_000, 1_300_000))
            child.send_signal(signal.SIGKILL)
        assert_claims_are_true(part, server.served.content)
    with start_child(server, part) as child:
        output, _ = child.communicate(timeout=30)
    assert output.split()[-1] == server.served.sha256
    assert part.read_bytes() == server.served.content
    # Each kill loses what came after the last journal entry and what was on the way.
    assert server.sent_bytes < 6_000_000 + 4 * 2_000_000


def start_child(server: FileServer, part: Path) -> subprocess.Popen[str]:
    """A transfer in a process of its own, which says when it has begun."""
    command = [sys.executable, "-c", CHILD, server.url, str(part), str(len(server.served.content))]
    root = Path(__file__).parents[3]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)


def wait_until_sent(server: FileServer, byte_count: int) -> None:
    deadline = time.monotonic() + 20
    while server.sent_bytes < min(byte_count, 5_500_000) and time.monotonic() < deadline:
        server.closing.wait(0.005)


def assert_claims_are_true(part: Path, content: bytes) -> None:
    journal = part.with_name(part.name + ".json")
    if not journal.exists():
        return
    on_disk = part.read_bytes() if part.exists() else b""
    for start, end in json.loads(journal.read_text())["ranges"]:
        assert on_disk[start:end] == content[start:end]
