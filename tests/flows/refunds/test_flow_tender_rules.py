"""Who may have a refund recorded only, or give store credit that nobody paid with."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from tests.support.agent import Agent, View, words
from tests.support.approving import (
    ANNA,
    BEN,
    CHIARA,
    asked_of,
    refunds,
    review_refund,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.configuring import confirm, edit, make_admin, now, open_configuration, saved
from tests.support.running import Running, configure

RECORD, CREDIT = "custom:offline", "storecredit"
NOT_YOURS = "Not for you: Outside BigCommerce (recorded only)."


def methods(view: View) -> list[str]:
    block = next((b for b in view["blocks"] if b.get("block_id", "").startswith("method")), None)
    return [] if block is None else [option["value"] for option in block["element"]["options"]]


async def test_only_leads_are_offered_what_is_only_recorded(
    running: Running, anna: Agent, ben: Agent, chiara: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    order_id = await shipped(running)

    agents = await review_refund(anna, order_id)
    assert RECORD not in methods(agents)
    assert CREDIT in methods(agents)
    assert NOT_YOURS in words(agents)
    for lead in (ben, chiara):
        assert RECORD in methods(await review_refund(lead, order_id))


async def test_an_admin_names_who_else_may_record(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "recorded_only", {"user_ids": [ANNA]})
    order_id = await shipped(running)

    assert RECORD in methods(await review_refund(anna, order_id))
    assert RECORD not in methods(await review_refund(ben, order_id))


async def test_store_credit_is_kept_for_leads_where_the_order_was_not_paid_with_it(
    running: Running, anna: Agent, chiara: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "store_credit", {})
    order_id = await shipped(running)

    agents = await review_refund(anna, order_id)
    assert CREDIT not in str(agents["blocks"])
    assert "Not for you: Store credit, Outside BigCommerce (recorded only)." in words(agents)
    assert CREDIT in methods(await review_refund(chiara, order_id))


async def test_a_forged_method_is_refused(running: Running, anna: Agent) -> None:
    order_id = await shipped(running)
    await review_refund(anna, order_id)
    await anna.choose("method", CREDIT)
    await anna.wait_for_modal("Credit ")
    chosen: Any = copy.deepcopy(await running.delivered("block_actions"))
    await anna.close()
    view = await review_refund(anna, order_id)
    forged = copy.deepcopy(await running.delivered("view_submission", callback_id="form"))
    state = copy.deepcopy(chosen["view"]["state"])
    for block in state["values"].values():
        for element in block.values():
            if element.get("selected_option"):
                element["selected_option"]["value"] = RECORD
    forged["view"] = {**view, "state": state, "callback_id": "review"}

    await running.deliver(forged)

    await anna.command("/makegood help")
    await anna.wait_for_message("What Makegood does")
    assert running.recent() == []
    assert await refunds(running, order_id) == []


async def test_a_rule_that_is_set_meanwhile_holds_at_the_confirmation(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "recorded_only", {"everyone": True})
    order_id = await shipped(running)
    await review_refund(anna, order_id)
    await anna.choose("method", RECORD)
    await anna.wait_for_modal("Record ")
    configure(tmp_path, "recorded_only", {})

    await anna.fill({"method": RECORD})

    await anna.wait_for_modal("“Outside BigCommerce (recorded only)” is not for you", "nothing was")
    assert running.recent() == []
    assert await refunds(running, order_id) == []


async def test_a_rule_that_is_set_meanwhile_holds_at_the_approval(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="1.00")
    configure(tmp_path, "recorded_only", {"everyone": True})
    order_id = await shipped(running)
    await review_refund(anna, order_id)
    await anna.choose("method", RECORD)
    await anna.wait_for_modal("Ask to record ")
    await anna.fill({"method": RECORD})
    request = await asked_of(ben, order_id)
    configure(tmp_path, "recorded_only", {})

    await ben.press_in_message(request, "Approve")

    said = ("Nothing was approved", "“Outside BigCommerce” is not for you")
    await ben.wait_for_message(*said, channel=ben.log_channel)
    (entry,) = running.entries(order_id)
    assert entry.is_waiting
    assert await refunds(running, order_id) == []


async def test_where_nothing_else_is_offered_it_is_said_who_may(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "store_credit", {})
    await anna.command("/cancel-order 1024")
    await anna.wait_for_modal("Reason")
    await anna.fill({"reason": "Damaged"})

    await anna.wait_for_modal("BigCommerce offers only this, and it is not for you")
    assert running.recent() == []


async def test_an_admin_sets_both_rules_in_the_home_tab(
    running: Running, chiara: Agent, ben: Agent
) -> None:
    await make_admin(ben)
    await edit(chiara, "recorded_only", "Approvers and admins only")
    answer = await chiara.fill({"who": "some", "users": [ANNA]})
    assert not answer["errors"], answer
    await confirm(ben, f"Who may use them: approvers and admins → approvers, admins, <@{ANNA}>")
    await open_configuration(chiara)
    await saved(chiara, f"Who may use them: approvers, admins, <@{ANNA}>")
    assert now(running).recorded_only.user_ids == (ANNA,)

    await edit(chiara, "store_credit", "Approvers and admins only")
    await chiara.fill({"who": "nobody", "users": []})
    await saved(chiara, "Who may give it: approvers and admins")
    assert not now(running).store_credit.everyone
    assert CHIARA not in now(running).store_credit.user_ids
