"""Which addresses a download may reach: the public internet over https, and private hosts the user named.

A pasted link or a redirect must not make this program fetch from a router, a cloud's metadata service or another
program on this machine (server-side request forgery). The name is resolved once, here, and the caller connects to
exactly the addresses that were checked, so a name server that answers differently the second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from sd_model_manager.lib.errors import BadInput, NotAllowed, SourceOffline

Resolver = Callable[[str, int], tuple[str, ...]]
"""Host and port to the textual addresses a connection may use, best first. Raises OSError when there are none."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_DEFAULT_PORTS = {"https": 443, "http": 80}
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class CheckedTarget:
    """Where a URL leads, after its name was resolved and every address was found fit to connect to.

    `host` is for the Host header and TLS; connect to `addresses` and to nothing else.
    """

    scheme: str
    host: str
    port: int
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Endpoint:
    scheme: str
    host: str
    port: int


def resolve_by_system(host: str, port: int) -> tuple[str, ...]:
    """Ask the operating system's resolver; addresses in its order of preference, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class AddressGuard:
    """Checks a URL before each connection, also after every redirect.

    Args:
        allowed_private_hosts: `host` (any port) or `host:port` that may be reached over http and at private addresses.
        trusted_origins: base URLs from the configuration (a mirror of a source), allowed in the same way.
        resolver: how names become addresses; tests pass their own.
    """

    def __init__(
        self,
        allowed_private_hosts: Collection[str] = (),
        trusted_origins: Collection[str] = (),
        *,
        resolver: Resolver = resolve_by_system,
    ) -> None:
        self._allowed_hosts = frozenset(_parse_allowed_host(text) for text in allowed_private_hosts if text.strip())
        self._trusted = frozenset(_parse_endpoint(origin) for origin in trusted_origins if origin.strip())
        self._resolver = resolver

    def resolve(self, url: str) -> CheckedTarget:
        """Check a URL and resolve its host, once.

        Raises:
            BadInput: it is not an http(s) URL, or it carries a user name or password.
            NotAllowed: http, or an address outside the public internet, without the user's consent
                (`ADDRESS_REFUSED`).
            SourceOffline: the host name cannot be resolved now.
        """
        endpoint = _parse_endpoint(url)
        is_allowed = self._is_allowed(endpoint)
        if endpoint.scheme != "https" and not is_allowed:
            raise _refused(endpoint, f"'{endpoint.host}' is to be reached without encryption (http)")
        addresses = self._look_up(endpoint)
        if not is_allowed:
            for address in addresses:
                if not is_public(address):
                    raise _refused(endpoint, f"'{endpoint.host}' is at {address}, which is not on the public internet")
        return CheckedTarget(endpoint.scheme, endpoint.host, endpoint.port, addresses)

    def _is_allowed(self, endpoint: _Endpoint) -> bool:
        named = {(endpoint.host, None), (endpoint.host, endpoint.port)}
        return endpoint in self._trusted or not named.isdisjoint(self._allowed_hosts)

    def _look_up(self, endpoint: _Endpoint) -> tuple[str, ...]:
        try:
            addresses = self._resolver(endpoint.host, endpoint.port)
        except (OSError, UnicodeError) as error:
            raise SourceOffline(
                f"The name '{endpoint.host}' could not be resolved. Check the link and the internet connection.",
                host=endpoint.host,
            ) from error
        if not addresses:
            raise SourceOffline(f"The name '{endpoint.host}' has no address.", host=endpoint.host)
        return addresses


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet, seeing through addresses that wrap an IPv4 one.

    Wrapped in NAT64 (RFC 6052, what an IPv6-only network resolves to) or 6to4, the inner address decides;
    IPv4-mapped and Teredo addresses never come from an honest name server and are refused.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return _is_plainly_global(parsed)
    if parsed.ipv4_mapped is not None or parsed.teredo is not None or parsed.is_site_local:
        return False
    if parsed.sixtofour is not None:
        return _is_plainly_global(parsed.sixtofour)
    if parsed in _NAT64:
        return _is_plainly_global(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF))
    return _is_plainly_global(parsed) and not _wraps_v4_compatibly(parsed)


def _is_plainly_global(address: _Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
        and not address.is_link_local
        and not address.is_loopback
    )


def _wraps_v4_compatibly(address: ipaddress.IPv6Address) -> bool:
    return int(address) >> 32 == 0


def _parse_endpoint(url: str) -> _Endpoint:
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise BadInput("This link is malformed. Copy it again from its page.", code="BAD_URL") from error
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or _UNSAFE_IN_URL.search(url.strip()):
        raise BadInput("This is not a web link. Give one that starts with https://.", code="BAD_URL")
    if _has_userinfo(parts):
        text = "The link carries a user name or password. Remove what stands before the '@'."
        raise BadInput(text, code="LINK_WITH_PASSWORD")
    return _Endpoint(parts.scheme, _normalise_host(parts.hostname), port or _DEFAULT_PORTS[parts.scheme])


def _has_userinfo(parts: SplitResult) -> bool:
    return "@" in parts.netloc


def _normalise_host(host: str) -> str:
    return host.rstrip(".").lower().strip("[]")


def _parse_allowed_host(text: str) -> tuple[str, int | None]:
    """`host`, `host:port`, `[v6]:port` or a bare IPv6 address."""
    host = text.strip()
    bracketed = re.fullmatch(r"\[([^\]]+)\](?::(\d+))?", host)
    plain = re.fullmatch(r"([^:]+)(?::(\d+))?", host)
    found = bracketed or plain
    if found is None:
        return _normalise_host(host), None
    name, port = found.groups()
    return _normalise_host(name), int(port) if port else None


def _refused(endpoint: _Endpoint, what: str) -> NotAllowed:
    name = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    return NotAllowed(
        f"The download was refused: {what}. If you mean to fetch from there, add '{name}:{endpoint.port}' "
        "to allowed_private_hosts in the settings.",
        code="ADDRESS_REFUSED",
        host=endpoint.host,
        port=endpoint.port,
    )
