"""A checker that cannot fail proves nothing: known bad ledgers first."""

from __future__ import annotations

import copy

import pytest

from tests.support.ledger import Ledger, check


@pytest.fixture
def stored():
    return {
        "c1": [{"seq": n, "type": "message", "client_id": f"m{n}", "text": f"text {n}"} for n in range(1, 5)]
    }


@pytest.fixture
def ledger(stored):
    ledger = Ledger()
    for entry in stored["c1"]:
        ledger.send("c1", entry["client_id"], entry["text"])
        ledger.ack("c1", entry["client_id"], entry["seq"])
        ledger.receive("c1", "ana", entry["seq"], entry["text"])
    return ledger


def test_a_clean_ledger_is_clean(ledger, stored):
    assert check(ledger, stored).clean


def test_a_dropped_message_is_found(ledger, stored):
    gone = copy.deepcopy(stored)
    del gone["c1"][2]
    report = check(ledger, gone)
    assert (report.lost, report.torn, report.phantom) == (1, 1, 1)


def test_a_message_stored_twice_is_found(ledger, stored):
    twice = copy.deepcopy(stored)
    twice["c1"].append({**twice["c1"][0], "seq": 5})
    assert check(ledger, twice).duplicated == 1


def test_a_swap_in_the_log_is_found(ledger, stored):
    swapped = copy.deepcopy(stored)
    first, second = swapped["c1"][:2]
    first["text"], second["text"] = second["text"], first["text"]
    assert check(ledger, swapped).lost >= 2


def test_what_a_subscriber_missed_saw_twice_or_out_of_order_is_found(ledger, stored):
    lines = ledger.received["c1"]["ana"]
    lines[0], lines[1] = lines[1], lines[0]
    assert check(ledger, stored).reordered == 1
    lines.append(lines[0])
    assert check(ledger, stored).duplicated == 1
    del lines[:]
    lines.append((9, "ghost"))
    report = check(ledger, stored)
    assert (report.lost, report.phantom) == (4, 1)


def test_two_acks_of_one_message_that_differ_are_found(ledger, stored):
    ledger.ack("c1", "m1", 3)
    assert check(ledger, stored).duplicated == 1
