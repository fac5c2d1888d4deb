"""Money is judged by what leaves: on the order, to the customer, by the person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from tests.support.agent import Agent, View, wait_for, words
from tests.support.approving import (
    BEN,
    CHIARA,
    asked_of,
    refunds,
    review_refund,
    set_approvers,
    shipped,
)
from tests.support.refund_form import REASON, hint, open_form, to_review
from tests.support.running import Running, configure

WHOLE = 1042  # 154.10 USD
SPLIT = ("51.96", "59.00", "29.77", "13.37")


@pytest.fixture(autouse=True)
async def no_quota(running: Running) -> None:
    """Let people look as much as they like: here they do a day's work in seconds."""
    await running.workspace.post("store/settings", quota=1_000)


async def amount_of(agent: Agent, order_id: int, amount: str) -> View:
    """Review a refund of this amount on the order."""
    await open_form(agent, order_id)
    await agent.press("Give an amount instead")
    await agent.wait_for_modal("counts no line as refunded")
    return await to_review(agent, {"goodwill": amount, "goodwill_reason": "Damaged", **REASON})


async def give(agent: Agent, order_id: int, amount: str) -> None:
    """Give this amount back, without anybody else."""
    view = await amount_of(agent, order_id, amount)
    assert view["submit"]["text"] == f"Refund {amount} USD"
    await agent.fill()
    await agent.wait_for_reply(order_id, "(Done", f"Refunded {amount} USD")
    await agent.close()


async def given(running: Running, order_id: int) -> list[str]:
    return [each["given_back"] for each in await refunds(running, order_id)]


async def code(agent: Agent, typed: dict[str, Any], command: str = "/discount-code") -> Any:
    await agent.command(command)
    await agent.wait_for_modal("Applies to")
    return await agent.fill({"reason": "Damaged", **typed})


async def codes(running: Running) -> list[Any]:
    return list((await running.workspace.books())["promotions"])


async def test_an_order_that_is_split_needs_a_second_person_all_the_same(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    configure(tmp_path, "approval_above", "60.00")
    await give(anna, WHOLE, SPLIT[0])

    form = words(await open_form(anna, WHOLE))
    assert (
        "51.96 USD was given or asked for on this order, so 8.04 USD more needs no approval" in form
    )
    await anna.close()
    for amount, together in zip(SPLIT[1:], ("110.96", "140.73", "154.10"), strict=True):
        view = await amount_of(anna, WHOLE, amount)
        assert view["submit"]["text"] == f"Ask to refund {amount} USD"
        # What waits counts, too, and once.
        assert f"it is {together} USD, above 60.00 USD." in words(view)
        await anna.fill()
        await ben.wait_for_reply(WHOLE, f"Approve {amount} USD")
    assert await given(running, WHOLE) == ["51.96"]

    asked = await ben.wait_for_reply(WHOLE, "it is 140.73 USD, above 60.00 USD")
    await ben.press_in_message(asked, "Approve")
    await anna.wait_for_reply(WHOLE, "(Done", "Refunded 29.77 USD")
    assert await given(running, WHOLE) == ["51.96", "29.77"]


async def test_two_forms_that_were_reviewed_side_by_side_are_not_both_let_through(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, CHIARA)
    configure(tmp_path, "approval_above", "60.00")
    for agent in (anna, ben):
        view = await amount_of(agent, WHOLE, "40.00")
        assert view["submit"]["text"] == "Refund 40.00 USD"

    await anna.fill()
    await anna.wait_for_reply(WHOLE, "(Done", "Refunded 40.00 USD")
    await ben.fill()

    await asked_of(ben, WHOLE)
    assert await given(running, WHOLE) == ["40.00"]


async def test_what_the_control_panel_gave_back_counts_on_its_order(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    configure(tmp_path, "approval_above", "60.00")
    await running.workspace.post("store/order", order_id=WHOLE, refund_amount="50.00")

    view = await amount_of(anna, WHOLE, "10.01")

    assert view["submit"]["text"] == "Ask to refund 10.01 USD"
    assert "With the 50.00 USD given back or asked for on this order" in words(view)
    await anna.close()
    await give(anna, WHOLE, "10.00")


async def test_a_threshold_of_an_old_database_holds_whatever_the_action_is_called(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    # As 0.1 kept it: on Full refund alone.
    configure(tmp_path, "rules.refund_order", {"approval_above": "60.00", "limit": "500.00"})

    review = await amount_of(anna, WHOLE, "154.10")  # a partial refund of everything

    assert review["submit"]["text"] == "Ask to refund 154.10 USD"
    assert "This comes to 154.10 USD, above 60.00 USD." in words(review)


async def test_a_guest_and_a_registered_customer_with_one_address_are_one(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    configure(tmp_path, "approval_above", "60.00")
    other = await shipped(running)
    await running.workspace.post(
        "store/order", order_id=WHOLE, customer_id=0, email="Jo.Doe+shop@Mail.example"
    )
    await running.workspace.post(
        "store/order", order_id=other, customer_id=7, email="jo.doe@mail.example"
    )
    await give(anna, WHOLE, "50.00")
    configure(tmp_path, "approval_above", "55.00")

    view = await amount_of(anna, other, "10.00")

    why = "With the 50.00 USD this customer got in the last 30 days it is 60.00 USD"
    assert f"{why}, above 55.00 USD." in words(view)
    await anna.close()
    month = datetime.now(UTC) + timedelta(days=30, minutes=1)
    with freeze_time(month, tick=True, real_asyncio=True):
        view = await amount_of(anna, other, "10.00")
        assert view["submit"]["text"] == "Refund 10.00 USD"


async def test_guests_are_not_one_customer(running: Running, anna: Agent, tmp_path: Path) -> None:
    set_approvers(tmp_path, BEN)
    configure(tmp_path, "approval_above", "60.00")
    other = await shipped(running)
    for order_id, email in ((WHOLE, "one@mail.example"), (other, "two@mail.example")):
        await running.workspace.post("store/order", order_id=order_id, customer_id=0, email=email)
    await give(anna, WHOLE, "60.00")

    view = await amount_of(anna, other, "10.00")

    assert view["submit"]["text"] == "Refund 10.00 USD"


@pytest.mark.parametrize("method", ["custom:offline", "storecredit"])
async def test_what_is_only_recorded_and_store_credit_count(
    running: Running, anna: Agent, tmp_path: Path, method: str
) -> None:
    set_approvers(tmp_path, BEN)
    configure(tmp_path, "recorded_only", {"everyone": True})
    configure(tmp_path, "day_limit", "200.00")
    order_id = await shipped(running)
    await review_refund(anna, order_id)
    await anna.choose("method", method)
    await anna.wait_for_modal("Change something", "Record " if "custom" in method else "Credit ")

    await anna.fill({"method": method})

    async def asked() -> Any:
        return next(iter(running.entries(order_id)), None)

    entry = await wait_for(asked, "the request in the log")
    total = entry.request["confirmed"]["total"]["amount"]
    assert str(entry.counted) == total
    await anna.close()
    await anna.command("/discount-code")
    left = f"{200 - entry.counted:.2f}"
    await anna.wait_for_modal(f"Your daily limit: {left} USD left of 200.00 USD.")


async def test_limits_that_are_switched_on_at_noon_know_the_morning(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    await give(anna, WHOLE, "50.00")
    answer = await code(anna, {"code": "SORRY30", "type": "fixed", "value": "30"})
    assert answer["errors"] is None
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_message("SORRY30", "(Done", channel=anna.log_channel)

    configure(tmp_path, "day_limit", "90.00")

    await code(anna, {"code": "SORRY11", "type": "fixed", "value": "11"})
    await anna.wait_for_modal("of your daily limit 10.00 USD is left")


async def test_a_code_without_an_end_or_uses_is_above_every_threshold(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    configure(tmp_path, "approval_above", "1.00")
    endless = {"code": "ALLFREE", "type": "percentage", "value": "100", "ceiling": ""}

    await code(anna, {**endless, "max_uses": "", "expires": "never"})

    view = await anna.wait_for_modal("Change something")
    assert view["submit"]["text"].startswith("Ask")
    assert "What this code gives away in all is not known" in words(view)
    assert "It counts as more than 1.00 USD. It needs approval by" in words(view)
    await anna.fill()
    await ben.wait_for_message("asks for approval", "ALLFREE", channel=ben.log_channel)
    assert await codes(running) == []
    assert running.recent()[0].counted is None


@pytest.mark.parametrize("limit", ["limit", "day_limit", "hour_limit"])
async def test_a_limit_refuses_what_has_no_known_worth_and_says_what_to_change(
    running: Running, anna: Agent, tmp_path: Path, limit: str
) -> None:
    configure(tmp_path, limit, "10.00")
    endless = {"code": "ALLFREE", "type": "percentage", "value": "100", "ceiling": ""}

    errors = (await code(anna, {**endless, "max_uses": "", "expires": "never"}))["errors"]

    said = {name.split("~")[0]: text for name, text in errors.items()}
    assert said["max_uses"].startswith("Say how often the code works")
    assert said["ceiling"].startswith("Say what it takes off one order at most")
    await anna.close()
    errors = (await code(anna, {"code": "SHIPFREE", "type": "free_shipping"}))["errors"]
    assert "What free shipping gives away is not known" in " ".join(errors.values())
    await anna.close()
    configure(tmp_path, "discount", {"unknown_counts_as": "10.00"})
    await code(anna, {"code": "SHIPFREE", "type": "free_shipping"})
    await anna.wait_for_modal("Change something")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({}, "Empty for no limit."),
        ({"approval_above": "60.00"}, "Empty for no limit: then it needs approval."),
        ({"day_limit": "80.00"}, "Needed: there are limits on what may be given away."),
        ({"limit": "80.00", "discount": {"unknown_counts_as": "80.00"}}, "Empty for no limit."),
        (
            {"limit": "80.00", "discount": {"unknown_counts_as": "80.01"}},
            "Needed: there are limits on what may be given away.",
        ),
        (
            {"discount": {"most_worth": "80.00"}},
            "Needed: there are limits on what may be given away.",
        ),
    ],
)
async def test_the_form_says_what_an_empty_field_means_under_the_shops_rules(
    running: Running, anna: Agent, tmp_path: Path, rules: dict[str, Any], said: str
) -> None:
    set_approvers(tmp_path, BEN)
    for name, value in rules.items():
        configure(tmp_path, name, value)

    await anna.command("/discount-code")

    view = await anna.wait_for_modal("Applies to")
    assert hint(view, "max_uses") == said
    assert hint(view, "ceiling") == f"The most that a percentage takes off one order. {said}"


async def test_an_ordinary_code_needs_nobody_and_counts_its_ceiling(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    configure(tmp_path, "approval_above", "60.00")
    configure(tmp_path, "day_limit", "80.00")

    await code(anna, {"code": "TEN", "type": "percentage", "value": "10"})

    view = await anna.wait_for_modal("Change something", "50.00 USD at most", "once")
    assert view["submit"]["text"] == "Create code"
    await anna.fill()
    await anna.wait_for_message("TEN", "(Done", channel=anna.log_channel)
    assert running.recent()[0].counted == 50
    await anna.command("/discount-code")
    await anna.wait_for_modal(
        "Your daily limit: 30.00 USD left of 80.00 USD.",
        "A code counts what it takes off one order at most, times its uses.",
    )


async def test_a_code_for_an_orders_customer_counts_for_both(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    configure(tmp_path, "approval_above", "60.00")
    await give(anna, WHOLE, "51.96")

    await code(anna, {"code": "TWENTY", "type": "fixed", "value": "20"}, f"/discount-code {WHOLE}")

    view = await anna.wait_for_modal("Change something")
    why = "With the 51.96 USD given back or asked for on this order it is 71.96 USD"
    assert f"{why}, above 60.00 USD." in words(view)


async def test_what_waits_does_not_brake_the_team_until_it_is_approved(
    running: Running, anna: Agent, ben: Agent, chiara: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, CHIARA)
    configure(tmp_path, "approval_above", "60.00")
    configure(tmp_path, "hour_limit", "100.00")
    await amount_of(anna, WHOLE, "80.00")
    await anna.fill()
    asked = await asked_of(chiara, WHOLE)
    other = await shipped(running)
    view = await amount_of(ben, other, "24.00")
    assert view["submit"]["text"] == "Refund 24.00 USD"
    await ben.close()

    await chiara.press_in_message(asked, "Approve")
    await anna.wait_for_reply(WHOLE, "(Done", "Refunded 80.00 USD")

    await open_form(ben, other)
    await ben.press("Give an amount instead")
    await ben.wait_for_modal("counts no line as refunded")
    await ben.fill({"goodwill": "24.00", "goodwill_reason": "Damaged", **REASON})
    await ben.wait_for_modal("hourly limit for the team, 100.00 USD, 80.00 USD is used")
