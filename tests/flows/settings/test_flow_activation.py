"""The first activation: what everyone may do is set, amount by amount, before anybody can."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.agent import Agent, View, words
from tests.support.configuring import edit, home, now, open_configuration, press, saved
from tests.support.looking import find_field
from tests.support.running import Running, configure, running_bot, running_sandbox

AMOUNTS = ("approval_above", "day_limit", "hour_limit", "most_worth")


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


@pytest.fixture
async def admin(new_shop: Running) -> Agent:
    return await new_shop.agent("Chiara")


async def open_form(admin: Agent) -> View:
    await open_configuration(admin)
    await press(admin, "activate")
    return await admin.wait_for_modal("Approval needed above")


async def last_totals(running: Running) -> list[Decimal]:
    """Return what the store's last orders came to in its own currency, read past the bot."""
    settings = running.environment()
    url = f"{settings['BIGCOMMERCE_API_URL']}/stores/{settings['BIGCOMMERCE_STORE_HASH']}/v2/orders"
    headers = {"X-Auth-Token": settings["BIGCOMMERCE_ACCESS_TOKEN"], "Accept": "application/json"}
    query = {"sort": "date_created:desc", "limit": "50"}
    async with running.session.get(url, headers=headers, params=query) as answer:
        orders = await answer.json()
    rate = "store_default_to_transactional_exchange_rate"
    return sorted(
        Decimal(each["total_inc_tax"]) / Decimal(each[rate])
        for each in orders
        if each["status_id"] not in {0, 5, 6} and Decimal(each["total_inc_tax"])
    )


def filled_in(view: View) -> list[str]:
    return [find_field(view["blocks"], name)[1]["initial_value"] for name in AMOUNTS]


async def test_each_amount_comes_from_the_last_orders_and_says_how(
    new_shop: Running, admin: Agent
) -> None:
    totals = await last_totals(new_shop)

    view = await open_form(admin)

    above, day, hour, codes = map(Decimal, filled_in(view))
    most = totals[math.ceil(len(totals) * 0.9) - 1]
    why = f"9 in 10 of the last {len(totals)} orders cost {most:,.2f} USD or less, rounded up."
    assert why in words(view)
    assert most <= above < most * Decimal("1.1")
    assert "5 times the amount that needs approval." in words(view)
    assert "10 times the amount that needs approval." in words(view)
    assert (day, hour) == (5 * above, 10 * above)
    assert above >= codes >= Decimal(50)
    assert f"can give back up to {above:,.2f} USD on an order or to a customer" in words(view)

    answer = await admin.fill({"who": "everyone"})
    assert answer["errors"] is None
    said = (
        f"Each member of <#{admin.log_channel}> can give back up to {above:,.2f} USD on an order "
        f"or to a customer without a second person, up to {day:,.2f} USD in 24 hours, codes worth "
        f"up to {codes:,.2f} USD, and all together up to {hour:,.2f} USD in an hour."
    )
    told = await admin.wait_for_message("activated the actions", channel=admin.log_channel)
    assert said in told["text"]
    await home(admin, f"*Actions are activated.* {said}")
    found = now(new_shop)
    assert (found.approval_above, found.day_limit, found.hour_limit) == (above, day, hour)
    assert (found.discount.most_worth, found.approvers.everyone) == (codes, True)


async def test_an_amount_that_is_emptied_is_asked_about_in_words(
    new_shop: Running, admin: Agent
) -> None:
    await open_form(admin)
    answer = await admin.fill({"most_worth": "20", "day_limit": "x", "approval_above": "40"})
    assert answer["errors"].keys() == {"most_worth", "day_limit"}
    assert "50.00 USD" in answer["errors"]["most_worth"]

    changed = {"approval_above": "40", "day_limit": "", "hour_limit": "300", "most_worth": "60"}
    await admin.fill(changed)
    view = await admin.wait_for_modal(
        "Empty, so without a limit: daily limit per person.",
        "No approver is set: no one can give back more than 40.00 USD.",
        "any amount in 24 hours",
    )
    assert not now(new_shop).activated
    assert "300" in str(view["state"])

    await admin.fill()
    await home(admin, "*Actions are activated.*", "any amount in 24 hours")
    found = now(new_shop)
    assert (found.approval_above, found.day_limit) == (Decimal(40), None)
    assert (found.hour_limit, found.discount.most_worth) == (Decimal(300), Decimal(60))


async def test_a_store_that_cannot_be_read_leaves_fixed_figures(
    new_shop: Running, admin: Agent
) -> None:
    await new_shop.workspace.store_fault(match="GET orders", kind="status", status=503, times=99)

    view = await open_form(admin)

    assert filled_in(view) == ["100.00", "500.00", "1000.00", "50.00"]
    assert "The store's orders can't be read right now, so a fixed figure." in words(view)


async def test_nobody_but_an_admin_activates_whatever_they_send(
    new_shop: Running, admin: Agent
) -> None:
    anna = await new_shop.agent("Anna")
    await open_form(admin)
    answer = await admin.fill({"approval_above": "x"})
    assert answer["errors"]
    form = await new_shop.delivered("view_submission", callback_id="configure")
    form["user"]["id"] = anna.user
    form["view"]["state"]["values"]["approval_above"]["approval_above"]["value"] = "9999"

    await new_shop.deliver(form)

    assert not now(new_shop).activated


async def test_what_is_set_before_anybody_could_act_needs_no_second_person(
    new_shop: Running, admin: Agent
) -> None:
    await edit(admin, "limits")
    await admin.fill({"day_limit": "100"})
    await saved(admin, "Daily limit per person: 100.00 USD")
    await edit(admin, "limits")
    await admin.fill({"day_limit": "900"})
    await saved(admin, "Daily limit per person: 900.00 USD")

    view = await open_form(admin)
    assert filled_in(view)[1] == "900.00"
    await admin.fill({"who": "everyone"})
    await home(admin, "*Actions are activated.*", "up to 900.00 USD in 24 hours")

    # From here on it does; what was undone before does not count either.
    await edit(admin, "limits")
    await admin.fill({"day_limit": ""})
    await admin.wait_for_message(
        "asks to loosen Makegood's rules", "900.00 USD → no limit", channel=admin.log_channel
    )
    assert now(new_shop).day_limit == Decimal(900)
