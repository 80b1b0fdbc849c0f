"""What a transfer does about servers and networks that fail."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sd_model_manager.download.transfer import Clock, FileUrl
from sd_model_manager.lib.errors import (
    AppError,
    NoSpace,
    SourceBroken,
    SourceForbidden,
    SourceGone,
    SourceNotFound,
    SourceOffline,
    SourceRateLimited,
    SourceUnavailable,
    TaskStateConflict,
)
from tests.download.conftest import KIB, Download, Serve, make_settings
from tests.download.file_server import (
    CHUNK_BYTES,
    Fault,
    Handler,
    Seen,
    cut_after,
    make_bytes,
    reset_after,
    reset_at_once,
    say_nothing,
    stall_after,
    status,
)
from tests.download.file_server import serve as serve_as_usual

STALL_SECONDS = 0.4
ONE = make_settings(connections=1, stall_timeout_seconds=STALL_SECONDS)
"""One connection with large pieces: what happens first and what next is certain."""


@dataclass
class PatientClock:
    """Time that passes only while somebody sleeps, and then at once."""

    slept: list[float] = field(default_factory=list)

    def make(self) -> Clock:
        return Clock(now=lambda: sum(self.slept), sleep=self.slept.append)


@pytest.mark.parametrize(
    "fault",
    [cut_after(300_000), reset_after(300_000), stall_after(300_000), reset_at_once],
    ids=["cut off", "reset", "stalled", "reset before the answer"],
)
@pytest.mark.parametrize("connections", [1, 4])
def test_a_broken_connection_is_taken_up_where_it_was(download: Download, fault: Fault, connections: int) -> None:
    download.served.faults.append(fault)
    settings = make_settings(connections=connections, stall_timeout_seconds=STALL_SECONDS)
    assert download.has_all(download.run(settings))
    # What a reset finds in the network's buffers is lost, and no more.
    assert download.server.sent_bytes <= len(download.served.content) + 300_000


def test_many_broken_connections_in_a_row_do_not_matter_while_there_is_progress(download: Download) -> None:
    download.served.faults.extend([cut_after(100_000)] * 15)
    assert download.has_all(download.run(ONE))


def test_a_connection_that_drips_is_dropped(tmp_path: Path, serve: Serve) -> None:
    def drip(handler: Handler) -> None:
        content = handler.server.served.content
        handler.send_response(206)
        handler.send_header("Content-Range", f"bytes 0-{len(content) - 1}/{len(content)}")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        for at in range(100):
            if handler.server.closing.wait(0.05):
                return
            handler.wfile.write(content[at : at + 1])

    download = Download(tmp_path, serve())
    download.served.faults.append(drip)
    assert download.has_all(download.run(ONE))
    assert len(download.server.seen) > 1


def test_a_server_that_never_answers_is_given_up(download: Download) -> None:
    download.served.faults.extend([reset_at_once] * 4)
    with pytest.raises(SourceOffline, match="failed"):
        download.run(ONE)
    assert len(download.server.seen) == 4


def test_a_silent_server_is_given_up(download: Download) -> None:
    download.served.faults.extend([say_nothing] * 4)
    with pytest.raises(SourceOffline):
        download.run(make_settings(connections=1, stall_timeout_seconds=0.05))


def test_nobody_listening_is_reported_as_offline(download: Download) -> None:
    download.url = "http://127.0.0.1:1/file"
    with pytest.raises(SourceOffline):
        download.run()


def test_a_name_without_address_is_reported_as_offline(download: Download) -> None:
    download.url = "https://no-such-host.invalid/file"
    with pytest.raises(SourceOffline, match=r"no-such-host\.invalid"):
        download.run()


@pytest.mark.parametrize("code", [500, 502, 503, 524])
def test_a_failing_server_is_asked_again(download: Download, code: int) -> None:
    download.served.faults.extend([status(code, b"<html>sorry</html>", Content_Type="text/html")] * 3)
    assert download.has_all(download.run())


def test_a_server_that_keeps_failing_is_given_up(download: Download) -> None:
    download.served.faults.extend([status(502)] * 9)
    with pytest.raises(SourceUnavailable):
        download.run()
    assert not list(download.folder.iterdir())


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry_After": "7"}, 7),
        ({"Retry_After": "Tue, 24 Nov 2026 10:00:09 GMT", "Date": "Tue, 24 Nov 2026 10:00:00 GMT"}, 9),
        ({"Retry_After": "soon"}, 0),
        ({}, 0),
    ],
)
@pytest.mark.parametrize("code", [429, 503])
def test_a_pause_that_is_asked_for_is_kept(download: Download, headers: dict[str, str], pause: int, code: int) -> None:
    download.served.faults.append(status(code, b"", **headers))
    clock = PatientClock()
    assert download.has_all(download.run(make_settings(clock=clock.make())))
    assert pause <= sum(clock.slept) + 1e-6 < pause + 1


def test_a_very_long_pause_is_left_to_the_task(download: Download) -> None:
    download.served.faults.append(status(429, Retry_After="1500"))
    with pytest.raises(SourceRateLimited) as caught:
        download.run()
    assert caught.value.retry_after_seconds == 1500
    assert len(download.server.seen) == 1


@pytest.mark.parametrize(
    ("code", "kind"), [(403, SourceForbidden), (404, SourceNotFound), (410, SourceGone), (451, SourceForbidden)]
)
def test_a_refusal_is_final(download: Download, code: int, kind: type[AppError]) -> None:
    download.served.faults.append(status(code))
    with pytest.raises(kind):
        download.run()
    assert len(download.server.seen) == 1


def test_the_source_explains_its_own_refusals(download: Download) -> None:
    told: list[tuple[int, str, bytes]] = []

    def explain(code: int, headers: object, body: bytes) -> AppError:
        told.append((code, headers["content-type"], body))  # type: ignore[index]
        return SourceForbidden("Early access until Friday.")

    download.served.faults.append(status(403, b'{"error":"Early Access"}', Content_Type="application/json"))
    with pytest.raises(SourceForbidden, match="until Friday"):
        download.run(explain_refusal=explain)
    assert told == [(403, "application/json", b'{"error":"Early Access"}')]


def test_fewer_connections_are_used_where_more_are_turned_away(tmp_path: Path, serve: Serve) -> None:
    server = serve(make_bytes(3_000_000), pause_seconds=0.01)
    busy: list[int] = []

    def only_one(seen: Seen) -> Fault | None:
        if busy:
            return status(429)
        busy.append(1)
        return None

    def one_at_a_time(handler: Handler) -> None:
        try:
            serve_as_usual(handler)
        finally:
            busy.clear()

    server.served.fault_for = lambda seen: only_one(seen) or one_at_a_time
    download = Download(tmp_path, server)
    assert download.has_all(download.run(make_settings(max_segment_bytes=600_000)))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html; charset=utf-8", b"<!DOCTYPE html><title>Log in</title>"),
        ("application/json", b'{"error":"File not found"}'),
        ("application/xml", b"<?xml version='1.0'?><Error/>"),
        ("application/octet-stream", b"\n <!doctype html><p>We are down for maintenance"),
        ("application/octet-stream", b'{"error": "Unauthorized"}'),
        ("binary/octet-stream", b"<Error><Code>ExpiredRequest</Code></Error>"),
    ],
)
def test_a_page_is_never_taken_for_the_file(download: Download, content_type: str, body: bytes) -> None:
    download.served.faults.append(status(200, body, Content_Type=content_type))
    with pytest.raises(SourceBroken, match="instead of the file"):
        download.run()
    assert not list(download.folder.iterdir())


def test_weights_that_begin_like_a_page_are_taken_as_weights(tmp_path: Path, serve: Serve) -> None:
    header = b'{"a":' + b" " * 55
    download = Download(tmp_path, serve(b"<\0\0\0\0\0\0\0" + header + make_bytes(1000)))
    assert download.has_all(download.run())


def test_a_text_file_may_be_fetched_where_no_model_is_meant(tmp_path: Path, serve: Serve) -> None:
    download = Download(tmp_path, serve(b'{"workflow": 1}', headers={"Content-Type": "application/json"}))
    assert download.has_all(download.run(is_model_file=False))


def test_a_packed_body_is_refused(download: Download) -> None:
    download.served.headers["Content-Encoding"] = "gzip"
    with pytest.raises(SourceBroken, match="packed"):
        download.run()
    assert not list(download.folder.iterdir())


def test_an_empty_file_is_an_error(tmp_path: Path, serve: Serve) -> None:
    with pytest.raises(SourceBroken):
        Download(tmp_path, serve(b"", allows_ranges=False)).run(expected_size_bytes=None)


@pytest.mark.parametrize(
    "content_range",
    ["bytes 5-2000007/2000008", "bytes */*", "bytes 0-99/*", "nonsense", "bytes 9-3/10"],
    ids=["another offset", "nothing", "unknown total", "nonsense", "backwards"],
)
def test_a_server_that_muddles_ranges_is_read_in_one_stream(download: Download, content_range: str) -> None:
    def muddle(handler: Handler) -> None:
        body = handler.server.served.content
        handler.answer(206, {"Content-Range": content_range, "Content-Type": "application/octet-stream"}, body[:100])

    download.served.faults.append(muddle)
    fetched = download.run()
    assert download.has_all(fetched)
    assert fetched.notes == ("The server cannot continue an interrupted download, so it started over.",)
    assert download.server.ranges_seen[1:] == [None]


def test_a_part_shorter_than_asked_for_is_completed(download: Download) -> None:
    def short(handler: Handler) -> None:
        content = handler.server.served.content
        headers = {"Content-Range": f"bytes 0-999/{len(content)}", "ETag": '"v1"'}
        handler.answer(206, headers, content[:1000])

    download.served.faults.append(short)
    assert download.has_all(download.run(ONE))
    assert (download.server.ranges_seen[1] or "").startswith("bytes=1000-")


def test_a_length_larger_than_the_file_is_found_out(download: Download) -> None:
    def boast(handler: Handler) -> None:
        content = handler.server.served.content
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content) + 500))
        handler.end_headers()
        handler.wfile.write(content)
        handler.close_connection = True

    download.served.faults.append(boast)
    fetched = download.run(ONE)
    assert download.has_all(fetched)
    assert fetched.notes


def test_a_stream_without_length_that_ends_early_is_not_taken_for_the_whole(tmp_path: Path, serve: Serve) -> None:
    server = serve(allows_ranges=False, announces_length=False, keeps_alive=False)
    server.served.faults.append(cut_after(1_000_000))
    assert (download := Download(tmp_path, server)).has_all(download.run())


def test_chunks_that_end_early_are_not_taken_for_the_whole(tmp_path: Path, serve: Serve) -> None:
    server = serve(allows_ranges=False, announces_length=False)
    server.served.faults.append(cut_after(1_000_000))
    assert (download := Download(tmp_path, server)).has_all(download.run(expected_size_bytes=None))


def test_a_full_disk_is_reported_and_what_came_is_kept(download: Download, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    monkeypatch.setattr("sd_model_manager.download.transfer.lane._open_for_writing", lambda _: full.open("r+b", 0))
    with pytest.raises(NoSpace, match="disk is full"):
        download.run()


def test_a_stop_is_heard_at_once_and_what_came_is_kept(tmp_path: Path, serve: Serve) -> None:
    class PauseRequested(Exception):
        pass

    server = serve(hold_at=1_000_000)
    download = Download(tmp_path, server)

    def stop_when_held() -> None:
        if download.progress and download.progress[-1][0] >= 900_000:
            raise PauseRequested

    download.should_stop = stop_when_held
    with pytest.raises(PauseRequested):
        download.run(make_settings(connections=1, stall_timeout_seconds=30))
    sent = server.sent_bytes
    assert download.part.exists()
    assert download.journal.exists()

    server.served.released.set()
    download.should_stop = lambda: None
    assert download.has_all(download.run())
    assert server.sent_bytes - sent < 1_300_000


def test_a_stop_before_anything_came_leaves_nothing(download: Download) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    download.should_stop = stop
    with pytest.raises(KeyboardInterrupt):
        download.run()
    assert not list(download.folder.iterdir())


def test_a_resolver_that_fails_for_good_is_not_asked_again(download: Download) -> None:
    asked: deque[int] = deque()

    def resolve() -> object:
        asked.append(1)
        raise SourceGone("Taken down.")

    with pytest.raises(SourceGone):
        download.run(resolve=resolve)
    assert len(asked) == 1


def test_a_resolver_that_fails_for_now_is_asked_again(download: Download) -> None:
    refusals = deque([SourceUnavailable("Not now."), SourceRateLimited("Slowly.", retry_after_seconds=0.01)])

    def resolve() -> FileUrl:
        if refusals:
            raise refusals.popleft()
        return FileUrl(download.server.url)

    assert download.has_all(download.run(resolve=resolve))


def test_a_failing_answer_after_a_page_of_progress_keeps_the_progress(download: Download) -> None:
    download.served.faults.extend([cut_after(500 * KIB), *[status(500)] * 9])
    with pytest.raises(SourceUnavailable):
        download.run(ONE)
    download.served.faults.clear()
    sent = download.server.sent_bytes
    assert download.has_all(download.run(ONE))
    assert download.server.sent_bytes - sent == len(download.served.content) - 500 * KIB


def test_a_folder_that_cannot_be_made_is_named(download: Download) -> None:
    download.folder.write_bytes(b"a file where the folder should be")
    with pytest.raises(AppError, match="could not be read or written") as caught:
        download.run()
    assert caught.value.error_code == "DISK_FAILED"


def test_a_twin_that_wakes_up_touches_nothing(download: Download) -> None:
    jumped: list[float] = []
    clock = Clock(now=lambda: time.monotonic() + sum(jumped), sleep=time.sleep)
    download.served.hold_at = 700_000
    states: list[tuple[bytes, str]] = []

    def sleep_for_an_hour() -> None:
        done = [step[0] for step in download.progress[-4:]]
        if len(done) == 4 and 0 < done[0] == done[-1] and not states:
            states.append((download.part.read_bytes(), download.journal.read_text()))
            jumped.append(3600)
            download.served.released.set()

    download.should_stop = sleep_for_an_hour
    settings = make_settings(connections=1, clock=clock, journal_interval_seconds=1, stall_timeout_seconds=30)
    with pytest.raises(TaskStateConflict, match="taken over"):
        download.run(settings, still_ours=lambda: not states)
    assert (download.part.read_bytes(), download.journal.read_text()) == states[0]


def test_room_is_made_for_the_size_that_the_server_tells(download: Download) -> None:
    sizes: list[int] = []
    assert download.has_all(download.run(expected_size_bytes=None, make_room=sizes.append))
    assert sizes == [len(download.served.content)]


def send_without_end(handler: Handler) -> None:
    handler.answer(200, {"Content-Type": "application/octet-stream", "Transfer-Encoding": "chunked"})
    chunk = b"\x80" * CHUNK_BYTES
    while True:
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))


def test_a_file_without_end_is_left_as_soon_as_there_is_no_room_for_it(download: Download) -> None:
    step = 16 * 1024 * 1024
    sizes: list[int] = []

    def make_room(size_bytes: int) -> None:
        sizes.append(size_bytes)
        if size_bytes > 2 * step:
            raise NoSpace("The disk is too full.")

    download.served.faults.append(send_without_end)
    with pytest.raises(NoSpace):
        download.run(expected_size_bytes=None, expected_sha256=None, make_room=make_room)
    assert sizes[-1] > 2 * step
    assert all(size % step == 0 for size in sizes)
    assert len(download.server.seen) == 1


def test_a_size_beyond_all_room_is_refused_before_it_comes(download: Download) -> None:
    def make_room(size_bytes: int) -> None:
        raise NoSpace(f"There is no room for {size_bytes}.")

    with pytest.raises(NoSpace, match=str(len(download.served.content))):
        download.run(expected_size_bytes=None, make_room=make_room)
