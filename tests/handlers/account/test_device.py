from __future__ import annotations

import pytest

from handlers.account.device import device_name, is_phone

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("user_agent", "name", "phone"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME}", "Chrome on Windows", False),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Edg/130.0.0.0", "Edge on Windows", False),
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} OPR/115.0.0.0", "Opera on Linux", False),
        (f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {CHROME}", "Chrome on Android", True),
        (IPHONE, "Safari on iPhone", True),
        ("Mozilla/5.0 (Macintosh; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on macOS", False),
        ("curl/8.5.0", "curl", False),
        ("", "Unknown browser", False),
        ("<script>alert(1)</script>", "Unknown browser", False),
    ],
)
def test_people_recognise_their_devices(user_agent: str, name: str, phone: bool):
    assert (device_name(user_agent), is_phone(user_agent)) == (name, phone)
