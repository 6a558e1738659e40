"""Who am I: the shape that pages and scripts read."""

from __future__ import annotations

from actors.roles import Action, may
from handlers.ports import Member, Workspace
from handlers.shapes import Json


def me_json(member: Member) -> Json:
    """`GET /app/me`."""
    account = member.account
    return {
        "user": {"id": account.user_id, "name": account.name, "email": account.email},
        "workspace": {**workspace_json(member.workspace), "key": member.workspace.key},
        "role": member.role.value,
        "may": [action.value for action in Action if may(member.role, action)],
    }


def workspace_json(workspace: Workspace) -> Json:
    """A workspace, by name."""
    return {"id": workspace.id, "name": workspace.name, "slug": workspace.slug}
