"""A small, real SOCKS5 proxy (RFC 1928, RFC 1929)."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
from socketserver import StreamRequestHandler
from typing import cast

from tests.download.proxy_server import LocalServer, pump

_IPV4, _NAME = 1, 3


class _Handler(StreamRequestHandler):
    def handle(self) -> None:
        server = cast(SocksServer, self.server)
        with contextlib.suppress(OSError):
            if self._log_in(server) and (upstream := self._connect(server)):
                with upstream:
                    backwards = threading.Thread(target=pump, args=(upstream, self.connection), daemon=True)
                    backwards.start()
                    pump(self.connection, upstream)
                    backwards.join(5)

    def _log_in(self, server: SocksServer) -> bool:
        _, count = self.rfile.read(2)
        if server.greeting:
            self.wfile.write(server.greeting)
            return False
        wanted = 2 if server.login else 0
        if wanted not in self.rfile.read(count):
            self.wfile.write(b"\x05\xff")
            return False
        self.wfile.write(bytes([5, wanted]))
        if not server.login:
            return True
        self.rfile.read(1)
        given = tuple(self.rfile.read(self.rfile.read(1)[0]).decode() for _ in range(2))
        self.wfile.write(bytes([1, given != server.login]))
        return given == server.login

    def _connect(self, server: SocksServer) -> socket.socket | None:
        kind = self.rfile.read(4)[3]
        raw = self.rfile.read(4 if kind == _IPV4 else self.rfile.read(1)[0])
        host = str(ipaddress.IPv4Address(raw)) if kind == _IPV4 else raw.decode()
        port = int.from_bytes(self.rfile.read(2))
        server.seen.append(("name" if kind == _NAME else "address", f"{host}:{port}"))
        self.wfile.write(bytes([5, server.reply, 0, 1, 0, 0, 0, 0, 0, 0]))
        return None if server.reply else socket.create_connection((host, port))


class SocksServer(LocalServer):
    """`seen`: whether a name or an address was asked for, and which. `login`: name and password that are asked for;
    `reply`: the code that answers a request, 0 for success; `greeting`: what is said instead of any of this."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.seen: list[tuple[str, str]] = []
        self.login: tuple[str, str] | None = None
        self.reply = 0
        self.greeting = b""
