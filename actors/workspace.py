"""The actor of a workspace: shows its operators what changes in the lists, and who else is there."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pykka import ActorDeadError

from actors.errors import Code, Refusal
from actors.fanout import Fanout
from actors.ids import LeadId
from actors.lead import Captured, CaptureLead, LeadCaptured
from actors.messages import (
    AllSeen,
    CleanupProgress,
    ConversationChanged,
    ConversationRetired,
    Joined,
    JoinWorkspace,
    LeadDecided,
    LeaveWorkspace,
    LookAround,
    RowDeleted,
    TagsChanged,
)
from actors.ports import Audience
from actors.runtime import LoopActor
from actors.workspace_state import WorkspaceState

if TYPE_CHECKING:
    from collections.abc import Callable

    from actors.conversation import Surroundings
    from actors.ids import ConversationId
    from actors.lead import LeadOutcome
    from actors.log import ConversationKey
    from actors.messages import OperatorsChanged
    from actors.ports import LeadLedger

ROWS_EVERY_S = 0.05
"""Changes of one row within this time are shown as one: a list that moves faster can't be read."""

CLOSE_TRY_AGAIN = 1012

UNAVAILABLE = Refusal(Code.UNAVAILABLE, "The lead could not be stored just now. Try again in a moment.")


class WorkspaceActor(LoopActor):
    """Owns what is live in one workspace: who is there, which rows change, which leads come.

    Args:
        around: what it needs from outside.
        leads: where leads become durable.
        noted: told of each conversation that a lead came from, and what the lead is called.
        failed: called when an error ended the actor. Those who watched are sent away, to come back.
    """

    def __init__(
        self,
        around: Surroundings,
        leads: LeadLedger,
        *,
        noted: Callable[[ConversationKey, str], None],
        failed: Callable[[], None],
    ) -> None:
        super().__init__()
        self._around = around
        self._leads = leads
        self._noted = noted
        self._failed = failed
        self._fanout = Fanout(around.encode, around.deliver)
        self._state = WorkspaceState()
        self._changed: dict[ConversationId, ConversationChanged] = {}
        self._cancel_rows: Callable[[], None] | None = None

    def on_receive(self, message: Any) -> None:
        """Handle a message."""
        match message:
            case ConversationChanged():
                self._change(message)
            case ConversationRetired():
                self._state.retire(message.key.conversation_id)
            case JoinWorkspace():
                news = self._state.join(message.peer, message.operator)
                message.reply_to(Joined(self._state.operators()))
                self._show_operators(news)
                self._fanout.add(message.peer, Audience.OPERATOR)
            case LeaveWorkspace():
                self._fanout.remove(message.peer)
                self._show_operators(self._state.leave(message.peer))
            case RowDeleted():
                self._delete(message)
            case TagsChanged() | CleanupProgress() | AllSeen():
                self._fanout.broadcast(message)
            case CaptureLead():
                self._capture(message)
            case LeadDecided():
                self._decided(message)
            case LookAround():
                message.reply_to(self._state.live())
            case _:
                raise TypeError(f"a workspace does not understand {type(message).__name__}")

    def on_failure(self, exception_type: Any, exception_value: Any, traceback: Any) -> None:
        """Make room for a successor."""
        del exception_type, exception_value, traceback
        self.on_stop()
        self._failed()
        for peer in self._fanout:
            peer.close(CLOSE_TRY_AGAIN, "try again")

    def on_undelivered(self, message: Any) -> None:
        """Answer a lead that came too late to be taken."""
        if isinstance(message, CaptureLead):
            message.reply_to(UNAVAILABLE)

    def on_stop(self) -> None:
        """Let go of the timer."""
        if self._cancel_rows is not None:
            self._cancel_rows()

    def _show_operators(self, news: OperatorsChanged | None) -> None:
        if news is not None:
            self._fanout.broadcast(news)

    # Leads

    def _capture(self, request: CaptureLead) -> None:
        draft = request.draft(LeadId(self._around.new_id()), self._around.clock.now())

        def decided(outcome: LeadOutcome) -> None:
            try:
                self.actor_ref.tell(LeadDecided(request, outcome))
            except ActorDeadError:  # the lead is as durable without us
                request.reply_to(outcome)

        self._leads.capture(draft, decided)

    def _decided(self, decided: LeadDecided) -> None:
        with suppress(Exception):  # a visitor who is gone must not keep the operators from hearing
            decided.request.reply_to(decided.outcome)
        if isinstance(decided.outcome, Captured):
            lead = decided.outcome.lead
            self._noted(lead.key, lead.called)
            self._fanout.broadcast(LeadCaptured(lead, decided.outcome.updated))

    # Rows

    def _delete(self, deleted: RowDeleted) -> None:
        conversation_id = deleted.key.conversation_id
        self._state.retire(conversation_id)
        self._changed.pop(conversation_id, None)
        self._fanout.broadcast(deleted)

    def _change(self, row: ConversationChanged) -> None:
        if not self._state.change(row) or not len(self._fanout):
            return
        self._changed[row.conversation.key.conversation_id] = row
        if self._cancel_rows is None:
            self._cancel_rows = self._around.later(ROWS_EVERY_S, self._show_rows)

    def _show_rows(self) -> None:
        self._cancel_rows = None
        changed, self._changed = self._changed, {}
        for row in changed.values():
            self._fanout.broadcast(row)
