"""Two hundred people click "Take over" at once, on the real wire."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

from tests.support.desk import running_desk
from tests.support.wire_clients import OperatorClient

OPERATORS = 200


def hire(desk, count):
    """Editors of the demo workspace, signed in already; gives their clients."""
    now = datetime.now(UTC)
    people = [{"_id": f"op{n}", "email": f"op{n}@demo.test", "name": f"Operator {n}"} for n in range(count)]
    places = [
        {
            "_id": f"demo:{p['_id']}",
            "workspace_id": "demo",
            "user_id": p["_id"],
            "role": "editor",
            "accepted_at": now,
        }
        for p in people
    ]
    sessions = [
        {
            "_id": hashlib.sha256(p["_id"].encode()).hexdigest(),
            "user_id": p["_id"],
            "created_at": now,
            "expires_at": now + timedelta(days=14),
        }
        for p in people
    ]
    with desk.mongo() as database:
        database["users"].insert_many(people)
        database["workspace_users"].insert_many(places)
        database["sessions"].insert_many(sessions)
    return [OperatorClient.with_session(desk.url, p["_id"]) for p in people]


async def test_one_of_two_hundred_wins_and_the_others_are_told_who(mongo_uri, tmp_path):
    async with running_desk(mongo_uri, tmp_path) as desk:
        visitor = await desk.visitor()
        operators = hire(desk, OPERATORS)
        answers = await asyncio.gather(*(o.act(visitor.conversation_id, "claim") for o in operators))
        winners = [body["conversation"] for status, body in answers if status == 200]
        losers = [body for status, body in answers if status == 409]
        assert len(winners) == 1
        assert len(losers) == OPERATORS - 1
        assert {body["error"]["code"] for body in losers} == {"already_claimed"}
        assert {body["holder"]["user_id"] for body in losers} == {winners[0]["claimed_by_user_id"]}
        assert {body["holder"]["name"] for body in losers} == {winners[0]["claimed_by_name"]}
        with desk.mongo() as database:
            log = list(database["messages"].find({"conversation_id": visitor.conversation_id}))
            audit = list(database["audit_logs"].find({"target_id": visitor.conversation_id}))
        assert [entry["type"] for entry in log] == ["claimed"]
        assert [entry["action"] for entry in audit] == ["conversation.claimed"]
