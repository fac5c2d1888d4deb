"""`/order 1042 history`: the case as the log has it, whatever became of its messages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.hooking import Hooked, bot_of, hooked_sandbox
from tests.support.opening import open_thread

SHIPPED, COMPLETED = 2, 10
COPY = """
    INSERT INTO action_log (reference, asked_at, action, order_id, team_id, actor_id, request,
        status, outcome, finished_round, told_status)
    SELECT 'MG-AAAA-AA' || ?, '2026-11-2' || ?, action, order_id, team_id, actor_id, request,
        status, outcome, finished_round, told_status
    FROM action_log WHERE order_id = 1042 LIMIT 1
"""


@pytest.fixture
async def hooked(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Hooked]:
    async with hooked_sandbox(request.node.name, tmp_path) as sandbox, bot_of(sandbox):
        yield sandbox


@pytest.fixture
async def anna(hooked: Hooked) -> Agent:
    return await hooked.agent("Anna")


async def history(agent: Agent, order_id: int, *shown: str) -> dict[str, Any]:
    await agent.command(f"/order {order_id} history")
    return await agent.wait_for_message(f"The history of order {order_id}", *shown)


async def refund_one(agent: Agent, order_id: int) -> None:
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("Partial refund …")
    await agent.press("Partial refund")
    view = await agent.wait_for_modal("Quantity of")
    fields = [b["block_id"].split("~")[0] for b in view["blocks"] if b["type"] == "input"]
    quantity = next(name for name in fields if re.fullmatch(r"quantity_\d+", name))
    reason = quantity.replace("quantity", "reason")
    await agent.fill({quantity: "1", reason: "Damaged"})
    await agent.wait_for_modal("Change something")
    await agent.fill()
    await agent.wait_for_reply(order_id, "(Done", "Refunded")


async def test_an_order_that_nobody_touched_has_none(anna: Agent) -> None:
    shown = await history(anna, 1042, "Nothing was asked for this order")

    assert shown["ephemeral"]


async def test_the_case_is_told_in_its_order_with_who_why_and_what_came(
    hooked: Hooked, anna: Agent
) -> None:
    order_id = await hooked.workspace.order_in_status(SHIPPED, payment="captured")
    ben = await hooked.agent("Ben")
    await open_thread(ben, order_id, "SORRY-5")
    await refund_one(anna, order_id)
    await hooked.workspace.post("store/order", order_id=order_id, status_id=COMPLETED)
    await anna.wait_for_reply(order_id, "to Completed")

    shown = words((await history(anna, order_id, "to Completed"))["blocks"])

    order = [shown.index(part) for part in ("SORRY-5", "Refunded ", "to Completed")]
    assert order == sorted(order)
    assert f"by <@{ben.user}>" in shown
    assert f"Partial refund by <@{anna.user}>" in shown
    assert "1 × " in shown
    assert "Damaged" in shown
    assert "BigCommerce refund" in shown
    assert "sent to BigCommerce" in shown
    assert "told in the thread" in shown
    assert "Outside Makegood: " in shown
    assert f"python -m bot log --order {order_id}" in shown


async def test_a_second_persons_part_is_told(hooked: Hooked, anna: Agent) -> None:
    await open_thread(anna, 1042)
    (entry,) = hooked.entries(1042)
    insert = "INSERT INTO action_events (reference, at, event, detail) VALUES (?, ?, ?, ?)"
    at = "2026-11-23T12:00:00.000000+00:00"
    hooked.execute(insert, entry.reference, at, "approved", '{"actor_id": "U0BEN"}')
    declined = '{"actor_id": "U0CHIARA", "reason": "Not <!here>"}'
    hooked.execute(insert, entry.reference, at, "declined", declined)

    shown = words((await history(anna, 1042, "approved"))["blocks"])

    assert "approved by <@U0BEN> <!date" in shown
    assert "declined by <@U0CHIARA> (Not &lt;!here&gt;)" in shown


async def test_it_stands_when_the_messages_are_gone(hooked: Hooked, anna: Agent) -> None:
    await open_thread(anna, 1042, "SORRY-5")
    hooked.execute("DELETE FROM outbox")

    assert "SORRY-5" in words((await history(anna, 1042, "SORRY-5"))["blocks"])


async def test_a_long_case_is_paged_within_slacks_limits(hooked: Hooked, anna: Agent) -> None:
    await open_thread(anna, 1042, "SORRY-5")
    for number in range(14):
        asked = f"{number % 3}T10:00:{number:02}.000000+00:00"
        hooked.execute(COPY, f"{number:02}", asked)

    last = await history(anna, 1042, "Page 3 of 3")
    assert button_labels(last) == ["Earlier"]
    await anna.press_in_message(last, "Earlier")
    middle = await anna.wait_for_message("Page 2 of 3")
    assert button_labels(middle) == ["Earlier", "Later"]
    await anna.press_in_message(middle, "Earlier")
    first = await anna.wait_for_message("Page 1 of 3")
    assert "MG-AAAA-AA00" in words(first["blocks"])
    assert [m["ts"] for m in await anna.messages() if "The history of" in m["text"]] == [last["ts"]]


async def test_the_cards_button_shows_it_without_touching_the_card(
    hooked: Hooked, anna: Agent
) -> None:
    await open_thread(anna, 1042, "SORRY-5")
    root = await anna.root(1042)
    assert root is not None

    await anna.press_in_message({**root, "channel": anna.log_channel}, "History")

    async def look() -> Any:
        seen = [m["text"] for m in await anna.messages(anna.log_channel)]
        return True if any("The history of order 1042" in text for text in seen) else None

    await wait_for(look, "the history in the audit channel")
    assert await anna.root(1042) is not None


@pytest.mark.parametrize("typed", ["10x2", "0", "<!channel 7>", "999999999999999"])
async def test_nonsense_before_the_word_is_explained(anna: Agent, typed: str) -> None:
    await anna.command(f"/order {typed} history")

    message = await anna.wait_for_message("/order 1042 history")
    assert "<!channel" not in message["text"]


async def test_a_name_before_the_word_is_a_name(anna: Agent) -> None:
    await anna.command("/order Lindqvist history")

    await anna.wait_for_message("orders for “Lindqvist history”")


async def test_who_may_not_use_the_bot_sees_no_history(hooked: Hooked) -> None:
    dev = await hooked.agent("Dev", "general")

    await dev.command("/order 1042 history")

    await dev.wait_for_message("You cannot use Makegood yet")
