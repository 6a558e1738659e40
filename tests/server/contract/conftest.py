from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Any, cast

import pytest

from server.audit.audit import AuditLog
from server.conversations.journal import Journal
from server.store.database import Database
from server.store.persistence import Persistence
from tests.support.faulty_database import FaultyDatabase
from tests.support.guarded_database import GuardedDatabase


@pytest.fixture
def repository_database(repository_database: Database) -> Database:
    """The same, refusing every query of a repository that forgets its workspace."""
    return cast("Database", GuardedDatabase(repository_database))


@pytest.fixture
def faults(repository_database: Database) -> FaultyDatabase:
    """The same database with faults to plan."""
    return FaultyDatabase(repository_database)


@pytest.fixture
async def make_journal(faults: FaultyDatabase) -> AsyncGenerator[Callable[..., Journal], None]:
    """Makes journals on the faulty database, as processes that follow each other do."""
    journals: list[Journal] = []

    def make(**options: Any) -> Journal:
        persistence = Persistence()
        journals.append(Journal(faults, AuditLog(faults, persistence), persistence, **options))
        return journals[-1]

    yield make
    faults.away = False
    for journal in journals:
        await journal.close(within_s=0.2)


@pytest.fixture
def journal(make_journal: Callable[..., Journal]) -> Journal:
    return make_journal()
