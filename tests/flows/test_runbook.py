"""Every query that the runbook shows an admin is run, and finds what it says it finds."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest

from tests.support.desk import running_desk
from tests.support.process import ROOT

QUERY = re.compile(r"```js\n(db\..*)\n```")
CALL = re.compile(r"db\.(?P<collection>\w+)\.find\((?P<find>.*?)\)(?P<rest>(\.(sort|limit)\(.*\))*)$")
ISO_DATE = re.compile(r'ISODate\(("[^"]+")\)')


def queries():
    return QUERY.findall((ROOT / "ops/RUNBOOK.md").read_text("utf-8"))


def revived(value):
    """Extended JSON's dates as Python's."""
    if isinstance(value, dict):
        if "$date" in value:
            return datetime.fromisoformat(value["$date"])
        return {key: revived(each) for key, each in value.items()}
    return value


def run(database, query):
    match = CALL.match(ISO_DATE.sub(r'{"$date": \1}', query))
    assert match, f"not a query that this test reads: {query}"
    arguments = revived_list(match["find"])
    cursor = database[match["collection"]].find(*arguments)
    for name, given in re.findall(r"\.(sort|limit)\((.*?)\)", match["rest"]):
        value = json.loads(given)
        cursor = cursor.sort(list(value.items())) if name == "sort" else cursor.limit(value)
    return list(cursor)


def revived_list(text):
    return [revived(each) for each in json.loads(f"[{text}]")]


def test_the_runbook_has_queries():
    assert len(queries()) >= 8


async def test_every_query_runs_and_the_audit_ones_find_the_claim(mongo_uri, tmp_path):
    async with running_desk(mongo_uri, tmp_path) as desk:
        visitor = await desk.visitor()
        editor, admin = [await desk.member(f"{role}@demo.test") for role in ("editor", "admin")]
        user_id = await desk.user_id("editor@demo.test")
        await editor.act(visitor.conversation_id, "claim")
        await admin.act(visitor.conversation_id, "claim", {"force": True})
        await visitor.close()
        with desk.mongo() as database:
            found = {}
            for query in queries():
                asked = query.replace("CONVERSATION", visitor.conversation_id).replace("USER", user_id)
                found[query] = run(database, asked)
    by_action = {entry["action"] for query, rows in found.items() if "audit_logs" in query for entry in rows}
    assert {"conversation.claimed", "conversation.taken"} <= by_action
    for query, rows in found.items():
        if "leads" not in query and "jobs" not in query:
            assert rows, f"found nothing: {query}"


@pytest.mark.parametrize("broken", ["db.audit_logs.find({workspace_id: 1})", "db.jobs.remove({})"])
def test_a_query_that_cannot_be_read_fails(broken):
    with pytest.raises((AssertionError, ValueError)):
        run({"audit_logs": None, "jobs": None}, broken)
