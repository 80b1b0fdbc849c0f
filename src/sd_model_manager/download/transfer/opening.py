"""From "where can the file be fetched now?" to an open answer: redirects by hand, every hop checked."""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote, urljoin, urlsplit

from sd_model_manager.download.transfer.connection import Connection, Connector
from sd_model_manager.download.transfer.refusals import is_landing
from sd_model_manager.download.transfer.request import ExplainRefusal, FileUrl
from sd_model_manager.lib.address_guard import CheckedTarget
from sd_model_manager.lib.errors import SourceBroken
from sd_model_manager.lib.http import origin_of

MAX_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ERROR_BODY_BYTES = 4096


class Guard(Protocol):
    """What decides which addresses may be reached: `lib.address_guard.AddressGuard`."""

    def resolve(self, url: str) -> CheckedTarget: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """Bytes `[start, end)`, or the whole file when `is_part` is off. `validator` belongs to `validator_origin`."""

    start: int
    end: int
    is_part: bool = True
    validator: str | None = None
    validator_origin: str | None = None

    def headers_for(self, origin: str) -> dict[str, str]:
        if not self.is_part:
            return {}
        headers = {"Range": f"bytes={self.start}-{self.end - 1}"}
        if self.validator and self.validator_origin == origin:
            headers["If-Range"] = self.validator
        return headers


@dataclass(frozen=True, slots=True)
class Route:
    """Where the redirects ended. `is_first_origin`: no other origin than the one that `resolve` named."""

    url: str = field(repr=False)
    origin: str
    target: CheckedTarget
    headers: Mapping[str, str] = field(repr=False)
    is_first_origin: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer whose body is still to be read. Header names are lower-case."""

    route: Route
    connection: Connection
    response: http.client.HTTPResponse
    headers: Mapping[str, str]

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def is_redirect(self) -> bool:
        return self.status in _REDIRECTS and bool(self.headers.get("location"))

    def read_start(self) -> bytes:
        """The first bytes of a body that is not the file."""
        return self.response.read(_ERROR_BODY_BYTES)

    def close(self) -> None:
        self.response.close()
        self.connection.close()


Watch = Callable[[Connection], None]
"""Told of every connection as soon as it exists, so that it can be broken off; may raise to refuse it."""


class Opener:
    """Opens the file for all connections of one transfer, which share the address the first of them found.

    Args:
        resolve: where the file is now; asked again after `forget`.
        explain_refusal: what it means to be led to a page instead of the file.
        user_agent: sent with every request.
    """

    def __init__(
        self,
        resolve: Callable[[], FileUrl],
        explain_refusal: ExplainRefusal,
        guard: Guard,
        connector: Connector,
        user_agent: str,
    ) -> None:
        self._resolve = resolve
        self._explain_refusal = explain_refusal
        self._guard = guard
        self._connector = connector
        self._always = {"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "identity"}
        self._finding = threading.Lock()
        self._route: Route | None = None

    def open(self, wanted: Wanted, watch: Watch, idle: tuple[Connection, Route] | None = None) -> Opened:
        """Ask for bytes, on a connection that is still open if there is one.

        Raises:
            AppError: of `resolve` and of the guard; SourceBroken when redirects lead nowhere.
            OSError, http.client.HTTPException: the connection failed.
        """
        if idle is not None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                # The server may have closed it meanwhile, which says nothing about the file.
                return self._unless_redirected(self._ask(idle[1], wanted, idle[0]), wanted, watch)
        with self._finding:
            if self._route is None:
                return self._find(wanted, watch)
            route = self._route
        try:
            opened = self._ask(route, wanted, self._connect(route, watch))
        except (OSError, http.client.HTTPException):
            self.forget(route)
            raise
        return self._unless_redirected(opened, wanted, watch)

    def _unless_redirected(self, opened: Opened, wanted: Wanted, watch: Watch) -> Opened:
        """The answer, or that of a new search where the known way leads on instead of giving the file."""
        if not opened.is_redirect:
            return opened
        opened.close()
        self.forget(opened.route)
        with self._finding:
            return self._find(wanted, watch)

    @property
    def has_route(self) -> bool:
        """Whether it is known where the next connection would go."""
        return self._route is not None

    def is_current(self, route: Route) -> bool:
        return self._route is route

    def forget(self, route: Route) -> None:
        """This way has failed: ask `resolve` again before the next connection, unless that was done since."""
        with self._finding:
            if self._route is route:
                self._route = None

    def _find(self, wanted: Wanted, watch: Watch) -> Opened:
        file_url = self._resolve()
        url, first_origin, headers = _in_ascii(file_url.url), origin_of(file_url.url), file_url.headers
        seen: set[str] = set()
        while url not in seen and len(seen) <= MAX_REDIRECTS:
            seen.add(url)
            origin = origin_of(url)
            if origin != first_origin:
                headers = {}
            route = Route(url, origin, self._guard.resolve(url), headers, is_first_origin=headers is file_url.headers)
            opened = self._ask(route, wanted, self._connect(route, watch))
            if not opened.is_redirect:
                self._route = route
                return opened
            opened.close()
            url = _next_url(url, opened.headers["location"])
            if is_landing(url):
                raise self._explain_refusal(opened.status, opened.headers, b"")
        raise SourceBroken("The download link leads in a circle of redirects. Try again later, or report it there.")

    def _connect(self, route: Route, watch: Watch) -> Connection:
        connection = self._connector.connect(route.target)
        try:
            watch(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _ask(self, route: Route, wanted: Wanted, connection: Connection) -> Opened:
        try:
            asked = {**self._always, **route.headers, **wanted.headers_for(route.origin)}
            response = connection.get(route.url, asked)
        except BaseException:
            connection.close()
            raise
        return Opened(route, connection, response, {name.lower(): value for name, value in response.getheaders()})


def _next_url(url: str, location: str) -> str:
    with contextlib.suppress(UnicodeError):
        # http.client reads header bytes as Latin-1, servers write UTF-8.
        location = location.encode("latin-1").decode("utf-8")
    return _in_ascii(urljoin(url, location))


def _in_ascii(url: str) -> str:
    """Without fragment, and with everything that may not stand in a request percent-encoded."""
    parts = urlsplit(url)
    safe = "/%:=&~+!$,;'@()*[]"
    return parts._replace(path=quote(parts.path, safe), query=quote(parts.query, f"{safe}?"), fragment="").geturl()
