"""`/forgot` and `/reset/{token}`: back in without the password."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus

from handlers.answers import HttpError
from handlers.base import SESSION_COOKIE, WORKSPACE_COOKIE
from handlers.doors.form import BaseForm, errors_of
from handlers.doors.mailed_link import BaseMailedLink
from handlers.doors.person_fields import PersonFields
from handlers.ports import Account, UnavailableError


class ForgotHandler(BaseForm):
    """Asks for an address, and answers the same whether it has an account or not."""

    async def get(self) -> None:
        """The form."""
        await self._form(None)

    async def post(self) -> None:
        """Send a link, if there is somebody to send one to."""
        email = await self.attempt(self._ask, self._form)
        if email is None:
            return
        if self.answers_json:
            self.answer({}, HTTPStatus.ACCEPTED)
        else:
            self.page("doors/forgot.html", HTTPStatus.OK, sent_to=email, email="", **errors_of(None))

    async def _ask(self) -> str:
        fields = PersonFields(self.values("email"))
        email = fields.email()
        fields.done()
        self.services.people.recovery.ask(email, self.origin)
        return email

    async def _form(self, error: HttpError | None) -> None:
        typed = self.get_argument("email", "")
        status = error.status if error else HTTPStatus.OK
        self.page("doors/forgot.html", status, sent_to=None, email=typed, **errors_of(error))


class ResetHandler(BaseMailedLink):
    """Sets a new password, once for each link."""

    kind = "reset"

    async def get(self, token: str) -> None:
        """The form."""
        account = self.working(await self.services.people.recovery.find(token))
        if self.wants_json:
            self.answer({"email": account.email})
        else:
            self._form(account, None)

    async def post(self, token: str) -> None:
        """Set the password. Every session ends, also one that is open here."""
        account = self.working(await self.services.people.recovery.find(token))

        async def again(error: HttpError) -> None:
            self._form(account, error)

        if await self.attempt(lambda: self._reset(token, account), again) is None:
            return
        self.clear_cookie(SESSION_COOKIE)
        self.clear_cookie(WORKSPACE_COOKIE)
        if self.answers_json:
            self.answer({})
        else:
            self.redirect("/login?new_password=1", status=HTTPStatus.SEE_OTHER)

    async def _reset(self, token: str, account: Account) -> Account:
        fields = PersonFields(self.values("password"))
        password = fields.new_password(unlike=account.email)
        fields.done()
        changed = self.working(await self.services.people.recovery.reset(token, password, self.origin))
        with suppress(UnavailableError):  # they are checked in turn anyway
            await self.services.sockets.connections.recheck_user(changed.user_id)
        return changed

    def _form(self, account: Account, error: HttpError | None) -> None:
        status = error.status if error else HTTPStatus.OK
        self.page("doors/reset.html", status, email=account.email, **errors_of(error))
