"""What people see, and what is done, when Slack itself is slow, down, or answers nonsense."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.agent import Agent, wait_for, words
from tests.support.running import Running

SHIPPED = 2
LINES_60 = "60_lines"


async def to_review(agent: Agent, order_id: int) -> None:
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("Full refund …")
    await agent.press("Full refund")
    await agent.wait_for_modal("Reason")
    await agent.fill({"reason": "Damaged"})
    await agent.wait_for_modal("Change something")


@pytest.mark.parametrize("kind", ["drop_before", "http_status", "error"])
async def test_a_window_that_does_not_open_is_explained(
    running: Running, anna: Agent, kind: str
) -> None:
    fault = {"method": "views.open", "kind": kind, "error": "expired_trigger_id"}
    await running.workspace.slack_fault(**fault, times=9)

    await anna.command("/cancel-order 1042")

    await anna.wait_for_message("did not open the window")


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "http_status"])
async def test_a_window_whose_opening_was_not_confirmed_is_found(
    running: Running, anna: Agent, kind: str
) -> None:
    await running.workspace.slack_fault(method="views.open", kind=kind)

    await anna.command("/cancel-order 1042")

    await anna.wait_for_modal("Reason")


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "http_status"])
async def test_a_form_whose_update_is_lost_shows_all_the_same(
    running: Running, anna: Agent, kind: str
) -> None:
    await running.workspace.slack_fault(method="views.update", kind=kind)

    await anna.command("/cancel-order 1042")

    await anna.wait_for_modal("Reason")


@pytest.mark.parametrize("kind", ["drop_before", "http_status", "error"])
async def test_nobody_acts_while_the_members_cannot_be_read(
    running: Running, anna: Agent, kind: str
) -> None:
    await running.workspace.slack_fault(
        method="conversations.members", kind=kind, times=99, error="internal_error"
    )
    # What was read before counts for a minute, unless Slack says that it has changed.
    await running.workspace.post("membership", channel="C0ORDERLOG", user="U0DEVPATEL")

    await anna.command("/order 1042")

    await anna.wait_for_message("cannot be read")
    assert running.recent() == []


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "http_status"])
async def test_an_outcome_is_told_once_whatever_slack_loses(
    running: Running, anna: Agent, kind: str
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await to_review(anna, order_id)
    for method in (
        "chat.postMessage",
        "chat.update",
        "chat.getPermalink",
        "conversations.replies",
        "conversations.history",
    ):
        await running.workspace.slack_fault(method=method, kind=kind, times=2)

    await anna.fill()

    await anna.wait_for_reply(order_id, "(Done")
    await running.told(order_id)
    texts = [m["text"] for m in await anna.messages(anna.log_channel)]
    assert len([text for text in texts if text.startswith(f"Order {order_id} ")]) == 1
    assert len(await anna.thread(order_id)) == 1


async def test_a_card_is_shown_without_its_link_when_slack_answers_nonsense(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await to_review(anna, order_id)
    await anna.fill()
    await running.told(order_id)
    await running.workspace.slack_fault(method="chat.getPermalink", kind="http_status")

    await anna.command(f"/order {order_id}")

    await anna.wait_for_message(f"Order {order_id} ")


async def test_a_long_form_that_is_wrong_everywhere_can_still_be_shown(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_tagged(LINES_60)
    await anna.command(f"/refund-order {order_id}")

    async def form() -> Any:
        view = await anna.modal()
        shown = words(view) if view else ""
        if "Partial refund …" in shown:
            await anna.press("Partial refund")
        return view if "Quantity" in shown else None

    view = await wait_for(form, "a form of lines")
    for page in range(6):
        view = await anna.wait_for_modal(f"Lines {page * 11 + 1} to")
        fields = [b["block_id"].split("~")[0] for b in view["blocks"] if b["type"] == "input"]
        typed = {name: "1" for name in fields if name.startswith("quantity_")}
        if page < 5:
            await anna.press("Next lines", typed)
    await anna.submit(view, typed)  # reasons are missing on every page

    view = await anna.wait_for_modal("Lines 1 to", "Choose a reason")
    assert len(view["blocks"]) <= 100
    assert "Next lines" in words(view)
    assert "Details" in words(view)


async def test_a_code_cannot_last_until_the_end_of_time(running: Running, anna: Agent) -> None:
    await anna.command("/discount-code")
    await anna.wait_for_modal("Applies to")

    answer = await anna.fill(
        {
            "code": "EON",
            "value": "5",
            "expires": "date",
            "expires_at": "9999-12-31",
            "reason": "Customer request",
        }
    )

    assert "years" in str(answer["errors"])


async def test_a_window_that_slack_refuses_says_so(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(11, payment="captured")
    await running.workspace.slack_fault(
        method="views.update", kind="error", error="invalid_arguments", times=1
    )

    await anna.command(f"/cancel-order {order_id}")

    await anna.wait_for_modal("Nothing more was sent from it", "Close it and open it again.")
