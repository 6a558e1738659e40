"""What an audit entry says, as a sentence. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from handlers.management.management_ports import AuditRow

_SECTIONS: Final = {
    "identity": "how visitors prove who they are",
    "system": "the site's settings",
    "appearance": "how the widget looks",
    "agent": "the agent's settings",
    "widget": "the widget's settings",
    "webhooks": "the webhooks",
}

ACTIONS: Final[dict[str, str]] = {
    "conversation.claimed": "Took over",
    "conversation.taken": "Took from a colleague",
    "conversation.released": "Handed back to the bot",
    "conversation.deleted": "Deleted a conversation",
    "settings.changed": "Changed settings",
    "knowledge.added": "Added knowledge",
    "knowledge.replaced": "Replaced knowledge",
    "knowledge.deleted": "Deleted knowledge",
    "tag.made": "Made a tag",
    "tag.changed": "Changed a tag",
    "tag.removed": "Removed a tag",
    "member.invited": "Invited a member",
    "invitation.resent": "Sent an invitation again",
    "invitation.revoked": "Revoked an invitation",
    "member.joined": "Joined",
    "member.role_changed": "Changed a role",
    "member.removed": "Removed a member",
    "member.notifications_changed": "Changed own notifications",
    "profile.changed": "Changed own profile",
    "password.changed": "Changed own password",
    "password.reset_requested": "Asked for a new password",
    "password.reset": "Set a new password by mail",
    "session.revoked": "Ended a session",
    "sign_in.failed": "Failed to sign in",
}
"""What there is to filter by. Others may be in the log, and are told by their own name."""


def sentence(row: AuditRow) -> str:
    """Who did what to whom, such as "Edith Novak took over Visitor 4F2K"."""
    who = row.who or ("Somebody" if row.user_id is None else f"Former member {row.user_id}")
    told = _SENTENCES.get(row.action)
    if told is None:
        return (
            f"{who}: {row.action.replace('.', ' ').replace('_', ' ')} {row.target or row.target_id}".rstrip()
        )
    return told(who, row)


def _named(row: AuditRow) -> str:
    if row.target:
        return row.target
    if row.target_type == "conversation":
        return f"conversation {row.target_id}"
    return row.target_id


def _detail(row: AuditRow, name: str) -> str:
    value = row.details.get(name)
    return value if isinstance(value, str) else ""


def _plain(verb: str) -> Callable[[str, AuditRow], str]:
    return lambda who, row: f"{who} {verb} {_named(row)}"


def _own(words: str) -> Callable[[str, AuditRow], str]:
    return lambda who, row: f"{who} {words}"  # noqa: ARG005 - all sentences are made the same way


def _taken(who: str, row: AuditRow) -> str:
    return f"{who} took {_named(row)} from {row.taken_from or 'a colleague'}"


def _deleted(who: str, row: AuditRow) -> str:
    return f"{who} deleted {'the empty ' if row.details.get('only_empty') else ''}{_named(row)}"


def _settings(who: str, row: AuditRow) -> str:
    section = _detail(row, "section") or row.target_id
    if section == "webhooks":
        return f"{who} {_webhook_change(row)} {_detail(row, 'webhook')}"
    changed = [
        name.removesuffix("_after").replace("_", " ") for name in row.details if name.endswith("_after")
    ]
    what = f": {', '.join(changed)}" if changed else ""
    return f"{who} changed {_SECTIONS.get(section, section)}{what}"


def _webhook_change(row: AuditRow) -> str:
    if "secret_after" in row.details:
        return "gave a new secret to the webhook"
    if "url_after" in row.details and not row.details["url_after"]:
        return "deleted the webhook"
    if "url_before" in row.details and not row.details["url_before"]:
        return "added the webhook"
    if "enabled_after" in row.details:
        return f"switched {'on' if row.details['enabled_after'] else 'off'} the webhook"
    return "changed the webhook"


def _knowledge(verb: str) -> Callable[[str, AuditRow], str]:
    return lambda who, row: f"{who} {verb} {_detail(row, 'name') or row.target_id}"


def _tag(verb: str) -> Callable[[str, AuditRow], str]:
    return lambda who, row: f"{who} {verb} the tag {_detail(row, 'name') or row.target_id}"


def _invited(who: str, row: AuditRow) -> str:
    return f"{who} invited {_named(row)} as {_detail(row, 'role') or 'a member'}"


def _role(who: str, row: AuditRow) -> str:
    before, after = _detail(row, "before"), _detail(row, "after")
    return f"{who} changed {_named(row)} from {before} to {after}"


def _removed(who: str, row: AuditRow) -> str:
    return f"{who} left" if row.user_id == row.target_id else f"{who} removed {_named(row)}"


def _sign_in_failed(who: str, row: AuditRow) -> str:
    del who
    whom = row.target if row.target_type == "user" and row.target else "an unknown address"
    return f"A sign-in as {whom} failed"


_SENTENCES: Final[dict[str, Callable[[str, AuditRow], str]]] = {
    "conversation.claimed": _plain("took over"),
    "conversation.taken": _taken,
    "conversation.released": lambda who, row: f"{who} handed {_named(row)} back to the bot",
    "conversation.deleted": _deleted,
    "settings.changed": _settings,
    "knowledge.added": _knowledge("taught the agent"),
    "knowledge.replaced": _knowledge("replaced"),
    "knowledge.deleted": _knowledge("deleted"),
    "tag.made": _tag("made"),
    "tag.changed": _tag("changed"),
    "tag.removed": _tag("removed"),
    "member.invited": _invited,
    "invitation.resent": lambda who, row: f"{who} sent {_named(row)} the invitation again",
    "invitation.revoked": lambda who, row: f"{who} revoked the invitation of {_named(row)}",
    "member.joined": lambda who, row: f"{who} joined as {_detail(row, 'role') or 'a member'}",
    "member.role_changed": _role,
    "member.removed": _removed,
    "member.notifications_changed": _own("changed what they are mailed about"),
    "profile.changed": _own("changed their own name"),
    "password.changed": _own("changed their own password"),
    "password.reset_requested": lambda who, row: f"A new password was asked for {_named(row)}",  # noqa: ARG005
    "password.reset": lambda who, row: f"{_named(row)} set a new password by mail",  # noqa: ARG005
    "session.revoked": _own("ended a session"),
    "sign_in.failed": _sign_in_failed,
}
