"""A window that Slack does not show as it should be: it is shown after all, or its person is told.

Likewise answers to a command, and the Home tab.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from freezegun import freeze_time

from tests.support.agent import Agent, View, wait_for, words
from tests.support.running import Running

SHIPPED, READY = 2, 11
ALWAYS = 999
# What does not pass, or nobody knows; and what has not passed after some tries.
REFUSED = ["missing_scope", "brand_new_code", "internal_error", "hash_conflict"]


async def direct_message(agent: Agent, *texts: str) -> str:
    """Return the direct message that shows these texts, once it is there."""

    async def look() -> str | None:
        found = [text for text in await direct_messages(agent) if all(t in text for t in texts)]
        return found[0] if found else None

    return await wait_for(look, f"a direct message showing {texts}")


async def direct_messages(agent: Agent) -> list[str]:
    channels = (await agent.workspace.get("channels", user=agent.user))["channels"]
    direct = [channel["id"] for channel in channels if channel.get("is_im")]
    return [message["text"] for each in direct for message in await agent.messages(each)]


async def to_form(agent: Agent, order_id: int) -> None:
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("Full refund …")
    await agent.press("Full refund")
    await agent.wait_for_modal("Reason")


async def to_review(agent: Agent, order_id: int) -> None:
    await to_form(agent, order_id)
    await agent.fill({"reason": "Damaged"})
    await agent.wait_for_modal("Change something")


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "http_status", "status": 429, "retry_after_s": 0},
        {"kind": "error", "error": "internal_error"},
        {"kind": "error", "error": "internal_error", "after": True},
        {"kind": "error", "error": "brand_new_code"},
        {"kind": "error", "error": "not_found"},
        {"kind": "error", "error": "hash_conflict"},
        {"kind": "drop_after"},
    ],
)
async def test_a_review_is_shown_although_slack_refused_it_once(
    running: Running, anna: Agent, fault: dict[str, Any]
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await to_form(anna, order_id)
    await running.workspace.slack_fault(method="views.update", **fault)

    await anna.fill({"reason": "Damaged"})

    await anna.wait_for_modal("Change something")


@pytest.mark.parametrize("code", REFUSED)
async def test_whose_review_cannot_be_shown_is_told_that_nothing_was_sent(
    running: Running, anna: Agent, code: str
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await to_form(anna, order_id)
    await running.workspace.slack_fault(
        method="views.update", kind="error", error=code, times=ALWAYS
    )

    await anna.fill({"reason": "Damaged"})

    said = await direct_message(anna, f"“Full refund” (order {order_id})")
    assert "Nothing more was sent from it; what you had confirmed counts." in said
    assert "Close it and open it again." in said
    assert running.recent() == []


async def test_a_review_is_shown_as_soon_as_slack_takes_it(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await to_form(anna, order_id)
    await running.workspace.slack_fault(
        method="views.update", kind="error", error="missing_scope", times=2
    )

    await anna.fill({"reason": "Damaged"})
    await direct_message(anna, f"“Full refund” (order {order_id})")

    await anna.wait_for_modal("Change something")


@pytest.mark.parametrize("code", ["missing_scope", "trigger_expired"])
async def test_a_window_that_is_open_although_slack_said_otherwise_is_used(
    running: Running, anna: Agent, code: str
) -> None:
    await running.workspace.slack_fault(method="views.open", kind="error", error=code, after=True)

    await anna.command("/cancel-order 1042")

    await anna.wait_for_modal("Reason")


async def test_whose_form_cannot_be_shown_is_told_where_they_asked(
    running: Running, anna: Agent
) -> None:
    await running.workspace.slack_fault(
        method="views.update", kind="error", error="missing_scope", times=ALWAYS
    )

    await anna.command("/cancel-order 1042")

    await anna.wait_for_message("Nothing more was sent from it", "Close it and open it again.")
    assert await direct_messages(anna) == []


async def test_nobody_is_told_of_a_window_that_they_have_closed(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await to_review(anna, order_id)

    await anna.fill()
    await anna.close()

    await running.told(order_id)
    assert await direct_messages(anna) == []


@pytest.mark.parametrize("code", [*REFUSED, "view_too_large"])
async def test_an_outcome_that_the_window_cannot_show_is_told_in_its_own_words(
    running: Running, anna: Agent, code: str
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await to_review(anna, order_id)
    await running.workspace.slack_fault(
        method="views.update", kind="error", error=code, times=ALWAYS
    )

    await anna.fill()

    said = await direct_message(anna, "*Full refund*", f" for order {order_id} ", "Done · MG-")
    assert said.endswith("\nSlack did not show this in the window, which you can close.")
    assert "othing" not in said  # after a confirmation: that nothing was sent


async def test_a_second_click_that_came_quickly_is_shown_as_well(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await to_review(anna, order_id)
    await running.workspace.slack_fault(
        method="views.update", kind="error", error="hash_conflict", times=1
    )

    await anna.press("Change something")

    async def form() -> View | None:
        view = await anna.modal()
        return view if view and view["callback_id"] == "form" else None

    await wait_for(form, "the form once more")


@pytest.mark.parametrize("code", ["expired_url", "used_url", "brand_new_code", "404"])
async def test_an_answer_that_its_address_refuses_is_shown_in_the_channel(
    running: Running, anna: Agent, code: str
) -> None:
    fault = {"kind": "http_status", "status": 404} if code == "404" else {"error": code}
    await running.workspace.slack_fault(method="response_url", times=ALWAYS, **fault)

    await anna.command("/makegood help")

    await anna.wait_for_message("What Makegood does")
    assert await direct_messages(anna) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "http_status", "status": 429, "retry_after_s": 0},
        {"kind": "http_status", "status": 503},
        {"kind": "drop_before"},
    ],
)
async def test_an_answer_is_tried_again_when_slack_is_busy(
    running: Running, anna: Agent, fault: dict[str, Any]
) -> None:
    await running.workspace.slack_fault(method="response_url", **fault)

    await anna.command("/makegood help")

    await anna.wait_for_message("What Makegood does")
    calls = (await running.workspace.get("calls"))["calls"]
    assert [call for call in calls if call["method"] == "chat.postEphemeral"] == []


async def test_an_answer_is_not_tried_again_before_the_time_that_slack_names(
    running: Running, anna: Agent
) -> None:
    await running.workspace.slack_fault(
        method="response_url", kind="http_status", status=429, retry_after_s=1
    )

    await anna.command("/makegood help")

    await anna.wait_for_message("What Makegood does")
    calls = (await running.workspace.get("calls"))["calls"]
    refused, taken = [call["at"] for call in calls if call["method"] == "response_url"]
    assert taken - refused >= 1


async def test_an_answer_that_is_not_shown_where_it_was_asked_comes_directly(
    running: Running, anna: Agent
) -> None:
    for method in ("response_url", "chat.postEphemeral"):
        await running.workspace.slack_fault(
            method=method, kind="error", error="channel_not_found", times=ALWAYS
        )

    await anna.command("/refund-order nonsense")

    said = await direct_message(anna, "/refund-order 1042")
    assert f"Slack did not show it where you asked, in <#{anna.channel}>" in said
    # It may name customers: once it has arrived it is kept nowhere.
    (kept,) = running.query("SELECT content, recipient FROM outbox WHERE kind = 'words'")
    assert kept == {"content": "{}", "recipient": anna.user}


@pytest.mark.parametrize("code", ["internal_error", "ratelimited", "brand_new_code"])
async def test_the_home_tab_is_drawn_although_slack_refused_it_once(
    running: Running, anna: Agent, code: str
) -> None:
    await running.workspace.slack_fault(method="views.publish", kind="error", error=code)

    await anna.home()


async def test_whoever_opens_a_home_tab_that_cannot_be_drawn_is_told_once(
    running: Running, anna: Agent
) -> None:
    await running.workspace.slack_fault(
        method="views.publish", kind="error", error="missing_scope", times=2
    )

    await running.workspace.post("home", user=anna.user)
    await direct_message(anna, "may be out of date", "Open it again")
    await running.workspace.post("home", user=anna.user)
    await wait_for(lambda: _published(running, 2), "a second try")
    await anna.home()

    assert len(await direct_messages(anna)) == 1

    # It worked in between, so what is out of date from now on is news.
    await running.workspace.slack_fault(
        method="views.publish", kind="error", error="missing_scope", times=1
    )
    await running.workspace.post("home", user=anna.user)

    async def told_again() -> bool | None:
        return True if len(await direct_messages(anna)) == 2 else None

    await wait_for(told_again, "a second message")


async def test_a_home_tab_that_is_refused_as_it_is_says_so_itself(
    running: Running, anna: Agent
) -> None:
    await running.workspace.slack_fault(
        method="views.publish", kind="error", error="view_too_large", times=1
    )

    assert "Slack did not take this page of Makegood" in words(await anna.home())


async def _published(running: Running, count: int) -> bool | None:
    calls = (await running.workspace.get("calls"))["calls"]
    found = [call for call in calls if call["method"] == "views.publish"]
    return True if len(found) >= count else None


async def test_who_may_act_is_asked_again_when_slack_breaks_down_once(
    running: Running, anna: Agent
) -> None:
    for method in ("conversations.members", "conversations.info", "users.info"):
        await running.workspace.slack_fault(method=method, kind="error", error="internal_error")

    await anna.command("/order 1042")

    await anna.wait_for_message("Order 1042 ")


@pytest.mark.parametrize("code", ["brand_new_code", "account_inactive"])
async def test_nobody_acts_on_an_answer_that_does_not_pass(
    running: Running, anna: Agent, code: str
) -> None:
    for method in ("conversations.members", "users.info"):
        await running.workspace.slack_fault(method=method, kind="error", error=code, times=ALWAYS)
    # What was read before counts for a minute, unless Slack says that it has changed.
    await running.workspace.post("membership", channel="C0ORDERLOG", user="U0DEVPATEL")

    await anna.command("/order 1042")

    await anna.wait_for_message(f"cannot be read ({code})", "Nothing was sent.", "bot check")
    assert running.recent() == []


async def card_in_a_window(agent: Agent, order_id: int) -> View:
    await agent.command("/order")
    await agent.wait_for_modal("Order number, e-mail")
    await agent.fill({"wanted": str(order_id)})
    return await agent.wait_for_modal("Left to refund")


async def test_nobody_is_told_of_a_loading_view_that_slack_refused(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await card_in_a_window(anna, order_id)
    await running.workspace.slack_fault(
        method="views.update", kind="error", error="missing_scope", contains="Reading order"
    )

    await anna.press("Full refund")
    await anna.wait_for_modal("Reason")

    assert await direct_messages(anna) == []
    assert running.query("SELECT * FROM outbox") == []


async def test_what_could_not_be_shown_does_not_take_the_place_of_what_was_pressed_since(
    running: Running, anna: Agent
) -> None:
    """Two presses in one window, the first of which is refused while the second is prepared."""
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    card = await card_in_a_window(anna, order_id)
    for delay_s in (0.5, 2.0):
        await running.workspace.store_fault(
            match=f"GET orders/{order_id}", kind="delay", delay_s=delay_s
        )
    await running.workspace.slack_fault(
        method="views.update", kind="error", error="missing_scope", contains="Reason"
    )

    await anna.press("Full refund")
    await anna.wait_for_modal("Reading order")
    pressed = await running.delivered("block_actions", id=card["id"])
    pressed["actions"][0]["action_id"] = "open:refund_items"
    await running.deliver(pressed)
    await direct_message(anna, f"“Full refund” (order {order_id})")
    form = await anna.wait_for_modal("Quantity")

    with freeze_time(datetime.now(UTC) + timedelta(minutes=1), tick=True, real_asyncio=True):
        await asyncio.sleep(1.5)  # longer than it takes to be drawn
        now = await anna.modal()
    assert now is not None
    assert words(now) == words(form)
