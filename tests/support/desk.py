"""The whole server on a database of the test's own: the demo's members, and what is in their mailboxes."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pymongo
import pymongo.database

from server.config import Config
from server.demo import seed_demo
from server.main import running
from server.people.accounts import Accounts
from server.people.passwords import Passwords
from server.people.people import make_link_stores
from server.store.database import Database
from tests.support.engine import emptied_connection
from tests.support.wire_clients import OperatorClient, VisitorClient

SECRET_KEY = "the tests' own key, which is long enough to be one"


@dataclass
class Desk:
    """A running server."""

    url: str
    database: Database
    config: Config
    _clients: list[Any] = field(default_factory=list)

    async def member(self, email: str, password: str = "baton-demo") -> OperatorClient:
        """Somebody who is signed in."""
        client = self.stranger(email, password)
        await client.sign_in()
        return client

    def stranger(self, email: str = "", password: str = "baton-demo") -> OperatorClient:
        """Somebody who is not, or not yet."""
        client = OperatorClient(self.url, email, password)
        self._clients.append(client)
        return client

    async def visitor(self) -> VisitorClient:
        """A visitor of the demo who said hello."""
        client = VisitorClient(self.url)
        self._clients.append(client)
        await client.hello()
        return client

    async def user_id(self, email: str) -> str:
        """The id of an account."""
        user = await self.database["users"].find_one({"email": email})
        assert user is not None
        return user["_id"]

    async def invite(self, by: OperatorClient, email: str, role: str = "editor") -> str:
        """Invite somebody; gives the token that is in their mail."""
        response = await by.http("POST", "/app/settings/team/invitations", {"email": email, "role": role})
        assert response.code == 201, response.body
        return await self.invitation_token(email.lower())

    async def invitation_token(self, email: str) -> str:
        """The token of somebody's newest invitation."""
        found = await self.database["invitations"].find_one({"user_id": await self.user_id(email)})
        assert found is not None
        store = make_link_stores(self.database, SECRET_KEY).invitations
        row = await store.get(found["_id"])
        assert row is not None
        return store.token(row)

    async def reset_tokens(self, email: str) -> list[str]:
        """The tokens of the links to a new password that somebody asked for."""
        store = make_link_stores(self.database, SECRET_KEY).resets
        query = {"user_id": await self.user_id(email)}
        rows = [
            await store.get(found["_id"])
            for found in await self.database["password_resets"].find(query).to_list()
        ]
        return [store.token(row) for row in rows if row]

    async def age(self, collection: str, by: timedelta) -> None:
        """Let time pass for every document that expires."""
        documents = await self.database[collection].find({}).to_list()
        for document in documents:
            change = {"expires_at": document["expires_at"] - by}
            await self.database[collection].update_one({"_id": document["_id"]}, {"$set": change})

    async def audit(self, *actions: str) -> list[dict[str, Any]]:
        """The entries of these actions, oldest first; of all without any."""
        query = {"action": {"$in": list(actions)}} if actions else {}
        return await self.database["audit_logs"].find(query, sort=[("at", 1), ("_id", 1)]).to_list()

    @contextlib.contextmanager
    def mongo(self) -> Iterator[pymongo.database.Database[dict[str, Any]]]:
        """The database as an admin with `mongosh` has it."""
        with pymongo.MongoClient(self.config.mongodb_uri, tz_aware=True) as client:
            yield client[self.config.mongodb_database]

    async def close(self) -> None:
        """Disconnect everybody."""
        for client in self._clients:
            await client.close()


@contextlib.asynccontextmanager
async def running_desk(
    mongo_uri: str, data_dir: Path, *, empty: bool = False, **options: str
) -> AsyncIterator[Desk]:
    """Serve until the block ends; `empty`: with no user at all. `options` are the configuration's."""
    async with emptied_connection(mongo_uri) as connection:
        if not empty:
            await _seed(connection.database)
        config = Config(
            port=0,
            mongodb_uri=mongo_uri,
            mongodb_database=connection.database.name,
            secret_key=SECRET_KEY,
            data_dir=data_dir,
        )
        async with _serving(replace(config, **options), connection.database) as desk:
            yield desk


@contextlib.asynccontextmanager
async def running_beside(desk: Desk, data_dir: Path) -> AsyncIterator[Desk]:
    """Another process on the same database."""
    async with _serving(replace(desk.config, data_dir=data_dir), desk.database) as second:
        yield second


@contextlib.asynccontextmanager
async def _serving(config: Config, database: Database) -> AsyncIterator[Desk]:
    async with running(config, passwords=_cheap()) as server:
        desk = Desk(server.url, database, config)
        try:
            yield desk
        finally:
            await desk.close()


def _cheap() -> Passwords:
    """Passwords that are quick to check: a real one costs a sign-in 25 ms of a processor, on purpose."""
    return Passwords(memory_kib=64, passes=1)


async def _seed(database: Database) -> None:
    passwords = _cheap()
    try:
        await seed_demo(Accounts(database, passwords), passwords)
    finally:
        passwords.close()


def said(body: bytes) -> dict[str, Any]:
    """A JSON answer."""
    return json.loads(body or b"{}")


def now() -> datetime:
    """The present."""
    return datetime.now(UTC)
