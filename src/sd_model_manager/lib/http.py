"""JSON over HTTP from a source's API: the only module that knows the HTTP library.

The library is loaded at the first request: with its command line it takes a third of a second, and a start offline
needs none of it.

Every answer is one of: what was asked for, or an error that says which of six states the source is in (not found,
offline, rate limited, needs login, forbidden, gone), unavailable, or broken. Files are not fetched here.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from sd_model_manager import __version__
from sd_model_manager.lib.errors import (
    SourceBroken,
    SourceError,
    SourceForbidden,
    SourceGone,
    SourceNeedsLogin,
    SourceNotFound,
    SourceOffline,
    SourceRateLimited,
    SourceUnavailable,
)
from sd_model_manager.lib.throttle import HostThrottle

if TYPE_CHECKING:
    import httpx

USER_AGENT = f"SDModelManager/{__version__}"
"""Holds no browser's name: Civitai answers browsers with login pages where it gives programs JSON."""

MAX_BODY_BYTES = 32 * 1024 * 1024
ANSWER_TOO_LARGE: Final = "SOURCE_ANSWER_TOO_LARGE"
"""Code of the error for an answer beyond `MAX_BODY_BYTES`: whoever asked for many things may ask for fewer."""

MAX_ATTEMPTS = 3
MAX_PATIENCE_SECONDS = 30.0
"""The longest a call waits before it tries again; a source that asks for more gets its error reported at once."""

_MAX_REDIRECTS = 5
_TOTAL_SECONDS = 90.0

_MEANINGS: dict[int, tuple[type[SourceError], str]] = {
    401: (SourceNeedsLogin, "wants a valid API key; enter one in the settings"),
    403: (SourceForbidden, "refuses this request"),
    404: (SourceNotFound, "does not know this (it may be hidden, unpublished or removed)"),
    410: (SourceGone, "has taken this down for good"),
    451: (SourceForbidden, "is not available in your region"),
}

Explain = Callable[["Answer"], SourceError | None]
"""Turns an answer of 400 and above into an error in the source's own terms; `None` leaves it to the usual meaning."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `headers` has lower-case names."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_json(self) -> bool:
        return "json" in self.headers.get("content-type", "").partition(";")[0].lower()

    def parse_json(self) -> Any:
        """Raises ValueError where the body is not JSON, whatever its content type claims."""
        return json.loads(self.body)

    def find_message(self) -> str | None:
        """The reason in an error body: `message`, `error.message` or `error`, whichever is text."""
        if not self.is_json:
            return None
        try:
            body = self.parse_json()
        except ValueError:
            return None
        if not isinstance(body, dict):
            return None
        error = body.get("error")
        nested = error.get("message") if isinstance(error, dict) else None
        texts = (body.get("message"), nested, error)
        return next((text.strip()[:500] for text in texts if isinstance(text, str) and text.strip()), None)


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret and the origins it may be sent to; every other origin is asked without it."""

    token: str = field(repr=False)
    origins: frozenset[str]


class ApiClient:
    """Asks one source's API, from any thread. Made by `make_api_client`."""

    def __init__(
        self,
        *,
        source: str,
        origins: frozenset[str],
        credential: Credential | None,
        throttle: HostThrottle,
        explain: Explain,
        timeout_seconds: float,
        clock: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        self._source = source
        self._origins = origins
        self._credential = credential
        self._throttle = throttle
        self._explain = explain
        self._clock = clock
        self._now = now
        self._timeout_seconds = timeout_seconds
        self._opening = threading.Lock()
        self._http: httpx.Client | None = None

    def close(self) -> None:
        with self._opening:
            if self._http is not None:
                self._http.close()
                self._http = None

    def get(self, url: str) -> Answer:
        """Fetch a JSON answer of status 200.

        Raises:
            SourceError: the subclass says what state the source is in and what to do.
        """
        return self._ask_in_name("GET", url, None)

    def post(self, url: str, content: Any) -> Answer:
        """Like `get`, with `content` sent as JSON. Only for questions: it may be sent more than once."""
        return self._ask_in_name("POST", url, json.dumps(content).encode())

    def _ask_in_name(self, method: str, url: str, content: bytes | None) -> Answer:
        try:
            return self._ask(method, url, content)
        except SourceError as error:
            error.details.setdefault("source", self._source)
            raise

    def _ask(self, method: str, url: str, content: bytes | None) -> Answer:
        for attempt in range(1, MAX_ATTEMPTS):
            try:
                return self._ask_once(method, url, content)
            except SourceError as error:
                wait_seconds = _seconds_before_retry(error, attempt)
                if wait_seconds is None:
                    raise
                self._throttle.rest(wait_seconds)
        return self._ask_once(method, url, content)

    def _ask_once(self, method: str, url: str, content: bytes | None) -> Answer:
        for _ in range(_MAX_REDIRECTS):
            with self._throttle.turn():
                answer = self._exchange(method, url, content)
            self._adapt_pace(answer.status)
            if not (300 <= answer.status < 400 and "location" in answer.headers):
                return self._checked(answer)
            url = self._checked_redirect(url, answer.headers["location"])
        raise SourceBroken(f"{self._source} redirects in circles. Try again later.")

    def _adapt_pace(self, status: int) -> None:
        """Too many requests, or more than it can answer: the gateway statuses of RFC 9110, and Cloudflare's own."""
        if status == 429 or 502 <= status <= 504 or 520 <= status <= 524:
            self._throttle.slow_down()
        elif status < 400:
            self._throttle.speed_up()

    def _exchange(self, method: str, url: str, content: bytes | None) -> Answer:
        headers = {"Content-Type": "application/json"} if content is not None else {}
        if self._credential is not None and origin_of(url) in self._credential.origins:
            headers["Authorization"] = f"Bearer {self._credential.token}"
        import httpx

        try:
            with self._open().stream(method, url, headers=headers, content=content) as response:
                lowered = {name.lower(): text for name, text in response.headers.items()}
                return Answer(response.status_code, url, lowered, self._read(response))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise SourceOffline(
                f"{self._source} cannot be reached. Check the internet connection, and try again.",
                host=urlsplit(url).hostname,
            ) from error
        except httpx.TransportError as error:
            raise SourceUnavailable(f"{self._source} broke off its answer. Try again in a moment.") from error
        except (httpx.InvalidURL, httpx.DecodingError) as error:
            raise SourceBroken(f"{self._source} gave an answer that cannot be read.") from error

    def _open(self) -> httpx.Client:
        """Made when first needed: a proxy setting that cannot be used must not keep the program from starting."""
        with self._opening:
            if self._http is None:
                try:
                    self._http = _make_http(self._timeout_seconds)
                except (ImportError, ValueError, OSError) as error:
                    raise SourceOffline(
                        f"{self._source} cannot be asked with the proxy or certificate settings of this machine "
                        f"(HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE): {error}. Use an http:// proxy, or none.",
                        code="SOURCE_BAD_PROXY",
                    ) from error
            return self._http

    def _read(self, response: httpx.Response) -> bytes:
        deadline = self._clock() + _TOTAL_SECONDS
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise SourceBroken(
                    f"{self._source} sent an answer of more than {MAX_BODY_BYTES >> 20} MiB, which is not taken.",
                    code=ANSWER_TOO_LARGE,
                )
            if self._clock() > deadline:
                raise SourceUnavailable(f"{self._source} answers too slowly. Try again later.")
        return bytes(body)

    def _checked_redirect(self, url: str, location: str) -> str:
        target = urljoin(url, location)
        if origin_of(target) not in self._origins:
            host = urlsplit(target).hostname
            raise SourceBroken(f"{self._source} redirects to another site ({host}), which is not followed.")
        return target

    def _checked(self, answer: Answer) -> Answer:
        if answer.status >= 400:
            raise self._explain(answer) or self._usual_meaning(answer)
        if answer.status != 200 or not answer.is_json:
            kind = answer.headers.get("content-type", "no content type")
            raise SourceBroken(
                f"{self._source} answered with a web page instead of data ({answer.status}, {kind}). "
                "It may be under maintenance; try again later.",
                status=answer.status,
            )
        return answer

    def _usual_meaning(self, answer: Answer) -> SourceError:
        status = answer.status
        reason = answer.find_message()
        says = f": {reason.rstrip('.')}." if reason else "."
        wait_seconds = parse_retry_after(answer.headers.get("retry-after"), self._now())
        if status == 429:
            message = f"{self._source} asks for a pause, there were too many requests{says}"
            return SourceRateLimited(message, retry_after_seconds=wait_seconds, status=status)
        if status >= 500:
            message = f"{self._source} has a problem on its side ({status}). Try again later."
            return SourceUnavailable(message, retry_after_seconds=wait_seconds, status=status)
        kind, what = _MEANINGS.get(status, (SourceBroken, f"rejected the request ({status})"))
        return kind(f"{self._source} {what}{says}", status=status)


def _make_http(timeout_seconds: float) -> httpx.Client:
    import httpx

    return httpx.Client(
        headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
        timeout=httpx.Timeout(timeout_seconds, connect=min(10.0, timeout_seconds)),
        limits=httpx.Limits(max_connections=8, max_keepalive_connections=2),
        follow_redirects=False,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
    )


def make_api_client(
    source: str,
    *,
    origins: Collection[str],
    token: str = "",
    throttle: HostThrottle | None = None,
    explain: Explain = lambda _answer: None,
    timeout_seconds: float = 30.0,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ApiClient:
    """Make a client for one source.

    Args:
        source: its name in messages.
        origins: every origin that is the source itself: redirects and the token go there and nowhere else.
        token: an API key; whitespace around it, as pasting leaves it, is dropped.
        throttle: the pace; its sleep is also how retries wait.
        explain: the source's own reading of its error answers.
        timeout_seconds: for connecting (at most 10) and between two chunks of an answer.
        clock: growing seconds, for the limit on one whole answer.
        now: aware UTC time, for `Retry-After` dates.
    """
    own = frozenset(origin_of(origin) for origin in origins)
    secret = "".join(token.split())
    return ApiClient(
        source=source,
        origins=own,
        credential=Credential(secret, own) if secret else None,
        throttle=throttle or HostThrottle(),
        explain=explain,
        timeout_seconds=timeout_seconds,
        clock=clock,
        now=now,
    )


def origin_of(url: str) -> str:
    """`scheme://host:port`, lower case, the port always given; what does not parse has the origin `""`."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    except (ValueError, KeyError):
        return ""
    return f"{parts.scheme}://{(parts.hostname or '').rstrip('.')}:{port}"


def parse_retry_after(text: str | None, now: datetime) -> float | None:
    """Seconds to wait, from the number or the date that RFC 9110 allows; `None` for anything else."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _seconds_before_retry(error: SourceError, attempt: int) -> float | None:
    """`None` where trying again is no use, or later than a caller can be kept waiting."""
    if not error.can_retry:
        return None
    asked: float | None = error.details.get("retry_after_seconds")
    if asked is None:
        return min(MAX_PATIENCE_SECONDS, 2.0 ** (attempt - 1)) + random.uniform(0, 0.5)  # noqa: S311 - spreads retries
    return asked if asked <= MAX_PATIENCE_SECONDS else None
