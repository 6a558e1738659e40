"""What was before a picture was taken: conversations as old as they look, and weeks of counted days."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from actors.overview import Tally

if TYPE_CHECKING:
    from pymongo.database import Database

WEEKS = 9
SATURDAY = 5
BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1",
)


def make_older(database: Database[Any], conversation_id: str, age: timedelta) -> None:
    """Move a conversation and all that is in it into the past."""
    entries = list(database["messages"].find({"conversation_id": conversation_id}).sort("seq", 1))
    until = datetime.now(UTC) - age
    for entry in entries:
        at = until - timedelta(seconds=40 * (len(entries) - entry["seq"]))
        database["messages"].update_one({"_id": entry["_id"]}, {"$set": {"created_at": at}})
    row = database["conversations"].find_one({"_id": conversation_id}) or {}
    moved = {name: until for name in ("last_activity_at", "claimed_at", "waiting_since") if row.get(name)}
    created = until - timedelta(seconds=40 * len(entries))
    pages = [{**page, "at": created} for page in row["pages"]]
    told = {**moved, "created_at": created, "pages": pages}
    database["conversations"].update_one({"_id": conversation_id}, {"$set": told})
    database["visitors"].update_one({"_id": row["visitor_id"]}, {"$set": {"created_at": created}})


def give_a_browser(database: Database[Any], conversation_id: str) -> None:
    """To one whose visitor came as a program does."""
    agent = BROWSERS[sum(conversation_id.encode()) % len(BROWSERS)]
    database["conversations"].update_one({"_id": conversation_id}, {"$set": {"user_agent": agent}})


def count_weeks(database: Database[Any]) -> None:
    """Nine weeks of a site that is visited more from week to week, and less on Saturdays and Sundays."""
    today = datetime.now(UTC).date()
    days = [today - timedelta(days=back) for back in range(1, 7 * WEEKS)]
    began = datetime.combine(days[-1], time(), UTC)
    database["workspaces"].update_one({"_id": "demo"}, {"$set": {"created_at": began}})
    database["analytics_days"].insert_many([_day(day, (today - day).days) for day in days])


def _day(day: date, back: int) -> dict[str, Any]:
    busy = (1 - back / (14 * WEEKS)) * (0.4 if day.weekday() >= SATURDAY else 1)
    engaged = round(busy * (31 + 7 * math.sin(back)))
    person = round(engaged * 0.22)
    counted = Tally(
        loaded=engaged * 40,
        started=round(engaged * 1.45),
        engaged=engaged,
        answered=engaged * 2,
        not_known=round(engaged * 0.3),
        waiting=person,
        person=person,
        claimed=person,
        released=person,
        leads=round(engaged * 0.17),
    )
    counts = {name: getattr(counted, name) for name in counted.__slots__ if name != "waits"}
    waits = [[round(35 + 20 * math.cos(back)), max(1, person)]]
    told = {"workspace_id": "demo", "time_zone": "UTC", "day": day.isoformat(), **counts, "waits": waits}
    return {"_id": f"demo:UTC:{day.isoformat()}", **told}
