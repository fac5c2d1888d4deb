"""A code that the store has otherwise than asked: taken back, and told with what was different."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from storage.log.entries import Entry
from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.running import Running, configure

VALUES = {"code": "SORRY-10", "value": "10", "expires": "30", "reason": "Customer request"}
ACTION = "rules.*.action.cart_value"
PROMOTION, CODE, COUPON = "POST promotions", "POST promotions/*/codes", "POST coupons"


async def ask(agent: Agent, **values: str) -> None:
    await agent.command("/discount-code 1042")
    await agent.wait_for_modal("Applies to", "Reason")
    answer = await agent.fill(VALUES | values)
    assert not answer.get("errors"), answer
    await agent.wait_for_modal("Change something", "SORRY-10")
    await agent.fill()


async def ended(running: Running) -> Entry:
    """Return the request once it has been told."""

    async def look() -> Entry | None:
        latest = running.recent()
        return latest[0] if latest and latest[0].is_told else None

    return await wait_for(look, "the request told")


async def made(running: Running) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the store's coupons, with the mirrors of promotions' codes, and its promotions."""
    books = await running.workspace.books()
    return books["coupons"], books["promotions"]


@pytest.mark.parametrize(
    ("match", "wrong", "difference"),
    [
        (PROMOTION, {"status": "DISABLED"}, "status DISABLED instead of on"),
        (
            PROMOTION,
            {f"{ACTION}.discount": {"percentage_amount": "20"}},
            "percentage 20 instead of 10",
        ),
        (
            PROMOTION,
            {f"{ACTION}.discount": {"fixed_amount": "10"}},
            "percentage nothing instead of 10; amount 10 instead of nothing",
        ),
        (
            PROMOTION,
            {f"{ACTION}.maximum_allowed_discount_amount": "500"},
            "ceiling 500 instead of 50",
        ),
        (PROMOTION, {"currency_code": "EUR"}, "currency EUR instead of USD"),
        (PROMOTION, {"channels": [{"id": 1}]}, "channels 1 instead of all"),
        (PROMOTION, {"max_uses": 7}, "uses 7 instead of 1"),
        (PROMOTION, {"end_date": None}, "last day never instead of "),
        (
            PROMOTION,
            {"can_be_used_with_other_promotions": False},
            "other promotions not allowed instead of allowed",
        ),
        (CODE, {"code": "SORRY-11"}, "code SORRY-11 instead of SORRY-10"),
        (CODE, {"max_uses": 0}, "uses no limit instead of 1"),
        (CODE, {"max_uses_per_customer": 3}, "uses by each customer 3 instead of no limit"),
        (COUPON, {"enabled": False}, "status off instead of on"),
        (COUPON, {"amount": "20"}, "amount 20 instead of 10"),
        (
            COUPON,
            {"type": "per_item_discount"},
            "type per item discount instead of percentage discount",
        ),
        (COUPON, {"max_uses": 0}, "uses no limit instead of 1"),
        (COUPON, {"expires": ""}, "last day never instead of "),
        (COUPON, {"code": "SORRY-11"}, "code SORRY-11 instead of SORRY-10"),
        (
            COUPON,
            {"applies_to": {"entity": "categories", "ids": [21]}},
            "for categories 21 instead of categories 0",
        ),
    ],
)
async def test_what_the_store_made_otherwise_is_deleted_and_told(
    running: Running,
    anna: Agent,
    tmp_path: Path,
    match: str,
    wrong: dict[str, Any],
    difference: str,
) -> None:
    configure(tmp_path, "discount", {"as_coupons": match == COUPON})
    await running.workspace.store_fault(match=match, kind="misread", set=wrong)

    await ask(anna)

    entry = await ended(running)
    told = await anna.wait_for_reply(1042, "The discount code SORRY-10 was not created")
    assert entry.status == "rejected"
    assert f"BigCommerce made it with {difference}" in told["text"]
    assert "so Makegood deleted it again." in told["text"]
    assert button_labels(told) == []
    assert await made(running) == ([], [])


async def test_a_promotion_that_is_invalid_is_deleted_and_told(
    running: Running, anna: Agent
) -> None:
    await running.workspace.store_fault(match=PROMOTION, kind="invalid")

    await ask(anna)

    await anna.wait_for_reply(1042, "with status INVALID instead of on, so Makegood deleted it")
    assert (await ended(running)).status == "rejected"
    assert await made(running) == ([], [])


@pytest.mark.parametrize(
    ("match", "wrong"),
    [
        (PROMOTION, {"data.status": "DISABLED"}),
        (PROMOTION, {"data.id": 999}),
        (PROMOTION, {"data": None}),
        (CODE, {"data.code": "SORRY-11"}),
        (CODE, {"data.max_uses": None}),
        (CODE, {"data": []}),
        (COUPON, {"enabled": False}),
        (COUPON, {"amount": "20.0000"}),
        (COUPON, {"id": None}),
        (COUPON, {"name": "Autumn"}),
    ],
)
async def test_an_answer_that_is_wrong_by_itself_is_set_right_by_the_store(
    running: Running, anna: Agent, tmp_path: Path, match: str, wrong: dict[str, Any]
) -> None:
    configure(tmp_path, "discount", {"as_coupons": match == COUPON})
    await running.workspace.store_fault(match=match, kind="change", set=wrong)

    await ask(anna)

    told = await anna.wait_for_reply(1042, "Created discount code SORRY-10: 10% off", "(Done")
    assert button_labels(told) == ["Was it used?", "Switch it off"]
    coupons, promotions = await made(running)
    assert [(each["code"], each["enabled"]) for each in coupons] == [("SORRY-10", True)]
    assert len(promotions) == (match != COUPON)


@pytest.mark.parametrize(
    ("match", "status"), [(PROMOTION, 422), (PROMOTION, 400), (CODE, 422), (COUPON, 409)]
)
async def test_a_no_to_what_was_done_is_not_believed(
    running: Running, anna: Agent, tmp_path: Path, match: str, status: int
) -> None:
    configure(tmp_path, "discount", {"as_coupons": match == COUPON})
    await running.workspace.store_fault(match=match, kind="status", status=status, after=True)

    await ask(anna)

    await anna.wait_for_reply(1042, "Created discount code SORRY-10: 10% off", "(Done")
    coupons, _ = await made(running)
    assert [(each["code"], each["enabled"]) for each in coupons] == [("SORRY-10", True)]


async def test_what_cannot_be_taken_back_is_never_said_to_work(
    running: Running, anna: Agent
) -> None:
    await running.workspace.store_fault(match=CODE, kind="misread", set={"max_uses": 0})
    await running.workspace.store_fault(match="PUT promotions/*", kind="status", times=99)

    await ask(anna)

    told = await anna.wait_for_reply(1042, "The discount code SORRY-10 is not as asked")
    assert "BigCommerce has uses no limit instead of 1." in told["text"]
    assert "It may work as it stands there." in told["text"]
    assert "Do not give it to the customer." in words(told["blocks"])
    assert (await ended(running)).status == "unknown"
    [coupon], _ = await made(running)
    assert coupon["enabled"] is True


async def test_one_empty_list_does_not_say_that_a_code_is_gone(
    running: Running, anna: Agent
) -> None:
    await ask(anna)
    told = await anna.wait_for_reply(1042, "Created discount code SORRY-10", "(Done")
    empty = {"data": [], "meta.pagination.count": 0}
    await running.workspace.store_fault(match="GET promotions", kind="change", set=empty)

    await anna.press_in_message(told, "Was it used?")

    await anna.wait_for_reply(1042, "The code SORRY-10 has not been used yet. It still works")
    await running.workspace.store_fault(match="GET promotions", kind="change", set=empty)
    await anna.press_in_message(told, "Switch it off")
    await anna.wait_for_reply(1042, "Discount code SORRY-10 is switched off")
    [coupon], _ = await made(running)
    assert coupon["enabled"] is False


@pytest.mark.parametrize("as_coupons", [True, False])
async def test_switching_off_is_held_against_the_store(
    running: Running, anna: Agent, tmp_path: Path, as_coupons: bool
) -> None:
    configure(tmp_path, "discount", {"as_coupons": as_coupons})
    await ask(anna)
    told = await anna.wait_for_reply(1042, "Created discount code SORRY-10", "(Done")
    wrong = {"enabled": True} if as_coupons else {"status": "ENABLED"}
    match = "PUT coupons/*" if as_coupons else "PUT promotions/*"
    await running.workspace.store_fault(match=match, kind="misread", set=wrong)

    await anna.press_in_message(told, "Switch it off")

    told = await anna.wait_for_reply(1042, "It is not known whether", "SORRY-10 is switched off")
    assert "BigCommerce answered, and shows it as on." in told["text"]
    [coupon], _ = await made(running)
    assert coupon["enabled"] is True
    await anna.press_in_message(told, "Check again")
    await anna.wait_for_reply(1042, "Discount code SORRY-10 is switched off: nobody can use it")
    [coupon], _ = await made(running)
    assert coupon["enabled"] is False


async def test_a_refusal_to_switch_off_is_not_believed_where_the_code_is_off(
    running: Running, anna: Agent
) -> None:
    await ask(anna)
    told = await anna.wait_for_reply(1042, "Created discount code SORRY-10", "(Done")
    fault = {"match": "PUT promotions/*", "kind": "status", "status": 422, "after": True}
    await running.workspace.store_fault(**fault)

    await anna.press_in_message(told, "Switch it off")

    await anna.wait_for_reply(1042, "Discount code SORRY-10 is switched off: nobody can use it")
