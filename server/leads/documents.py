"""Leads as documents of `leads`, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actors.ids import ConversationId, LeadId, WorkspaceId
from actors.jobs import JobRequest
from actors.lead import Lead, LeadFields, LeadSource
from actors.lead_state import LeadPlan
from actors.log import ConversationKey, Page
from server.conversations.rows import PAGE_CHARACTERS
from server.jobs.documents import job_document
from server.leads.numbers import place
from server.store.database import Document
from server.store.storable import storable


def lead_document(plan: LeadPlan) -> Document:
    """A new lead with its jobs inside, so that one write makes all of it durable."""
    lead = plan.lead
    page = lead.page
    return {
        "_id": lead.id,
        "workspace_id": lead.workspace_id,
        "conversation_id": lead.conversation_id,
        "seq": lead.seq,
        "place": place(lead.workspace_id, lead.seq),
        "source": lead.source.value,
        "captured_at": lead.captured_at,
        "page": {
            name: storable(value)[:PAGE_CHARACTERS]
            for name, value in (("url", page.url), ("title", page.title), ("referrer", page.referrer))
        },
        "rule": storable(lead.rule),
        **lead_changes(lead),
        **pending_jobs(plan.jobs, plan.lead),
    }


def lead_changes(lead: Lead) -> Document:
    """What a resubmission may change."""
    fields = lead.fields
    return {
        "name": storable(fields.name),
        "email": storable(fields.email),
        "phone": storable(fields.phone),
        "message": storable(fields.message),
        "contact_key": storable(fields.contact_key) or None,
        "consent": storable(lead.consent),
        "revision": lead.revision,
        "updated_at": lead.updated_at,
    }


def pending_jobs(jobs: Sequence[JobRequest], lead: Lead) -> Document:
    """Jobs that still have to be copied to `jobs`; also without any, as other things follow from a lead."""
    at = lead.updated_at or lead.captured_at
    return {"jobs": [job_document(job, at) for job in jobs], "jobs_pending": True}


def lead_of(document: Document) -> Lead:
    """The lead that a document keeps; one that somebody else wrote may have the contract's fields alone."""
    get = document.get
    return Lead(
        id=LeadId(document["_id"]),
        key=ConversationKey(
            WorkspaceId(document["workspace_id"]), ConversationId(get("conversation_id") or "")
        ),
        fields=LeadFields(*(get(field) or "" for field in ("name", "email", "phone", "message"))),
        source=_source(get("source")),
        captured_at=document["captured_at"],
        seq=int(get("seq") or 0),
        page=_page(get("page")),
        rule=get("rule") or "",
        consent=get("consent") or "",
        revision=int(get("revision") or 0),
        updated_at=get("updated_at"),
    )


def _source(value: Any) -> LeadSource:
    try:
        return LeadSource(value)
    except ValueError:
        return LeadSource.FORM


def _page(document: Document | None) -> Page:
    return Page(**{k: document.get(k) or "" for k in ("url", "title", "referrer")}) if document else Page()
