"""What clients saw against what is stored: the checker behind "nothing acknowledged is ever lost"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Line = tuple[int, str]
"""A message as seq and text."""


@dataclass
class Ledger:
    """What happened at the clients' ends."""

    sent: dict[str, dict[str, str]] = field(default_factory=dict)
    """Conversation → client id → text."""
    acked: dict[str, dict[str, int]] = field(default_factory=dict)
    """Conversation → client id → seq. A second ack of another seq is kept in `quarrels`."""
    received: dict[str, dict[str, list[Line]]] = field(default_factory=dict)
    """Conversation → subscriber → what it holds after recovery, in the order it came."""
    quarrels: list[str] = field(default_factory=list)

    def send(self, conversation: str, client_id: str, text: str) -> None:
        """A client sent a message, perhaps again."""
        self.sent.setdefault(conversation, {})[client_id] = text

    def ack(self, conversation: str, client_id: str, seq: int) -> None:
        """The server acknowledged a message."""
        first = self.acked.setdefault(conversation, {}).setdefault(client_id, seq)
        if first != seq:
            self.quarrels.append(f"{conversation}: {client_id} was acked as {first} and as {seq}")

    def receive(self, conversation: str, subscriber: str, seq: int, text: str) -> None:
        """A subscriber was shown a message."""
        self.received.setdefault(conversation, {}).setdefault(subscriber, []).append((seq, text))


@dataclass
class Report:
    """How many of each kind of fault; the notes name the first ones."""

    lost: int = 0
    duplicated: int = 0
    reordered: int = 0
    phantom: int = 0
    torn: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether there is no fault at all."""
        return not (self.lost or self.duplicated or self.reordered or self.phantom or self.torn)

    def __str__(self) -> str:
        counts = f"lost {self.lost}, duplicated {self.duplicated}, reordered {self.reordered}, "
        return (
            counts
            + f"phantom {self.phantom}, torn {self.torn}"
            + "".join(f"\n  {n}" for n in self.notes[:20])
        )


def check(ledger: Ledger, stored: Mapping[str, Sequence[Mapping[str, Any]]]) -> Report:
    """Compare a ledger with the stored logs: conversation → its `messages` documents by seq."""
    report = Report(notes=list(ledger.quarrels), duplicated=len(ledger.quarrels))
    for conversation, entries in stored.items():
        _check_log(report, conversation, entries)
        _check_acks(report, conversation, entries, ledger)
        _check_received(report, conversation, entries, ledger)
    return report


def _check_log(report: Report, conversation: str, entries: Sequence[Mapping[str, Any]]) -> None:
    seqs = [entry["seq"] for entry in entries]
    if seqs != list(range(1, len(seqs) + 1)):
        report.torn += 1
        report.notes.append(f"{conversation}: stored seqs are {seqs[:30]}")
    counts = Counter(entry["client_id"] for entry in entries if entry.get("client_id"))
    for client_id, count in counts.items():
        if count > 1:
            report.duplicated += count - 1
            report.notes.append(f"{conversation}: {client_id} is stored {count} times")


def _check_acks(
    report: Report, conversation: str, entries: Sequence[Mapping[str, Any]], ledger: Ledger
) -> None:
    stored = {e["client_id"]: (e["seq"], e["text"]) for e in entries if e.get("client_id")}
    for client_id, seq in ledger.acked.get(conversation, {}).items():
        wanted = (seq, ledger.sent[conversation][client_id])
        if stored.get(client_id) != wanted:
            report.lost += 1
            report.notes.append(f"{conversation}: {client_id} acked as {seq}, stored {stored.get(client_id)}")


def _check_received(
    report: Report, conversation: str, entries: Sequence[Mapping[str, Any]], ledger: Ledger
) -> None:
    whole = [(e["seq"], e["text"]) for e in entries if e["type"] == "message"]
    for subscriber, lines in ledger.received.get(conversation, {}).items():
        who = f"{conversation}: {subscriber}"
        if len(set(lines)) != len(lines):
            report.duplicated += len(lines) - len(set(lines))
            report.notes.append(f"{who} was shown something twice")
        if sorted(lines) != lines:
            report.reordered += 1
            report.notes.append(f"{who} was shown things out of order")
        if missing := set(whole) - set(lines):
            report.lost += len(missing)
            report.notes.append(f"{who} missed {sorted(missing)[:5]}")
        if unknown := set(lines) - set(whole):
            report.phantom += len(unknown)
            report.notes.append(f"{who} was shown what is not stored: {sorted(unknown)[:5]}")
