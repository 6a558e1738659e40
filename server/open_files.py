"""How many files, and so connections, the process may have open."""

from __future__ import annotations

import resource


def raise_limit() -> int:
    """Take as many as the system allows; gives how many. At the usual 1,024 a thousand visitors are all."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    except (ValueError, OSError):  # some systems name a limit that they do not grant
        return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return most
