"""A small, real HTTP server for one file, which fails in the way a test asks for."""

from __future__ import annotations

import contextlib
import hashlib
import random
import re
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Fault = Callable[["Handler"], None]
"""Answers one request in place of the server."""

CHUNK_BYTES = 64 * 1024


def make_bytes(size_bytes: int, seed: int = 0) -> bytes:
    """Pseudo-random content that does not look like a page."""
    return b"\x80" + random.Random(seed).randbytes(size_bytes - 1) if size_bytes else b""


@dataclass(frozen=True)
class Seen:
    """One request as it arrived; header names are lower-case."""

    path: str
    headers: Mapping[str, str]

    @property
    def range(self) -> str | None:
        return self.headers.get("range")


@dataclass
class Served:
    """What the server has, and how it behaves. `faults` answer one request each, in order, before it behaves again.

    `pause_seconds` passes between chunks. A request holds at `hold_at` bytes of the file until `released` is set.
    """

    content: bytes = b""
    etag: str | None = '"v1"'
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/octet-stream"})
    allows_ranges: bool = True
    announces_length: bool = True
    keeps_alive: bool = True
    pause_seconds: float = 0.0
    faults: deque[Fault] = field(default_factory=deque)
    fault_for: Callable[[Seen], Fault | None] = lambda _: None
    hold_at: int | None = None
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FileServer

    def do_GET(self) -> None:
        seen = Seen(self.path, {name.lower(): value for name, value in self.headers.items()})
        self.server.seen.append(seen)
        served = self.server.served
        fault = served.fault_for(seen)
        if fault is None and served.faults:
            fault = served.faults.popleft()
        with contextlib.suppress(OSError):
            (fault or serve)(self)

    def log_message(self, *_: Any) -> None:
        return

    def answer(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if not any(name.lower() in {"content-length", "transfer-encoding"} for name in headers):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        """Break the connection the hard way: the other side gets ECONNRESET."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


def serve(handler: Handler, *, cut_after: int | None = None) -> None:
    """The whole file or the range asked for; with `cut_after`, the connection ends after so many bytes of it."""
    served = handler.server.served
    size = len(served.content)
    start, end, status = _find_range(handler, served, size)
    headers = dict(served.headers)
    if served.etag:
        headers["ETag"] = served.etag
    if status == 416:
        handler.answer(416, {**headers, "Content-Range": f"bytes */{size}"})
        return
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    if served.announces_length:
        headers["Content-Length"] = str(end - start)
    elif served.keeps_alive:
        headers["Transfer-Encoding"] = "chunked"
    if not served.keeps_alive:
        headers["Connection"] = "close"
        handler.close_connection = True
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    _send(handler, served, served.content, start, end if cut_after is None else min(end, start + cut_after))
    if cut_after is not None:
        handler.close_connection = True
    elif headers.get("Transfer-Encoding"):
        handler.wfile.write(b"0\r\n\r\n")


def _send(handler: Handler, served: Served, content: bytes, start: int, end: int) -> None:
    is_chunked = not served.announces_length and served.keeps_alive
    for at in range(start, end, CHUNK_BYTES):
        if served.hold_at is not None and at >= served.hold_at:
            served.released.wait(30)
        chunk = content[at : min(at + CHUNK_BYTES, end)]
        handler.server.count_sent(len(chunk))  # before: whoever has the last byte may ask at once
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk) if is_chunked else chunk)
        if served.pause_seconds:
            time.sleep(served.pause_seconds)


def _find_range(handler: Handler, served: Served, size: int) -> tuple[int, int, int]:
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", handler.headers.get("Range", ""))
    if_range = handler.headers.get("If-Range")
    if asked is None or not served.allows_ranges or (if_range and if_range != served.etag):
        return 0, size, 200
    start, end = int(asked[1]), int(asked[2]) + 1 if asked[2] else size
    return (start, min(end, size), 206) if start < size else (0, 0, 416)


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    """Refuse with a status; header names with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.answer(code, named, body)


def redirect(location: str, code: int = 307) -> Fault:
    return lambda handler: handler.answer(code, {"Location": location})


def cut_after(byte_count: int) -> Fault:
    """Close the connection politely before all is sent."""
    return lambda handler: serve(handler, cut_after=byte_count)


def reset_after(byte_count: int) -> Fault:
    """Break the connection in the middle."""

    def fault(handler: Handler) -> None:
        serve(handler, cut_after=byte_count)
        handler.reset()

    return fault


def reset_at_once(handler: Handler) -> None:
    handler.reset()


def say_nothing(handler: Handler) -> None:
    handler.server.closing.wait(30)
    handler.close_connection = True


def stall_after(byte_count: int) -> Fault:
    """Send so much, then stay silent until the server is closed."""

    def fault(handler: Handler) -> None:
        serve(handler, cut_after=byte_count)
        handler.server.closing.wait(30)

    return fault


class FileServer(ThreadingHTTPServer):
    """Listens on a free port of 127.0.0.1; a context manager. With `tls`, it speaks https as `localhost`."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, served: Served, *, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.served = served
        self.seen: list[Seen] = []
        self.sent_bytes = 0
        self.closing = threading.Event()
        self._counting = threading.Lock()
        self._tls = tls

    def __enter__(self) -> FileServer:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.served.released.set()
        self.closing.set()
        self.shutdown()
        self.server_close()

    def count_sent(self, byte_count: int) -> None:
        with self._counting:
            self.sent_bytes += byte_count

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self._tls is not None:
            with contextlib.suppress(OSError), self._tls.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client_address)
            return
        super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        return

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        scheme, host = ("https", "localhost") if self._tls else ("http", "127.0.0.1")
        return f"{scheme}://{host}:{self.port}/file"

    @property
    def ranges_seen(self) -> list[str | None]:
        return [seen.range for seen in self.seen]
