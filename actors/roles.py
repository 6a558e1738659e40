"""Who may do what: the one table that handlers, templates and the console read."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A member's role in a workspace."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"


class Action(StrEnum):
    """What a member may be allowed to do."""

    LOOK = "look"
    CLAIM = "claim"
    TAKE = "take"
    """Take a conversation from the member who holds it, or hand back what another holds."""
    TAG = "tag"
    """Put tags on conversations, and take them off."""
    DELETE = "delete"
    """Delete conversations, with all that belongs to them."""
    MANAGE_TAGS = "manage_tags"
    """Make, rename, colour and remove tags."""
    MANAGE = "manage"
    """Team, settings, webhooks, audit."""
    OWN = "own"
    """Make somebody an owner, and change or remove one."""


_VIEWER = frozenset({Action.LOOK})
_EDITOR = _VIEWER | {Action.CLAIM, Action.TAG}
_ADMIN = _EDITOR | {Action.TAKE, Action.DELETE, Action.MANAGE_TAGS, Action.MANAGE}
_OWNER = _ADMIN | {Action.OWN}

ALLOWED: dict[Role, frozenset[Action]] = {
    Role.VIEWER: _VIEWER,
    Role.EDITOR: _EDITOR,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _OWNER,
}


def may(role: Role, action: Action) -> bool:
    """Whether a member of this role may do this."""
    return action in ALLOWED[role]
