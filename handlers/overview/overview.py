"""`/app/overview`: what the last days brought."""

from __future__ import annotations

from http import HTTPStatus

from actors.overview import COUNTED, Overview, Tally, change
from handlers.answers import HttpError
from handlers.conversations.conversations import ConsoleHandler
from handlers.overview.overview_page import charts, is_empty, tiles
from handlers.shapes import Json

PERIODS = (7, 30, 90)
_USUAL = 30
# The names of the issue and the page, for what is counted under a shorter one.
_NAMED = {"started": "conversations", "claimed": "takeovers", "person": "needed_person"}


class OverviewHandler(ConsoleHandler):
    """`GET /app/overview?days=7|30|90`."""

    async def get(self) -> None:
        """The period's numbers, and each day's."""
        days = self._days()
        overview = await self.services.analytics.overview(self.member.workspace.id, days)
        if self.wants_json:
            self.answer(overview_json(overview))
            return
        await self.console(
            "overview.html",
            "overview",
            {},
            None,
            periods=PERIODS,
            days=days,
            overview=overview,
            tiles=tiles(overview),
            charts=charts(overview),
            empty=is_empty(overview.total) and is_empty(overview.before),
        )

    def _days(self) -> int:
        value = self.get_query_argument("days", "") or str(_USUAL)
        if value not in map(str, PERIODS):
            message = "days must be one of 7, 30, 90."
            fields = {"days": message}
            raise HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", message, fields=fields)
        return int(value)


def overview_json(overview: Overview) -> Json:
    """Everything that the page shows. Shares are 0 to 1, waits in seconds, null where there is nothing."""
    total = overview.total
    now, before = _tally_json(total), _tally_json(overview.before)
    return {
        "period_days": len(overview.days),
        "time_zone": overview.time_zone,
        "complete": overview.complete,
        "totals": now,
        "before": before,
        "change": {
            "conversations": change(total.started, overview.before.started),
            "engaged_share": change(total.engaged_share, overview.before.engaged_share),
            "leads": change(total.leads, overview.before.leads),
            "takeovers": change(total.claimed, overview.before.claimed),
            "median_wait_s": change(total.wait_s, overview.before.wait_s),
            "bot_alone_share": change(total.alone_share, overview.before.alone_share),
        },
        "days": [{"date": day.date.isoformat(), **_tally_json(day.tally)} for day in overview.days],
    }


def _tally_json(tally: Tally) -> Json:
    counts: Json = {_NAMED.get(name, name): getattr(tally, name) for name in COUNTED}
    return {
        **counts,
        "engaged_share": tally.engaged_share,
        "median_wait_s": tally.wait_s,
        "bot_alone": tally.alone,
        "bot_alone_share": tally.alone_share,
    }
