from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from actors.overview import Day, Overview, Tally
from handlers.overview.overview_page import duration, tick, tiles


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (71, "1 min 11 s"),
        (660, "11 min"),
        (3600, "1 h"),
        (5400, "1 h 30 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_durations_are_said_in_words(seconds: int, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0"), (30, "30 s"), (90, "1:30"), (120, "2 min"), (5400, "1:30 h"), (7200, "2 h")],
)
def test_ticks_of_durations_are_short(seconds: int, words: str) -> None:
    assert tick(seconds) == words


def told(now: Tally, before: Tally) -> dict[str, tuple[str, str, str]]:
    overview = Overview([Day(date(2026, 11, 22), now)], before, "UTC")
    return {tile.label: (tile.value, tile.change, tile.way) for tile in tiles(overview)}


def test_tiles_say_what_changed() -> None:
    now = Tally(started=1200, engaged=600, person=60, leads=5, claimed=50, waits=Counter({42: 3}))
    before = Tally(started=1000, engaged=600, person=120, leads=5, waits=Counter({71: 2}))
    found = told(now, before)
    assert found["Conversations"] == ("1,200", "+20%, was 1,000", "up")
    assert found["Engaged"] == ("50%", "\N{MINUS SIGN}10 points, was 60%", "down")
    assert found["Leads"] == ("5", "The same as before", "")
    assert found["Takeovers"] == ("50", "None in the period before", "")
    assert found["Median time to a person"] == ("42 s", "Faster, was 1 min 11 s", "down")
    assert found["Handled by the bot alone"] == ("90%", "+10 points, was 80%", "up")


def test_tiles_say_when_there_is_nothing() -> None:
    found = told(Tally(), Tally())
    assert found["Conversations"] == ("0", "None before either", "")
    assert found["Median time to a person"] == ("\N{EN DASH}", "Nobody waited", "")
    many = told(Tally(started=500), Tally(started=5))
    assert many["Conversations"][1] == "100 times as many, was 5"
