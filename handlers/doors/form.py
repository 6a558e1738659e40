"""Pages with a form for people who are not signed in, which programs may use by JSON too."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import ClassVar, TypeVar

from handlers.access import Access, Who
from handlers.account.me import account_json, place_json
from handlers.answers import HttpError
from handlers.base import SESSION_COOKIE, WORKSPACE_COOKIE, BaseHandler
from handlers.ports import SignedIn, Workspace
from handlers.shapes import Json

SESSION_DAYS = 14
STALE = (403, "forbidden", "This page was open for too long. Try again.")

T = TypeVar("T")


class BaseForm(BaseHandler):
    """A page, what is sent from it, and the page again with what was wrong."""

    role: ClassVar[Who] = Access.PUBLIC
    html: ClassVar[bool] = True

    def values(self, *names: str) -> Mapping[str, object]:
        """The fields that were sent. Raises FrameError."""
        if self.by_json:
            return self.body(dict[str, object])
        return {name: self.get_body_argument(name, "", strip=False) for name in names}

    def require_fresh_form(self) -> None:
        """Refuse what another site may have sent: its forms cannot send JSON. Raises HttpError."""
        if self.by_json:
            return
        try:
            self.require_xsrf_token()
        except HttpError as error:
            raise HttpError(*STALE) from error

    async def attempt(
        self, work: Callable[[], Awaitable[T]], again: Callable[[HttpError], Awaitable[None]]
    ) -> T | None:
        """What `work` gives; when it refuses, people see the form `again` and programs the error."""
        try:
            self.require_fresh_form()
            return await work()
        except HttpError as error:
            if self.answers_json or error.status == HTTPStatus.NOT_FOUND:
                raise
            if error.retry_after_s is not None:
                self.set_header("Retry-After", str(math.ceil(error.retry_after_s)))
            await again(error)
            return None

    async def begin_session(self, signed_in: SignedIn, workspace: Workspace | None = None) -> None:
        """Sign in here. A session is never carried over from whoever sat here before."""
        former = await self.load_session()
        if former is not None:
            await self.services.gate.sign_out(former.id)
            self.services.sockets.connections.end_session(former.id)
        self.keep_cookie(SESSION_COOKIE, signed_in.token, SESSION_DAYS)
        if workspace is None:
            self.clear_cookie(WORKSPACE_COOKIE)
        else:
            self.keep_cookie(WORKSPACE_COOKIE, workspace.id, None)

    def welcome(self, signed_in: SignedIn, path: str) -> None:
        """Answer who has just signed in, and lead people on to `path`."""
        if self.answers_json:
            _ = self.xsrf_token  # sets the cookie that the next request echoes
            self.answer(welcome_json(signed_in))
        else:
            self.redirect(path, status=HTTPStatus.SEE_OTHER)


def welcome_json(signed_in: SignedIn) -> Json:
    """The answer to a sign-in."""
    places = [place_json(membership) for membership in signed_in.memberships]
    return {"user": account_json(signed_in.account), "workspaces": places}


def errors_of(error: HttpError | None) -> Json:
    """What a form's template shows: a sentence for the whole, and one for each field."""
    fields = dict(error.fields or {}) if error else {}
    return {"error": error.message if error and not fields else None, "fields": fields}
