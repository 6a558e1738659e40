from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from actors.roles import Role
from server.demo import DEMO, DEMO_PASSWORD, OTHER, seed_demo
from server.people.accounts import Accounts
from server.people.passwords import Passwords
from server.store.database import Database


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    passwords = Passwords(memory_kib=64, passes=1)
    yield passwords
    passwords.close()


@pytest.fixture
async def accounts(repository_database: Database, passwords: Passwords) -> Accounts:
    accounts = Accounts(repository_database, passwords)
    await seed_demo(accounts, passwords)
    return accounts


@pytest.mark.parametrize("role", list(Role))
async def test_every_role_can_sign_in(accounts: Accounts, role: Role):
    account = await accounts.sign_in(f"{role}@demo.test", DEMO_PASSWORD)
    assert account is not None
    assert await accounts.workspaces_of(account.user_id) == ((DEMO, role),)


async def test_the_pending_admin_belongs_nowhere_yet(accounts: Accounts):
    account = await accounts.sign_in("pending@demo.test", DEMO_PASSWORD)
    assert account is not None
    assert await accounts.workspaces_of(account.user_id) == ()
    pending = [m for m in await accounts.members.of_workspace(DEMO.id) if m.accepted_at is None]
    assert [(member.email, member.role) for member in pending] == [("pending@demo.test", Role.ADMIN)]


async def test_the_other_workspace_has_an_owner_of_its_own(accounts: Accounts):
    account = await accounts.sign_in("owner@other.test", DEMO_PASSWORD)
    assert account is not None
    assert await accounts.workspaces_of(account.user_id) == ((OTHER, Role.OWNER),)


async def test_seeding_again_keeps_what_was_changed(accounts: Accounts, passwords: Passwords):
    await accounts.set_password("owner@demo.test", "my own")
    await asyncio.gather(seed_demo(accounts, passwords), seed_demo(accounts, passwords))
    assert await accounts.sign_in("owner@demo.test", DEMO_PASSWORD) is None
    assert await accounts.sign_in("owner@demo.test", "my own") is not None
    assert len(await accounts.members.of_workspace(DEMO.id)) == 5
