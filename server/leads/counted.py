"""Leads that are counted once they are durable."""

from __future__ import annotations

from collections.abc import Callable

from actors.analytics import lead_captured
from actors.lead import Captured, Lead, LeadOutcome
from actors.log import ConversationKey
from actors.ports import LeadLedger
from server.analytics.log import AnalyticsLog


class CountedLeads:
    """`actors.ports.LeadLedger` over another one; what is new goes to the statistics as well."""

    def __init__(self, leads: LeadLedger, analytics: AnalyticsLog) -> None:
        self._leads = leads
        self._analytics = analytics

    def capture(self, draft: Lead, tell: Callable[[LeadOutcome], None]) -> None:
        """Write a lead and its jobs together."""

        def told(outcome: LeadOutcome) -> None:
            tell(outcome)
            if isinstance(outcome, Captured) and not outcome.updated:
                lead = outcome.lead
                key = ConversationKey(lead.workspace_id, lead.conversation_id)
                self._analytics.note(lead_captured(key, lead.id, lead.captured_at))

        self._leads.capture(draft, told)
