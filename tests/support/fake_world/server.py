"""A small threaded HTTP/1.1 server on loopback whose answers can be held, slowed, cut short and reset."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True)
class Request:
    """One request as it came. `headers` has lower-case names; `server` says which of the servers got it."""

    server: str
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes = b""
    target: str = ""

    def get(self, key: str) -> str | None:
        return self.query[key][-1] if key in self.query else None

    @property
    def host(self) -> str:
        return self.headers.get("host", "")


@dataclass
class Reply:
    """`body` is sent as it is iterated. `length` is what Content-Length says, `None` for a chunked answer."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: Iterable[bytes] = ()
    length: int | None = 0


class CutShort(Exception):
    """Raised by a body: close the connection here, with a reset if `is_reset`."""

    def __init__(self, *, is_reset: bool = False) -> None:
        super().__init__("cut short")
        self.is_reset = is_reset


def text_reply(status: int, text: str, content_type: str, headers: dict[str, str] | None = None) -> Reply:
    body = text.encode()
    return Reply(status, {"Content-Type": content_type, **(headers or {})}, (body,), len(body))


def json_reply(status: int, content: Any, headers: dict[str, str] | None = None) -> Reply:
    text = json.dumps(content, ensure_ascii=False)
    return text_reply(status, text, "application/json; charset=utf-8", headers)


def html_reply(status: int, title: str) -> Reply:
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>"
    return text_reply(status, page, "text/html; charset=utf-8")


def xml_error(status: int, code: str, message: str) -> Reply:
    page = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return text_reply(status, page, "application/xml")


class LoopbackServer:
    """Serves one `Request -> Reply` function until closed; every open connection is dropped then."""

    def __init__(
        self, name: str, answer: Callable[[Request], Reply], *, port: int = 0, host: str = "127.0.0.1"
    ) -> None:
        self.name = name
        self._answer = answer
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._http = _Server((host, port), _handler_of(self))
        self.port: int = self._http.server_address[1]
        self.origin = f"http://{host}:{self.port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name=f"fake-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        with self._lock:
            open_now = list(self._connections)
        for connection in open_now:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def answer(self, request: Request) -> Reply:
        return self._answer(request)

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.discard(connection)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error here."""


def _handler_of(owner: LoopbackServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            owner.opened(self.connection)

        def finish(self) -> None:
            owner.closed(self.connection)
            with suppress(OSError):
                super().finish()

        def version_string(self) -> str:
            return "cloudflare"

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

        def handle(self) -> None:
            with suppress(ConnectionError, TimeoutError, ValueError):
                super().handle()

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            request = Request(
                server=owner.name,
                method=self.command,
                path=unquote(parts.path),
                query=parse_qs(parts.query, keep_blank_values=True),
                headers={name.lower(): text for name, text in self.headers.items()},
                body=self.rfile.read(length) if length else b"",
                target=self.path,
            )
            try:
                self._send(request, owner.answer(request))
            except CutShort as cut:
                self._cut(cut)

        do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_OPTIONS = _serve

        def _send(self, request: Request, reply: Reply) -> None:
            reply = _compressed(request, reply)
            is_bodiless = request.method == "HEAD" or reply.status in {204, 304}
            self.send_response(reply.status)
            for name, text in reply.headers.items():
                self.send_header(name, text)
            is_chunked = reply.length is None and not is_bodiless
            if is_chunked:
                self.send_header("Transfer-Encoding", "chunked")
            elif reply.length is not None:
                self.send_header("Content-Length", str(reply.length))
            self.end_headers()
            if not is_bodiless:
                self._send_body(reply.body, is_chunked=is_chunked)

        def _send_body(self, body: Iterable[bytes], *, is_chunked: bool) -> None:
            for part in body:
                if is_chunked:
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
                else:
                    self.wfile.write(part)
            if is_chunked:
                self.wfile.write(b"0\r\n\r\n")

        def _cut(self, cut: CutShort) -> None:
            self.close_connection = True
            if cut.is_reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()

    return Handler


def _compressed(request: Request, reply: Reply) -> Reply:
    """JSON goes out compressed to whoever accepts that, as from the real site."""
    is_json = "json" in reply.headers.get("Content-Type", "")
    if not is_json or "gzip" not in request.headers.get("accept-encoding", "") or not isinstance(reply.body, tuple):
        return reply
    body = gzip.compress(b"".join(reply.body), compresslevel=1)
    return Reply(reply.status, {**reply.headers, "Content-Encoding": "gzip"}, (body,), len(body))


def in_chunks(read: Callable[[int, int], bytes], start: int, end: int, size: int = CHUNK_BYTES) -> Iterator[bytes]:
    for offset in range(start, end, size):
        yield read(offset, min(size, end - offset))
