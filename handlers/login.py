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
from handlers.me import account_json, place_json
from handlers.ports import SignedIn, TooManyAttempts, UnavailableError

SESSION_DAYS = 14
WRONG = (401, "unauthenticated", "That e-mail address and password do not match an account.")
EMPTY = (422, "invalid", "Enter your e-mail address and your password.")
STALE = (403, "forbidden", "This page was open for too long. Try again.")


class Credentials(msgspec.Struct, frozen=True):
    """What is needed to sign in."""

    email: Annotated[str, Meta(max_length=320)] = ""
    password: Annotated[str, Meta(max_length=1024)] = ""


class LoginHandler(BaseHandler):
    """`/login`, by a page's form or by JSON."""

    role: ClassVar[Who] = Access.PUBLIC
    html: ClassVar[bool] = True

    async def get(self) -> None:
        """The form, or onward for who is signed in already."""
        with suppress(UnavailableError):  # the form can be shown without a database
            if await self.load_session():
                self.redirect(local_path(self.get_query_argument("next", "")))
                return
        self._form("", None, signed_out=self.get_query_argument("signed_out", "") != "")

    async def post(self) -> None:
        """Sign in. A JSON body needs no XSRF token: no form of another site can send one."""
        by_json = self._is_json()
        try:
            if not by_json:
                self._require_fresh_form()
            signed_in = await self._sign_in(self._credentials())
        except HttpError as error:
            if by_json or self.wants_json:
                raise
            self._form(self.get_body_argument("email", ""), error)
            return
        await self._end_former_session()
        self._keep(signed_in)
        if by_json or self.wants_json:
            _ = self.xsrf_token  # sets the cookie that the next request echoes
            self.answer(_welcome(signed_in))
        else:
            self.redirect(local_path(self.get_body_argument("next", "")), status=HTTPStatus.SEE_OTHER)

    def _is_json(self) -> bool:
        return self.request.headers.get("Content-Type", "").partition(";")[0].strip() == "application/json"

    def _require_fresh_form(self) -> None:
        try:
            self.require_xsrf_token()
        except HttpError as error:
            raise HttpError(*STALE) from error

    def _credentials(self) -> Credentials:
        if self._is_json():
            return self.body(Credentials)
        fields = {name: self.get_body_argument(name, "", strip=False) for name in ("email", "password")}
        try:
            return msgspec.convert(fields, Credentials)
        except msgspec.ValidationError:
            raise HttpError(*WRONG) from None

    async def _sign_in(self, given: Credentials) -> SignedIn:
        if not given.email.strip() or not given.password:
            raise HttpError(*EMPTY)
        outcome = await self.services.gate.sign_in(given.email.strip(), given.password, self.origin)
        if isinstance(outcome, TooManyAttempts):
            raise _too_many(outcome.retry_after_s)
        if outcome is None:
            raise HttpError(*WRONG)
        return outcome

    async def _end_former_session(self) -> None:
        """A session is never carried over from whoever sat here before."""
        former = await self.load_session()
        if former is not None:
            await self.services.gate.sign_out(former.id)
            self.services.sockets.connections.end_session(former.id)

    def _keep(self, signed_in: SignedIn) -> None:
        self.keep_cookie(SESSION_COOKIE, signed_in.token, SESSION_DAYS)
        self.clear_cookie(WORKSPACE_COOKIE)

    def _form(self, email: str, error: HttpError | None, *, signed_out: bool = False) -> None:
        if error is not None and error.retry_after_s is not None:
            self.set_header("Retry-After", str(math.ceil(error.retry_after_s)))
        self.page(
            "login.html",
            error.status if error else HTTPStatus.OK,
            next=self.get_argument("next", ""),
            email=email,
            error=error.message if error else None,
            signed_out=signed_out,
        )


class LogoutHandler(BaseHandler):
    """`/logout`."""

    role: ClassVar[Who] = Access.SIGNED_IN

    async def post(self) -> None:
        """End the session and its sockets."""
        if self.session is not None:
            await self.services.gate.sign_out(self.session.id)
            self.services.sockets.connections.end_session(self.session.id)
        self.clear_cookie(SESSION_COOKIE)
        self.clear_cookie(WORKSPACE_COOKIE)
        self.set_status(HTTPStatus.NO_CONTENT)


def local_path(wanted: str) -> str:
    """Where to go after signing in: a path of ours, never another site."""
    plain = wanted.isprintable() and "\\" not in wanted
    return wanted if plain and wanted.startswith("/") and not wanted.startswith("//") else "/app"


def _too_many(retry_after_s: float) -> HttpError:
    minutes = max(1, math.ceil(retry_after_s / 60))
    wait = "1 minute" if minutes == 1 else f"{minutes} minutes"
    message = f"Too many attempts. Wait {wait}, then try again."
    return HttpError(429, "too_many", message, retry_after_s=retry_after_s)


def _welcome(signed_in: SignedIn) -> dict[str, object]:
    places = [place_json(membership) for membership in signed_in.memberships]
    return {"user": account_json(signed_in.account), "workspaces": places}
