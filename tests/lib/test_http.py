from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sd_model_manager.lib.errors import SourceBroken, SourceError, SourceForbidden, SourceOffline, SourceUnavailable
from sd_model_manager.lib.http import (
    MAX_BODY_BYTES,
    USER_AGENT,
    Answer,
    ApiClient,
    make_api_client,
    origin_of,
    parse_retry_after,
)
from sd_model_manager.lib.throttle import HostThrottle
from tests.support.fake_world.library import FIXTURES
from tests.support.fake_world.server import LoopbackServer, Reply, Request, json_reply

KEY = "a-very-secret-key"
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
BROWSER_WORDS = ("mozilla", "chrome", "safari", "firefox", "opera", "edge")


class Site:
    """A real server whose answer each test sets, and which remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answer: Callable[[Request], Reply] = lambda _request: json_reply(200, {"fine": True})
        self.server = LoopbackServer("site", self._answer)
        self.server.start()

    def _answer(self, request: Request) -> Reply:
        self.requests.append(request)
        return self.answer(request)


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.close()


@pytest.fixture
def other_site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.close()


@pytest.fixture
def client(site: Site) -> Iterator[ApiClient]:
    made = make_client(site)
    yield made
    made.close()


def make_client(*sites: Site) -> ApiClient:
    throttle = HostThrottle(per_second=1000, sleep=lambda _seconds: None, clock=_Leaps())
    return make_api_client("The site", origins=[site.server.origin for site in sites], token=KEY, throttle=throttle)


class _Leaps:
    """A clock on which every look is a minute later, so that no rest is left to wait for."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 60
        return self.seconds


def test_a_request_says_who_asks_and_carries_the_key(site: Site, client: ApiClient) -> None:
    assert client.get(f"{site.server.origin}/x").parse_json() == {"fine": True}
    headers = site.requests[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["user-agent"] == USER_AGENT
    assert not any(word in USER_AGENT.lower() for word in BROWSER_WORDS)


def test_the_key_does_not_show_when_a_client_or_credential_is_printed(client: ApiClient) -> None:
    assert KEY not in repr(client) + repr(vars(client))


def test_cookies_are_not_kept(site: Site, client: ApiClient) -> None:
    site.answer = lambda _request: json_reply(200, {}, {"Set-Cookie": "session=1; Path=/"})
    client.get(site.server.origin)
    client.get(site.server.origin)
    assert "cookie" not in site.requests[1].headers


def test_a_login_saved_in_netrc_is_not_used(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    anonymous = make_api_client("The site", origins=[site.server.origin])
    anonymous.get(site.server.origin)
    anonymous.close()
    assert "authorization" not in site.requests[0].headers


def test_a_proxy_that_cannot_be_used_is_reported_when_it_is_needed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "telnet://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    client = make_client(site)
    with pytest.raises(SourceOffline, match="ALL_PROXY"):
        client.get(site.server.origin)
    client.close()


def test_redirects_within_the_source_are_followed_with_the_key(site: Site, other_site: Site) -> None:
    site.answer = lambda _request: Reply(308, {"Location": f"{other_site.server.origin}/there"})
    client = make_client(site, other_site)
    assert client.get(f"{site.server.origin}/here").url == f"{other_site.server.origin}/there"
    assert other_site.requests[0].headers["authorization"] == f"Bearer {KEY}"
    client.close()


def test_a_redirect_to_another_site_is_not_followed(site: Site, other_site: Site, client: ApiClient) -> None:
    site.answer = lambda _request: Reply(302, {"Location": other_site.server.origin})
    with pytest.raises(SourceBroken, match="another site"):
        client.get(site.server.origin)
    assert other_site.requests == []


def test_an_origin_that_is_not_the_sources_gets_no_key(other_site: Site, client: ApiClient) -> None:
    client.get(other_site.server.origin)
    assert "authorization" not in other_site.requests[0].headers


def test_redirects_in_circles_end(site: Site, client: ApiClient) -> None:
    site.answer = lambda request: Reply(307, {"Location": request.target + "x"})
    with pytest.raises(SourceBroken, match="circles"):
        client.get(f"{site.server.origin}/a")
    assert len(site.requests) == 5


@pytest.mark.parametrize("is_announced", [True, False])
def test_an_answer_without_end_is_not_taken(site: Site, client: ApiClient, is_announced: bool) -> None:
    def answer(_request: Request) -> Reply:
        size = MAX_BODY_BYTES + (2 << 20)
        length = size if is_announced else None
        return Reply(200, {"Content-Type": "application/json"}, (b" " * (1 << 20) for _ in range(size >> 20)), length)

    site.answer = answer
    with pytest.raises(SourceBroken, match="32 MiB"):
        client.get(site.server.origin)


def test_trouble_is_tried_again_a_bounded_number_of_times(site: Site, client: ApiClient) -> None:
    site.answer = lambda _request: json_reply(502, {})
    with pytest.raises(SourceUnavailable):
        client.get(site.server.origin)
    assert len(site.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_clear_no_is_taken_the_first_time(site: Site, client: ApiClient, status: int) -> None:
    site.answer = lambda _request: json_reply(status, {"error": "no"})
    with pytest.raises(SourceError) as error:
        client.get(site.server.origin)
    assert len(site.requests) == 1
    assert error.value.details["status"] == status


def test_a_source_may_read_its_own_errors(site: Site) -> None:
    client = make_api_client(
        "The site",
        origins=[site.server.origin],
        explain=lambda answer: SourceForbidden(f"own words for {answer.status}"),
    )
    site.answer = lambda _request: json_reply(404, {})
    with pytest.raises(SourceForbidden, match="own words for 404"):
        client.get(site.server.origin)
    client.close()


@pytest.mark.parametrize(
    "case", json.loads((FIXTURES / "errors.json").read_text("utf-8")), ids=lambda case: case["case"]
)
def test_every_known_error_answer_becomes_a_sentence(site: Site, client: ApiClient, case: dict[str, object]) -> None:
    def answer(_request: Request) -> Reply:
        body = str(case.get("body_text") or json.dumps(case.get("body"))).encode()
        headers = {"Content-Type": "application/json", **dict(case.get("headers") or {})}  # type: ignore[call-overload]
        return Reply(int(str(case["status"])), headers, (body,), len(body))

    site.answer = answer
    with pytest.raises(SourceError) as error:
        client.get(site.server.origin)
    assert re.fullmatch(r"The site .+", error.value.message, re.DOTALL)
    assert "<html" not in error.value.message


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"error": "a"}, "a"),
        ({"message": "b"}, "b"),
        ({"error": "Unauthorized", "message": "c"}, "c"),
        ({"error": {"name": "ZodError", "message": "d"}}, "d"),
        ({"error": 5}, None),
        ([], None),
        ("text", None),
    ],
)
def test_the_reason_is_found_wherever_an_error_body_has_it(body: object, expected: str | None) -> None:
    answer = Answer(400, "x", {"content-type": "application/json; charset=utf-8"}, json.dumps(body).encode())
    assert answer.find_message() == expected
    assert Answer(400, "x", {"content-type": "text/html"}, json.dumps(body).encode()).find_message() is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0), ("30", 30.0), (" 30 ", 30.0), ("Tue, 01 Sep 2026 12:00:30 GMT", 30.0),
        ("Tue, 01 Sep 2026 11:00:00 GMT", 0.0), ("soon", None), ("", None), (None, None), ("-5", None), ("1.5", None),
        ("٣", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_or_as_a_date(text: str | None, seconds: float | None) -> None:
    assert parse_retry_after(text, NOW) == seconds


@settings(deadline=None)
@given(st.text())
def test_junk_in_retry_after_is_ignored(text: str) -> None:
    seconds = parse_retry_after(text, NOW)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Civitai.com/a?b", "https://civitai.com:443"),
        ("https://civitai.com.:443", "https://civitai.com:443"),
        ("http://civitai.com", "http://civitai.com:80"),
        ("http://[::1]:9/x", "http://::1:9"),
        ("https://civitai.com@evil.example/", "https://evil.example:443"),
        ("file:///etc/passwd", ""),
        ("https://x:99999/", ""),
        ("", ""),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin
