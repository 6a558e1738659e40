from __future__ import annotations

import pytest

from handlers.widget.languages import negotiated


@pytest.mark.parametrize(
    ("wanted", "accepted", "default", "spoken"),
    [
        ("de", "fr", "es", "de"),
        ("de-AT", "", "en", "de"),
        ("PT_br", "", "en", "pt"),
        ("ja", "fr-CA,fr;q=0.9,en;q=0.8", "en", "fr"),
        ("", "ja,en;q=0.4,ar;q=0.7", "de", "ar"),
        ("", "fr;q=0,es", "de", "es"),
        ("", "", "pt", "pt"),
        ("", "*", "de", "de"),
        ("tlh", "x;q=nonsense, , ;;", "xx", "en"),
        ("germany", "", "en", "en"),
    ],
)
def test_the_first_that_is_shipped_is_spoken(wanted: str, accepted: str, default: str, spoken: str):
    assert negotiated(wanted, accepted, default) == spoken


def test_a_list_without_end_is_read_up_to_a_point():
    assert negotiated("", "xx," * 10_000 + "de", "fr") == "fr"
