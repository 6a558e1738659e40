"""The actor of a workspace: shows its operators what changes in the lists, and who else is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actors.fanout import Fanout
from actors.messages import (
    ConversationChanged,
    ConversationRetired,
    Joined,
    JoinWorkspace,
    LeaveWorkspace,
    LookAround,
)
from actors.ports import Audience
from actors.runtime import LoopActor
from actors.workspace_state import WorkspaceState

if TYPE_CHECKING:
    from collections.abc import Callable

    from actors.ids import ConversationId
    from actors.messages import OperatorsChanged
    from actors.ports import Encode, Later

ROWS_EVERY_S = 0.05
"""Changes of one row within this time are shown as one: a list that moves faster can't be read."""


class WorkspaceActor(LoopActor):
    """Owns what is live in one workspace.

    Args:
        encode: encodes events.
        later: timers.
    """

    def __init__(self, encode: Encode, later: Later) -> None:
        super().__init__()
        self._later = later
        self._fanout = Fanout(encode)
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
            case LookAround():
                message.reply_to(self._state.live())
            case _:
                raise TypeError(f"a workspace does not understand {type(message).__name__}")

    def on_stop(self) -> None:
        """Let go of the timer."""
        if self._cancel_rows is not None:
            self._cancel_rows()

    def _show_operators(self, news: OperatorsChanged | None) -> None:
        if news is not None:
            self._fanout.broadcast(news)

    def _change(self, row: ConversationChanged) -> None:
        if not self._state.change(row) or not len(self._fanout):
            return
        self._changed[row.conversation.key.conversation_id] = row
        if self._cancel_rows is None:
            self._cancel_rows = self._later(ROWS_EVERY_S, self._show_rows)

    def _show_rows(self) -> None:
        self._cancel_rows = None
        changed, self._changed = self._changed, {}
        for row in changed.values():
            self._fanout.broadcast(row)
