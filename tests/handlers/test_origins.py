from __future__ import annotations

import pytest

from handlers.origins import is_allowed, is_own

BASE = "https://chat.example.com"


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://chat.example.com", "10.0.0.1:8080"),
        ("https://chat.example.com:443", "10.0.0.1:8080"),
        ("https://CHAT.example.com", "10.0.0.1:8080"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://[::1]:8080", "[::1]:8080"),
        ("https://behind.tls", "behind.tls"),
    ],
)
def test_our_own_pages(origin: str, host: str) -> None:
    assert is_own(origin, host, BASE)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "https://chat.example.com.evil.test",
        "https://evil-chat.example.com",
        "https://evilchat.example.com",
        "https://chat.example.com:8443",
        "http://chat.example.com",
        "https://chat.example.com@evil.test",
        "https://evil.test/https://chat.example.com",
        "https://chat.example.com/",
        "file://",
        "chrome-extension://abc",
        "javascript://chat.example.com",
        "https://chat.example.com:99999",
        "//chat.example.com",
        "https://example.com",
    ],
)
def test_pages_that_are_not_ours(origin: str) -> None:
    assert not is_own(origin, "10.0.0.1:8080", BASE)
    assert not is_allowed(origin, [BASE])


def test_a_port_makes_another_site() -> None:
    assert not is_own("http://127.0.0.1:8081", "127.0.0.1:8080", "http://127.0.0.1:8080")
    assert is_allowed("http://a.test:81", ["http://a.test:81"])
    assert not is_allowed("http://a.test", ["http://a.test:81"])


def test_a_star_allows_any() -> None:
    assert is_allowed("null", ["*"])
    assert is_allowed("https://anything.test", ["https://a.test", "*"])
    assert not is_allowed("https://anything.test", [])
