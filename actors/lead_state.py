"""What follows when a visitor sends the form: the lead, and who is told of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from actors.jobs import Endpoint, JobName, JobRequest, WebhookEvent, webhook_job
from actors.lead import Lead
from actors.recipients import Member, recipients


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a workspace is like when a lead comes. `previous` is the lead that this visitor left before."""

    members: tuple[Member, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    previous: Lead | None = None


@dataclass(frozen=True, slots=True)
class LeadPlan:
    """What has to be written, together. `updated` when the conversation had this lead already."""

    lead: Lead
    jobs: tuple[JobRequest, ...]
    updated: bool = False


def plan(draft: Lead, circumstances: Circumstances) -> LeadPlan:
    """The lead and its jobs.

    A new lead is mailed to each recipient and told to each webhook that wants `lead.captured`. The same
    contact again in the same conversation changes the lead it left before: no second mail, as the first one
    links to what the lead is now; webhooks that want `lead.updated` are told, if something did change.
    """
    if circumstances.previous is None:
        return LeadPlan(
            draft, (*_mail(draft, circumstances.members), *_hooks(draft, circumstances.endpoints))
        )
    return _update(draft, circumstances.previous, circumstances.endpoints)


def _update(draft: Lead, previous: Lead, endpoints: Iterable[Endpoint]) -> LeadPlan:
    fields = draft.fields.over(previous.fields)
    if fields == previous.fields:
        return LeadPlan(previous, (), updated=True)
    lead = replace(
        previous,
        fields=fields,
        consent=draft.consent or previous.consent,
        revision=previous.revision + 1,
        updated_at=draft.captured_at,
    )
    return LeadPlan(lead, _update_hooks(lead, endpoints), updated=True)


def _mail(lead: Lead, members: Iterable[Member]) -> tuple[JobRequest, ...]:
    lane = f"mail:{lead.workspace_id}"
    return tuple(
        JobRequest(
            f"{lead.id}:mail:{user_id}",
            JobName.LEAD_MAIL,
            lead.workspace_id,
            lane,
            {"lead_id": lead.id, "user_id": user_id},
        )
        for user_id in recipients(members)
    )


def _hooks(lead: Lead, endpoints: Iterable[Endpoint]) -> tuple[JobRequest, ...]:
    return _told(lead.id, lead, endpoints, WebhookEvent.LEAD_CAPTURED)


def _update_hooks(lead: Lead, endpoints: Iterable[Endpoint]) -> tuple[JobRequest, ...]:
    return _told(f"{lead.id}:update:{lead.revision}", lead, endpoints, WebhookEvent.LEAD_UPDATED)


def _told(
    subject: str, lead: Lead, endpoints: Iterable[Endpoint], event: WebhookEvent
) -> tuple[JobRequest, ...]:
    return tuple(
        webhook_job(subject, lead.workspace_id, endpoint, event, {"lead_id": lead.id})
        for endpoint in endpoints
        if event in endpoint.events
    )
