from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from actors.ids import UserId, WorkspaceId
from actors.roles import Role
from server.people.accounts import Account, Accounts, EmailTakenError, UnknownAccountError
from server.people.members import Membership
from server.people.passwords import Passwords
from server.store.database import Database
from server.workspaces.workspaces import AgentPersona, KeyTakenError, Workspace

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SHOP = Workspace(
    WorkspaceId("w-shop"), "shop", "key-1", "The shop", AgentPersona("Bea", "Hello"), ("https://shop.test",)
)


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    passwords = Passwords(memory_kib=64, passes=1)
    yield passwords
    passwords.close()


@pytest.fixture
def accounts(repository_database: Database, passwords: Passwords) -> Accounts:
    return Accounts(repository_database, passwords)


async def test_signing_in_takes_the_right_password(accounts: Accounts):
    made = await accounts.create_user(" Ana@Example.com ", " Ana ", "correct horse", NOW)
    assert made == Account(made.user_id, "ana@example.com", "Ana")
    assert await accounts.sign_in("ANA@example.COM", "correct horse") == made
    assert await accounts.sign_in("ana@example.com", "Correct horse") is None
    assert await accounts.sign_in("ana@example.com", "") is None
    assert await accounts.sign_in("nobody@example.com", "correct horse") is None


@pytest.mark.parametrize("email", ["", "$ne", "x" * 100_000, "\ud83d", "a\x00b"])
async def test_odd_addresses_are_nobodys(accounts: Accounts, email: str):
    assert await accounts.sign_in(email, "x" * 100_000) is None


async def test_an_address_has_one_account_however_it_is_written(accounts: Accounts):
    await accounts.create_user("ana@example.com", "Ana", "one", NOW)
    with pytest.raises(EmailTakenError):
        await accounts.create_user("ANA@example.com ", "Another", "two", NOW)


async def test_who_has_no_password_cannot_sign_in(accounts: Accounts):
    await accounts.create_user("invited@example.com", "Ivy", None, NOW)
    assert await accounts.sign_in("invited@example.com", "") is None


async def test_a_changed_password_replaces_the_old_one(accounts: Accounts):
    made = await accounts.create_user("ana@example.com", "Ana", "old", NOW)
    assert await accounts.set_password("Ana@example.com", "new") == made
    assert await accounts.sign_in("ana@example.com", "old") is None
    assert await accounts.sign_in("ana@example.com", "new") == made
    with pytest.raises(UnknownAccountError):
        await accounts.set_password("nobody@example.com", "new")


async def test_a_hash_of_older_parameters_is_renewed(accounts: Accounts, repository_database: Database):
    await accounts.create_user("ana@example.com", "Ana", "secret", NOW)
    stronger = Passwords(memory_kib=128, passes=2)
    try:
        renewing = Accounts(repository_database, stronger)
        assert await renewing.sign_in("ana@example.com", "secret")
        stored = await repository_database["users"].find_one({"email": "ana@example.com"})
        assert stored is not None
        assert "m=128,t=2" in stored["password_hash"]
        assert await renewing.sign_in("ana@example.com", "secret")
    finally:
        stronger.close()


async def test_only_accepted_members_belong(accounts: Accounts):
    await accounts.workspaces.create(SHOP, NOW)
    ana = await accounts.create_user("ana@example.com", "Ana", None, NOW)
    ivy = await accounts.create_user("ivy@example.com", "Ivy", None, NOW)
    accepted = Membership(SHOP.id, ana.user_id, Role.EDITOR, NOW)
    assert await accounts.members.add(accepted)
    assert not await accounts.members.add(Membership(SHOP.id, ana.user_id, Role.OWNER, NOW))
    assert await accounts.members.add(Membership(SHOP.id, ivy.user_id, Role.ADMIN, None))
    assert await accounts.membership(ana.user_id, SHOP.id) == accepted
    assert await accounts.membership(ivy.user_id, SHOP.id) is None
    assert await accounts.membership(ana.user_id, WorkspaceId("other")) is None
    assert await accounts.membership(UserId("nobody"), SHOP.id) is None
    assert await accounts.workspaces_of(ana.user_id) == ((SHOP, Role.EDITOR),)
    assert await accounts.workspaces_of(ivy.user_id) == ()
    listed = await accounts.members.of_workspace(SHOP.id)
    assert [(member.name, member.accepted_at) for member in listed] == [("Ana", NOW), ("Ivy", None)]


async def test_workspaces_are_found_by_id_key_and_slug(accounts: Accounts):
    await accounts.workspaces.create(SHOP, NOW)
    assert await accounts.workspaces.workspace(SHOP.id) == SHOP
    assert await accounts.workspaces.by_key("key-1") == SHOP
    assert await accounts.workspaces.by_slug("shop") == SHOP
    assert await accounts.workspaces.by_key("shop") is None
    assert await accounts.workspaces.all() == (SHOP,)


@pytest.mark.parametrize("field", ["slug", "key"])
async def test_slugs_and_keys_are_taken_once(accounts: Accounts, field: str):
    await accounts.workspaces.create(SHOP, NOW)
    fields: dict[str, Any] = {"slug": "second", "key": "key-2"} | {field: getattr(SHOP, field)}
    second = Workspace(WorkspaceId("w2"), site_title="Second", agent=SHOP.agent, allowed_origins=(), **fields)
    with pytest.raises(KeyTakenError):
        await accounts.workspaces.create(second, NOW)


async def test_who_was_invited_gets_a_name_and_a_password_once(accounts: Accounts):
    ivy = await accounts.create_user("ivy@example.com", "", None, NOW)
    assert not await accounts.has_password(ivy.user_id)
    assert await accounts.complete(ivy.user_id, " Ivy ", "first")
    assert not await accounts.complete(ivy.user_id, "Eve", "second")
    assert await accounts.has_password(ivy.user_id)
    assert await accounts.sign_in("ivy@example.com", "first") == Account(ivy.user_id, ivy.email, "Ivy")
    assert await accounts.is_password(ivy.user_id, "first")
    assert not await accounts.is_password(ivy.user_id, "second")
    assert not await accounts.is_password(UserId("nobody"), "first")


async def test_only_who_never_joined_anywhere_is_forgotten(accounts: Accounts):
    invited = await accounts.create_user("ivy@example.com", "", None, NOW)
    member = await accounts.create_user("ana@example.com", "Ana", "secret", NOW)
    places = [Membership(WorkspaceId(w), invited.user_id, Role.EDITOR, None) for w in ("w1", "w2")]
    for place in places:
        await accounts.members.add(place)
    for place in places:
        await accounts.members.remove(place.workspace_id, invited.user_id)
        await accounts.drop_incomplete(invited.user_id)
        left = await accounts.members.any_of(invited.user_id)
        assert (await accounts.find("ivy@example.com") is not None) == left
    await accounts.drop_incomplete(member.user_id)
    assert await accounts.find("ana@example.com")


async def test_members_accept_once_and_change(accounts: Accounts):
    ivy = await accounts.create_user("ivy@example.com", "Ivy", "secret", NOW)
    await accounts.members.add(Membership(SHOP.id, ivy.user_id, Role.EDITOR, None))
    assert not await accounts.members.accept(WorkspaceId("other"), ivy.user_id, NOW)
    assert await accounts.members.accept(SHOP.id, ivy.user_id, NOW)
    assert not await accounts.members.accept(SHOP.id, ivy.user_id, NOW)
    await accounts.members.change_role(SHOP.id, ivy.user_id, Role.VIEWER)
    assert await accounts.membership(ivy.user_id, SHOP.id) == Membership(
        SHOP.id, ivy.user_id, Role.VIEWER, NOW
    )
    assert await accounts.members.lead_mail(SHOP.id, ivy.user_id)
    await accounts.members.set_lead_mail(SHOP.id, ivy.user_id, wanted=False)
    assert not await accounts.members.lead_mail(SHOP.id, ivy.user_id)
