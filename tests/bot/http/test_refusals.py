from __future__ import annotations

import asyncio
import logging

import pytest

from bot.http.refusals import Refusals


async def test_a_flood_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    refusals = Refusals("webhooks", every_s=0.01)
    with caplog.at_level(logging.WARNING):
        for _ in range(130_000):
            refusals.add("the secret is not right")
        refusals.add("it is too long")
        while not caplog.records:  # noqa: ASYNC110 - the timer is the thing waited for
            await asyncio.sleep(0.01)

    [record] = caplog.records
    assert record.getMessage() == "turned away"
    assert vars(record)["port"] == "webhooks"
    assert vars(record)["count"] == 130_001
    assert vars(record)["reasons"] == "the secret is not right (130000), it is too long (1)"


async def test_what_was_counted_is_told_at_the_end_and_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refusals = Refusals("webhooks")
    refusals.add("it is too long")
    with caplog.at_level(logging.WARNING):
        refusals.tell()
        refusals.tell()

    assert [vars(record)["count"] for record in caplog.records] == [1]
