"""Where actors are found: by id, started on first use, forgotten when they retire. The only registry."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from actors.conversation import ConversationActor
from actors.fanout import Fanout
from actors.messages import (
    ConversationChanged,
    ConversationRetired,
    EraseConversation,
    LeadNoted,
    RowDeleted,
)
from actors.seats import Seats
from actors.workspace import WorkspaceActor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pykka import ActorRef

    from actors.conversation import Surroundings
    from actors.ids import WorkspaceId
    from actors.log import ConversationKey
    from actors.messages import CleanupProgress
    from actors.ports import LeadLedger

CLOSE_TRY_AGAIN = 1012


class Directory:
    """Finds the actor of a conversation or workspace; on the loop's thread only.

    Args:
        around: what conversations need from outside.
        leads: where leads become durable.
    """

    def __init__(self, around: Surroundings, leads: LeadLedger) -> None:
        self._around = around
        self._leads = leads
        self._conversations: dict[ConversationKey, ActorRef[ConversationActor]] = {}
        self._seats: dict[ConversationKey, Seats] = {}
        self._workspaces: dict[WorkspaceId, ActorRef[WorkspaceActor]] = {}
        self._erased: set[ConversationKey] = set()  # told, and still in memory

    def __len__(self) -> int:
        return len(self._conversations)

    def conversation(self, key: ConversationKey) -> ActorRef[ConversationActor]:
        """The conversation's actor. It answers `not_found` when the workspace has no such conversation."""
        ref = self._conversations.get(key)
        if ref is None:
            ref = self._start(key, Seats(key, Fanout(self._around.encode, self._around.deliver)))
        return ref

    def workspace(self, workspace_id: WorkspaceId) -> ActorRef[WorkspaceActor]:
        """The workspace's actor. It exists for whatever id: to ask only with one that was looked up."""
        ref = self._workspaces.get(workspace_id)
        if ref is None:
            ref = WorkspaceActor.start(
                self._around,
                self._leads,
                noted=self._note_lead,
                failed=partial(self._workspaces.pop, workspace_id, None),
            )
            self._workspaces[workspace_id] = ref
        return ref

    def top_of(self, key: ConversationKey) -> int | None:
        """The seq up to which everyone who sits there has been sent the log; None for one not in memory."""
        seats = self._seats.get(key)
        return seats.seen_seq if seats else None

    def erase(self, keys: Iterable[ConversationKey]) -> None:
        """These have been deleted: those in memory end, and the workspace's operators are told of each."""
        for key in keys:
            if (ref := self._conversations.get(key)) is not None:
                self._erased.add(key)
                ref.tell(EraseConversation())
            elif (workspace := self._workspaces.get(key.workspace_id)) is not None:
                workspace.tell(RowDeleted(key))

    def is_live(self, key: ConversationKey) -> bool:
        """Whether a conversation is in memory."""
        return key in self._conversations

    def show_progress(self, workspace_id: WorkspaceId, progress: CleanupProgress) -> None:
        """Tell the operators who are here how far a clean-up is."""
        if (workspace := self._workspaces.get(workspace_id)) is not None:
            workspace.tell(progress)

    def stop(self) -> None:
        """Stop all actors; what they wait for is reported to nobody."""
        for ref in [*self._conversations.values(), *self._workspaces.values()]:
            ref.stop(block=False)
        self._conversations.clear()
        self._seats.clear()
        self._workspaces.clear()

    def _start(self, key: ConversationKey, seats: Seats) -> ActorRef[ConversationActor]:
        ref = ConversationActor.start(
            key,
            seats,
            self._around,
            announce=self._announce,
            retired=partial(self._forget, key),
            failed=partial(self._succeed, key, seats),
        )
        self._conversations[key] = ref
        self._seats[key] = seats
        return ref

    def _announce(self, row: ConversationChanged) -> None:
        self.workspace(row.conversation.key.workspace_id).tell(row)

    def _note_lead(self, key: ConversationKey, name: str) -> None:
        """One that is not in memory reads it with its log."""
        if (ref := self._conversations.get(key)) is not None:
            ref.tell(LeadNoted(name))

    def _forget(self, key: ConversationKey) -> None:
        self._conversations.pop(key, None)
        self._seats.pop(key, None)
        if (workspace := self._workspaces.get(key.workspace_id)) is not None:
            # After all that the actor announced, so that no row comes back.
            workspace.tell(RowDeleted(key) if key in self._erased else ConversationRetired(key))
        self._erased.discard(key)

    def _succeed(self, key: ConversationKey, seats: Seats, had_begun: bool) -> None:
        """An actor failed. Its successor reads the log; one that could not even do that has none."""
        self._forget(key)
        if had_begun and len(seats):
            self._start(key, seats)
        else:
            seats.close_all(CLOSE_TRY_AGAIN, "try again")
