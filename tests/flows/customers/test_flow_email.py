"""The bot's own e-mail to the customer: asked for in the form, sent once the money has moved."""

from __future__ import annotations

from pathlib import Path

from tests.support.agent import Agent, wait_for, words
from tests.support.mailbox import Mailbox, body
from tests.support.mailing import BOX, PLAIN, TICKED, UNTICKED, events, open_cancel, to_review
from tests.support.running import Running, configure

SHIPPED = 2


async def test_a_ticked_box_sends_what_the_review_has_shown(
    mailing: Running, agent: Agent, mailbox: Mailbox, tmp_path: Path
) -> None:
    form = words(await open_cancel(agent))
    assert "E-mail the customer" in form
    assert "…@mail.example" in form

    review = words(await to_review(agent, TICKED))
    await agent.fill()

    await agent.wait_for_reply(PLAIN, "(Done", "E-mailed the customer (c…@mail.example).")
    [message] = mailbox.messages
    text = body(message, "plain")
    assert "we have cancelled your order 1042 and refunded 154.10 USD." in text
    for line in filter(None, text.splitlines()):
        assert line.replace("&", "&amp;") in review
    assert message["From"].addresses[0].addr_spec.startswith("orders@")
    assert mailbox.recipients[0][0] in form
    reference = mailing.entries(PLAIN)[0].reference
    happened = events(tmp_path, reference)
    assert [name for name in happened if name.startswith("mail")] == [
        "mail_due",
        "mail_addressed",
        "mail_claimed",
        "mail_sent",
    ]
    assert happened.index("outcome") < happened.index("mail_due") < happened.index("told")


async def test_nothing_is_sent_unless_ticked(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    form = await open_cancel(agent)
    box = next(b for b in form["blocks"] if b.get("block_id", "").startswith(BOX))
    assert "initial_options" not in box["element"]

    review = words(await to_review(agent, UNTICKED))
    assert "Makegood sends the customer no e-mail." in review
    await agent.fill()

    await agent.wait_for_reply(
        PLAIN, "(Done", "Makegood sent the customer no e-mail; BigCommerce may have."
    )
    assert mailbox.messages == []


async def test_a_full_refund_has_the_box_and_going_back_keeps_it(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    order_id = await mailing.workspace.order_in_status(SHIPPED, payment="captured")
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("What shall be done?")
    await agent.press("Full refund")
    await agent.wait_for_modal("Notification")
    await to_review(agent, TICKED)
    await agent.press("Change something")
    form = await agent.wait_for_modal("Notification")
    box = next(b for b in form["blocks"] if b.get("block_id", "").startswith(BOX))
    assert [each["value"] for each in box["element"]["initial_options"]] == ["yes"]

    await to_review(agent, {})
    await agent.fill()

    await agent.wait_for_reply(order_id, "(Done", "E-mailed the customer (c…@mail.example).")
    [message] = mailbox.messages
    assert f"for your order {order_id}." in body(message, "plain")
    assert "cancelled" not in body(message, "plain")


async def test_a_partial_refund_is_told_with_its_deduction(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    await agent.command(f"/refund-order {PLAIN}")
    await agent.wait_for_modal("What shall be done?")
    await agent.press("Partial refund")
    view = await agent.wait_for_modal("Notification", "Same reason for everything")
    names = [b["block_id"].split("~")[0] for b in view["blocks"] if b["type"] == "input"]
    line = next(name for name in names if name.startswith("quantity_"))
    typed = {line: "1", "reason_all": "Customer request", BOX: TICKED[BOX]}
    await agent.press("Deduct a fee", typed)
    await agent.wait_for_modal("What is deducted")
    fee = {"deduction": "4", "deduction_text": "Restocking fee"}

    answer = await agent.fill(fee)
    assert not answer.get("errors"), answer
    kept = "This is after a deduction of 4.00 USD (Restocking fee)."
    await agent.wait_for_modal("Change something", kept)
    await agent.fill()

    await agent.wait_for_reply(PLAIN, "(Done", "E-mailed the customer (c…@mail.example).")
    [message] = mailbox.messages
    text = body(message, "plain")
    assert "we have refunded 21.98 USD for your order 1042." in text
    assert kept in text


async def test_the_letter_follows_the_way_of_paying_that_is_chosen(
    mailing: Running, agent: Agent, mailbox: Mailbox, tmp_path: Path
) -> None:
    configure(tmp_path, "recorded_only", {"everyone": True})
    await open_cancel(agent)
    review = await to_review(agent, TICKED)
    methods = next(b for b in review["blocks"] if b.get("block_id", "").startswith("method"))
    recorded = next(
        option["value"]
        for option in methods["element"]["options"]
        if "recorded only" in option["text"]["text"]
    )
    await agent.choose("method", recorded)
    await agent.wait_for_modal("The customer is e-mailed once somebody has sent the money by hand.")
    await agent.choose("method", "storecredit")
    await agent.wait_for_modal("You get the money back as store credit")
    await agent.fill({"method": "storecredit"})

    await agent.wait_for_reply(PLAIN, "(Done", "E-mailed the customer (c…@mail.example).")
    [message] = mailbox.messages
    assert "You get the money back as store credit, to spend in our shop." in body(message, "plain")


async def test_a_refund_on_its_way_is_mailed_when_it_has_arrived(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    await mailing.workspace.post("store/settings", settlement_s=2)
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()
    await agent.wait_for_reply(PLAIN, "(On its way", "once the money has moved")
    assert mailbox.messages == []

    await agent.wait_for_reply(PLAIN, "(Done", "E-mailed the customer (c…@mail.example).")
    assert len(mailbox.messages) == 1


async def test_without_the_setting_there_is_no_box(running: Running, anna: Agent) -> None:
    form = words(await open_cancel(anna))
    assert "Notification" not in form

    review = words(await to_review(anna, UNTICKED))
    assert "Makegood sends" not in review
    assert "BigCommerce e-mails the customer if" in review
    await anna.fill()

    reply = await anna.wait_for_reply(PLAIN, "(Done")
    assert "mail" not in words(reply)


async def test_the_address_is_read_when_the_mail_is_sent(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    async def arrived() -> bool | None:
        return bool(mailbox.recipients) or None

    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()

    await wait_for(arrived, "a mail")
    assert "…" not in mailbox.recipients[0]
