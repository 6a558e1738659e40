"""`/app/account/keyboard`: which keys somebody wants for what."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import ClassVar

import msgspec

from actors.roles import Role
from handlers.access import Who
from handlers.answers import HttpError
from handlers.conversations.conversations import ConsoleHandler
from handlers.doors.people_ports import Keyboard

MOST_ACTIONS = 100
_ACTION = re.compile(r"[a-z][a-z0-9-]{0,39}")
_PRESS = r"(?:(?:Mod|Alt|Shift)\+){0,3}(?:[^\s\x00-\x1f\ud800-\udfff]|[A-Z][A-Za-z0-9]{1,19})"
_KEYS = re.compile(rf"{_PRESS}(?: {_PRESS})?")


class KeyboardWish(msgspec.Struct, frozen=True):
    """Keys by action, "" for none; and whether keys work without Control or Command."""

    keys: dict[str, str]
    single: bool = True


class KeyboardHandler(ConsoleHandler):
    """What the keys of the console do for who asks, in each of their workspaces."""

    role: ClassVar[Who] = Role.VIEWER

    async def get(self) -> None:
        """The page on which they are changed."""
        if self.wants_json:
            self.answer({"keyboard": await self.keyboard()})
        else:
            await self.console("settings/keyboard.html", "keyboard", {}, None)

    async def post(self) -> None:
        """Keep what is wanted, all of it; what is not named has its usual keys."""
        wish = self.body(KeyboardWish)
        _check(wish)
        wanted = Keyboard(wish.keys, wish.single)
        await self.services.people.profiles.set_keyboard(self.member.account.user_id, wanted)
        self.answer({"keyboard": await self.keyboard()})


def _check(wish: KeyboardWish) -> None:
    """Refuse what are no keys, and keys of two actions. Which actions there are, the console knows."""
    if len(wish.keys) > MOST_ACTIONS:
        raise _invalid("keys", f"keys may name at most {MOST_ACTIONS} actions.")
    of: dict[str, str] = {}
    for action, keys in wish.keys.items():
        if not _ACTION.fullmatch(action):
            raise _invalid("keys", "An action has a name such as hand-back.")
        if not keys:
            continue
        if not _KEYS.fullmatch(keys):
            raise _invalid(action, f"{action} needs one press such as Mod+k, or two such as g i.")
        if keys in of:
            raise _invalid(action, f"{keys} is {of[keys]} already. Choose other keys for {action}.")
        of[keys] = action


def _invalid(field: str, message: str) -> HttpError:
    return HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", message, fields={field: message})
