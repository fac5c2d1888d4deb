"""The forms of approvals, limits, e-mail, cancelling, restocking, guests and tenders."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

from bot.actions.restocking.stock import given_back_by_itself
from bot.bigcommerce.http.errors import BigCommerceError
from bot.config.configuration import AMOUNT_NAMES, People
from handlers.block_kit.builders import (
    Block,
    alert,
    context,
    input_block,
    number_input,
    option,
    radio,
    section,
)
from handlers.block_kit.mrkdwn import inert
from handlers.settings.forms.editor import Editor, Present
from handlers.settings.forms.fields import (
    NOT_ABOVE,
    Reading,
    amount_field,
    people_fields,
    read_people,
)
from handlers.settings.words import NOTIFICATIONS, OFF, ON

LEADS_ONLY = "Approvers and admins only"
READ_WITHIN_S = 2.0
ONLINE_STORE = 1  # BigCommerce's number of the store's own channel
APPROVAL_ABOVE = "0: for any amount. Empty: never."
NO_MAIL = (
    "E-mail by Makegood cannot be chosen yet: no mail server is set. Whoever runs Makegood sets "
    "SMTP_HOST and the other SMTP_ settings, and starts it again."
)


async def _build_approvals(present: Present) -> list[Block]:
    now = present.configuration
    hours = number_input("approval_hours", minimum=1, maximum=168, initial=str(now.approval_hours))
    return [
        section(
            "A second person has to agree to more than this amount, whatever the action: refunds, "
            "store credit and discount codes. Nobody approves what they asked for themselves, "
            "admins neither."
        ),
        amount_field(
            "approval_above",
            AMOUNT_NAMES["approval_above"],
            now.approval_above,
            present.wording,
            hint=APPROVAL_ABOVE,
        ),
        *people_fields("Who approves", now.approvers, present.wording, nobody="Nobody"),
        input_block("approval_hours", "Requests expire after (hours)", hours),
    ]


async def _parse_approvals(present: Present, reading: Reading, _: str) -> dict[str, Any]:
    return {
        "approval_above": _reached(reading.threshold("approval_above"), present, reading),
        "approvers": read_people(reading, present.configuration.approvers),
        "approval_hours": reading.whole("approval_hours", most=168)
        or present.configuration.approval_hours,
    }


def _reached(above: str | None, present: Present, reading: Reading) -> str | None:
    limit = present.configuration.limit
    if above is not None and limit is not None and Decimal(above) >= limit:
        most = present.wording.amount(limit)
        reading.errors["approval_above"] = NOT_ABOVE.format(limit=most)
    return above


async def _build_limits(present: Present) -> list[Block]:
    now, wording = present.configuration, present.wording
    return [
        amount_field(
            "limit",
            AMOUNT_NAMES["limit"],
            now.limit,
            wording,
            hint="For everybody: nobody can approve more than that. Empty: no limit.",
        ),
        amount_field(
            "day_limit",
            AMOUNT_NAMES["day_limit"],
            now.day_limit,
            wording,
            hint="Refunds, store credit and codes in any 24 hours together. Empty: no limit.",
        ),
        amount_field(
            "hour_limit",
            AMOUNT_NAMES["hour_limit"],
            now.hour_limit,
            wording,
            hint="In any 60 minutes. Above it only approvers can go on. Empty: no limit.",
        ),
    ]


async def _parse_limits(present: Present, reading: Reading, _: str) -> dict[str, Any]:
    limits = {name: reading.amount(name) for name in ("limit", "day_limit", "hour_limit")}
    above, limit = present.configuration.approval_above, limits["limit"]
    if above is not None and limit is not None and above >= Decimal(limit):
        asked = present.wording.amount(above)
        reading.errors["limit"] = f"Enter more than {asked}: above that approval is needed."
    return limits


async def _build_notifications(present: Present) -> list[Block]:
    offered = [*NOTIFICATIONS] if present.desk.can_mail else ["bigcommerce"]
    options = [option(NOTIFICATIONS[each], each) for each in offered]
    chosen = present.configuration.notifications
    initial = chosen if chosen in offered else "bigcommerce"
    element = radio("notifications", options, initial=initial)
    block = input_block("notifications", "Who e-mails the customer about a refund", element)
    if not present.desk.can_mail:
        return [block, context(NO_MAIL)]
    about = (
        "When Makegood does it, switch the store's own status e-mails off for Refunded, Partially "
        "Refunded and Cancelled, or customers hear it twice."
    )
    return [block, context(about)]


async def _parse_notifications(present: Present, reading: Reading, _: str) -> dict[str, Any]:
    chosen = reading.text("notifications")
    if chosen == "email" and not present.desk.can_mail:
        reading.errors["notifications"] = NO_MAIL
    return {"notifications": chosen}


async def _build_restocking(present: Present) -> list[Block]:
    options = [option("Off", OFF), option("On: agents choose for each line", ON)]
    initial = ON if present.configuration.restocking else OFF
    element = radio("restocking", options, initial=initial)
    about = "Whether agents are asked what becomes of the goods: back to stock, damaged or lost."
    blocks = [section(about), input_block("restocking", "Restocking", element)]
    why_not = await _kept_by_the_store(present)
    return [*blocks, alert(inert(why_not), level="info")] if why_not else blocks


async def _kept_by_the_store(present: Present) -> str:
    """Return why restocking would be hidden here all the same, "" when it would not be."""
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            settings = await present.desk.store.inventory.settings(ONLINE_STORE)
    except (BigCommerceError, TimeoutError):
        return "BigCommerce's stock settings cannot be read just now."
    return given_back_by_itself(settings)


async def _parse_restocking(present: Present, reading: Reading, _: str) -> dict[str, Any]:
    return {"restocking": reading.text("restocking") == ON}


async def _build_guests(present: Present) -> list[Block]:
    options = [option("May do nothing", OFF), option("May act like members", ON)]
    initial = ON if present.configuration.guests else OFF
    element = radio("guests", options, initial=initial)
    about = (
        "Guests of your Slack workspace who are in the audit channel. Unless an admin of the "
        "workspace has changed that, every member of a private channel may add people to it."
    )
    return [section(about), input_block("guests", "Guests", element)]


async def _parse_guests(present: Present, reading: Reading, _: str) -> dict[str, Any]:
    return {"guests": reading.text("guests") == ON}


async def _build_cancelling(present: Present) -> list[Block]:
    options = [
        option("Refuse: refund it in BigCommerce first", OFF),
        option("Refund it, then cancel", ON),
    ]
    initial = ON if present.configuration.refund_before_cancel else OFF
    element = radio("refund_before_cancel", options, initial=initial)
    about = (
        "An order can be Pending or Awaiting Payment although its payment was taken. Cancelling it "
        "alone would keep the customer's money."
    )
    return [section(about), input_block("refund_before_cancel", "Then, Cancel should", element)]


async def _parse_cancelling(present: Present, reading: Reading, _: str) -> dict[str, Any]:
    return {"refund_before_cancel": reading.text("refund_before_cancel") == ON}


def _tender_editor(section_name: str, title: str, about: str) -> Editor:
    """Return the form of who may refund in a way that not everybody may."""

    def present_people(present: Present) -> People:
        people: People = getattr(present.configuration, section_name)
        return people

    async def build(present: Present) -> list[Block]:
        chosen = people_fields(
            "Who may use it",
            present_people(present),
            present.wording,
            nobody=LEADS_ONLY,
            some="Approvers, admins, and those chosen below",
        )
        return [section(about), *chosen]

    async def parse(present: Present, reading: Reading, _: str) -> dict[str, Any]:
        return {section_name: read_people(reading, present_people(present))}

    return Editor(title, (section_name,), build, parse)


RECORDED_ONLY = _tender_editor(
    "recorded_only",
    "Record-only refunds",
    "BigCommerce only records such a refund: no money moves, and somebody has to send it by hand.",
)
STORE_CREDIT = _tender_editor(
    "store_credit",
    "Store credit",
    "This is about orders that were not paid with store credit.",
)
APPROVALS = Editor(
    "Approvals",
    ("approval_above", "approvers", "approval_hours"),
    _build_approvals,
    _parse_approvals,
)
LIMITS = Editor("Limits", ("limit", "day_limit", "hour_limit"), _build_limits, _parse_limits)
NOTIFYING = Editor(
    "E-mail to customers", ("notifications",), _build_notifications, _parse_notifications
)
RESTOCKING = Editor("Restocking", ("restocking",), _build_restocking, _parse_restocking)
GUESTS = Editor("Guests", ("guests",), _build_guests, _parse_guests)
CANCELLING = Editor("Cancelling", ("refund_before_cancel",), _build_cancelling, _parse_cancelling)
