"""A small, real HTTP proxy: tunnels for https, absolute addresses for http."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from http.server import BaseHTTPRequestHandler
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any, Self
from urllib.parse import urlsplit


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ProxyServer

    def do_CONNECT(self) -> None:
        self._note()
        if self.server.refuses:
            self.send_error(407)
            return
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as upstream:
            self.send_response(200)
            self.end_headers()
            backwards = threading.Thread(target=pump, args=(upstream, self.connection), daemon=True)
            backwards.start()
            pump(self.connection, upstream)
            backwards.join(5)
        self.close_connection = True

    def do_GET(self) -> None:
        self._note()
        parts = urlsplit(self.path)
        upstream = http.client.HTTPConnection(parts.hostname or "", parts.port)
        headers = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
        upstream.request("GET", parts.path, headers=headers)
        answer = upstream.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        upstream.close()

    def log_message(self, *_: Any) -> None:
        return

    def _note(self) -> None:
        self.server.seen.append((self.command, self.path, self.headers.get("Proxy-Authorization")))


def pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


class LocalServer(ThreadingTCPServer):
    """Listens on a free port of 127.0.0.1 while it is entered."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, handler: type[BaseRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        return

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class ProxyServer(LocalServer):
    """`seen`: method, target, Proxy-Authorization."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.seen: list[tuple[str, str, str | None]] = []
        self.refuses = False
