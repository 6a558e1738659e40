"""Who is typing in a conversation. A mark lapses by itself, so that no dots ever stay for good. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from actors.effects import Broadcast, Effect, LapseTyping
from actors.messages import TypingChanged, Typist

if TYPE_CHECKING:
    from actors.ids import UserId
    from actors.log import ConversationKey
    from actors.messages import Operator

LAPSE_S = 6.0

Who: TypeAlias = "UserId | None"
"""An operator's id, or None for the visitor."""


@dataclass(slots=True)
class TypingMarks:
    """The marks that stand now, each as it was shown when it was set."""

    key: ConversationKey
    _marks: dict[Who, tuple[int, TypingChanged]] = field(
        default_factory=dict["Who", "tuple[int, TypingChanged]"]
    )
    _last_mark: int = 0

    def begin(self, operator: Operator | None, *, shown_to_visitor: bool) -> list[Effect]:
        """Set or renew a mark; only a new one is shown."""
        who = operator.user_id if operator else None
        known = who in self._marks
        shown = self._marks[who][1] if known else self._shown(operator, shown_to_visitor=shown_to_visitor)
        self._last_mark += 1
        self._marks[who] = (self._last_mark, shown)
        lapse = LapseTyping(LAPSE_S, self._last_mark)
        return [lapse] if known else [Broadcast(shown), lapse]

    def end(self, who: Who) -> list[Effect]:
        """Take a mark away, if there is one."""
        found = self._marks.pop(who, None)
        return [Broadcast(_ended(found[1]))] if found else []

    def lapse(self, mark: int) -> list[Effect]:
        """Take a mark away, unless it was renewed since."""
        for who, (current, _) in self._marks.items():
            if current == mark:
                return self.end(who)
        return []

    def clear(self) -> list[Effect]:
        """Take all marks away."""
        return [effect for who in list(self._marks) for effect in self.end(who)]

    def _shown(self, operator: Operator | None, *, shown_to_visitor: bool) -> TypingChanged:
        if operator is None:
            return TypingChanged(self.key, Typist.VISITOR, on=True, shown_to_visitor=False)
        return TypingChanged(
            self.key,
            Typist.HUMAN,
            on=True,
            author=operator.name,
            user_id=operator.user_id,
            shown_to_visitor=shown_to_visitor,
        )


def _ended(shown: TypingChanged) -> TypingChanged:
    return TypingChanged(
        shown.key,
        shown.who,
        on=False,
        author=shown.author,
        user_id=shown.user_id,
        shown_to_visitor=shown.shown_to_visitor,
    )
