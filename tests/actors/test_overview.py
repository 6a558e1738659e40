from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from actors.analytics import EventType
from actors.overview import Day, Overview, Tally, change, coarse, tally_of, together


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, 0), (7, 7), (99, 99), (100, 100), (134, 130), (996, 1000), (5_449, 5_400)]
)
def test_long_waits_are_rounded(seconds: int, expected: int) -> None:
    assert coarse(seconds) == expected


def test_events_become_counts() -> None:
    tally = tally_of(
        [
            (EventType.STARTED, None),
            (EventType.STARTED, None),
            (EventType.ENGAGED, None),
            (EventType.CLAIMED, 131),
            (EventType.TAKEN, None),
            ("something.else", None),
        ]
    )
    assert (tally.started, tally.engaged, tally.claimed) == (2, 1, 1)
    assert tally.waits == Counter({130: 1})


def test_the_median_is_that_of_all_days_together() -> None:
    one, two = Tally(waits=Counter({10: 1})), Tally(waits=Counter({20: 1, 600: 1}))
    assert together([one, two]).wait_s == 20
    assert one.wait_s == 10
    assert Tally().wait_s is None


def test_shares_are_of_something_and_never_beyond_it() -> None:
    assert Tally().engaged_share is None
    assert Tally().alone_share is None
    tally = Tally(started=4, engaged=2, person=1)
    assert (tally.engaged_share, tally.alone_share) == (0.5, 0.5)
    # A person may be asked for on the day after the conversation began.
    odd = Tally(started=1, engaged=2, person=3)
    assert (odd.engaged_share, odd.alone, odd.alone_share) == (1.0, 0, 0.0)


def test_a_change_needs_something_to_compare_with() -> None:
    assert change(5, 4) == 0.25
    assert change(0, 4) == -1
    assert change(5, 0) is None
    assert change(None, 4) is None
    assert change(4, None) is None


def test_a_total_is_the_sum_of_its_days() -> None:
    days = [Day(date(2026, 11, day), Tally(started=day, leads=1)) for day in (1, 2)]
    total = Overview(days, Tally(), "UTC").total
    assert (total.started, total.leads) == (3, 2)
