from __future__ import annotations

import pytest

from handlers.client_ip import client_ip


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "found"),
    [
        ("9.9.9.9", "", [], "9.9.9.9"),
        ("9.9.9.9", "1.1.1.1", [], "9.9.9.9"),
        ("10.0.0.1", "1.1.1.1", ["10.0.0.1"], "1.1.1.1"),
        ("10.0.0.1", "6.6.6.6, 1.1.1.1", ["10.0.0.1"], "1.1.1.1"),
        ("10.0.0.1", "1.1.1.1, 10.0.0.2", ["10.0.0.1", "10.0.0.2"], "1.1.1.1"),
        ("9.9.9.9", "1.1.1.1, 10.0.0.1", ["10.0.0.1"], "9.9.9.9"),
        ("10.0.0.1", "nonsense", ["10.0.0.1"], "10.0.0.1"),
        ("10.0.0.1", "<script>, ::1", ["10.0.0.1", "::1"], "::1"),
        ("10.0.0.1", "2001:db8::1", ["10.0.0.1"], "2001:db8::1"),
    ],
)
def test_only_our_proxies_are_believed(peer: str, forwarded: str, trusted: list[str], found: str) -> None:
    assert client_ip(peer, forwarded, trusted) == found
