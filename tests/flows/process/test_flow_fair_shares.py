"""Fair shares: what one person looks up holds up neither a colleague's refund nor their looks.

Nothing is timed: a window of the quota lasts longer than the test, so that whatever is done is done
with what one window has, and the store's journal tells who came first.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.bigcommerce.http.quota import KEPT_BACK, PERSON_PART, Share
from handlers.access.pace import AT_ONCE, TOO_FAST
from tests.support.agent import Agent, wait_for
from tests.support.approving import (
    BEN,
    ask_to_refund,
    asked_of,
    review_refund,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.running import JOURNALS, Running, SandboxOnly, running_bot, running_sandbox

FLOODED, LOOKED_UP = 1042, 1003
QUOTA, FLOOD = 180, 150
ONE_WINDOW_MS = 3_600_000
CALLS_ABOUT_AN_ORDER = 4
CALLS_OF_A_LOOK = 10  # at most, with what is kept for all
OPENED = 2  # looks that opening a refund's form has taken


async def one_window(running: SandboxOnly) -> None:
    """Have the store count from now on in a window that does not end."""
    await running.workspace.post("store/settings", quota=QUOTA, window_ms=ONE_WINDOW_MS)


@pytest.fixture
async def paced(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Running]:
    """The bot on a store with a small quota, whose window does not end."""
    async with AsyncExitStack() as started:
        sandbox, session = await started.enter_async_context(running_sandbox(request.node.name))
        await one_window(SandboxOnly(sandbox, session))
        await started.enter_async_context(running_bot(sandbox, tmp_path, LOOK_PAUSE="60"))
        the_bot = Running(sandbox, session, tmp_path)
        started.callback(the_bot.close)
        yield the_bot


@pytest.fixture
def journal(request: pytest.FixtureRequest) -> Any:
    """Return a function that reads what this test's store was asked, oldest first."""

    def read() -> list[dict[str, Any]]:
        name = re.sub(r"[^a-zA-Z0-9]+", "_", request.node.name)[:80]
        files = sorted(JOURNALS.glob(f"{name}_*.jsonl"), key=lambda path: path.name)
        return [json.loads(line) for line in files[-1].read_text().splitlines()] if files else []

    return read


async def flood(agent: Agent, text: str = f"/order {FLOODED}", times: int = FLOOD) -> None:
    await asyncio.gather(*(agent.command(text) for _ in range(times)))


async def wait_for_answers(agent: Agent, text: str, times: int) -> None:
    """Wait until the person has been told this so many times."""

    async def look() -> bool | None:
        return (
            True if len([m for m in await agent.messages() if text in m["text"]]) == times else None
        )

    await wait_for(look, f"{times} times {text!r}")


def calls_about(order_id: int, lines: list[dict[str, Any]]) -> list[int]:
    """Return the places of the calls that are about one order."""
    return [place for place, line in enumerate(lines) if f"/orders/{order_id}" in line["path"]]


def refund_written(order_id: int, lines: list[dict[str, Any]]) -> int:
    """Return the place of the call that refunded the order."""
    end = f"/orders/{order_id}/payment_actions/refunds"
    return next(
        place
        for place, line in enumerate(lines)
        if line["method"] == "POST" and line["path"].endswith(end)
    )


async def test_a_flood_of_looks_holds_up_neither_a_refund_nor_others(
    paced: Running, journal: Any
) -> None:
    anna, ben, chiara = [await paced.agent(name) for name in ("Anna", "Ben", "Chiara")]
    order_id = await shipped(paced)
    await review_refund(ben, order_id)
    await paced.workspace.store_fault(
        match=f"GET orders/{FLOODED}*", kind="delay", delay_s=0.5, times=1000
    )
    before = len(journal())

    await asyncio.gather(flood(anna), ben.fill(), chiara.command(f"/order {LOOKED_UP}"))

    await ben.wait_for_reply(order_id, "(Done", "Refunded")
    await chiara.wait_for_message(f"The customer of order {LOOKED_UP}")
    await wait_for_answers(anna, TOO_FAST, FLOOD - AT_ONCE)
    await wait_for_answers(anna, f"The customer of order {FLOODED}", AT_ONCE)
    asked = journal()[before:]
    flooded = calls_about(FLOODED, asked)
    written = refund_written(order_id, asked)
    assert len(flooded) == AT_ONCE * CALLS_ABOUT_AN_ORDER
    assert len([place for place in flooded if place < written]) < len(flooded) / 2
    assert max(calls_about(LOOKED_UP, asked)) < max(flooded)
    assert [line for line in asked if line["status"] == 429] == []
    assert len((await paced.workspace.book(order_id))["refunds"]) == 1


async def test_what_one_person_looks_up_leaves_half_of_the_quota_to_the_others(
    request: pytest.FixtureRequest, tmp_path: Path, journal: Any
) -> None:
    async with running_sandbox(request.node.name) as (sandbox, session):
        small = SandboxOnly(sandbox, session)
        await one_window(small)
        async with running_bot(sandbox, tmp_path, LOOK_PAUSE="0"):
            anna, ben = await small.agent("Anna"), await small.agent("Ben")
            before = len(journal())
            await flood(anna)

            async def has_had_her_part() -> bool | None:
                return True if len(journal()) - before >= QUOTA * PERSON_PART else None

            await wait_for(has_had_her_part, "half of the quota")
            await ben.command(f"/order {LOOKED_UP}")
            await ben.wait_for_message(f"The customer of order {LOOKED_UP}")

            asked = journal()[before:]
    assert len(asked) <= QUOTA * PERSON_PART + CALLS_OF_A_LOOK
    assert [line for line in asked if line["status"] == 429] == []


async def test_many_who_look_leave_quota_for_a_refund(paced: Running, journal: Any) -> None:
    people = [await paced.agent(name) for name in ("Anna", "Chiara", "Ben")]
    ben, order_id = people[-1], await shipped(paced)
    await review_refund(ben, order_id)
    await asyncio.gather(*(flood(each, times=AT_ONCE - 3) for each in people))

    async def looks_stand_still() -> bool | None:
        return True if len(journal()) >= QUOTA * (1 - KEPT_BACK[Share.LOOK]) else None

    await wait_for(looks_stand_still, "the end of what looks may take")
    looked = len(journal())

    await ben.fill()

    await ben.wait_for_reply(order_id, "(Done", "Refunded")
    after = journal()[looked:]
    assert calls_about(FLOODED, after) == []
    assert [line for line in journal() if line["status"] == 429] == []
    assert len((await paced.workspace.book(order_id))["refunds"]) == 1


async def test_the_refund_of_whoever_looks_too_fast_is_not_held_up(
    paced: Running, journal: Any
) -> None:
    anna, order_id = await paced.agent("Anna"), await shipped(paced)
    await review_refund(anna, order_id)
    await flood(anna, times=3 * AT_ONCE)
    await wait_for_answers(anna, TOO_FAST, 2 * AT_ONCE + OPENED)

    await anna.fill()

    await anna.wait_for_reply(order_id, "(Done", "Refunded")
    assert len((await paced.workspace.book(order_id))["refunds"]) == 1


async def test_whoever_looks_too_fast_can_still_approve(
    paced: Running, journal: Any, tmp_path: Path
) -> None:
    anna, ben, order_id = await paced.agent("Anna"), await paced.agent("Ben"), await shipped(paced)
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="0")
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    await flood(ben, "/makegood log", times=AT_ONCE + 5)
    await wait_for_answers(ben, TOO_FAST, 5)

    await ben.press_in_message(request, "Approve")

    await anna.wait_for_reply(order_id, "(Done", "Refunded")


@pytest.mark.parametrize(
    "text", ["/order Lindqvist", "/order 1042 history", "/makegood log", "/order rosa@mail.example"]
)
async def test_every_way_to_look_is_paced(paced: Running, journal: Any, text: str) -> None:
    anna = await paced.agent("Anna")
    before = len(journal())

    await flood(anna, text, times=AT_ONCE + 5)

    await wait_for_answers(anna, TOO_FAST, 5)
    assert len(journal()) - before <= AT_ONCE * CALLS_OF_A_LOOK


async def test_clicks_that_look_are_paced_together_with_the_commands(
    paced: Running, journal: Any
) -> None:
    anna = await paced.agent("Anna")
    await anna.command(f"/order {FLOODED}")
    card = await anna.wait_for_message(f"Order {FLOODED} ")
    await anna.wait_for_message(f"The customer of order {FLOODED}")
    for _ in range(AT_ONCE - 1):
        await anna.press_in_message(card, "History")
    before = len(journal())

    await anna.press_in_message(card, "Refresh")

    await anna.wait_for_message(TOO_FAST)
    await anna.command(f"/refund-order {FLOODED}")
    await wait_for_answers(anna, TOO_FAST, 2)
    assert journal()[before:] == []
