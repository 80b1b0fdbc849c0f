"""One HTTP/1.1 connection to an address that was checked, directly or through a proxy."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from sd_model_manager.download.transfer.proxies import FindProxy, Proxy
from sd_model_manager.download.transfer.socks import open_through_socks
from sd_model_manager.lib.address_guard import CheckedTarget

_FIRST_TRY_SECONDS = 4.0
"""How long an address may take while others are left to try (broken IPv6 is common)."""


class Connection:
    """A connection that can carry several requests, one after the other, and be broken off from another thread."""

    def __init__(self, sock: socket.socket, target: CheckedTarget, proxy: Proxy | None) -> None:
        self._socket = sock
        self._target = target
        self._proxy = proxy if proxy and target.scheme == "http" and proxy.socks is None else None
        self._http = http.client.HTTPConnection(target.host, target.port)
        self._http.sock = sock
        # It would look the name up again and go where nothing was checked.
        self._http.auto_open = 0
        self.is_used = False

    @property
    def can_be_used_again(self) -> bool:
        return self._http.sock is not None

    def get(self, url: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        """Send a GET for a URL of plain ASCII and return when the headers of the answer are there.

        Raises:
            OSError, http.client.HTTPException: the connection failed.
        """
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"Host": _host_header(self._target), **headers}
        if self._proxy is not None:
            path = f"http://{sent['Host']}{path}"
            if self._proxy.authorization:
                sent["Proxy-Authorization"] = self._proxy.authorization
        self._http.request("GET", path, headers=sent)
        self.is_used = True
        return self._http.getresponse()

    def abort(self) -> None:
        """Wake whoever waits for bytes here; for other threads."""
        with contextlib.suppress(OSError):
            # Not SSLSocket's own: it would let a reader in another thread go on with the encrypted bytes.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        self._http.close()
        self._socket.close()


class Connector:
    """Opens connections. Certificates are checked against the system's store, or `SSL_CERT_FILE`.

    Args:
        stall_timeout_seconds: how long an open connection may be silent.
    """

    def __init__(self, find_proxy: FindProxy, connect_timeout_seconds: float, stall_timeout_seconds: float) -> None:
        self._find_proxy = find_proxy
        self._connect_timeout_seconds = connect_timeout_seconds
        self._stall_timeout_seconds = stall_timeout_seconds
        self._tls: ssl.SSLContext | None = None

    def connect(self, target: CheckedTarget) -> Connection:
        """Connect to one of the target's addresses and to nothing else; a proxy looks the name up itself, unless
        it is a `socks5` one.

        Raises:
            OSError: nobody answers, or the certificate is not good (`ssl.SSLError`).
            http.client.HTTPException: the proxy refuses.
            BadInput: the proxy that is set cannot be used.
        """
        proxy = self._find_proxy(target.scheme, target.host, target.port)
        addresses = target.addresses if proxy is None else (proxy.host,)
        sock = self._reach(addresses, target.port if proxy is None else proxy.port)
        try:
            if proxy is not None and proxy.socks is not None:
                open_through_socks(sock, target, proxy, proxy.socks)
            elif proxy is not None and target.scheme == "https":
                _open_tunnel(sock, target, proxy)
            if target.scheme == "https":
                sock = self._tls_context().wrap_socket(sock, server_hostname=_ascii_host(target.host))
            sock.settimeout(self._stall_timeout_seconds)
            return Connection(sock, target, proxy)
        except BaseException:
            sock.close()
            raise

    def _reach(self, addresses: tuple[str, ...], port: int) -> socket.socket:
        for address in addresses[:-1]:
            with contextlib.suppress(OSError):
                return self._try(address, port, min(_FIRST_TRY_SECONDS, self._connect_timeout_seconds))
        return self._try(addresses[-1], port, self._connect_timeout_seconds)

    def _try(self, address: str, port: int, timeout_seconds: float) -> socket.socket:
        sock = socket.create_connection((address, port), timeout_seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def _tls_context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
            self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        return self._tls


def _open_tunnel(sock: socket.socket, target: CheckedTarget, proxy: Proxy) -> None:
    authority = _bracketed(_ascii_host(target.host)) + f":{target.port}"
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    if proxy.authorization:
        lines.append(f"Proxy-Authorization: {proxy.authorization}")
    sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
    answer = http.client.HTTPResponse(sock, method="CONNECT")
    try:
        answer.begin()
        if answer.status != 200:
            raise http.client.HTTPException(f"the proxy {proxy.host}:{proxy.port} answers {answer.status}")
    finally:
        answer.close()


def _host_header(target: CheckedTarget) -> str:
    name = _bracketed(_ascii_host(target.host))
    is_default = target.port == {"http": 80, "https": 443}[target.scheme]
    return name if is_default else f"{name}:{target.port}"


def _ascii_host(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
