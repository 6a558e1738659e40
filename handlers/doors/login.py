"""Signing in and out."""

from __future__ import annotations

import math
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from handlers.access import Access, Who
from handlers.answers import HttpError
from handlers.base import SESSION_COOKIE, WORKSPACE_COOKIE, BaseHandler
from handlers.doors.form import BaseForm
from handlers.ports import SignedIn, TooManyAttempts, UnavailableError

WRONG = (401, "unauthenticated", "That e-mail address and password do not match an account.")
EMPTY = (422, "invalid", "Enter your e-mail address and your password.")


class Credentials(msgspec.Struct, frozen=True):
    """What is needed to sign in."""

    email: Annotated[str, Meta(max_length=320)] = ""
    password: Annotated[str, Meta(max_length=1024)] = ""


class LoginHandler(BaseForm):
    """`/login`, by a page's form or by JSON."""

    async def get(self) -> None:
        """The form, or onward for who is signed in already."""
        with suppress(UnavailableError):  # the form can be shown without a database
            if await self.load_session():
                self.redirect(local_path(self.get_query_argument("next", "")))
                return
        self._form(self.get_query_argument("email", ""), None)

    async def post(self) -> None:
        """Sign in."""
        signed_in = await self.attempt(self._sign_in, self._again)
        if signed_in is not None:
            await self.begin_session(signed_in)
            self.welcome(signed_in, local_path(self.get_argument("next", "")))

    async def _sign_in(self) -> SignedIn:
        given = self._credentials()
        if not given.email.strip() or not given.password:
            raise HttpError(*EMPTY)
        outcome = await self.services.gate.sign_in(given.email.strip(), given.password, self.origin)
        if isinstance(outcome, TooManyAttempts):
            raise too_many(outcome.retry_after_s)
        if outcome is None:
            raise HttpError(*WRONG)
        return outcome

    def _credentials(self) -> Credentials:
        if self.by_json:
            return self.body(Credentials)
        try:
            return msgspec.convert(dict(self.values("email", "password")), Credentials)
        except msgspec.ValidationError:
            raise HttpError(*WRONG) from None

    async def _again(self, error: HttpError) -> None:
        self._form(self.get_body_argument("email", ""), error)

    def _form(self, email: str, error: HttpError | None) -> None:
        self.page(
            "doors/login.html",
            error.status if error else HTTPStatus.OK,
            next=self.get_argument("next", ""),
            email=email,
            error=error.message if error else None,
            signed_out=self.get_query_argument("signed_out", "") != "",
            new_password=self.get_query_argument("new_password", "") != "",
        )


class LogoutHandler(BaseHandler):
    """`/logout`."""

    role: ClassVar[Who] = Access.SIGNED_IN

    async def post(self) -> None:
        """End the session and its sockets. From a form one goes on to sign in again."""
        if self.session is not None:
            await self.services.gate.sign_out(self.session.id)
            self.services.sockets.connections.end_session(self.session.id)
        self.clear_cookie(SESSION_COOKIE)
        self.clear_cookie(WORKSPACE_COOKIE)
        if self.get_body_argument("_xsrf", ""):
            self.redirect("/login?signed_out=1", status=HTTPStatus.SEE_OTHER)
        else:
            self.set_status(HTTPStatus.NO_CONTENT)


def local_path(wanted: str) -> str:
    """Where to go after signing in: a path of ours, never another site."""
    plain = wanted.isprintable() and "\\" not in wanted
    return wanted if plain and wanted.startswith("/") and not wanted.startswith("//") else "/app"


def too_many(retry_after_s: float) -> HttpError:
    """The answer to who tried too often."""
    minutes = max(1, math.ceil(retry_after_s / 60))
    wait = "1 minute" if minutes == 1 else f"{minutes} minutes"
    message = f"Too many attempts. Wait {wait}, then try again."
    return HttpError(429, "too_many", message, retry_after_s=retry_after_s)
