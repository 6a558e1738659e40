"""What a workspace knows of the moment: operators present, conversations live. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from actors.messages import Live, OperatorsChanged

if TYPE_CHECKING:
    from actors.ids import ConversationId, UserId
    from actors.messages import ConversationChanged, Operator
    from actors.ports import Peer


@dataclass(slots=True)
class WorkspaceState:
    """Operators by their sockets, and the newest row of each conversation that is in memory."""

    _operators: dict[Peer, Operator] = field(default_factory=dict["Peer", "Operator"])
    _rows: dict[ConversationId, ConversationChanged] = field(
        default_factory=dict["ConversationId", "ConversationChanged"]
    )
    _told: tuple[tuple[UserId, str], ...] = ()

    def join(self, peer: Peer, operator: Operator) -> OperatorsChanged | None:
        """A socket of an operator opened; gives the news, if the operator was not there yet."""
        self._operators[peer] = operator
        return self._news()

    def leave(self, peer: Peer) -> OperatorsChanged | None:
        """A socket closed; gives the news, if it was the operator's last."""
        self._operators.pop(peer, None)
        return self._news()

    def operators(self) -> tuple[tuple[UserId, str], ...]:
        """Who is here, by id; two windows count once."""
        present = {o.user_id: o.name for p, o in self._operators.items() if not p.closed}
        return tuple(sorted(present.items()))

    def change(self, row: ConversationChanged) -> bool:
        """Keep a row; false when a newer one is kept already."""
        conversation_id = row.conversation.key.conversation_id
        known = self._rows.get(conversation_id)
        if known is not None and known.standing.seq > row.standing.seq:
            return False
        self._rows[conversation_id] = row
        return True

    def retire(self, conversation_id: ConversationId) -> None:
        """Let go of the row of a conversation that left memory; the database has it."""
        self._rows.pop(conversation_id, None)

    def live(self) -> Live:
        """Everything at once."""
        return Live(self.operators(), dict(self._rows))

    def _news(self) -> OperatorsChanged | None:
        """Compared with what was told last: a socket that left was closed, and so not counted, before."""
        now = self.operators()
        if now == self._told:
            return None
        self._told = now
        return OperatorsChanged(now)
