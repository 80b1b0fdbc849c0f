"""Which proxy leads to an address, from the environment or the operating system's settings."""

from __future__ import annotations

import base64
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from sd_model_manager.lib.errors import BadInput


@dataclass(frozen=True, slots=True)
class Socks:
    """How to speak to a SOCKS5 proxy. `looks_names_up`: it is given names (`socks5h`), not addresses (`socks5`)."""

    looks_names_up: bool
    username: str | None = field(default=None, repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy, or with `socks` a SOCKS5 one. `authorization` is the value of Proxy-Authorization, from
    `user:password@` in its URL."""

    host: str
    port: int
    authorization: str | None = field(default=None, repr=False)
    socks: Socks | None = None


_KINDS = frozenset({"http", "socks5", "socks5h"})

FindProxy = Callable[[str, str, int], Proxy | None]
"""Scheme, host, port -> the proxy to go through, `None` for a direct connection."""


def find_proxy_in_environment(scheme: str, host: str, port: int) -> Proxy | None:
    """`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` in either case; on Windows and macOS also the system's
    settings.

    Raises:
        BadInput: the proxy is of a kind other than http and SOCKS5.
    """
    proxies = urllib.request.getproxies()
    url = proxies.get(scheme) or proxies.get("all")
    if not url or urllib.request.proxy_bypass(f"{host}:{port}"):
        return None
    return parse_proxy(url)


def parse_proxy(url: str) -> Proxy:
    """`http://user:password@host:port`, or `socks5` or `socks5h` for `http`, which is what a missing scheme means. The
    port is 80 where none is named, of SOCKS 1080.

    Raises:
        BadInput: it is of another kind (https, SOCKS4), or malformed.
    """
    parts = urlsplit(url if "://" in url else f"http://{url}")
    try:
        port = parts.port or (80 if parts.scheme == "http" else 1080)
    except ValueError as error:
        raise BadInput(
            "The proxy setting has no valid port. Write it as http://host:port or socks5://host:port.", code="BAD_PROXY"
        ) from error
    if parts.scheme not in _KINDS or not parts.hostname:
        raise BadInput(
            f"A proxy of the kind '{parts.scheme}' is set; downloads can go through http://, socks5:// and socks5h:// "
            "proxies. Set HTTPS_PROXY to one, or exclude the host with NO_PROXY.",
            code="BAD_PROXY",
        )
    username = unquote(parts.username) if parts.username is not None else None
    password = unquote(parts.password or "")
    if parts.scheme != "http":
        return Proxy(parts.hostname, port, socks=Socks(parts.scheme == "socks5h", username, password))
    if username is None:
        return Proxy(parts.hostname, port)
    secret = base64.b64encode(f"{username}:{password}".encode()).decode()
    return Proxy(parts.hostname, port, f"Basic {secret}")
