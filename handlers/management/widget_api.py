"""`/app/settings/widget/api`: the widget's API in words, and the secret that proves who visitors are."""

from __future__ import annotations

import msgspec

from handlers.management.settings import BaseSettings
from handlers.shapes import Json, instant_or_none
from handlers.widget.identity import Identity


class Required(msgspec.Struct, frozen=True):
    """Whether a hash is needed."""

    on: bool


class WidgetApiHandler(BaseSettings):
    """`/app/settings/widget/api`."""

    async def get(self) -> None:
        """The page."""
        identity = await self.services.management.settings.identity(self.member.workspace.id)
        shown = identity_json(identity)
        if self.wants_json:
            self.answer(shown)
        else:
            await self.console("settings/widget_api.html", "widget_api", shown, None)


class IdentitySecretHandler(BaseSettings):
    """`/app/settings/widget/api/secret`."""

    async def post(self) -> None:
        """Make a secret, or a new one."""
        self.answer(identity_json(await self.services.management.settings.renew_identity(self.doer)))


class IdentityRequiredHandler(BaseSettings):
    """`/app/settings/widget/api/required`."""

    async def post(self) -> None:
        """Refuse who comes without a hash, or do not."""
        on = self.body(Required).on
        self.answer(identity_json(await self.services.management.settings.require_identity(self.doer, on=on)))


def identity_json(identity: Identity) -> Json:
    """With the secret: for who may manage the workspace alone."""
    return {
        "secret": identity.secret,
        "previous_until": instant_or_none(identity.previous_until),
        "required": identity.required,
    }
