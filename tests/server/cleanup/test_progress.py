from __future__ import annotations

from actors.ids import WorkspaceId
from actors.messages import CleanupProgress
from server.cleanup.progress import Progress

DEMO = WorkspaceId("demo")


def test_one_that_ends_while_another_has_nothing_left_does_not_end_it():
    told: list[CleanupProgress] = []
    progress = Progress(lambda _, shown: told.append(shown))
    first, second = progress.begin(DEMO, 100), progress.begin(DEMO, 50)
    first.did(100, 100)
    second.did(50, 50)
    second.end()
    first.did(0, 0)
    first.end()
    assert told[-1] == CleanupProgress(0, 150)
    assert progress.begin(DEMO, 7).left == 7
