"""Two workspaces in one Baton, each with things of its own, and people who ask for the other's."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import quote

from tornado.httpclient import HTTPResponse

from actors.ids import new_id
from tests.support.process import BatonProcess
from tests.support.route_table import PEOPLE, Case
from tests.support.waiting import until
from tests.support.wire_clients import OperatorClient, VisitorClient

WORKSPACES = ("demo", "other")
TEAM = ("users", "workspace_users", "invitations", "sessions")

_BY_ITSELF = {"meta", "analytics_days"}
"""What Baton writes whether somebody asks or not."""

_HOLE = re.compile(r"\{([a-z_]+)\}")
_NEVER_THE_SAME = (
    re.compile(r'nonce="[^"]*"|\'nonce-[^\']*\''),
    re.compile(r'name="_xsrf" value="[^"]*"|"xsrf" content="[^"]*"'),
    re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)"),
    re.compile(r'"(?:token|conversation_id|lead_id)":\s?"[^"]*"'),
)
_HEADERS_THAT_DIFFER = {"Date", "Set-Cookie", "Content-Length", "X-Request-Id"}

_WEBHOOK = {"url": "https://hooks.example/", "events": [], "secret": "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTA="}
_WEBHOOK |= {"enabled": False}
_PAYLOAD = {"event": "webhook.test", "endpoint_id": "none", "at": "2026-11-22T10:00:00Z"}
_DELIVERY = {"conversation_id": None, "endpoint_id": "none", "job_id": "none", "webhook_id": "none"}
_DELIVERY |= {"event": "webhook.test", "attempt": 1, "duration_ms": 1, "delivered": True, "status": 200}
_DELIVERY |= {"error": "", "response": "", "payload": _PAYLOAD}
_JOB = {"kind": "webhook", "lane": "", "payload": _PAYLOAD, "status": "dead", "attempts": 3}
_JOB |= {"last_error": "It gave no answer.", "lease": None, "lease_until": None, "done_at": None}

Ids = dict[str, str]


@dataclass
class Tenant:
    """A workspace: who is in it, what it has that others must not see, and who would notice."""

    id: str
    owner: OperatorClient
    ids: Ids
    visitor: VisitorClient
    canary: str
    noticed: list[int] = field(default_factory=list)

    def secrets(self) -> set[str]:
        """What no answer to anybody else may contain."""
        told = {"workspace", "source_name", "lead_email"}
        return {self.canary, *(value for name, value in self.ids.items() if name not in told)}

    def rows(self) -> list[dict[str, Any]]:
        """Every row that its owner's list was sent."""
        return [frame["conversation"] for frame in self.owner.of_type("conversation.changed")]

    def mark(self) -> None:
        """From here on its sockets should stay silent."""
        self.noticed = [len(self.owner.frames), len(self.visitor.frames)]

    def heard(self) -> list[dict[str, Any]]:
        """What its sockets were sent since then."""
        new = self.owner.frames[self.noticed[0] :] + self.visitor.frames[self.noticed[1] :]
        return [frame for frame in new if frame["type"] not in {"heartbeat", "pong"}]


class TwoWorkspaces:
    """Everybody of the table, and the makers of what it names."""

    def __init__(self, baton: BatonProcess) -> None:
        self.baton = baton
        self._mongo = baton.mongo()
        self.database = self._mongo["baton"]
        self.people: dict[str, OperatorClient] = {}
        self.tenants: dict[str, Tenant] = {}
        self._nobody = OperatorClient(baton.url, "")

    async def __aenter__(self) -> Self:
        for person in PEOPLE:
            self.people[person] = OperatorClient(self.baton.url, f"{person}@demo.test")
        self.people["other"] = OperatorClient(self.baton.url, "owner@other.test")
        for person, client in self.people.items():
            if person != "nobody":
                await client.sign_in()
        for workspace in WORKSPACES:
            self.tenants[workspace] = await self._tenant(workspace)
        await until(lambda: self.settled() and self._counted() and self._shown())
        return self

    async def __aexit__(self, *_: object) -> None:
        sockets = [*self.people.values(), *(tenant.visitor for tenant in self.tenants.values())]
        await asyncio.gather(*(socket.close() for socket in sockets))
        self._mongo.close()

    def settled(self) -> bool:
        """Whether all that follows from leads has followed."""
        going = self.database["jobs"].count_documents({"status": {"$in": ["pending", "running"]}})
        return not going and not self.database["leads"].count_documents({"jobs_pending": True})

    def _counted(self) -> bool:
        """Whether the statistics have what was done to make the tenants."""
        events = self.database["analytics_events"].find({})
        counted = {(event["conversation_id"], event["type"]) for event in events}
        ids = [tenant.ids for tenant in self.tenants.values()]
        claimed = {(each["held"], kind) for each in ids for kind in ("conversation.claimed", "lead.captured")}
        return claimed | {(each["conversation"], "lead.captured") for each in ids} <= counted

    def home(self, person: str) -> str:
        """The workspace that somebody belongs to."""
        return "other" if person == "other" else "demo"

    def away(self, person: str) -> str:
        """The one that is none of their business."""
        return "demo" if person == "other" else "other"

    # Asking

    def _shown(self) -> bool:
        """Whether the owners saw the rows of the first claim and lead, which come a little later."""
        return all(
            any(row["id"] == tenant.ids["held"] and row["claimed_by_user_id"] for row in tenant.rows())
            and any(row["id"] == tenant.ids["conversation"] and row["has_lead"] for row in tenant.rows())
            for tenant in self.tenants.values()
        )

    async def ask(
        self,
        case: Case,
        person: str,
        ids: Mapping[str, str],
        cookies: Mapping[str, str] | None = None,
        **headers: str,
    ) -> HTTPResponse:
        """Send a request of the table. `cookies` are added to the person's own, for this once."""
        once = OperatorClient(self.baton.url, "")
        once._cookies = {**self.people[person]._cookies, **(cookies or {})}
        return await once.raw(case.method, _filled(case.path, ids), _body(case, ids), **headers)

    async def own(self, case: Case, person: str) -> Ids:
        """What the case names, of the asker's own workspace; fresh when the request may change it."""
        there = self.tenants[self.home(person)].ids if person in case.who or case.method == "GET" else {}
        return {
            name: there[name] if name in there else await self._make(name, person)
            for name in sorted(names_of(case))
        }

    async def own_one(self, name: str, person: str) -> str:
        """One fresh thing of the asker's own workspace."""
        return await self._make(name, person)

    async def foreign(self, case: Case, person: str) -> Ids:
        """What the other workspace has."""
        theirs = self.tenants[self.away(person)].ids
        return await self._with_own(case, person, lambda name: theirs[name])

    async def unknown(self, case: Case, person: str) -> Ids:
        """What nobody has, as long as what the other has."""
        theirs = self.tenants[self.away(person)].ids

        def made_up(name: str) -> str:
            like = theirs[name]
            head, dot, tail = like.partition(".") if name == "source_name" else (like, "", "")
            return (secrets.token_hex(len(head)))[: len(head)] + dot + tail

        return await self._with_own(case, person, made_up)

    async def _with_own(self, case: Case, person: str, other: Callable[[str], str]) -> Ids:
        ours = self.tenants[self.home(person)].ids
        found: Ids = {}
        for name in sorted(names_of(case)):
            if name in {"fresh", "link", "site_title", "own_key"}:
                found[name] = await self._make(name, person)
            elif name.startswith("own_"):
                found[name] = ours[name.removeprefix("own_")]
            else:
                found[name] = other(name)
        return found

    def leaks(self, person: str, response: HTTPResponse, sent: Mapping[str, str]) -> list[str]:
        """What an answer says of the workspace that is none of the asker's business."""
        text = response.body.decode()
        return sorted(
            each for each in self.tenants[self.away(person)].secrets() - set(sent.values()) if each in text
        )

    # What there is

    def snapshot(self) -> dict[str, dict[str, dict[str, Any]]]:
        """All that the database has, by workspace and collection; sessions only as far as they exist."""
        found = {workspace: self._people_of(workspace) for workspace in WORKSPACES}
        for name in sorted(set(self.database.list_collection_names()) - _BY_ITSELF - set(TEAM)):
            for document in self.database[name].find(
                {}, {"text": 0, "asked": 0} if name == "passages" else {}
            ):
                owner = document.get("workspace_id") or str(document["_id"]).partition(":")[0]
                if owner in found:
                    found[owner].setdefault(name, {})[str(document["_id"])] = document
        return found

    def _people_of(self, workspace: str) -> dict[str, dict[str, Any]]:
        here = {"workspace_id": workspace}
        found = {
            name: {each["_id"]: each for each in self.database[name].find(here)}
            for name in ("workspace_users", "invitations")
        }
        people = [each["user_id"] for each in found["workspace_users"].values()]
        found["users"] = {each["_id"]: each for each in self.database["users"].find({"_id": {"$in": people}})}
        sessions = self.database["sessions"].find({"user_id": {"$in": people}})
        return {**found, "sessions": {each["_id"]: each["user_id"] for each in sessions}}

    def team(self) -> dict[str, list[dict[str, Any]]]:
        """Who may come in, for `put_back`."""
        return {name: list(self.database[name].find({})) for name in TEAM}

    def put_back(self, team: Mapping[str, list[dict[str, Any]]]) -> None:
        """Undo what a request did to the team."""
        for name, documents in team.items():
            collection = self.database[name]
            if list(collection.find({})) == documents:
                continue
            collection.delete_many({})
            if documents:
                collection.insert_many(documents)

    # Makers

    async def _make(self, name: str, person: str) -> str:
        workspace = self.home(person)
        makers: dict[str, Callable[[], Awaitable[str]]] = {
            "conversation": lambda: self._conversation(workspace),
            "own_conversation": lambda: self._conversation(workspace),
            "held": lambda: self._held(workspace),
            "lead": lambda: self._lead(workspace),
            "source": lambda: self._source(workspace, "words.md"),
            "token": lambda: self._token(workspace),
        }
        if name in makers:
            return await makers[name]()
        return self._plain(name, workspace, person)

    def _plain(self, name: str, workspace: str, person: str) -> str:
        makers: dict[str, Callable[[], str]] = {
            "workspace": lambda: workspace,
            "own_key": lambda: workspace,
            "site_title": lambda: self._kept("workspaces", workspace)["site_title"],
            "tag": lambda: self._tag(workspace, f"Tag {new_id()}"),
            "member": lambda: self._member(workspace, "editor", accepted=True),
            "second_owner": lambda: self._member(workspace, "owner", accepted=True),
            "invited": lambda: self._member(workspace, "viewer", accepted=False),
            "webhook": lambda: self._insert("webhook_endpoints", workspace, _WEBHOOK, created_at=_now()),
            "own_webhook": lambda: self._insert("webhook_endpoints", workspace, _WEBHOOK, created_at=_now()),
            "delivery": lambda: self._insert("webhook_deliveries", workspace, _DELIVERY, at=_now()),
            "job": lambda: self._insert("jobs", workspace, _JOB, run_at=_now(), created_at=_now()),
            "session": lambda: self._session(self._user_id(person)),
            "source_name": lambda: "words.md",
            "lead_email": lambda: "a@b.example",
            "fresh": lambda: secrets.token_hex(16),
            "link": lambda: secrets.token_hex(16),
        }
        return makers[name]()

    async def _lead(self, workspace: str, **fields: str) -> str:
        body = {"email": "a@b.example", **fields}
        response = await self._nobody.http("POST", f"/widget/{workspace}/leads", body)
        assert response.code == HTTPStatus.CREATED, response.body
        return json.loads(response.body)["lead_id"]

    async def _conversation(self, workspace: str) -> str:
        return self._kept("leads", await self._lead(workspace))["conversation_id"]

    async def _held(self, workspace: str) -> str:
        conversation = await self._conversation(workspace)
        status, answer = await self._owner(workspace).act(conversation, "claim")
        assert status == HTTPStatus.OK, answer
        return conversation

    async def _source(self, workspace: str, name: str) -> str:
        known = self.database["knowledge_sources"].find_one({"workspace_id": workspace, "name": name})
        if known:
            return known["_id"]
        owner = self._owner(workspace)
        text = f"# About {name}\n\nThere is something to say about {name}.".encode()
        response = await owner.raw("POST", f"/app/settings/knowledge?name={name}", text)
        assert response.code == HTTPStatus.CREATED, response.body
        return json.loads(response.body)["source"]["id"]

    async def _token(self, workspace: str) -> str:
        response = await self._nobody.http("POST", f"/widget/{workspace}/boot", {})
        return json.loads(response.body)["token"]

    def _tag(self, workspace: str, name: str) -> str:
        looks = {"name": name, "name_key": name.casefold(), "colour": "grey"}
        return self._insert("tags", workspace, looks, created_at=_now())

    def _member(self, workspace: str, role: str, *, accepted: bool, name: str = "Somebody") -> str:
        user: dict[str, Any] = {"_id": new_id(), "email": f"{new_id()}@b.example", "name": name}
        user |= {"password_hash": "-" if accepted else None, "created_at": _now()}
        self.database["users"].insert_one(user)
        place: dict[str, Any] = {
            "_id": f"{workspace}:{user['_id']}",
            "workspace_id": workspace,
            "user_id": user["_id"],
        }
        place |= {"role": role, "accepted_at": _now() if accepted else None}
        self.database["workspace_users"].insert_one(place)
        return user["_id"]

    def _insert(self, collection: str, workspace: str, fields: Mapping[str, Any], **more: Any) -> str:
        document = {"_id": new_id(), "workspace_id": workspace, **fields, **more}
        self.database[collection].insert_one(document)
        return document["_id"]

    def _kept(self, collection: str, identity: str) -> Mapping[str, Any]:
        found = self.database[collection].find_one({"_id": identity})
        assert found is not None
        return found

    def _session(self, user_id: str) -> str:
        at = {"created_at": _now(), "seen_at": _now(), "expires_at": _now() + timedelta(days=1)}
        session = {"_id": secrets.token_hex(32), "user_id": user_id, "ip": "", "user_agent": "", **at}
        self.database["sessions"].insert_one(session)
        return session["_id"]

    def _user_id(self, person: str) -> str:
        email = "owner@other.test" if person == "other" else f"{person}@demo.test"
        user = self.database["users"].find_one({"email": email})
        return user["_id"] if user else "nobody"

    def _owner(self, workspace: str) -> OperatorClient:
        return self.people["owner" if workspace == "demo" else "other"]

    async def _tenant(self, workspace: str) -> Tenant:
        """Something of every kind, each with the canary in what people typed."""
        canary, owner = f"canary-of-{workspace}", self._owner(workspace)
        await owner.connect()
        await owner.ask({"type": "subscribe", "channel": "workspace"}, "subscribed")
        visitor = VisitorClient(self.baton.url, workspace)
        visitor.page = {"url": f"https://shop.example/{canary}", "title": canary, "referrer": ""}
        await visitor.hello()
        posted = await visitor.post(f"What is {canary}?", "m1")
        await visitor.bot_answer(posted["seq"])
        lead = await visitor.ask(
            {"type": "lead.submit", "email": f"person-of-{workspace}@b.example", "name": canary}, "lead.ack"
        )
        await owner.subscribe(visitor.conversation_id)
        tag = self._tag(workspace, canary)
        tagged = {"add": [tag]}
        await owner.http("POST", f"/app/conversations/{visitor.conversation_id}/tags", tagged)
        assert visitor.token is not None
        ids = {
            "workspace": workspace,
            "conversation": visitor.conversation_id,
            "held": await self._held(workspace),
            "lead": lead["lead_id"],
            "lead_email": f"person-of-{workspace}@b.example",
            "tag": tag,
            "source": await self._source(workspace, f"{canary}.md"),
            "source_name": f"{canary}.md",
            "member": self._member(workspace, "editor", accepted=True, name=canary),
            "second_owner": self._member(workspace, "owner", accepted=True, name=canary),
            "invited": self._member(workspace, "viewer", accepted=False, name=canary),
            "webhook": self._plain("webhook", workspace, ""),
            "delivery": self._plain("delivery", workspace, ""),
            "job": self._plain("job", workspace, ""),
            "session": self._session(self._user_id("owner" if workspace == "demo" else "other")),
            "token": visitor.token,
        }
        return Tenant(workspace, owner, ids, visitor, canary)


def names_of(case: Case) -> set[str]:
    """What a case names."""
    return set(_HOLE.findall(case.path)) | set(_HOLE.findall(json.dumps(case.body)))


def same(response: HTTPResponse, ids: Mapping[str, str]) -> tuple[Any, ...]:
    """An answer without what differs between any two: its instants, its nonce, and the ids that were sent."""
    headers = {name: value for name, value in response.headers.get_all() if name not in _HEADERS_THAT_DIFFER}
    text = json.dumps(headers, sort_keys=True) + "\n" + response.body.decode()
    for name, value in ids.items():
        text = text.replace(value, f"<{name}>").replace(quote(value, safe=""), f"<{name}>")
    for pattern in _NEVER_THE_SAME:
        text = pattern.sub("", text)
    return response.code, text


def _filled(text: str, ids: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda found: ids[found[1]], text)


def _body(case: Case, ids: Mapping[str, str]) -> bytes | None:
    if case.body is None:
        return None
    text = case.body if isinstance(case.body, str) else json.dumps(case.body)
    return _filled(text, ids).encode()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
