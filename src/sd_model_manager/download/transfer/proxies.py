"""Which proxy leads to an address, from the environment or the operating system's settings."""

from __future__ import annotations

import base64
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from sd_model_manager.lib.errors import BadInput


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy. `authorization` is the value of Proxy-Authorization, from `user:password@` in its URL."""

    host: str
    port: int
    authorization: str | None = None


FindProxy = Callable[[str, str, int], Proxy | None]
"""Scheme, host, port -> the proxy to go through, `None` for a direct connection."""


def find_proxy_in_environment(scheme: str, host: str, port: int) -> Proxy | None:
    """`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY` in either case; on Windows and macOS also the system's settings.

    Raises:
        BadInput: the proxy is of a kind other than http.
    """
    url = urllib.request.getproxies().get(scheme)
    if not url or urllib.request.proxy_bypass(f"{host}:{port}"):
        return None
    return parse_proxy(url)


def parse_proxy(url: str) -> Proxy:
    """`http://user:password@host:port`; the scheme may be missing, the port is 80 then.

    Raises:
        BadInput: it is of another kind (socks, https), or malformed.
    """
    parts = urlsplit(url if "://" in url else f"http://{url}")
    try:
        port = parts.port or 80
    except ValueError as error:
        raise BadInput(
            "The proxy setting has no valid port. Write it as http://host:port.", code="BAD_PROXY"
        ) from error
    if parts.scheme != "http" or not parts.hostname:
        raise BadInput(
            f"A proxy of the kind '{parts.scheme}' is set; downloads can only go through http:// proxies. "
            "Set HTTPS_PROXY to one, or exclude the host with NO_PROXY.",
            code="BAD_PROXY",
        )
    authorization = None
    if parts.username is not None:
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = "Basic " + base64.b64encode(secret.encode()).decode()
    return Proxy(parts.hostname, port, authorization)
