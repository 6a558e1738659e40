from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest

from server.webhooks.client import WebhookClient
from server.webhooks.guard import (
    GuardedResolver,
    RefusedAddressError,
    UnknownHostError,
    WebhookGuard,
    is_private,
)
from tests.support.http_peer import http_peer

PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_inside_a_network_are_private(address: str):
    assert is_private(ip_address(address))
    with pytest.raises(RefusedAddressError):
        WebhookGuard().check("example.com", address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
    ],
)
def test_addresses_of_the_internet_are_not(address: str):
    assert not is_private(ip_address(address))
    WebhookGuard().check("example.com", address)


@pytest.mark.parametrize(
    ("allowed", "host", "address", "passes"),
    [
        (["127.0.0.0/8"], "localhost", "127.0.0.1", True),
        (["127.0.0.0/8"], "localhost", "::ffff:127.0.0.1", True),
        (["127.0.0.1"], "localhost", "127.0.0.2", False),
        (["10.0.0.0/8"], "localhost", "127.0.0.1", False),
        (["Hooks.Internal"], "hooks.internal.", "10.0.0.1", True),
        (["hooks.internal"], "evil.hooks.internal", "10.0.0.1", False),
        (["hooks.internal"], "other.example", "10.0.0.1", False),
        (["fd00::/8"], "x", "fd00::1", True),
        (["fe80::/10"], "x", "fe80::1%eth0", True),
    ],
)
def test_the_configuration_can_make_exceptions(allowed: list[str], host: str, address: str, passes: bool):
    guard = WebhookGuard(allowed)
    if passes:
        guard.check(host, address)
    else:
        with pytest.raises(RefusedAddressError):
            guard.check(host, address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "017700000001", "127.1", "0", "::1"]
)
async def test_however_it_is_written_loopback_is_never_dialled(host: str):
    shown = f"[{host}]" if ":" in host else host
    async with http_peer() as peer:
        client = WebhookClient(WebhookGuard())
        reply = await client.post(f"http://{shown}:{peer.port}/", {}, b"{}")
        client.close()
    assert reply.status is None
    assert reply.refused
    assert "private address" in reply.error
    assert not peer.requests


async def test_one_private_address_among_several_is_one_too_many(monkeypatch: pytest.MonkeyPatch):
    def rebound(host: str, port: int, **_: object) -> list[object]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ("8.8.8.8", "127.0.0.1")
        ]

    monkeypatch.setattr("server.webhooks.guard.socket.getaddrinfo", rebound)
    with pytest.raises(RefusedAddressError, match=r"127\.0\.0\.1"):
        await GuardedResolver(WebhookGuard()).resolve("rebind.example", 80)


async def test_a_name_that_is_looked_up_twice_differently_is_connected_to_as_it_was_checked(
    monkeypatch: pytest.MonkeyPatch,
):
    lookups: list[str] = []
    async with http_peer() as peer:

        def rebinding(host: str, port: int, **_: object) -> list[object]:
            lookups.append(host)
            address = "127.0.0.1" if len(lookups) == 1 else "169.254.169.254"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr("server.webhooks.guard.socket.getaddrinfo", rebinding)
        client = WebhookClient(WebhookGuard(["127.0.0.1"]))
        reply = await client.post(f"http://rebind.example:{peer.port}/hook", {}, b"{}")
        client.close()
    assert reply.status == 204
    assert lookups == ["rebind.example"]
    assert peer.requests[0].headers["host"] == f"rebind.example:{peer.port}"


async def test_a_host_without_an_address_is_a_failure_for_now():
    with pytest.raises(UnknownHostError):
        await GuardedResolver(WebhookGuard()).resolve("no-such-host.invalid", 80)
    client = WebhookClient(WebhookGuard())
    reply = await client.post("http://no-such-host.invalid/", {}, b"{}")
    client.close()
    assert (reply.status, reply.refused) == (None, False)
    assert "no-such-host.invalid has no address" in reply.error
