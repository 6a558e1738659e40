from __future__ import annotations

import re

import pytest

from actors.behaviour import BehaviourRule

HERE = "https://shop.example/pricing?plan=1"


@pytest.mark.parametrize(
    ("url", "there", "matches"),
    [
        ("", HERE, True),
        ("*/pricing*", HERE, True),
        ("/pricing*", HERE, True),
        (HERE, HERE, True),
        ("*.example/*", HERE, True),
        ("/PRICING?plan=*", HERE, True),
        ("/pricing", HERE, False),
        ("pricing", HERE, False),
        ("*/checkout*", HERE, False),
        ("https://other.example/*", HERE, False),
        ("/pricing.plan=1", HERE, False),
        ("/a(b)+*", "https://shop.example/a(b)+c", True),
    ],
)
def test_an_address_matches_whole_with_or_without_its_site(url: str, there: str, matches: bool) -> None:
    assert bool(re.search(BehaviourRule("r", url=url).address, there, re.IGNORECASE)) is matches


def test_every_character_stands_for_itself_in_javascript_too() -> None:
    # Without its `u` flag JavaScript takes a backslash before any character that is no letter or digit.
    every = "".join(chr(code) for code in range(32, 127) if chr(code) != "*")
    assert re.search(BehaviourRule("r", url=every).address, every)
    assert not re.search(r"\\[0-9A-Za-z]", BehaviourRule("r", url=every).address.removeprefix(r"^(?:\w"))


def test_a_rule_that_asks_for_nothing_is_known() -> None:
    assert not BehaviourRule("r").asks
    assert BehaviourRule("r", exit_intent=True).asks
