"""What happens after a decision, durably, later: jobs, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from actors.ids import WorkspaceId


class JobName(StrEnum):
    """Every kind of job. What each does stands in `server/jobs/kinds.py`."""

    LEAD_MAIL = "lead_mail"
    WEBHOOK = "webhook"
    WEBHOOK_DISABLED_MAIL = "webhook_disabled_mail"
    INVITATION_MAIL = "invitation_mail"
    PASSWORD_RESET_MAIL = "password_reset_mail"  # noqa: S105 - the name of a kind of letter


class WebhookEvent(StrEnum):
    """What a webhook may be told of."""

    LEAD_CAPTURED = "lead.captured"
    LEAD_UPDATED = "lead.updated"
    CONVERSATION_CLAIMED = "conversation.claimed"
    CONVERSATION_RELEASED = "conversation.released"


@dataclass(frozen=True, slots=True)
class JobRequest:
    """A job to be done at least once.

    Args:
        id: derived from what it follows from, so that the same job is never kept twice.
        kind: what is to be done.
        workspace_id: whose it is.
        lane: jobs of one lane share a fate, such as one receiver; a slow lane does not hold up others.
        payload: ids of what it is about, never what people typed: that is read when the job runs.
    """

    id: str
    kind: JobName
    workspace_id: WorkspaceId
    lane: str
    payload: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A webhook that is switched on, and what it wants to be told of."""

    id: str
    events: frozenset[str]


def webhook_job(
    subject: str,
    workspace_id: WorkspaceId,
    endpoint: Endpoint,
    event: WebhookEvent,
    payload: Mapping[str, str],
) -> JobRequest:
    """The job of telling one endpoint; `subject` is the id of what happened."""
    return JobRequest(
        f"{subject}:webhook:{endpoint.id}",
        JobName.WEBHOOK,
        workspace_id,
        f"webhook:{endpoint.id}",
        {"endpoint_id": endpoint.id, "event": event.value, **payload},
    )
