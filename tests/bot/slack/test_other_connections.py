from __future__ import annotations

import asyncio

import pytest

from bot.slack.other_connections import OtherConnections


class Told:
    """A bot with two connections of its own, and what it says."""

    def __init__(self, after_s: float) -> None:
        self.said: list[str] = []
        self.refreshed = asyncio.Event()
        self.others = OtherConnections(
            2, after_s=after_s, refresh=self._refresh, say=self.said.append
        )

    async def _refresh(self) -> None:
        self.refreshed.set()


def test_nobody_is_known_to_be_absent_before_each_connection_has_heard() -> None:
    others = Told(0.0).others
    assert not others.are_none
    others.heard(2)  # the other bot's one, and our first
    assert not others.are_none
    others.heard(3)
    assert not others.are_none
    others.heard(2)
    assert others.are_none


def test_others_are_said_once_when_they_last() -> None:
    told = Told(0.0)
    told.others.heard(4)
    assert told.said == []
    told.others.heard(4)
    told.others.heard(5)

    assert len(told.said) == 1
    assert "Slack counts 4 connections, and this one has 2" in told.said[0]
    assert told.others.trouble == told.said[0]

    told.others.heard(2)
    assert told.others.trouble == ""


def test_a_socket_that_merely_counts_on_for_a_while_is_not_said() -> None:
    told = Told(600.0)
    for count in (3, 4, 2, 3, 3):
        told.others.heard(count)

    assert told.said == []


@pytest.mark.parametrize("count", [None, "4", {}])
def test_a_hello_without_a_number_says_nothing(count: object) -> None:
    told = Told(0.0)
    told.others.heard(count)
    told.others.heard(count)

    assert told.said == []
    assert not told.others.are_none


async def test_while_there_are_others_a_connection_is_opened_anew() -> None:
    told = Told(0.02)
    told.others.heard(2)
    told.others.start()
    told.others.heard(4)

    await asyncio.wait_for(told.refreshed.wait(), 20)

    await told.others.close()
