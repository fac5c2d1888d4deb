from __future__ import annotations

import resource

import pytest

from bot.http.descriptors import KEPT, LEAST, room_for, share_of


@pytest.mark.parametrize(
    ("limit", "share"),
    [
        (resource.RLIM_INFINITY, 64),
        (1024, 64),
        (KEPT + 64, 64),
        (KEPT + 20, 20),
        (KEPT, LEAST),
        (64, LEAST),
    ],
)
def test_the_bots_own_work_comes_first(limit: int, share: int) -> None:
    assert share_of(limit, 64) == share


def test_the_process_takes_what_the_machine_allows() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (KEPT + 10, before[1]))

        assert room_for(64) == 64
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > KEPT + 10
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
