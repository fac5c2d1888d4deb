"""The process's descriptors: the ports may have some, and the rest is kept for the bot's own work.

Every connection costs one, and so do the databases, Slack's sockets and the calls to the store. A
port that took as many as come would leave none for a refund.
"""

from __future__ import annotations

import resource

# The databases with their side files, two sockets, the calls in flight, the engine's threads.
KEPT = 256
LEAST = 8
WANTED = 4096


def room_for(wanted: int) -> int:
    """Return how many connections a port may hold at once, `wanted` at most and LEAST at least.

    The process's own limit is raised first, as far as the machine allows it without asking.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < WANTED:
        soft = WANTED if hard == resource.RLIM_INFINITY else max(soft, min(WANTED, hard))
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        except (OSError, ValueError):
            soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return share_of(soft, wanted)


def share_of(limit: int, wanted: int) -> int:
    """Return `wanted`, or what the limit leaves beside the bot's own work."""
    if limit == resource.RLIM_INFINITY:
        return wanted
    return max(LEAST, min(wanted, limit - KEPT))
