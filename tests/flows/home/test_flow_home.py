"""App Home: what an agent finds there, what an admin finds there, and activation."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.agent import Agent, View, wait_for, words
from tests.support.configuring import home, offers, open_configuration, open_home, press
from tests.support.running import Running, configure, running_bot, running_sandbox


@pytest.fixture
async def new_shop(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Running]:
    """Return a bot whose actions nobody has activated yet."""
    configure(tmp_path, "activated", False)
    async with AsyncExitStack() as started:
        sandbox, session = await started.enter_async_context(running_sandbox(request.node.name))
        await started.enter_async_context(running_bot(sandbox, tmp_path))
        the_bot = Running(sandbox, session, tmp_path)
        started.callback(the_bot.close)
        yield the_bot


async def test_an_agent_finds_what_they_may_do_and_what_they_did(
    running: Running, anna: Agent
) -> None:
    view = await open_home(anna, "What you may do now", "Cancel order* · yes")
    assert "Nothing: every request has come to its end" in words(view)
    assert "Nothing yet" in words(view)
    assert "configuration" not in offers(view)

    order_id = await running.workspace.order_in_status(7)
    await anna.command(f"/cancel-order {order_id}")
    await anna.wait_for_modal("Reason")
    await anna.fill({"reason": "Customer request"})
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_modal("Done")

    await home(anna, f"Cancelled order {order_id}", "Open")


async def test_what_is_limited_is_said_before_a_form_is_filled_in(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "limit", "200.00")
    configure(tmp_path, "approval_above", "50.00")
    configure(tmp_path, "rules.refund_order", {"always_approve": True})
    configure(tmp_path, "rules.cancel_order", {"enabled": False})
    configure(tmp_path, "rules.refund_items", {"who": {"group_ids": ["S0LEADS"]}})
    configure(tmp_path, "day_limit", "300.00")

    await open_home(
        anna,
        "Full refund* · yes, with approval",
        "Needs approval above 50.00 USD, and nobody else is set as approver",
        "Cancel order* · switched off",
        "Partial refund* · not for you",
        "Limit per request: 200.00 USD",
        "Your daily limit: 300.00 USD left of 300.00 USD",
    )


async def test_what_has_no_end_needs_checking(running: Running, anna: Agent, ben: Agent) -> None:
    order_id = 1042
    running.execute(
        "INSERT INTO action_log (reference, action, order_id, team_id, actor_id, request, asked_at,"
        " status, outcome, round, finished_round, told_status) VALUES"
        " ('MG-AAAA-BBBB', 'refund_order', ?, 'T0FERNFABLE', ?, '{}', '2026-01-01T00:00:00+00:00',"
        " 'unknown', ?, 1, 1, 'unknown')",
        str(order_id),
        anna.user,
        '{"status":"unknown","message":"It is not known whether the refund went through."}',
    )

    view = await open_home(ben, "Needs checking", "It was not made", "MG-AAAA-BBBB")
    assert "Nothing: every request" not in words(view)
    mine = words(await open_home(anna, "Needs checking"))
    assert mine.count("MG-AAAA-BBBB") == 1
    assert "Nothing else" in mine


async def test_a_day_can_begin_with_a_search(anna: Agent) -> None:
    await open_home(anna, "What you may do now")

    await press(anna, "search")
    await anna.wait_for_modal("Order number, e-mail, name or phone number")
    await anna.fill({"wanted": "1042"})

    await anna.wait_for_modal("Left to refund", "Maya Lindqvist")


async def test_who_may_not_act_finds_only_how_to_begin(running: Running, dev: Agent) -> None:
    view = await open_home(dev, "You cannot use Makegood yet")
    assert not offers(view)


async def test_nothing_can_be_done_until_an_admin_activates_the_actions(
    new_shop: Running,
) -> None:
    anna, chiara = await new_shop.agent("Anna"), await new_shop.agent("Chiara")
    await open_home(anna, "not activated yet")
    await anna.command("/order 1042")
    card = await anna.wait_for_message("Order 1042 ")
    assert "not activated" in words(card["blocks"])
    assert not any(each.startswith("open:") for each in offers(card))
    await anna.command("/refund-order 1042")
    await anna.wait_for_modal("not activated yet")

    await open_home(chiara, "Actions are not activated: nobody can do anything yet")
    await press(chiara, "activate")
    await chiara.wait_for_modal("Approval needed above (USD)")
    await chiara.fill({"who": "everyone"})

    await home(chiara, "Actions are activated", "activated the actions")
    await chiara.wait_for_message("activated the actions", channel=chiara.log_channel)
    await anna.command("/refund-order 1042")
    await anna.wait_for_modal("What shall be done?")


async def test_an_admin_deactivates_and_even_an_open_review_is_refused(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_in_status(7)
    await anna.command(f"/cancel-order {order_id}")
    await anna.wait_for_modal("Reason")
    form = await anna.modal()
    assert form is not None
    await anna.fill({"reason": "Customer request"})
    await anna.wait_for_modal("Change something")

    chiara = await running.agent("Chiara")
    await open_configuration(chiara)
    await press(chiara, "deactivate")
    await home(chiara, "Actions are not activated")

    await anna.fill()
    await anna.wait_for_modal("not activated")
    assert running.entries(order_id) == []


async def test_an_admin_goes_to_the_configuration_and_back(running: Running) -> None:
    chiara = await running.agent("Chiara")
    view = await open_home(chiara, "What you may do now")
    assert "configuration" in offers(view)

    await press(chiara, "configuration")
    await home(chiara, "Actions are activated", "#C0ORDERLOG", "private")
    await press(chiara, "home")
    await home(chiara, "What you may do now")


async def test_an_admin_outside_the_channel_configures_and_does_not_act(
    running: Running,
) -> None:
    chiara = await running.agent("Chiara")
    await running.workspace.post(
        "membership", channel=chiara.log_channel, user=chiara.user, member=False
    )

    view = await open_home(chiara, "you can configure Makegood and not use it")
    assert "home" not in offers(view)


async def test_the_connections_are_checked_on_demand(running: Running) -> None:
    chiara = await running.agent("Chiara")
    await open_configuration(chiara)

    await press(chiara, "connection")

    view = await chiara.wait_for_modal(
        "Nothing to fix, 1 to note.",
        "no amount needs a second person, no daily limit per person",
        "Fable: USD",
        "scopes: all there",
    )
    assert "xoxb" not in str(view)
    assert "All is well" not in words(view)


@pytest.mark.parametrize(
    "command", ["/cancel-order", "/cancel-order 1042", "/refund-order 1042", "/discount-code"]
)
async def test_no_command_acts_before_the_actions_are_activated(
    new_shop: Running, command: str
) -> None:
    anna = await new_shop.agent("Anna")

    await anna.command(command)

    await anna.wait_for_modal("not activated yet")


async def test_what_was_open_before_an_action_was_switched_off_is_refused(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    first, second = await running.workspace.order_in_status(7), 1042
    await anna.command(f"/order {second}")
    card = await anna.wait_for_message(f"Order {second} ")
    await anna.command(f"/cancel-order {first}")
    await anna.wait_for_modal("Reason")
    for action in ("cancel_order", "cancel_and_refund"):
        configure(tmp_path, f"rules.{action}", {"enabled": False})

    await anna.fill({"reason": "Customer request"})
    await anna.wait_for_modal("An admin has switched “Cancel order” off", "Home tab")
    await anna.close()
    await anna.press_in_message(card, "Cancel & refund")
    await anna.wait_for_modal("An admin has switched “Cancel &amp; refund” off")
    assert running.recent() == []


async def test_a_request_that_waits_for_approval_waits_on_the_home_tab(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "rules.cancel_order", {"always_approve": True})
    configure(tmp_path, "approvers", {"user_ids": [ben.user]})
    order_id = await running.workspace.order_in_status(7)
    await anna.command(f"/cancel-order {order_id}")
    await anna.wait_for_modal("Reason")
    await anna.fill({"reason": "Customer request"})
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_reply(order_id, "Approve")

    (entry,) = running.entries(order_id)
    view = await open_home(ben, "What waits for somebody", entry.reference, "Open")
    assert "Nothing: every request" not in words(view)
    mine = words(await open_home(anna, "What waits for somebody"))
    assert mine.count(entry.reference) == 1
    assert "Nothing else" in mine


async def test_whom_the_settings_name_is_an_admin_too(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    async with AsyncExitStack() as started:
        sandbox, session = await started.enter_async_context(running_sandbox(request.node.name))
        bot = running_bot(sandbox, tmp_path, ADMINS="U0DEVPATEL")
        await started.enter_async_context(bot)
        the_bot = Running(sandbox, session, tmp_path)
        started.callback(the_bot.close)
        dev = await the_bot.agent("Dev", "general")
        await open_home(dev, "Latest changes", "you can configure Makegood and not use it")


async def test_people_choose_how_they_hear_of_what_was_on_its_way(
    running: Running, anna: Agent, ben: Agent
) -> None:
    view = await open_home(anna, "Tell me when a refund that was on its way has settled")
    assert chosen(view) == "Direct message"

    await anna.choose_in(view, "settled_by", "thread")

    async def look() -> str | None:
        return chosen(await anna.home()) if chosen(await anna.home()) != "Direct message" else None

    assert await wait_for(look, "the choice on the Home tab") == "In the order's thread"
    assert chosen(await open_home(ben, "Tell me when")) == "Direct message"


def chosen(view: View) -> str:
    """Return what the Home tab shows as chosen."""
    menus = [each["accessory"] for each in view["blocks"] if "accessory" in each]
    menu = next(each for each in menus if each.get("action_id") == "settled_by")
    return str(menu["initial_option"]["text"]["text"])


async def test_a_late_event_leads_nobody_away_from_the_page_they_chose(
    running: Running, chiara: Agent, tmp_path: Path
) -> None:
    await open_configuration(chiara)
    opened = {
        "type": "event_callback",
        "team_id": "T0FERNFABLE",
        "event": {
            "type": "app_home_opened",
            "user": chiara.user,
            "tab": "home",
            "event_ts": f"{time.time() - 60:.6f}",
        },
    }
    await running.sandbox.workspace.deliver("events_api", opened)

    configure(tmp_path, "day_limit", "517")
    await home(chiara, "Latest changes", "517.00")
