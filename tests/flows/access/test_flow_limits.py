"""Limits for a request, a person's day and the store's hour: said early, and kept to the cent."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from tests.support.agent import Agent, wait_for, words
from tests.support.approving import (
    ANNA,
    BEN,
    CHIARA,
    ask_to_refund,
    asked_of,
    open_refund,
    refunds,
    review_refund,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.configuring import open_configuration
from tests.support.running import Running, configure


async def code_of(agent: Agent, value: str, kind: str = "fixed") -> None:
    await agent.command("/discount-code")
    await agent.wait_for_modal("Applies to")
    typed = {"code": f"SORRY{value}{kind[0].upper()}", "type": kind, "value": value}
    answer = await agent.fill({**typed, "reason": "Damaged"})
    assert answer["errors"] is None, answer


async def alarms(agent: Agent) -> list[dict[str, Any]]:
    said = "Hourly limit for the team"
    return [m for m in await agent.messages(agent.log_channel) if said in m["text"]]


async def test_one_request_has_a_limit_for_everybody(
    running: Running, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, limit="5.00")
    order_id = await shipped(running)
    await ben.command(f"/refund-order {order_id}")
    await ben.wait_for_modal("Full refund …")
    await ben.press("Full refund")

    await ben.wait_for_modal("above the limit per request, 5.00 USD")
    assert running.entries(order_id) == []


async def test_a_limit_that_is_set_meanwhile_is_kept(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_rule(tmp_path, limit="100000")
    order_id = await shipped(running)
    form = await open_refund(anna, order_id)
    assert "Limit per request: 100,000.00 USD." in words(form)
    await anna.fill({"reason": "Damaged"})
    await anna.wait_for_modal("Change something")
    set_rule(tmp_path, limit="5.00")

    await anna.fill()

    await anna.wait_for_modal("above the limit per request, 5.00 USD")
    assert running.entries(order_id) == []


async def test_limits_that_are_new_since_the_form_opened_let_nothing_through(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await review_refund(anna, order_id)
    set_rule(tmp_path, limit="5.00")
    await anna.fill()
    await anna.wait_for_modal("above the limit per request, 5.00 USD")
    assert running.entries(order_id) == []


async def test_a_form_of_before_an_update_is_not_confirmed(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await review_refund(anna, order_id)
    running.execute("UPDATE drafts SET context = '{}'")  # 0.1 kept no currency without limits

    await anna.fill()

    await anna.wait_for_modal("Makegood was updated while you filled in this form")
    assert running.entries(order_id) == []


async def test_a_day_is_24_hours_and_a_rejected_code_does_not_count(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "day_limit", "50.00")
    await code_of(anna, "30")
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_message("(Done", channel=anna.log_channel)

    await code_of(anna, "30")  # the code is taken, so it is refused and counts nothing
    await anna.wait_for_modal("taken")
    await anna.close()
    await code_of(anna, "25")
    await anna.wait_for_modal("of your daily limit 20.00 USD is left")
    await anna.close()
    await code_of(ben, "26")  # everybody has a day of their own
    await ben.wait_for_modal("Change something")

    day = datetime.now(UTC) + timedelta(hours=24)
    with freeze_time(day - timedelta(minutes=10), tick=True, real_asyncio=True):
        await code_of(anna, "27")
        await anna.wait_for_modal("of your daily limit 20.00 USD is left")
        await anna.close()
    with freeze_time(day + timedelta(minutes=1), tick=True, real_asyncio=True):
        await code_of(anna, "28")
        form = await anna.wait_for_modal("Change something")
        assert "28.00 USD" in words(form)


async def test_what_is_left_of_the_day_is_said_before_the_form(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "day_limit", "30.00")
    await code_of(anna, "12")
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_message("(Done", channel=anna.log_channel)

    await anna.command("/discount-code")
    await anna.wait_for_modal("Your daily limit: 18.00 USD left of 30.00 USD.")


async def test_a_percentage_counts_for_its_ceiling(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "day_limit", "60.00")
    await code_of(anna, "50", "percentage")
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_message("(Done", channel=anna.log_channel)
    assert running.recent()[0].counted == 50  # at most 50.00 USD, one use

    await code_of(anna, "40", "percentage")

    await anna.wait_for_modal("10.00 USD is left")
    assert len(running.recent()) == 1


async def test_two_confirmations_at_once_do_not_both_slip_through(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "hour_limit", "50.00")
    for agent, value in ((anna, "30"), (ben, "29")):
        await code_of(agent, value)
        await agent.wait_for_modal("Change something")

    await asyncio.gather(anna.fill(), ben.fill())

    async def both_answered() -> Any:
        seen = [words(await agent.modal() or {}) for agent in (anna, ben)]
        return True if sum("Only approvers can go on now" in each for each in seen) == 1 else None

    await wait_for(both_answered, "one of the two to be stopped")
    assert len(running.recent()) == 1


async def test_the_brake_stops_all_but_approvers_and_says_so_once(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN, CHIARA)
    configure(tmp_path, "hour_limit", "40.00")
    await code_of(anna, "30")
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_message("(Done", channel=anna.log_channel)

    for value in ("20", "21"):
        await code_of(anna, value)
        await anna.wait_for_modal("hourly limit for the team, 40.00 USD, 30.00 USD is used")
        await anna.close()
    alarm = await ben.wait_for_message("Hourly limit for the team", channel=ben.log_channel)
    assert all(f"<@{each}>" in words(alarm) for each in (ANNA, BEN, CHIARA))
    assert "30.00 USD of 40.00 USD was given in the 60 minutes before <!date^" in words(alarm)

    await code_of(ben, "22")
    await ben.wait_for_modal("Change something")
    await ben.fill()
    await ben.wait_for_message("SORRY22F", "(Done", channel=ben.log_channel)
    assert len(await alarms(ben)) == 1

    with freeze_time(datetime.now(UTC) + timedelta(minutes=61), tick=True, real_asyncio=True):
        await code_of(anna, "23")
        await anna.wait_for_modal("Change something")


async def test_the_form_of_a_large_order_sets_off_no_alarm_a_used_up_hour_does(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN, CHIARA)
    configure(tmp_path, "hour_limit", "10.00")
    order_id = await shipped(running)

    await anna.command(f"/refund-order {order_id}")
    await anna.wait_for_modal("What shall be done?")
    await anna.press("Full refund")
    await anna.wait_for_modal("hourly limit for the team, 10.00 USD")
    await anna.close()
    await code_of(anna, "10")
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_message("(Done", channel=anna.log_channel)
    assert await alarms(ben) == []

    await anna.command(f"/refund-order {order_id}")
    await anna.wait_for_modal("What shall be done?")
    await anna.press("Full refund")
    await anna.wait_for_modal("the hourly limit for the team, 10.00 USD, is used up")
    alarm = await ben.wait_for_message("Hourly limit for the team", channel=ben.log_channel)
    assert f"<@{ANNA}>'s full refund for order {order_id} was not sent." in words(alarm)


async def test_what_waits_for_approval_counts(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="0")
    order_id = await shipped(running)
    amount = Decimal((await ask_to_refund(anna, order_id)).removesuffix(" USD"))
    request = await asked_of(ben, order_id)
    configure(tmp_path, "day_limit", str(amount + 1))

    await code_of(anna, "2")
    await anna.wait_for_modal("of your daily limit 1.00 USD is left")
    await anna.close()
    await ben.press_in_message(request, "Decline")
    await ben.wait_for_modal("Why?")
    await ben.fill({"reason": "No"})
    await anna.wait_for_reply(order_id, "(Not done")
    await code_of(anna, "3")
    await anna.wait_for_modal("Change something")
    assert await refunds(running, order_id) == []


@pytest.mark.parametrize("limit", [{"limit": "100000"}, {"approval_above": "1.00"}])
async def test_an_order_in_another_currency_counts_with_its_own_rate(
    running: Running, anna: Agent, tmp_path: Path, limit: dict[str, str]
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, **limit)
    order_id = await running.workspace.order_tagged("second_currency")
    book = await running.workspace.book(order_id)
    await open_refund(anna, order_id)
    await anna.fill({"reason": "Damaged"})
    review = await anna.wait_for_modal("Change something")
    assert "EUR" in words(review)
    await anna.fill()

    async def asked() -> Any:
        entries = running.entries(order_id)
        return entries[0] if entries else None

    entry = await wait_for(asked, "the request in the log")
    total = Decimal(entry.request["confirmed"]["total"]["amount"])
    assert entry.counted is not None
    assert entry.counted != total
    assert book["currency"] == "EUR"


async def test_what_waited_is_held_against_a_lower_limit_with_what_was_given_meanwhile(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="10")
    configure(tmp_path, "day_limit", "500")
    order_id = await shipped(running)
    amount = Decimal((await ask_to_refund(anna, order_id)).removesuffix(" USD"))
    request = await asked_of(ben, order_id)
    await anna.close()
    await code_of(anna, "9")
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_message("(Done", channel=anna.log_channel)

    configure(tmp_path, "day_limit", str(amount + 8))
    await ben.press_in_message(request, "Approve")

    said = ("Nothing was approved", f"{amount - 1} USD is left")
    await ben.wait_for_message(*said, channel=ben.log_channel)
    assert await refunds(running, order_id) == []

    configure(tmp_path, "day_limit", str(amount + 9))
    await ben.press_in_message(request, "Approve")
    await anna.wait_for_reply(order_id, "(Done")


async def test_a_new_default_currency_lets_nothing_through_that_was_counted_before(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "day_limit", "100.00")
    chiara = await running.agent("Chiara")
    await code_of(anna, "10")
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_message("(Done", channel=anna.log_channel)
    assert running.recent()[0].counted_in == "USD"
    await running.workspace.store_fault(
        kind="change", match="GET store", set={"currency": "EUR"}, times=999
    )

    with freeze_time(datetime.now(UTC) + timedelta(minutes=6), tick=True, real_asyncio=True):
        await anna.close()
        await anna.command("/discount-code")
        await anna.wait_for_modal(
            "Your daily limit: 100.00 EUR, and what is used of it is not all known."
        )
        await anna.close()
        await code_of(anna, "11")
        await anna.wait_for_modal(
            "what you asked for in the last 24 hours is not all known in EUR, so this cannot be "
            "held against your daily limit"
        )
        page = words(await open_configuration(chiara))
    assert (
        "The store's default currency was USD within the last 30 days. All amounts here and under "
        "Approvals and Discount codes are taken as EUR: check them." in page
    )
    assert len(running.recent()) == 1
