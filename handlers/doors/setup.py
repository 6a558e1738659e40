"""`/setup`: the first run, when there is no user yet."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from typing_extensions import override

from handlers.answers import HttpError, plain
from handlers.doors.form import BaseForm, errors_of
from handlers.doors.people_ports import Founder
from handlers.doors.person_fields import PersonFields
from handlers.ports import SignedIn

_FIELDS = ("name", "email", "password", "site_title")


class SetupHandler(BaseForm):
    """Makes the first owner and their workspace. Afterwards there is nothing at this address."""

    @override
    async def prepare(self) -> None:
        if not await self.services.people.setup.needed():
            raise plain(HTTPStatus.NOT_FOUND)

    async def get(self) -> None:
        """The form."""
        await self._form(None)

    async def post(self) -> None:
        """Become the owner."""
        signed_in = await self.attempt(self._found, self._form)
        if signed_in is not None:
            await self.begin_session(signed_in)
            self.welcome(signed_in, "/app")

    async def _found(self) -> SignedIn:
        founder = _founder(self.values(*_FIELDS))
        signed_in = await self.services.people.setup.found(founder, self.origin)
        if signed_in is None:
            raise plain(HTTPStatus.NOT_FOUND)
        return signed_in

    async def _form(self, error: HttpError | None) -> None:
        kept = ("name", "email", "site_title")
        typed = {name: self.get_body_argument(name, "") if error else "" for name in kept}
        status = error.status if error else HTTPStatus.OK
        self.page("doors/setup.html", status, values=typed, **errors_of(error))


def _founder(values: Mapping[str, object]) -> Founder:
    fields = PersonFields(values)
    email = fields.email()
    founder = Founder(
        name=fields.line("name", "your name"),
        email=email,
        password=fields.new_password(unlike=email),
        site_title=fields.line("site_title", "the name of your site"),
    )
    fields.done()
    return founder
