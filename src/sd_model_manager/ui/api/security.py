"""Who may speak to the server: checked for every request and WebSocket before any route sees it.

The Host must be a name the server was told it has (DNS rebinding), an Origin must be the server's own (cross-site
requests), and the client must be on this machine or hold the access token.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import time
from collections import defaultdict, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sd_model_manager.config import LOOPBACK_HOSTS
from sd_model_manager.lib.codes import FailureCode
from sd_model_manager.ui.api.errors import failure

COOKIE = "sdmm_session"
DEV_ORIGINS = frozenset({"http://localhost:5173", "http://127.0.0.1:5173"})
MAX_BODY_BYTES = 1024 * 1024
MAX_PREVIEW_BYTES = 51 * 1024 * 1024
"""A little more than the route allows, so that it can say what is wrong."""

_PREVIEW_PATH = re.compile(r"/api/models/\d{1,19}/preview")
_OPEN_PATHS = frozenset({"/api/health", "/api/login"})
_CLOSE_UNAUTHORISED, _CLOSE_FOREIGN = 4401, 4403
_MAX_FAILURES, _FAILURE_WINDOW_SECONDS = 10, 60.0

_PICTURES = "'self' data: blob: https://*.civitai.com"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        f"img-src {_PICTURES}",
        f"media-src {_PICTURES}",
        "style-src 'self' 'unsafe-inline'",
        "script-src 'self'",
        "connect-src 'self' ws: wss:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    message: str
    code: FailureCode

    @property
    def close_code(self) -> int:
        return _CLOSE_UNAUTHORISED if self.status in {401, 429} else _CLOSE_FOREIGN


class Attempts:
    """Counts wrong tokens per client, so that guessing gets nowhere."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[str, deque[float]] = defaultdict(deque)

    def are_too_many(self, client: str) -> bool:
        failures = self._failures.get(client)
        if failures is None:
            return False
        while failures and self._clock() - failures[0] > _FAILURE_WINDOW_SECONDS:
            failures.popleft()
        if not failures:
            del self._failures[client]
        return len(failures) >= _MAX_FAILURES

    def note_failure(self, client: str) -> None:
        self._failures[client].append(self._clock())


class AccessPolicy:
    """Decides on a request by its headers and its client's address."""

    def __init__(
        self,
        *,
        host: str,
        extra_hosts: Collection[str],
        token: str,
        is_open_to_all: bool,
        attempts: Attempts | None = None,
    ) -> None:
        own = set() if host in {"0.0.0.0", "::", ""} else {host.lower()}  # noqa: S104 - compared, not bound
        self._hosts = frozenset({*LOOPBACK_HOSTS, *own, *(name.lower() for name in extra_hosts)})
        self._token = token
        self._is_open_to_all = is_open_to_all
        self._attempts = attempts or Attempts()

    @property
    def needs_token(self) -> bool:
        return bool(self._token)

    def check(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        return self._check_host(headers) or self._check_origin(headers) or self._check_client(scope, headers)

    def is_authorised(self, scope: Scope) -> bool:
        """Whether the client holds the token, or none is needed."""
        return not self._token or self._holds_token(scope, Headers(scope=scope))

    def try_token(self, client: str, token: str) -> Refusal | None:
        """For the login page."""
        if self._attempts.are_too_many(client):
            return _TOO_MANY
        if not self._token or hmac.compare_digest(token.encode(), self._token.encode()):
            return None
        self._attempts.note_failure(client)
        return Refusal(401, "That is not the access token.", "UNAUTHORIZED")

    @property
    def session(self) -> str:
        """What the cookie of a logged-in browser holds: proof of the token, not the token."""
        return hmac.new(self._token.encode(), b"sd-model-manager session", hashlib.sha256).hexdigest()

    def _check_host(self, headers: Headers) -> Refusal | None:
        host = headers.get("host", "")
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            name = ""
        if name in self._hosts:
            return None
        return Refusal(
            403,
            f"The server does not know itself as '{name or host}'. If it is one of its names, add it to allowed_hosts.",
            "UNKNOWN_HOST",
        )

    def _check_origin(self, headers: Headers) -> Refusal | None:
        origin = headers.get("origin")
        if origin is None or origin in DEV_ORIGINS:
            return None
        parts = urlsplit(origin)
        if parts.scheme in {"http", "https"} and parts.netloc.lower() == headers.get("host", "").lower():
            return None
        return Refusal(403, "A page of another site may not use this server.", "FOREIGN_ORIGIN")

    def _check_client(self, scope: Scope, headers: Headers) -> Refusal | None:
        client = _client_of(scope)
        if not self._token:
            if self._is_open_to_all or _is_loopback(client):
                return None
            message = (
                "This server has no access token, so it answers only to this machine. Set SDMM_ACCESS_TOKEN to reach "
                "it from others."
            )
            return Refusal(403, message, "TOKEN_REQUIRED")
        if _is_open(scope) or self._holds_token(scope, headers):
            return None
        if self._attempts.are_too_many(client):
            return _TOO_MANY
        if _given_token(scope, headers):
            self._attempts.note_failure(client)
        return Refusal(
            401, "An access token is needed. Send it as a bearer token, or log in on the page.", "UNAUTHORIZED"
        )

    def _holds_token(self, scope: Scope, headers: Headers) -> bool:
        if self._attempts.are_too_many(_client_of(scope)):
            return False
        given = _given_token(scope, headers)
        if given and hmac.compare_digest(given.encode(), self._token.encode()):
            return True
        cookie = _read_cookie(headers)
        return bool(cookie) and hmac.compare_digest(cookie.encode(), self.session.encode())


_TOO_MANY = Refusal(429, "Too many wrong access tokens. Wait a minute and try again.", "TOO_MANY_ATTEMPTS")


class Gate:
    """The middleware around everything: policy, body size, security headers."""

    def __init__(self, app: ASGIApp, policy: AccessPolicy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = self._policy.check(scope)
        if scope["type"] == "websocket":
            if refusal:
                await _close(receive, send, refusal)
            else:
                await self._app(scope, receive, send)
            return
        send = _with_headers(send)
        max_bytes = _max_bytes_of(scope)
        if refusal is None and _announced_length(scope) > max_bytes:
            refusal = Refusal(413, f"A request may have {max_bytes} bytes at most.", "TOO_LARGE")
        if refusal is None and b"%00" in (scope.get("query_string", b"") + scope.get("raw_path", b"")):
            refusal = Refusal(400, "An address has no NUL characters in it.", "BAD_INPUT")
        if refusal:
            await failure(refusal.status, refusal.message, refusal.code)(scope, receive, send)
            return
        await self._app(scope, _limited(receive, max_bytes), send)


async def _close(receive: Receive, send: Send, refusal: Refusal) -> None:
    """Accepted first: a browser shows its page the reason only of a connection that stood."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": refusal.close_code, "reason": refusal.code})


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers


def _limited(receive: Receive, max_bytes: int) -> Receive:
    """A body that turns out longer than announced is cut off, as if the client had gone."""
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > max_bytes:
                return {"type": "http.disconnect"}
        return message

    return receive_limited


def _max_bytes_of(scope: Scope) -> int:
    is_preview = scope["method"] == "PUT" and _PREVIEW_PATH.fullmatch(scope["path"])
    return MAX_PREVIEW_BYTES if is_preview else MAX_BODY_BYTES


def _announced_length(scope: Scope) -> int:
    text = Headers(scope=scope).get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() else 0


def _is_open(scope: Scope) -> bool:
    """The shell of the page holds nothing of the user's; without it there would be no login page."""
    if scope["type"] != "http":
        return False
    path: str = scope["path"]
    return path in _OPEN_PATHS or not path.startswith(("/api", "/ws", "/docs", "/openapi"))


def _client_of(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _is_loopback(client: str) -> bool:
    """A connection without an address came through a local socket file."""
    try:
        address = ipaddress.ip_address(client) if client else None
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address is None or address.is_loopback


def _given_token(scope: Scope, headers: Headers) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    if scope["type"] == "websocket":
        query: bytes = scope.get("query_string", b"")
        return parse_qs(query.decode("latin-1")).get("token", [""])[0]
    return ""


def _read_cookie(headers: Headers) -> str:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""
