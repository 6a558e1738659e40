from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from actors.ids import ConversationId, WorkspaceId
from actors.log import ConversationKey, Entry
from actors.messages import Committed, Fetched, Loaded, NotFound, Refused, Subscribe
from actors.ports import Audience
from server.conversations.entries import entry_document
from server.conversations.journal import Journal
from server.store.database import AutoReconnect, Database
from tests.support.faulty_database import FaultyDatabase
from tests.support.logs import ANA, BEN, WORKSPACE, Log, add_conversations, stored_seqs, summary
from tests.support.waiting import until

INSERT = "messages.insert_many"


class Told:
    """What the journal told, in order."""

    def __init__(self) -> None:
        self.outcomes: list[Any] = []

    def __call__(self, outcome: object) -> None:
        self.outcomes.append(outcome)

    async def wait(self, count: int = 1) -> list[Any]:
        await until(lambda: len(self.outcomes) >= count)
        return self.outcomes

    async def next(self) -> Any:
        return (await self.wait(len(self.outcomes) + 1))[-1]


def append(journal: Journal, log: Log, *entries: Entry, told: Told) -> None:
    journal.append(log.key, entries, log.standing, told)


async def load(journal: Journal, key: ConversationKey) -> Any:
    told = Told()
    journal.load(key, told)
    return (await told.wait())[0]


async def written(journal: Journal, log: Log, *entries: Entry) -> None:
    told = Told()
    append(journal, log, *entries, told=told)
    assert await told.wait() == [Committed(entries[-1].seq)]


async def audited(database: Database) -> Sequence[str]:
    found = await database["audit_logs"].find({}, sort=[("chain_seq", 1)]).to_list(None)
    return [f"{entry['action']} {entry['target_id']}" for entry in found]


@pytest.fixture
async def log(repository_database: Database) -> Log:
    log = Log()
    await add_conversations(repository_database, log)
    return log


async def test_told_only_what_is_durable(journal: Journal, log: Log, faults: FaultyDatabase):
    faults.gates[INSERT] = asyncio.Event()
    told = Told()
    append(journal, log, log.message(), told=told)
    await until(lambda: faults.calls[INSERT] == 1)
    assert told.outcomes == []
    faults.gates[INSERT].set()
    assert await told.wait() == [Committed(1)]
    assert await stored_seqs(faults, log.key) == [1]


async def test_what_comes_while_a_write_is_in_flight_is_written_together(
    journal: Journal, faults: FaultyDatabase
):
    logs = [Log(f"c{number}") for number in range(40)]
    await add_conversations(faults, *logs)
    faults.batches.clear()
    faults.gates[INSERT] = asyncio.Event()
    told = Told()
    append(journal, logs[0], logs[0].message(), told=told)
    await until(lambda: faults.calls[INSERT] == 1)
    for one in logs:
        for _ in range(2):
            append(journal, one, one.message(), told=told)
    faults.gates[INSERT].set()
    await told.wait(81)
    assert faults.calls[INSERT] == 2
    assert faults.batches[:2] == [1, 80]
    assert all([await stored_seqs(faults, one.key) == list(range(1, len(one.entries) + 1)) for one in logs])


async def test_entries_appended_together_are_told_of_once(journal: Journal, log: Log):
    await written(journal, log, log.claimed(), log.message("On my way"))
    loaded = await load(journal, log.key)
    assert loaded == Loaded(log.conversation, tuple(log.entries))


async def test_every_field_of_an_entry_comes_back(journal: Journal, log: Log):
    await written(
        journal, log, log.waiting(), log.message("naïve 👋 \x00 \u202e", client_id="x"), log.claimed()
    )
    await written(journal, log, log.claimed(BEN, taken_from=ANA), log.released(BEN, note="Mind the invoice"))
    assert (await load(journal, log.key)).entries == tuple(log.entries)


async def test_text_that_bson_cannot_hold_holds_up_nobody(journal: Journal, log: Log):
    await written(journal, log, log.message("half a pair: \ud83d"))
    assert (await load(journal, log.key)).entries[0].text == "half a pair: ?"


async def test_a_write_whose_reply_was_lost_happens_once(journal: Journal, log: Log, faults: FaultyDatabase):
    faults.lose_replies[INSERT] = 1
    await written(journal, log, log.message("a"), log.message("b"))
    assert faults.calls[INSERT] == 2
    assert await stored_seqs(faults, log.key) == [1, 2]


async def test_nothing_is_told_while_the_database_is_away_and_all_of_it_later(
    journal: Journal, log: Log, faults: FaultyDatabase
):
    availability: list[bool] = []
    journal.on_availability(availability.append)
    faults.away = True
    told = Told()
    for _ in range(5):
        append(journal, log, log.message(), told=told)
    await until(lambda: not journal.available)
    assert told.outcomes == []
    faults.away = False
    assert await told.wait(5) == [Committed(seq) for seq in range(1, 6)]
    assert (journal.available, availability) == (True, [False, True])


async def test_there_is_no_room_past_the_bound(
    make_journal: Callable[..., Journal], log: Log, faults: FaultyDatabase
):
    journal = make_journal(most_entries=3)
    faults.away = True
    told = Told()
    append(journal, log, log.message(), log.message(), told=told)
    assert journal.has_room()
    append(journal, log, log.message(), told=told)
    assert not journal.has_room()
    faults.away = False
    await told.wait(2)
    await until(journal.has_room)


async def test_there_is_no_room_past_the_bound_of_bytes(make_journal: Callable[..., Journal], log: Log):
    journal = make_journal(most_bytes=4000)
    append(journal, log, log.message("x" * 4000), told=Told())
    assert not journal.has_room()


async def test_another_writer_of_a_seq_is_not_overwritten(journal: Journal, log: Log, faults: FaultyDatabase):
    theirs = replace(log.message("theirs"), write_id="another process")
    log.back_to(0)
    await faults["messages"].insert_one(entry_document(log.key, theirs))
    told = Told()
    append(journal, log, log.message("ours"), told=told)
    append(journal, log, log.message("ours too"), told=told)
    assert isinstance((await told.wait())[0], Refused)
    loaded = await load(journal, log.key)
    assert [entry.text for entry in loaded.entries] == ["theirs"]
    assert len(told.outcomes) == 1, "what followed the refused entry is neither told nor left behind"


async def test_a_client_id_that_is_there_is_refused(journal: Journal, log: Log, faults: FaultyDatabase):
    await written(journal, log, log.message("first", client_id="same"))
    told = Told()
    append(journal, log, log.message("again", client_id="same"), told=told)
    append(journal, log, log.message("next"), told=told)
    assert isinstance((await told.wait())[0], Refused)
    assert await stored_seqs(faults, log.key) == [1]


async def test_one_refused_conversation_does_not_hold_up_others(journal: Journal, faults: FaultyDatabase):
    bad, good = Log("bad"), Log("good")
    await add_conversations(faults, bad, good)
    await written(journal, bad, bad.message(client_id="same"))
    faults.gates[INSERT] = asyncio.Event()
    told, ours = Told(), Told()
    append(journal, good, good.message(), told=told)
    for _ in range(3):
        append(journal, good, good.message(), told=told)
        append(journal, bad, bad.message(client_id="same"), told=ours)
    faults.gates[INSERT].set()
    assert await told.wait(4) == [Committed(seq) for seq in (1, 2, 3, 4)]
    assert [type(outcome) for outcome in await ours.wait()] == [Refused]
    assert await stored_seqs(faults, bad.key) == [1]


async def test_nothing_is_taken_after_a_refusal_until_the_log_is_loaded(
    journal: Journal, log: Log, faults: FaultyDatabase
):
    await written(journal, log, log.message(client_id="same"))
    told = Told()
    append(journal, log, log.message(client_id="same"), told=told)
    assert isinstance(await told.next(), Refused)
    append(journal, log, log.message("decided on what is not so"), told=told)
    other = Log("other")
    await add_conversations(faults, other)
    await written(journal, other, other.message())
    assert await stored_seqs(faults, log.key) == [1]
    loaded = await load(journal, log.key)
    assert [entry.seq for entry in loaded.entries] == [1]
    log.back_to(1)
    await written(journal, log, log.message("decided anew"))
    assert len(told.outcomes) == 1


async def test_entries_past_one_refused_are_taken_back_even_if_the_database_goes_away(
    journal: Journal, log: Log, faults: FaultyDatabase
):
    await written(journal, log, log.message(client_id="same"))
    faults.fail["messages.delete_many"] = [AutoReconnect("away"), AutoReconnect("away")]
    told = Told()
    append(journal, log, log.message(client_id="same"), log.message("past it"), told=told)
    assert isinstance(await told.next(), Refused)
    assert await stored_seqs(faults, log.key) == [1]


async def test_entries_past_a_gap_are_taken_back(journal: Journal, log: Log, faults: FaultyDatabase):
    entries = [log.message(), log.message(), log.message(), log.message()]
    await faults["messages"].insert_many([entry_document(log.key, entries[n]) for n in (0, 2, 3)])
    loaded = await load(journal, log.key)
    assert loaded.entries == (entries[0],)
    assert await stored_seqs(faults, log.key) == [1]


async def test_a_load_waits_for_what_is_in_flight_and_tells_nothing_of_it(
    journal: Journal, log: Log, faults: FaultyDatabase
):
    faults.gates[INSERT] = asyncio.Event()
    told, loaded = Told(), Told()
    in_flight = log.message("in flight")
    append(journal, log, in_flight, told=told)
    await until(lambda: faults.calls[INSERT] == 1)
    append(journal, log, log.message("still waiting"), told=told)
    journal.load(log.key, loaded)
    await asyncio.sleep(0)
    assert loaded.outcomes == []
    faults.gates[INSERT].set()
    assert (await loaded.wait())[0].entries == (in_flight,)
    assert await stored_seqs(faults, log.key) == [1]
    assert told.outcomes == []


async def test_a_load_during_a_write_that_is_refused_lets_the_conversation_go_on(
    journal: Journal, log: Log, faults: FaultyDatabase
):
    await written(journal, log, log.message(client_id="same"))
    gate = faults.gates[INSERT] = asyncio.Event()
    told, loaded = Told(), Told()
    append(journal, log, log.message(client_id="same"), told=told)
    await until(lambda: faults.calls[INSERT] == 2)
    journal.load(log.key, loaded)
    gate.set()
    assert [entry.seq for entry in (await loaded.wait())[0].entries] == [1]
    log.back_to(1)
    await written(journal, log, log.message("decided anew"))
    assert told.outcomes == []


async def test_a_load_outlasts_the_database_being_away(journal: Journal, log: Log, faults: FaultyDatabase):
    faults.away = True
    told = Told()
    journal.load(log.key, told)
    await until(lambda: not journal.available)
    faults.away = False
    assert isinstance((await told.wait())[0], Loaded)


async def test_another_workspace_finds_nothing_and_disturbs_nothing(
    journal: Journal, log: Log, faults: FaultyDatabase
):
    faults.gates[INSERT] = asyncio.Event()
    told = Told()
    append(journal, log, log.message(), told=told)
    foreign = ConversationKey(WorkspaceId("w2"), log.key.conversation_id)
    assert await load(journal, foreign) == NotFound()
    for unknown in ("unknown", "", "\ud83d", "$gt"):
        assert await load(journal, ConversationKey(WORKSPACE, ConversationId(unknown))) == NotFound()
    fetched = Told()
    journal.fetch(foreign, Subscribe(None, Audience.VISITOR, told), 10, fetched)  # pyright: ignore[reportArgumentType]
    faults.gates[INSERT].set()
    assert await told.wait() == [Committed(1)]
    assert (await fetched.wait())[0].entries == ()


async def test_fetch_reads_a_range(journal: Journal, log: Log):
    entries = [log.message() for _ in range(6)]
    await written(journal, log, *entries)
    request = Subscribe(None, Audience.VISITOR, Told(), after=2)  # pyright: ignore[reportArgumentType]
    told = Told()
    journal.fetch(log.key, request, 5, told)
    assert await told.wait() == [Fetched(request, tuple(entries[2:5]))]


async def test_the_document_shows_what_the_log_adds_up_to(journal: Journal, log: Log, faults: FaultyDatabase):
    await written(journal, log, log.message("Hello there"), log.waiting())
    await written(journal, log, log.claimed())
    found = await summary(faults, log.key)
    assert (found["seq"], found["epoch"], found["user_message_count"]) == (3, 3, 1)
    assert (found["claimed_by_user_id"], found["claimed_by_name"]) == ("u-ana", "Ana")
    assert (found["claimed_at"], found["waiting_since"]) == (log.entries[2].created_at, None)
    assert (found["preview"], found["preview_role"]) == ("Hello there", "user")
    assert found["last_activity_at"] == log.entries[-1].created_at


async def test_claims_are_on_record_before_anybody_is_told(
    journal: Journal, log: Log, faults: FaultyDatabase
):
    gate = faults.gates["audit_logs.insert_many"] = asyncio.Event()
    told = Told()
    append(journal, log, log.claimed(), told=told)
    append(journal, log, log.message("told after the claim"), told=told)
    await until(lambda: faults.calls["audit_logs.insert_many"] == 1)
    append(journal, log, log.message("told after that"), told=told)
    await until(lambda: faults.calls[INSERT] >= 2)
    assert told.outcomes == []
    gate.set()
    assert await told.wait(3) == [Committed(1), Committed(2), Committed(3)]
    assert (await summary(faults, log.key))["claimed_by_user_id"] == "u-ana"


async def test_a_claim_being_recorded_does_not_hold_up_others(journal: Journal, faults: FaultyDatabase):
    claimed, other = Log("claimed"), Log("other")
    await add_conversations(faults, claimed, other)
    gate = faults.gates["audit_logs.insert_many"] = asyncio.Event()
    told = Told()
    append(journal, claimed, claimed.claimed(), told=told)
    await written(journal, other, other.message())
    assert told.outcomes == []
    gate.set()
    await told.wait()


async def test_claims_releases_and_takes_are_audited_once_each(
    journal: Journal, log: Log, faults: FaultyDatabase
):
    faults.lose_replies["audit_logs.insert_many"] = 1
    await written(journal, log, log.claimed())
    await written(journal, log, log.claimed(BEN, taken_from=ANA))
    await written(journal, log, log.released(BEN, note="what Ana's customer said"))
    assert await audited(faults) == [
        "conversation.claimed c1",
        "conversation.taken c1",
        "conversation.released c1",
    ]
    taken = await faults["audit_logs"].find_one({"_id": "c1:2"})
    assert taken is not None
    assert (taken["user_id"], taken["ip"], taken["user_agent"]) == ("u-ben", "192.0.2.7", "Browser/1")
    assert taken["details"] == {"seq": 2, "taken_from": "u-ana"}
    released = await faults["audit_logs"].find_one({"_id": "c1:3"})
    assert released is not None
    assert released["details"] == {"seq": 3}


async def test_summaries_of_messages_are_written_behind_and_coalesced(
    journal: Journal, log: Log, faults: FaultyDatabase
):
    for _ in range(30):
        await written(journal, log, log.message())
    await journal.settled()
    assert (await summary(faults, log.key))["seq"] == 30
    assert faults.calls["conversations.bulk_write"] < 20


async def test_settled_gives_up_in_time(journal: Journal, log: Log, faults: FaultyDatabase):
    faults.gates["conversations.bulk_write"] = asyncio.Event()
    await written(journal, log, log.message())
    before = asyncio.get_running_loop().time()
    await journal.settled(within_s=0.05)
    assert asyncio.get_running_loop().time() - before < 1
    faults.gates["conversations.bulk_write"].set()


async def test_a_late_summary_does_not_take_the_document_back(
    journal: Journal, log: Log, faults: FaultyDatabase
):
    gate = faults.gates["conversations.bulk_write"] = asyncio.Event()
    await written(journal, log, log.message())
    await until(lambda: faults.calls["conversations.bulk_write"] == 1)
    await faults["conversations"].update_one({"_id": "c1"}, {"$set": {"seq": 9}})
    gate.set()
    await journal.settled()
    assert (await summary(faults, log.key))["seq"] == 9


async def test_closing_writes_what_waits(
    make_journal: Callable[..., Journal], log: Log, faults: FaultyDatabase
):
    journal = make_journal()
    told = Told()
    append(journal, log, log.message(), log.message(), told=told)
    assert await journal.close()
    assert told.outcomes == [Committed(2)]
    assert (await summary(faults, log.key))["seq"] == 2
    assert not journal.has_room()


async def test_closing_gives_up_in_time_and_tells_nothing(
    make_journal: Callable[..., Journal], log: Log, faults: FaultyDatabase
):
    journal = make_journal()
    faults.away = True
    told = Told()
    append(journal, log, log.message(), told=told)
    assert not await journal.close(within_s=0.1)
    assert told.outcomes == []


async def test_a_listener_that_fails_stops_nothing(journal: Journal, log: Log):
    def fails(_outcome: object) -> None:
        raise RuntimeError("a bug in the conversation")

    journal.append(log.key, [log.message()], log.standing, fails)
    await written(journal, log, log.message())
