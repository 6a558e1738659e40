"""Who am I, and where: what pages and scripts read, and switching the workspace."""

from __future__ import annotations

from actors.roles import Action, may
from handlers.ports import Account, Member, Membership, Workspace
from handlers.shapes import Json


def me_json(member: Member) -> Json:
    """`GET /app/me`."""
    return {
        "user": account_json(member.account),
        "workspace": {**workspace_json(member.workspace), "key": member.workspace.key},
        "role": member.role.value,
        "may": [action.value for action in Action if may(member.role, action)],
    }


def account_json(account: Account) -> Json:
    """A person, to themselves."""
    return {"id": account.user_id, "name": account.name, "email": account.email}


def place_json(membership: Membership) -> Json:
    """A workspace and what one is in it."""
    return {**workspace_json(membership.workspace), "role": membership.role.value}


def workspace_json(workspace: Workspace) -> Json:
    """A workspace, by name."""
    return {"id": workspace.id, "name": workspace.name, "slug": workspace.slug}
