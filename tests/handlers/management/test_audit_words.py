from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from actors.ids import UserId
from handlers.management.audit_words import ACTIONS, sentence
from handlers.management.management_ports import AuditRow


def row(action: str, **changes: Any) -> AuditRow:
    given: dict[str, Any] = {
        "id": "r1",
        "seq": 1,
        "at": datetime(2026, 11, 22, tzinfo=UTC),
        "user_id": UserId("u1"),
        "action": action,
        "target_type": "conversation",
        "target_id": "c1",
        "ip": "",
        "user_agent": "",
        "hash": "",
        "who": "Edith Novak",
        "target": "Visitor 4F2K",
    }
    return AuditRow(**{**given, **changes})


WEBHOOK = {"section": "webhooks", "webhook": "https://h.example/"}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (row("conversation.claimed"), "Edith Novak took over Visitor 4F2K"),
        (row("conversation.claimed", target=None), "Edith Novak took over conversation c1"),
        (row("conversation.taken", taken_from="Ana"), "Edith Novak took Visitor 4F2K from Ana"),
        (row("conversation.released"), "Edith Novak handed Visitor 4F2K back to the bot"),
        (row("conversation.deleted", target=None), "Edith Novak deleted conversation c1"),
        (row("conversation.claimed", who=None), "Former member u1 took over Visitor 4F2K"),
        (
            row("settings.changed", details={"section": "agent", "name_before": "A", "name_after": "B"}),
            "Edith Novak changed the agent's settings: name",
        ),
        (
            row(
                "settings.changed", details={**WEBHOOK, "url_before": None, "url_after": "https://h.example/"}
            ),
            "Edith Novak added the webhook https://h.example/",
        ),
        (
            row(
                "settings.changed", details={**WEBHOOK, "url_before": "https://h.example/", "url_after": None}
            ),
            "Edith Novak deleted the webhook https://h.example/",
        ),
        (
            row("settings.changed", details={**WEBHOOK, "enabled_before": True, "enabled_after": False}),
            "Edith Novak switched off the webhook https://h.example/",
        ),
        (
            row("settings.changed", details={**WEBHOOK, "secret_before": "…", "secret_after": "…"}),
            "Edith Novak gave a new secret to the webhook https://h.example/",
        ),
        (row("knowledge.added", details={"name": "a.md"}), "Edith Novak taught the agent a.md"),
        (
            row("member.role_changed", target="Ana", details={"before": "editor", "after": "admin"}),
            "Edith Novak changed Ana from editor to admin",
        ),
        (row("member.removed", target_id="u1"), "Edith Novak left"),
        (
            row("sign_in.failed", who=None, user_id=None, target="Ana", target_type="user"),
            "A sign-in as Ana failed",
        ),
        (
            row("sign_in.failed", who=None, user_id=None, target=None, target_type="address"),
            "A sign-in as an unknown address failed",
        ),
        (row("tea.made", target=None, target_id="t1"), "Edith Novak: tea made t1"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_an_entry_in_words(entry: AuditRow, words: str) -> None:
    assert sentence(entry) == words


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_to_filter_by_has_its_words_whatever_is_missing(action: str) -> None:
    words = sentence(row(action, who=None, target=None, user_id=None))
    assert ": " not in words
    assert "None" not in words
