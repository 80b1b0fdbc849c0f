from __future__ import annotations

import pytest

from sd_model_manager.lib.address_guard import AddressGuard, CheckedTarget, is_public
from sd_model_manager.lib.errors import BadInput, NotAllowed, SourceOffline


class NameServer:
    """Answers from a table and counts how often it was asked."""

    def __init__(self, **addresses: tuple[str, ...]) -> None:
        self.addresses = {name.replace("_", "."): found for name, found in addresses.items()}
        self.questions: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> tuple[str, ...]:
        self.questions.append((host, port))
        if host not in self.addresses:
            raise OSError("unknown name")
        return self.addresses[host]


def test_a_public_https_host_is_resolved_once_and_its_addresses_handed_over() -> None:
    names = NameServer(models_example=("93.184.215.14", "2606:2800:21f:cb07::1"))
    target = AddressGuard(resolver=names).resolve("https://Models.Example/x.safetensors")
    assert target == CheckedTarget("https", "models.example", 443, ("93.184.215.14", "2606:2800:21f:cb07::1"))
    assert names.questions == [("models.example", 443)]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "224.0.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::1", "2001:0:4136:e378::1",
        "2001:db8::1", "not an address", "",
    ],
)  # fmt: skip
def test_addresses_outside_the_public_internet_are_refused(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(NotAllowed) as refusal:
        AddressGuard(resolver=NameServer(evil_example=(address,))).resolve("https://evil.example/x")
    assert refusal.value.error_code == "ADDRESS_REFUSED"
    assert "evil.example:443" in refusal.value.message
    assert "allowed_private_hosts" in refusal.value.message


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1"])
def test_public_addresses_pass_also_behind_the_translation_of_ipv6_only_networks(address: str) -> None:
    assert is_public(address)


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    guard = AddressGuard(resolver=NameServer(mixed_example=("8.8.8.8", "10.0.0.1")))
    with pytest.raises(NotAllowed):
        guard.resolve("https://mixed.example/x")


def test_plain_http_is_refused_although_the_address_is_public() -> None:
    names = NameServer(models_example=("8.8.8.8",))
    with pytest.raises(NotAllowed, match="without encryption"):
        AddressGuard(resolver=names).resolve("http://models.example/x")
    assert names.questions == []


@pytest.mark.parametrize("allowed", ["nas.lan", "nas.lan:8080", " NAS.lan. "])
def test_a_private_host_the_user_named_may_be_reached_over_http(allowed: str) -> None:
    guard = AddressGuard([allowed], resolver=NameServer(nas_lan=("192.168.1.5",)))
    assert guard.resolve("http://nas.lan:8080/x").addresses == ("192.168.1.5",)


def test_a_port_the_user_did_not_name_stays_closed() -> None:
    guard = AddressGuard(["nas.lan:8080"], resolver=NameServer(nas_lan=("192.168.1.5",)))
    with pytest.raises(NotAllowed):
        guard.resolve("http://nas.lan:9090/x")


@pytest.mark.parametrize(("allowed", "url"), [("::1", "http://[::1]:81/x"), ("[::1]:81", "http://[::1]:81/x")])
def test_ipv6_hosts_can_be_named_with_and_without_a_port(allowed: str, url: str) -> None:
    assert AddressGuard([allowed]).resolve(url) == CheckedTarget("http", "::1", 81, ("::1",))


def test_a_configured_mirror_is_trusted_at_its_exact_origin_only() -> None:
    guard = AddressGuard(trusted_origins=["http://127.0.0.1:9000/"])
    assert guard.resolve("http://127.0.0.1:9000/api").port == 9000
    for url in ("http://127.0.0.1:9001/api", "https://127.0.0.1:9000/api", "http://localhost:9000/api"):
        with pytest.raises(NotAllowed):
            guard.resolve(url)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1"])
def test_odd_spellings_of_loopback_do_not_slip_through(host: str) -> None:
    with pytest.raises((NotAllowed, SourceOffline)):
        AddressGuard().resolve(f"https://{host}/x")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://models.example/x", "file:///etc/passwd", "models.example/x", "", "https://", "https:///x",
        "https://user:pw@models.example/x", "https://models.example@evil.example/", "https://models.example:99999/",
        "https://models.example\\@evil.example/", "https://mod els.example/", "https://[::1/x",
    ],
)  # fmt: skip
def test_what_is_not_a_plain_web_link_is_bad_input(url: str) -> None:
    with pytest.raises(BadInput):
        AddressGuard(resolver=NameServer()).resolve(url)


def test_a_name_that_cannot_be_resolved_means_offline_and_may_be_retried() -> None:
    with pytest.raises(SourceOffline, match=r"models\.example") as offline:
        AddressGuard(resolver=NameServer()).resolve("https://models.example/x")
    assert offline.value.can_retry
