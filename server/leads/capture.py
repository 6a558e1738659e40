"""Taking leads: a lead and its jobs in one write, many leads in one go, told of once durable."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from actors.errors import Code, Refusal
from actors.lead import Captured, Lead, LeadOutcome
from actors.lead_state import Circumstances, LeadPlan, plan
from server.jobs.outbox import Outbox
from server.leads.audience import Audiences
from server.leads.documents import lead_changes, lead_document, lead_of, pending_jobs
from server.leads.follow_up import LeadFollowUp
from server.leads.numbers import LeadNumbers
from server.store.database import DUPLICATE_KEY, BulkWriteError, Collection, Database, Document
from server.store.group_commit import GroupCommit
from server.store.persistence import Persistence

_log = logging.getLogger(__name__)

MOST_WAITING = 2_000
_MOST_AT_ONCE = 100

_GONE = Refusal(Code.NOT_FOUND, "There is no such conversation.")
_UNAVAILABLE = Refusal(Code.UNAVAILABLE, "This could not be stored just now. Try again in a moment.")


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    draft: Lead
    tell: Callable[[LeadOutcome], None]

    @property
    def contact(self) -> tuple[str, str]:
        return (self.draft.conversation_id, self.draft.fields.contact_key)


@dataclass(frozen=True, slots=True)
class _Decided:
    """A lead on its way into the database. `changes` is false when it is there already, just so."""

    wanted: _Wanted
    plan: LeadPlan
    changes: bool = True

    @property
    def new(self) -> bool:
        return self.changes and not self.plan.updated


_Outcomes = list[tuple[_Wanted, LeadOutcome]]


class LeadCapture:
    """Writes leads. Whether one is new or updates an older one is decided here, where nobody can race it.

    A lead's document holds its jobs, so that both are durable together, whatever kind of MongoDB it is; then
    they are copied to `jobs`, and `start` copies what a crash left out. Leads of a workspace are numbered in
    the order in which they become visible: a reader who has seen a number has seen all before it.
    """

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        persistence: Persistence | None = None,
        *,
        captured: Callable[[Sequence[Lead]], None] | None = None,
    ) -> None:
        self._leads: Collection = database["leads"]
        self._conversations: Collection = database["conversations"]
        self._audiences = Audiences(database)
        self._numbers = LeadNumbers(database)
        self._persistence = persistence or Persistence()
        self._follow_up = LeadFollowUp(database, outbox, self._numbers, self._persistence, captured)
        self._commits: GroupCommit[_Wanted] = GroupCommit(self._commit, _MOST_AT_ONCE)
        self._closed = False

    async def start(self) -> int:
        """Finish what the last run left half done; gives how many leads. Raises PyMongoError."""
        return await self._follow_up.sweep()

    def has_room(self) -> bool:
        """Whether more may be taken; false while the database is away and too many wait."""
        return self._commits.documents < MOST_WAITING and not self._closed

    def capture(self, draft: Lead, tell: Callable[[LeadOutcome], None]) -> None:
        """Take a lead; `tell` is called once, on the loop: with `Captured` when it is durable."""
        if self.has_room():
            self._commits.add(_Wanted(draft, tell))
        else:
            tell(_UNAVAILABLE)

    async def captured(self, draft: Lead) -> LeadOutcome:
        """The same, for whoever may wait."""
        outcome: asyncio.Future[LeadOutcome] = asyncio.get_running_loop().create_future()
        self.capture(draft, lambda told: None if outcome.done() else outcome.set_result(told))
        return await outcome

    async def drained(self) -> None:
        """Wait until all leads are written and their jobs are in `jobs`."""
        await self._commits.drained()
        await self._follow_up.drained()

    async def passed(self) -> None:
        """Wait until what was being written at the call is durable, with its jobs: for who deletes leads."""
        await self._commits.passed()
        await self._follow_up.passed()

    async def close(self, within_s: float = 8.0) -> bool:
        """Take nothing more, write what there is; gives whether all was written within the bound."""
        self._closed = True
        try:
            async with asyncio.timeout(within_s):
                await self.drained()
        except TimeoutError:
            _log.error(
                "stopped with %d leads unwritten; nobody was told that they are", self._commits.documents
            )
            return False
        finally:
            await self._commits.cancel()
            await self._follow_up.cancel()
        return True

    async def _commit(self, batch: Sequence[_Wanted]) -> None:
        left = list(batch)
        try:
            await self._commit_all(left)
        except Exception:
            for wanted in left:
                _tell(wanted, _UNAVAILABLE)
            raise

    async def _commit_all(self, left: list[_Wanted]) -> None:
        while left:
            # One of each contact at a time: its second is an update of its first.
            turn = list({wanted.contact: wanted for wanted in reversed(left)}.values())[::-1]
            outcomes = await self._persistence.until_done("taking leads", lambda turn=turn: self._write(turn))
            for wanted, outcome in outcomes:
                left.remove(wanted)
                _tell(wanted, outcome)

    async def _write(self, turn: Sequence[_Wanted]) -> _Outcomes:
        """What became of them. One whose place was taken meanwhile is left out, to be decided anew."""
        decided, outcomes = await self._decide(turn)
        written = [d for d in decided if not d.changes]
        refused = await self._insert([d for d in decided if d.new], written)
        await self._update([d for d in decided if d.changes and d.plan.updated], written)
        self._follow_up.add([d.plan.lead.id for d in written])
        return [*outcomes, *refused, *((d.wanted, Captured(d.plan.lead, d.plan.updated)) for d in written)]

    async def _decide(self, turn: Sequence[_Wanted]) -> tuple[list[_Decided], _Outcomes]:
        drafts = [wanted.draft for wanted in turn]
        there, audiences, previous = await asyncio.gather(
            self._there(drafts),
            self._audiences.of_all(draft.workspace_id for draft in drafts),
            self._previous(drafts),
        )
        decided: list[_Decided] = []
        gone: _Outcomes = []
        for wanted in turn:
            if (wanted.draft.workspace_id, wanted.draft.conversation_id) not in there:
                gone.append((wanted, _GONE))
                continue
            audience, older = audiences[wanted.draft.workspace_id], previous.get(wanted.contact)
            decided.append(_decide(wanted, Circumstances(audience.members, audience.endpoints, older)))
        return decided, gone

    async def _insert(self, new: Sequence[_Decided], written: list[_Decided]) -> _Outcomes:
        if not new:
            return []
        workspaces = [d.plan.lead.workspace_id for d in new]
        seqs = [await self._numbers.next(workspace_id) for workspace_id in workspaces]
        numbered = [replace(d, plan=_numbered(d.plan, seq)) for d, seq in zip(new, seqs, strict=True)]
        try:
            # In order: a reader must never see a number before a smaller one.
            await self._leads.insert_many([lead_document(d.plan) for d in numbered], ordered=True)
        except BulkWriteError as error:
            self._numbers.forget(workspaces)
            if not error.details["writeErrors"]:
                raise
            first = cast("Document", error.details["writeErrors"][0])
            index = int(first["index"])
            written += numbered[:index]
            return _refused(numbered[index], first)
        except BaseException:
            self._numbers.forget(workspaces)
            raise
        written += numbered
        return []

    async def _update(self, changed: Sequence[_Decided], written: list[_Decided]) -> None:
        for d in changed:
            lead = d.plan.lead
            query = {"_id": lead.id, "revision": lead.revision - 1 or {"$in": [0, None]}}
            if (await self._leads.update_one(query, _update_of(d.plan))).modified_count:
                written.append(d)

    async def _there(self, drafts: Sequence[Lead]) -> set[tuple[str, str]]:
        ids = [draft.conversation_id for draft in drafts]
        found = await self._conversations.find({"_id": {"$in": ids}}, {"workspace_id": 1}).to_list(None)
        return {(document["workspace_id"], document["_id"]) for document in found}

    async def _previous(self, drafts: Sequence[Lead]) -> dict[tuple[str, str], Lead]:
        ids = list({draft.conversation_id for draft in drafts})
        keys = list({draft.fields.contact_key for draft in drafts})
        query = {"conversation_id": {"$in": ids}, "contact_key": {"$in": keys}}
        found = [lead_of(document) for document in await self._leads.find(query).to_list(None)]
        return {(lead.conversation_id, lead.fields.contact_key): lead for lead in found}


def _decide(wanted: _Wanted, circumstances: Circumstances) -> _Decided:
    older = circumstances.previous
    if older is not None and older.id == wanted.draft.id:
        # Our own write, whose answer was lost on the way.
        return _Decided(wanted, LeadPlan(older, ()), changes=False)
    made = plan(wanted.draft, circumstances)
    return _Decided(wanted, made, changes=made.lead is not older)


def _numbered(made: LeadPlan, seq: int) -> LeadPlan:
    return replace(made, lead=replace(made.lead, seq=seq))


def _update_of(made: LeadPlan) -> Document:
    jobs = pending_jobs(made.jobs, made.lead)["jobs"]
    return {
        "$set": {**lead_changes(made.lead), "jobs_pending": True},
        "$push": {"jobs": {"$each": jobs}},
    }


def _refused(decided: _Decided, error: Document) -> _Outcomes:
    if error["code"] == DUPLICATE_KEY:
        return []
    _log.error("the database refused a lead: %s", error.get("errmsg"))
    return [(decided.wanted, _UNAVAILABLE)]


def _tell(wanted: _Wanted, outcome: LeadOutcome) -> None:
    try:
        wanted.tell(outcome)
    except Exception:  # noqa: BLE001 - one who can't listen must not keep the others from hearing
        _log.exception("nobody listened to what became of a lead")
