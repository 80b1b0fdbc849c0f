"""The way to the file: redirects, expiring addresses, credentials, proxies, encryption."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sd_model_manager.download.transfer import FileUrl
from sd_model_manager.download.transfer.proxies import find_proxy_in_environment
from sd_model_manager.lib.address_guard import AddressGuard
from sd_model_manager.lib.errors import (
    AppError,
    BadInput,
    NotAllowed,
    SourceBroken,
    SourceForbidden,
    SourceNeedsLogin,
    SourceOffline,
    SourceUnavailable,
)
from tests.download.conftest import Download, Serve, make_settings
from tests.download.file_server import Fault, FileServer, Seen, cut_after, make_bytes, redirect, status
from tests.download.proxy_server import ProxyServer
from tests.download.socks_server import SocksServer

CERTIFICATES = Path(__file__).parent / "certificates"
EXPIRED = b"<?xml version='1.0'?><Error><Code>ExpiredRequest</Code></Error>"


@pytest.fixture
def storage(serve: Serve) -> FileServer:
    return serve()


@pytest.fixture
def api(serve: Serve, storage: FileServer) -> FileServer:
    """Answers every request with a redirect to storage, signed anew each time."""
    server = serve()
    numbers = iter(range(1000))
    server.served.fault_for = lambda _: redirect(f"{storage.url}?signature={next(numbers)}")
    return server


@pytest.fixture
def way(tmp_path: Path, api: FileServer, storage: FileServer) -> Download:
    """A download that asks the api and gets the bytes from storage."""
    return Download(tmp_path / "loras", storage, url=api.url, headers={"Authorization": "Bearer key"})


def refuse_signatures(*numbers: int) -> Callable[[Seen], Fault | None]:
    refused = {f"/file?signature={number}" for number in numbers}
    return lambda seen: status(403, EXPIRED, Content_Type="application/xml") if seen.path in refused else None


def test_credentials_go_to_the_first_origin_alone(way: Download, api: FileServer, storage: FileServer) -> None:
    assert way.has_all(way.run())
    assert all(seen.headers["authorization"] == "Bearer key" for seen in api.seen)
    assert not any("authorization" in seen.headers for seen in storage.seen)


def test_credentials_do_not_come_back_with_a_redirect_to_where_they_came_from(
    way: Download, api: FileServer, storage: FileServer
) -> None:
    api.served.fault_for = lambda seen: redirect(f"{storage.url}/on") if seen.path == "/file" else None
    storage.served.fault_for = lambda _: redirect(f"{api.url}/back")
    way.run(expected_sha256=None)
    assert "authorization" in api.seen[0].headers
    assert "authorization" not in api.seen[1].headers


def test_credentials_stay_within_their_origin(way: Download, api: FileServer) -> None:
    api.served.fault_for = lambda seen: redirect("/renamed", code=301) if seen.path == "/file" else None
    way.run(expected_sha256=None)
    assert [seen.path for seen in api.seen[:2]] == ["/file", "/renamed"]
    assert all("authorization" in seen.headers for seen in api.seen)


def test_all_connections_use_the_address_that_the_first_one_found(
    way: Download, api: FileServer, storage: FileServer
) -> None:
    storage.served.pause_seconds = 0.002
    assert way.has_all(way.run())
    assert len(api.seen) == 1
    assert len(storage.seen) > 3


def test_an_interruption_makes_the_address_be_asked_for_again(
    way: Download, api: FileServer, storage: FileServer
) -> None:
    storage.served.faults.append(cut_after(100_000))
    assert way.has_all(way.run(make_settings(connections=1)))
    assert len(api.seen) == 2


def test_an_address_that_has_expired_before_the_first_byte_is_asked_for_again(
    way: Download, storage: FileServer
) -> None:
    storage.served.fault_for = refuse_signatures(0, 1)
    assert way.has_all(way.run())


@pytest.mark.parametrize("code", [400, 401, 403])
def test_an_address_that_expires_in_the_middle_is_asked_for_again(
    way: Download, storage: FileServer, code: int
) -> None:
    uses: list[str] = []

    def twice(seen: Seen) -> Fault | None:
        uses.append(seen.path)
        return status(code, EXPIRED) if uses.count(seen.path) > 2 else None

    storage.served.fault_for = twice
    assert way.has_all(way.run())


def test_an_address_that_works_once_only_is_asked_for_each_time(way: Download, storage: FileServer) -> None:
    uses: list[str] = []

    def once(seen: Seen) -> Fault | None:
        uses.append(seen.path)
        return status(403, EXPIRED) if uses.count(seen.path) > 1 else None

    storage.served.fault_for = once
    assert way.has_all(way.run())


def test_a_file_that_moves_in_the_middle_is_followed(download: Download, serve: Serve) -> None:
    there = serve(download.served.content)
    download.served.fault_for = lambda seen: redirect(there.url) if len(download.server.seen) > 3 else None
    assert download.has_all(download.run())
    assert there.seen


def test_storage_that_never_accepts_an_address_is_given_up(way: Download, storage: FileServer) -> None:
    storage.served.fault_for = lambda _: status(403, EXPIRED)
    with pytest.raises(SourceUnavailable, match="does not accept the link"):
        way.run(make_settings(max_attempts=20))
    assert len(storage.seen) == 4


def test_a_link_that_is_storage_itself_is_resolved_again_in_the_middle(download: Download) -> None:
    numbers = iter(range(100))
    uses: list[str] = []

    def twice(seen: Seen) -> Fault | None:
        uses.append(seen.path)
        return status(403, EXPIRED) if uses.count(seen.path) > 2 else None

    download.served.fault_for = twice
    resolve = lambda: FileUrl(f"{download.server.url}?{next(numbers)}")  # noqa: E731
    assert download.has_all(download.run(resolve=resolve))


def test_a_key_that_is_withdrawn_in_the_middle_ends_it(way: Download, api: FileServer, storage: FileServer) -> None:
    storage.served.faults.append(cut_after(100_000))
    api.served.faults.append(redirect(storage.url))
    api.served.faults.append(status(401, b'{"error":"Unauthorized"}'))
    api.served.fault_for = lambda _: None
    with pytest.raises(SourceNeedsLogin):
        way.run(make_settings(connections=1))
    assert way.part.stat().st_size == 100_000


def test_another_backend_may_continue_when_the_checksum_decides(way: Download, api: FileServer, serve: Serve) -> None:
    other = serve(way.served.content, etag='"another mark"')
    way.served.faults.append(cut_after(500_000))
    api.served.faults.extend([redirect(way.server.url), redirect(other.url)])
    api.served.fault_for = lambda _: None
    assert way.has_all(way.run(make_settings(connections=1)))
    assert other.sent_bytes == len(way.served.content) - 500_000
    assert "if-range" not in other.seen[0].headers


def test_another_backend_starts_over_without_a_checksum(way: Download, api: FileServer, serve: Serve) -> None:
    other = serve(way.served.content, etag='"another mark"')
    way.served.faults.append(cut_after(100_000))
    api.served.faults.append(redirect(way.server.url))
    api.served.faults.extend([redirect(other.url)] * 9)
    api.served.fault_for = lambda _: None
    assert way.has_all(way.run(make_settings(connections=1), expected_sha256=None))
    assert [(seen.range or "").split("-")[0] for seen in other.seen[:2]] == ["bytes=100000", "bytes=0"]


@pytest.mark.parametrize("path", ["/login?reason=download-auth", "/login", "https://civitai.invalid/login"])
def test_a_redirect_to_a_login_page_is_not_followed(download: Download, path: str) -> None:
    download.served.faults.append(redirect(path))
    with pytest.raises(SourceNeedsLogin):
        download.run()
    assert len(download.server.seen) == 1
    assert not list(download.folder.iterdir())


def test_the_source_explains_where_it_leads_instead(download: Download) -> None:
    def explain(code: int, headers: object, body: bytes) -> AppError:
        return SourceForbidden(f"Early access: {code}, {headers['location']}")  # type: ignore[index]

    download.served.faults.append(redirect("/model-versions/7"))
    with pytest.raises(SourceForbidden, match="Early access: 307, /model-versions/7"):
        download.run(explain_refusal=explain)


def test_a_circle_of_redirects_is_left(download: Download) -> None:
    download.served.fault_for = lambda seen: redirect("/b" if seen.path == "/file" else "/file")
    with pytest.raises(SourceBroken, match="circle"):
        download.run()
    assert len(download.server.seen) == 2


def test_more_than_ten_redirects_are_too_many(download: Download) -> None:
    download.served.fault_for = lambda seen: redirect(f"{seen.path}x")
    with pytest.raises(SourceBroken, match="redirects"):
        download.run()
    assert len(download.server.seen) == 11


@pytest.mark.parametrize("target", ["http://127.0.0.2:80/x", "http://169.254.169.254/latest", "https://[::1]/x"])
def test_a_redirect_into_a_private_network_is_refused(download: Download, target: str) -> None:
    download.served.faults.append(redirect(target))
    with pytest.raises(NotAllowed, match="allowed_private_hosts"):
        download.run()


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "https://user:pw@127.0.0.1/x"])
def test_a_redirect_to_something_else_than_the_web_is_refused(download: Download, target: str) -> None:
    download.served.faults.append(redirect(target))
    with pytest.raises(BadInput):
        download.run()


def test_the_connection_goes_to_the_address_that_was_checked(download: Download) -> None:
    answers = iter([("127.0.0.1",)])
    guard = AddressGuard(["models.example"], resolver=lambda host, port: next(answers))
    download.url = download.server.url.replace("127.0.0.1", "models.example")
    assert download.has_all(download.run(make_settings(connections=1), guard))
    assert download.server.seen[0].headers["host"] == f"models.example:{download.server.port}"


def test_names_in_every_script_are_followed(download: Download) -> None:
    download.served.faults.append(redirect("/模型 a.safetensors".encode().decode("latin-1")))
    assert download.has_all(download.run())
    assert download.server.seen[1].path == "/%E6%A8%A1%E5%9E%8B%20a.safetensors"


@pytest.fixture
def secure(serve: Serve, tmp_path: Path) -> Download:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATES / "localhost.pem", CERTIFICATES / "localhost.key")
    return Download(tmp_path / "loras", serve(make_bytes(700_000), tls=context))


def test_https_with_an_authority_of_ones_own(secure: Download, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "localhost.pem"))
    assert secure.has_all(secure.run())


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: Download) -> None:
    with pytest.raises(SourceOffline, match="CERTIFICATE_VERIFY_FAILED"):
        secure.run()
    assert not secure.server.seen


def test_a_certificate_for_another_name_is_refused(secure: Download, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "localhost.pem"))
    secure.url = secure.server.url.replace("localhost", "models.example")
    guard = AddressGuard(["models.example"], resolver=lambda host, port: ("127.0.0.1",))
    with pytest.raises(SourceOffline, match="CERTIFICATE_VERIFY_FAILED"):
        secure.run(guard=guard)


@pytest.fixture
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch, _no_proxies: None) -> Iterator[ProxyServer]:
    with ProxyServer() as server:
        monkeypatch.setenv("https_proxy", f"http://us%40er:secret@{server.address}")
        monkeypatch.setenv("http_proxy", f"http://{server.address}")
        yield server


THROUGH_PROXY = make_settings(find_proxy=find_proxy_in_environment, connections=2)


def test_https_goes_through_a_tunnel_of_the_proxy(
    secure: Download, proxy: ProxyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "localhost.pem"))
    assert secure.has_all(secure.run(THROUGH_PROXY))
    assert set(proxy.seen) == {("CONNECT", f"localhost:{secure.server.port}", "Basic dXNAZXI6c2VjcmV0")}
    assert not any("proxy-authorization" in seen.headers for seen in secure.server.seen)


def test_http_is_asked_of_the_proxy(download: Download, proxy: ProxyServer) -> None:
    assert download.has_all(download.run(THROUGH_PROXY))
    assert {seen[:2] for seen in proxy.seen} == {("GET", download.server.url)}


def test_hosts_can_be_excluded_from_the_proxy(
    download: Download, proxy: ProxyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert download.has_all(download.run(THROUGH_PROXY))
    assert not proxy.seen


def test_a_proxy_that_refuses_is_named(secure: Download, proxy: ProxyServer) -> None:
    proxy.refuses = True
    with pytest.raises(SourceOffline, match=r"proxy 127\.0\.0\.1:\d+ answers 407"):
        secure.run(THROUGH_PROXY)


@pytest.mark.parametrize("url", ["socks4://127.0.0.1:1080", "https://proxy.example:443", "http://proxy.example:port"])
def test_a_proxy_of_another_kind_is_refused_with_a_reason(
    download: Download, proxy: ProxyServer, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("http_proxy", url)
    with pytest.raises(BadInput, match="proxy"):
        download.run(THROUGH_PROXY)


@pytest.fixture
def socks(_no_proxies: None) -> Iterator[SocksServer]:
    with SocksServer() as server:
        yield server


def test_a_socks_proxy_is_given_the_address_that_was_checked(
    download: Download, socks: SocksServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", f"socks5://{socks.address}")
    download.url = download.server.url.replace("127.0.0.1", "models.example")
    guard = AddressGuard(["models.example"], resolver=lambda host, port: ("127.0.0.1",))
    assert download.has_all(download.run(THROUGH_PROXY, guard=guard))
    assert set(socks.seen) == {("address", f"127.0.0.1:{download.server.port}")}


def test_a_socks_proxy_that_looks_names_up_is_given_the_name(
    secure: Download, socks: SocksServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "localhost.pem"))
    monkeypatch.setenv("https_proxy", f"socks5h://us%40er:secret@{socks.address}")
    socks.login = ("us@er", "secret")
    assert secure.has_all(secure.run(THROUGH_PROXY))
    assert set(socks.seen) == {("name", f"localhost:{secure.server.port}")}


@pytest.mark.parametrize(
    ("login", "user", "reply", "says"),
    [
        (("user", "secret"), "user:wrong@", 0, "does not accept the name and password"),
        (("user", "secret"), "", 0, "wants another way of logging in"),
        (None, "", 2, "connection not allowed by ruleset"),
        (None, "", 4, "host unreachable"),
    ],
)
def test_a_socks_proxy_that_refuses_says_why(
    download: Download,
    socks: SocksServer,
    monkeypatch: pytest.MonkeyPatch,
    login: tuple[str, str] | None,
    user: str,
    reply: int,
    says: str,
) -> None:
    monkeypatch.setenv("http_proxy", f"socks5://{user}{socks.address}")
    socks.login, socks.reply = login, reply
    with pytest.raises(SourceOffline, match=says) as refused:
        download.run(THROUGH_PROXY)
    assert "wrong" not in refused.value.message
    assert not download.server.seen


def test_what_is_no_socks_proxy_is_told_apart(
    download: Download, socks: SocksServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    socks.greeting = b"HTTP/1.1 400 Bad Request\r\n\r\n"
    monkeypatch.setenv("http_proxy", f"socks5://{socks.address}")
    with pytest.raises(SourceOffline, match="does not answer as a SOCKS5 proxy"):
        download.run(THROUGH_PROXY)
