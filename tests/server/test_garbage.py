from __future__ import annotations

import gc
import weakref

from server.garbage import settled


class Knot:
    def __init__(self) -> None:
        self.self = self


def test_what_was_there_is_left_alone_and_what_comes_is_still_collected():
    before = gc.get_freeze_count()
    with settled():
        assert gc.get_freeze_count() > before + 1_000
        came = weakref.ref(Knot())
        gc.collect()
        assert came() is None
    assert gc.get_freeze_count() == 0
