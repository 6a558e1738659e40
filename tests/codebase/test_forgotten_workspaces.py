from __future__ import annotations

from typing import Any

import pytest

from tests.codebase.tree import ROOT
from tests.support.engine import mock_database
from tests.support.guarded_database import MAY_LOOK_EVERYWHERE, ForgottenWorkspaceError, GuardedDatabase


def asked_by_a_repository(ask: str, database: GuardedDatabase) -> Any:
    """Evaluate a question as a file of server/ would ask it."""
    code = compile(ask, str(ROOT / "server" / "forgetful.py"), "eval")
    return eval(code, {"database": database})


@pytest.mark.parametrize(
    "ask",
    [
        "database['leads'].find({'_id': 'l1'})",
        "database['messages'].delete_many({'conversation_id': 'c1'})",
        "database['tags'].find({'workspace_id': {'$ne': 'demo'}})",
        "database['conversations'].aggregate([{'$match': {'tag_ids': 't1'}}])",
    ],
)
async def test_a_query_without_a_workspace_is_refused(ask: str):
    database = GuardedDatabase(await mock_database())
    with pytest.raises(ForgottenWorkspaceError):
        asked_by_a_repository(ask, database)


async def test_a_query_inside_a_workspace_passes():
    database = GuardedDatabase(await mock_database())
    asked_by_a_repository("database['leads'].find({'_id': 'l1', 'workspace_id': 'demo'})", database)


def test_exceptions_are_of_files_that_exist():
    assert [who for who in MAY_LOOK_EVERYWHERE if not (ROOT / who.partition(":")[0]).is_file()] == []
