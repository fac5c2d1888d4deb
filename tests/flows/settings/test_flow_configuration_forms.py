"""The other forms of the configuration page: what each changes and what it refuses."""

from __future__ import annotations

from decimal import Decimal

from tests.support.agent import Agent
from tests.support.configuring import (
    asked,
    confirm,
    edit,
    home,
    make_admin,
    now,
    open_configuration,
    open_home,
    press,
    saved,
)
from tests.support.running import Running


async def test_the_audit_channel_is_looked_at_before_it_counts(
    running: Running, chiara: Agent, anna: Agent, ben: Agent
) -> None:
    general = await running.workspace.channel("general", chiara.user)
    await edit(chiara, "channel")
    answer = await chiara.fill({"audit_channel": general})
    assert "/invite @Makegood" in answer["errors"]["audit_channel"]

    await chiara.fill({"audit_channel": anna.channel})
    await chiara.wait_for_modal("#support is public")
    assert now(running).audit_channel == chiara.log_channel

    await make_admin(ben)
    await chiara.fill()
    await asked(ben, "Channel: ")
    assert now(running).audit_channel == chiara.log_channel
    await ben.press_in_message(await asked(ben), "Confirm change")
    await open_home(chiara)
    await press(chiara, "configuration")
    await saved(chiara, "It is public")
    assert now(running).audit_channel == anna.channel
    for channel in (anna.channel, chiara.log_channel):
        await chiara.wait_for_message("The rules are looser now", "Channel: ", channel=channel)


async def test_approvers_are_people_and_groups(running: Running, chiara: Agent, ben: Agent) -> None:
    await make_admin(ben)
    await edit(chiara, "approvals", "Nobody approves what they asked for themselves")
    await chiara.fill({"who": "some", "users": [chiara.user], "approval_hours": "2"})

    await saved(chiara, "Who approves: nobody", "Requests expire after: 2 hours")
    await confirm(ben, f"Who approves: nobody → <@{chiara.user}>")
    await open_configuration(chiara)
    await saved(chiara, f"Who approves: <@{chiara.user}>", "Requests expire after: 2 hours")


async def test_email_is_not_offered_without_a_mail_server(running: Running, chiara: Agent) -> None:
    await edit(chiara, "notifications", "no mail server is set")
    await chiara.fill()
    await home(chiara, "BigCommerce, as the store is set up")
    view = await chiara.modal()
    assert view is None


async def test_email_is_switched_on_and_off(mailing: Running, agent: Agent) -> None:
    admin = await mailing.agent("Chiara")
    await edit(admin, "notifications")
    await admin.fill({"notifications": "bigcommerce"})
    await saved(admin, "Sent by: BigCommerce")

    await edit(admin, "notifications", "switch the store's own status e-mails off")
    await admin.fill({"notifications": "email"})
    await saved(admin, "Sent by: Makegood")


async def test_restocking_is_switched_on(running: Running, chiara: Agent) -> None:
    await edit(chiara, "restocking")
    await chiara.fill({"restocking": "on"})

    await saved(chiara, "Offered to agents: on")


async def test_what_agents_may_give_away_is_capped(running: Running, chiara: Agent) -> None:
    await edit(chiara, "discount")
    wrong = {"prefix": "SO RRY", "most_percent": "120", "most_days": "0"}
    answer = await chiara.fill(wrong)
    assert answer["errors"].keys() == wrong.keys()

    await chiara.fill(
        {"prefix": "FERN", "most_percent": "25", "most_amount": "50", "most_days": "90"}
    )
    await saved(chiara, "Codes start with: FERN", "Highest percentage: 25%", "90 days")


async def test_what_codes_are_is_set(running: Running, chiara: Agent) -> None:
    await edit(chiara, "discount")
    wrong = await chiara.fill({"ceiling": "0.5", "stacking": "alone", "as_coupons": "on"})
    assert wrong["errors"] == {
        "ceiling": "BigCommerce takes 1 or more here.",
        "stacking": "For coupons this cannot be set. Choose the first, or promotions below.",
    }

    await chiara.fill({"ceiling": "25", "stacking": "replaces", "as_coupons": "off"})

    await saved(
        chiara,
        "Usual ceiling of a percentage: 25.00 USD",
        "Beside other promotions: Codes are valid in place of all other promotions",
        "Codes are made as: Promotions: every currency and storefront",
    )
    rules = now(running).discount
    assert (rules.ceiling, rules.stacking, rules.as_coupons) == (Decimal(25), "replaces", False)


async def test_presets_are_added_changed_moved_and_removed(running: Running, chiara: Agent) -> None:
    await open_configuration(chiara)
    await press(chiara, "presets")
    await chiara.wait_for_modal("10% for 7 days, single use")

    await chiara.press("Add a preset")
    await chiara.wait_for_modal("How often it works")
    answer = await chiara.fill({"name": "10% for 7 days, single use", "value": "x"})
    assert answer["errors"].keys() == {"name", "value"}
    await chiara.fill({"name": "A fiver", "type": "fixed", "value": "5", "days": "", "uses": "1"})
    view = await chiara.wait_for_modal("A fiver", "5.00 USD, without an end, single use")

    await chiara.pick(view, "Move up", beside="A fiver")
    await home(chiara, "A fiver · 15%")
    view = await chiara.wait_for_modal("A fiver")
    await chiara.pick(view, "Change", beside="A fiver")
    await chiara.wait_for_modal("How often it works")
    await chiara.fill({"value": "7.50"})
    view = await chiara.wait_for_modal("7.50 USD")
    await chiara.pick(view, "Remove", beside="10% for 7 days")
    await home(chiara, "7.50 USD")

    presets = now(running).discount.presets
    assert [each.name for each in presets] == ["A fiver", "15% for 30 days, single use"]


async def test_the_form_of_restocking_says_when_the_store_restocks_by_itself(
    running: Running, chiara: Agent
) -> None:
    await running.workspace.post("store/settings", refund_order_stock_adjustment=True)

    await edit(chiara, "restocking", "This store gives stock back by itself")
