"""What every route answers to whom: the table that `tests/flows/test_isolation.py` walks.

A path or body may name things in braces, see `tests/support/two_workspaces.py`. `own_…` is always the asker's
own; everything else is once their own, once another workspace's, and once unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tornado.web import RequestHandler

from handlers.base import BaseHandler
from handlers.routes import ROUTES

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PEOPLE = ("owner", "admin", "editor", "viewer", "pending", "nobody")

Who: TypeAlias = Mapping[str, int]
"""What those get who may not; for everybody else see `Case.ok`."""

ANYONE: Who = {}
SIGNED_IN: Who = {"nobody": 401}
VIEWERS: Who = {"pending": 403, **SIGNED_IN}
EDITORS: Who = {"viewer": 403, **VIEWERS}
ADMINS: Who = {"editor": 403, **EDITORS}
OWNERS: Who = {"admin": 403, **ADMINS}


@dataclass(frozen=True)
class Case:
    """A request. `missing`: the answer to who may, about what is not theirs; None when it names nothing.

    `but`: what somebody gets about their own instead of `ok`. `makes`: a request about what is not theirs
    still makes something in the asker's own workspace.
    """

    method: str
    path: str
    who: Who
    ok: int = 200
    body: Any = None
    missing: int | None = None
    but: Mapping[str, int] = field(default_factory=dict)
    makes: bool = False

    def expected(self, person: str, *, own: bool = True) -> int:
        """The status that somebody gets. `other`, the owner of another workspace, is an owner there."""
        person = "owner" if person == "other" else person
        if person in self.who:
            return self.who[person]
        if not own:
            assert self.missing is not None
            return self.missing
        return self.but.get(person, self.ok)

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.body or ''}".strip()


_AGENT = {"name": "Bea", "greeting": "Hi.", "avatar_url": ""}
_FORM = {"asked": ["email"], "required": ["email"], "consent": "", "region": ""}
_WIDGET = {"allowed_origins": ["*"], "lead_form": _FORM, "rules": []}
_LOOKS = {"appearance": {"accent": "", "theme": "auto"}, "language": "en"}
_QUESTION = {"turns": [{"by": "visitor", "text": "Hello"}]}
_LINK = "{link}"
_CONVERSATION = "/app/conversations/{conversation}"
_HELD = "/app/conversations/{held}"
_TEAM = "/app/settings/team"
_SOURCE = "/app/settings/knowledge/{source}"

DOORS = (
    Case("GET", "/", ANYONE, 302),
    Case("GET", "/app", ANYONE, 302),
    Case("GET", "/demo", ANYONE),
    Case("GET", "/login", ANYONE, 302, but={"nobody": 200}),
    Case("POST", "/login", ANYONE, 401, {"email": "{fresh}@demo.test", "password": "wrong"}),
    Case("POST", "/logout", SIGNED_IN, 204),
    Case("GET", "/setup", ANYONE, 404),
    Case("POST", "/setup", ANYONE, 404, {}),
    Case("GET", "/forgot", ANYONE),
    Case("POST", "/forgot", ANYONE, 202, {"email": "{fresh}@demo.test"}),
    # Links in mails are secrets of one person, in no workspace: whoever has one may use it.
    Case("GET", f"/reset/{_LINK}", ANYONE, 404),
    Case("POST", f"/reset/{_LINK}", ANYONE, 404, {"password": "a long password"}),
    Case("GET", f"/invite/{_LINK}", ANYONE, 404),
    Case("POST", f"/invite/{_LINK}", ANYONE, 404, {}),
    Case("GET", "/assets/0/widget/loader.js", ANYONE),
    Case("HEAD", "/assets/0/widget/loader.js", ANYONE),
    Case("GET", "/healthz", ANYONE),
    Case("HEAD", "/healthz", ANYONE),
    Case("GET", "/readyz", ANYONE),
    Case("HEAD", "/readyz", ANYONE),
    Case("GET", "/metrics", ANYONE),
    # Without an upgrade; what sockets answer to whom is tried frame by frame.
    Case("GET", "/ws/visitor?key=demo", ANYONE, 400),
    Case("GET", "/ws/operator", ANYONE, 400),
)

ACCOUNT = (
    Case("GET", "/app/manifest.webmanifest", ANYONE),
    Case("GET", "/app/me", VIEWERS),
    Case("POST", "/app/workspace", SIGNED_IN, 200, {"id": "{workspace}"}, missing=404, but={"pending": 404}),
    Case("GET", "/app/workspaces", SIGNED_IN),
    Case(
        "DELETE",
        "/app/workspaces/{workspace}",
        SIGNED_IN,
        204,
        missing=404,
        but={"pending": 404},  # another owner is left, else 409
    ),
    Case("GET", "/app/account", VIEWERS),
    Case("GET", "/app/account/keyboard", VIEWERS),
    Case("POST", "/app/account/keyboard", VIEWERS, 200, {"keys": {"claim": "y"}, "single": True}),
    Case("POST", "/app/account/name", SIGNED_IN, 200, {"name": "Somebody"}),
    Case("POST", "/app/account/password", SIGNED_IN, 422, {"current": "wrong", "new": "a long password"}),
    Case("POST", "/app/account/notifications", VIEWERS, 200, {"lead_mail": False}),
    Case("DELETE", "/app/account/sessions", SIGNED_IN),
    Case("DELETE", "/app/account/sessions/{session}", SIGNED_IN, 204, missing=404),
)

_HOOK = "/app/settings/webhooks/{webhook}"
_RECEIVER = {"url": "https://hooks.example/baton", "events": ["lead.captured"]}

WEBHOOKS = (
    Case("GET", "/app/settings/webhooks", ADMINS),
    Case("POST", "/app/settings/webhooks", ADMINS, 201, _RECEIVER),
    Case("GET", _HOOK, ADMINS, missing=404),
    Case("POST", _HOOK, ADMINS, 200, _RECEIVER, missing=404),
    Case("DELETE", _HOOK, ADMINS, 204, missing=404),
    Case("POST", f"{_HOOK}/switch", ADMINS, 200, {"on": False}, missing=404),
    Case("POST", f"{_HOOK}/secret", ADMINS, 200, {}, missing=404),
    Case("POST", f"{_HOOK}/test", ADMINS, 200, {}, missing=404),
    Case("POST", f"{_HOOK}/deliveries/{{delivery}}/redeliver", ADMINS, 202, {}, missing=404),
    Case(
        "POST",
        "/app/settings/webhooks/{own_webhook}/deliveries/{delivery}/redeliver",
        ADMINS,
        202,
        {},
        missing=404,
    ),
    Case("POST", "/app/settings/jobs/retry", ADMINS, 202, {"id": "{job}"}, missing=404),
)

SETTINGS = (
    Case("GET", "/app/settings", ADMINS, 302),
    Case("GET", "/app/settings/system", ADMINS),
    Case("POST", "/app/settings/system", ADMINS, 200, {"site_title": "{site_title}"}),
    Case("GET", "/app/settings/agent", ADMINS),
    Case("POST", "/app/settings/agent", ADMINS, 200, _AGENT),
    Case("POST", "/app/settings/agent/try", ADMINS, 200, _QUESTION),
    Case("GET", "/app/settings/appearance", ADMINS),
    Case("POST", "/app/settings/appearance", ADMINS, 200, _LOOKS),
    Case("GET", "/app/settings/preview", ADMINS),
    Case("POST", "/app/settings/preview", ADMINS, 200, {"agent": _AGENT, **_LOOKS}),
    Case("GET", "/app/settings/widget", ADMINS),
    Case("POST", "/app/settings/widget", ADMINS, 200, _WIDGET),
    Case("GET", "/app/settings/widget/api", ADMINS),
    Case("POST", "/app/settings/widget/api/secret", ADMINS, 200, {}),
    Case("POST", "/app/settings/widget/api/required", ADMINS, 200, {"on": False}),
    Case("GET", "/app/settings/knowledge", ADMINS),
    Case("POST", "/app/settings/knowledge?name={fresh}.md", ADMINS, 201, "# Words\n\nSome."),
    Case("GET", _SOURCE, ADMINS, missing=404),
    Case("POST", f"{_SOURCE}?name={{source_name}}", ADMINS, 200, "# Words\n\n{fresh}", missing=404),
    Case("DELETE", _SOURCE, ADMINS, 204, missing=404),
    Case("GET", _TEAM, ADMINS),
    Case("POST", f"{_TEAM}/invitations", ADMINS, 201, {"email": "{fresh}@b.example", "role": "viewer"}),
    Case("POST", f"{_TEAM}/invitations", OWNERS, 201, {"email": "{fresh}@b.example", "role": "owner"}),
    Case("POST", f"{_TEAM}/{{invited}}/resend", ADMINS, 200, {}, missing=404),
    Case("POST", f"{_TEAM}/{{member}}/role", ADMINS, 200, {"role": "viewer"}, missing=404),
    Case("POST", f"{_TEAM}/{{member}}/role", ADMINS, 200, {"role": "owner"}, 404, {"admin": 403}),
    Case("POST", f"{_TEAM}/{{second_owner}}/role", ADMINS, 200, {"role": "admin"}, 404, {"admin": 403}),
    Case("DELETE", f"{_TEAM}/{{member}}", ADMINS, 204, missing=404),
    Case("DELETE", f"{_TEAM}/{{invited}}", ADMINS, 204, missing=404),
    Case("DELETE", f"{_TEAM}/{{second_owner}}", ADMINS, 204, missing=404, but={"admin": 403}),
    Case("GET", "/app/audit", ADMINS),
    Case("GET", "/app/audit?target={conversation}&user={member}", ADMINS, missing=200),
    Case("GET", "/app/audit.csv", ADMINS),
    Case("GET", "/app/audit.csv?target={conversation}&user={member}", ADMINS, missing=200),
    Case("POST", "/app/audit/verify", ADMINS, 200, {}),
)

DESK = (
    Case("GET", "/app/overview", VIEWERS),
    Case("GET", "/app/_kitchen", VIEWERS),
    Case("GET", "/app/inbox", VIEWERS),
    Case("GET", "/app/inbox?q={lead_email}", VIEWERS, missing=200),
    Case("POST", "/app/inbox/read", VIEWERS, 200, {}),
    Case("GET", "/app/inbox/{lead}", VIEWERS, missing=404),
    Case("POST", "/app/inbox/{lead}/read", VIEWERS, 200, {}, missing=404),
    Case("GET", "/app/leads/feed", VIEWERS),
    Case("GET", "/app/conversations", VIEWERS),
    Case("GET", "/app/conversations?show=all&tag={tag}", VIEWERS, missing=200),
    Case("GET", "/app/conversations?show=all&q={conversation}", VIEWERS, missing=200),
    Case("POST", "/app/conversations/read", VIEWERS, 200, {}),
    Case("POST", "/app/conversations/bulk-delete", ADMINS, 200, {"ids": ["{conversation}"]}, missing=200),
    Case("POST", "/app/conversations/delete-empty", ADMINS, 200, {}),
    Case("GET", "/app/conversations/delete-preview", ADMINS),
    Case("GET", "/app/conversations/delete-preview?show=all&tag={tag}", ADMINS, missing=200),
    Case(
        "POST",
        "/app/conversations/bulk-tag",
        EDITORS,
        200,
        {"ids": ["{conversation}"], "add": ["{tag}"]},
        missing=200,
    ),
    Case("GET", _CONVERSATION, VIEWERS, missing=404),
    Case("DELETE", _CONVERSATION, ADMINS, 204, missing=404),
    Case("POST", f"{_CONVERSATION}/tags", EDITORS, 200, {"add": ["{tag}"]}, missing=404),
    Case(
        "POST",
        "/app/conversations/{own_conversation}/tags",
        EDITORS,
        200,
        {"add": ["{tag}"], "remove": ["{tag}"]},
        missing=200,
    ),
    Case("GET", "/app/waiting", VIEWERS),
    Case("GET", "/app/tags", VIEWERS),
    Case("POST", "/app/tags", ADMINS, 201, {"name": "{fresh}"}),
    Case("PATCH", "/app/tags/{tag}", ADMINS, 200, {"colour": "red"}, missing=404),
    Case("DELETE", "/app/tags/{tag}", ADMINS, 204, missing=404),
    Case("GET", f"{_CONVERSATION}/messages?after=0", VIEWERS, missing=404),
    Case("POST", f"{_CONVERSATION}/read", VIEWERS, 200, {"seq": 1}, missing=404),
    Case("POST", f"{_CONVERSATION}/claim", EDITORS, 200, {}, missing=404),
    Case("POST", f"{_CONVERSATION}/release", EDITORS, 409, {}, missing=404),
    Case("POST", f"{_CONVERSATION}/reply", EDITORS, 201, {"text": "Hello"}, missing=404),
    # `held`: the owner has claimed it.
    Case("POST", f"{_HELD}/claim", EDITORS, 409, {}, missing=404, but={"owner": 200}),
    Case("POST", f"{_HELD}/claim", EDITORS, 200, {"force": True}, missing=404, but={"editor": 403}),
    Case("POST", f"{_HELD}/release", EDITORS, 200, {}, missing=404, but={"editor": 403}),
    Case("POST", f"{_HELD}/reply", EDITORS, 409, {"text": "Hi"}, missing=404, but={"owner": 201}),
)

WIDGET = (
    Case("GET", "/widget.js", ANYONE),
    Case("HEAD", "/widget.js", ANYONE),
    Case("OPTIONS", "/widget/{own_key}/boot", ANYONE, 204),
    Case("OPTIONS", "/widget/{own_key}/leads", ANYONE, 204),
    Case("POST", "/widget/{own_key}/boot", ANYONE, 200, {"token": "{token}"}, missing=200, makes=True),
    Case(
        "POST",
        "/widget/{own_key}/leads",
        ANYONE,
        201,
        {"visitor_token": "{token}", "email": "a@b.example"},
        missing=201,
        makes=True,
    ),
)

TABLE = (*DOORS, *ACCOUNT, *SETTINGS, *WEBHOOKS, *DESK, *WIDGET)


def route_of(path: str) -> str:
    """The pattern that a path of the table is routed to."""
    plain = path.partition("?")[0].replace("{", "x").replace("}", "x" * 16)
    return next(pattern for pattern, _ in ROUTES if re.fullmatch(pattern, plain))


def handler_of(case: Case) -> type[BaseHandler]:
    """The handler that a case is for."""
    return dict(ROUTES)[route_of(case.path)]


def methods_of(handler: type[RequestHandler]) -> set[str]:
    """The methods that a handler takes."""
    refused = RequestHandler._unimplemented_method
    return {method for method in METHODS if getattr(handler, method.lower()) is not refused}
