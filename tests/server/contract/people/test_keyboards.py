from __future__ import annotations

from actors.ids import UserId
from handlers.doors.people_ports import Keyboard
from server.people.keyboards import Keyboards
from server.store.database import Database

ANA, BEN = UserId("u-ana"), UserId("u-ben")


async def test_everybody_has_the_usual_keys_until_they_choose_others(repository_database: Database):
    await repository_database["users"].insert_many(
        [{"_id": ANA, "email": "a@b"}, {"_id": BEN, "email": "b@b"}]
    )
    keyboards = Keyboards(repository_database)
    assert await keyboards.of(ANA) == Keyboard({}, single=True)
    chosen = Keyboard({"claim": "Mod+.", "inbox": "", "settings-team": "g $"}, single=False)
    await keyboards.set(ANA, chosen)
    assert await keyboards.of(ANA) == chosen
    assert await keyboards.of(BEN) == Keyboard({}, single=True)
    await keyboards.set(ANA, Keyboard({"release": "b"}, single=True))
    assert await keyboards.of(ANA) == Keyboard({"release": "b"}, single=True)


async def test_nobody_has_keys_who_is_not_there(repository_database: Database):
    keyboards = Keyboards(repository_database)
    await keyboards.set(ANA, Keyboard({"claim": "y"}, single=True))
    assert await keyboards.of(ANA) == Keyboard({}, single=True)
