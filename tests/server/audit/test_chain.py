"""Each way of editing the record, at several places among a thousand entries: found, and named."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from actors.ids import WorkspaceId
from server.audit.chain import FIRST_HASH, Head, VerifyReport, check, head_after, linked

WORKSPACE = WorkspaceId("w1")
COUNT = 1000
PLACES = [1, 2, 499, 500, 501, 999, 1000]
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

Documents = list[dict[str, Any]]


@pytest.fixture(scope="module")
def written() -> Sequence[dict[str, Any]]:
    documents: Documents = []
    head = Head()
    for number in range(1, COUNT + 1):
        entry = {
            "_id": f"r{number}",
            "workspace_id": WORKSPACE,
            "at": NOW + timedelta(seconds=number),
            "user_id": "u-ana",
            "action": "conversation.claimed",
            "target_type": "conversation",
            "target_id": f"c{number}",
            "ip": "192.0.2.7",
            "user_agent": "Browser/1",
            "details": {"seq": number},
        }
        documents.append(linked(entry, head))
        head = head_after(documents[-1])
    return tuple(documents)


@pytest.fixture
def log(written: Sequence[dict[str, Any]]) -> Documents:
    return [dict(document) for document in written]


async def verified(log: Iterable[dict[str, Any]], head: str | None = None) -> VerifyReport:
    async def read() -> AsyncIterator[dict[str, Any]]:
        for document in sorted(log, key=lambda each: each["chain_seq"]):
            yield document

    return await check(WORKSPACE, read(), head)


async def test_a_thousand_untouched_entries_are_whole(log: Documents):
    report = await verified(log, log[499]["hash"])
    assert (report.ok, report.count, report.head_hash) == (True, COUNT, log[-1]["hash"])


CHANGES: list[dict[str, Any]] = [
    {"user_id": "u-ben"},
    {"at": NOW},
    {"action": "conversation.released"},
    {"target_id": "c0"},
    {"ip": "198.51.100.1"},
    {"user_agent": ""},
    {"details": {"seq": 0}},
    {"details": {}},
    {"hash": "f" * 64},
    {"added": "field"},
    {"workspace_id": "w2"},
]


@pytest.mark.parametrize("place", PLACES)
async def test_a_changed_entry_is_named_whatever_was_changed(log: Documents, place: int):
    for change in CHANGES:
        tampered = [*log[: place - 1], {**log[place - 1], **change}, *log[place:]]
        report = await verified(tampered)
        assert (report.ok, report.bad_id, report.count) == (False, f"r{place}", place - 1), change
        assert report.problem == f"entry {place} was changed after it was written"


@pytest.mark.parametrize("place", PLACES[:-1])
async def test_a_changed_entry_with_a_hash_made_anew_breaks_the_one_after(log: Documents, place: int):
    before = Head(place - 1, log[place - 2]["hash"] if place > 1 else FIRST_HASH)
    log[place - 1] = linked({**log[place - 1], "user_id": "u-ben"}, before)
    report = await verified(log)
    assert (report.ok, report.bad_id, report.count) == (False, f"r{place + 1}", place)


async def test_a_chain_that_was_hashed_anew_is_found_by_a_kept_head(log: Documents):
    kept, head = log[-1]["hash"], Head(699, log[698]["hash"])
    log[699] = {**log[699], "user_id": "u-ben"}
    for place in range(699, COUNT):
        log[place] = linked(log[place], head)
        head = head_after(log[place])
    assert (await verified(log)).ok
    report = await verified(log, kept)
    assert not report.ok
    assert kept in (report.problem or "")


@pytest.mark.parametrize("place", PLACES[:-1])
async def test_a_removed_entry_is_named(log: Documents, place: int):
    del log[place - 1]
    report = await verified(log)
    assert (report.ok, report.bad_id, report.count) == (False, f"r{place + 1}", place - 1)
    assert f"entry {place} is missing" in (report.problem or "")


@pytest.mark.parametrize("place", PLACES[:-1])
async def test_a_removed_entry_whose_place_the_others_took_is_named(log: Documents, place: int):
    del log[place - 1]
    for later in log[place - 1 :]:
        later["chain_seq"] -= 1
    report = await verified(log)
    assert (report.ok, report.bad_id, report.count) == (False, f"r{place + 1}", place - 1)


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 999), (499, 501), (1, 1000), (999, 1000)])
async def test_entries_in_another_order_are_named(log: Documents, one: int, other: int):
    log[one - 1]["chain_seq"], log[other - 1]["chain_seq"] = other, one
    report = await verified(log)
    assert (report.ok, report.bad_id, report.count) == (False, f"r{other}", one - 1)


@pytest.mark.parametrize("place", PLACES)
async def test_an_inserted_entry_is_named(log: Documents, place: int):
    before = Head(place - 1, log[place - 2]["hash"] if place > 1 else FIRST_HASH)
    forged = linked({**log[place - 1], "_id": "forged", "action": "conversation.deleted"}, before)
    for later in log[place - 1 :]:
        later["chain_seq"] += 1
    report = await verified([*log, forged])
    # The forged one is linked as it must be: what it stands before is what gives it away.
    assert (report.ok, report.bad_id, report.count) == (False, f"r{place}", place)


@pytest.mark.parametrize("left", [0, 1, 500, 999])
async def test_a_cut_off_end_is_found_by_a_kept_head(log: Documents, left: int):
    kept = log[-1]["hash"]
    report = await verified(log[:left], kept)
    assert (report.ok, report.count) == (False, left)
    assert "entries are missing at its end" in (report.problem or "")
    assert kept in (report.problem or "")
