"""The terms of a form: what limits it, said before it is filled in, in the review and after it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from bot.actions.action import MethodChoice, Review
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.registry import ACTIONS
from bot.actions.rules.customer import NOBODY, customer_of
from bot.actions.rules.given_back import listed_refunds
from bot.actions.rules.limits import LimitCheck, Verdict
from bot.actions.rules.worth import worth_of
from bot.bigcommerce.http.errors import BigCommerceError
from handlers.access.limit_words import approval_line, approver_names
from handlers.access.limits import checked_limits, is_exempt, limits_used_up, lines_for, read_shop
from handlers.access.person import Person
from handlers.block_kit.mrkdwn import date
from handlers.customers.customer_summary import past_refund_lines, read_customer_summary
from handlers.desk import Desk
from handlers.flow.form_context import OpenedForm
from storage.form_drafts import Draft

DECIDERS_S = 1.0  # asked while Slack waits for its answer
SET_THEM = "An admin sets approvers in the Home tab of Makegood."
logger = logging.getLogger(__name__)

# What is known of the customer is a help and holds nobody up.
GLANCE_S = 3.0
# What they come to is known before the form is filled in.
FORESEEN = {name for name, each in ACTIONS.items() if each.takes_whole and each.gives_back}


@dataclass(frozen=True, slots=True)
class Terms:
    """Why the form need not be filled in (None: it may), and what is known as it opens."""

    refusal: str | None = None
    opened: OpenedForm = field(default_factory=OpenedForm)


async def read_terms(
    desk: Desk, person: Person, action: str, snapshot: OrderSnapshot | None
) -> Terms:
    """Return the terms of a form to be opened; BigCommerceError when they cannot be read."""
    shop = await read_shop(desk)
    order = snapshot.order if snapshot else None
    check = LimitCheck(
        *person.ids,
        action,
        order.id if order else None,
        Decimal(0),
        shop.currency,
        customer=customer_of(order) if order else NOBODY,
        given_back=listed_refunds(order, snapshot.refunds) if order and snapshot else None,
        is_approver=await is_exempt(desk, person),
    )
    if (no := limits_used_up(desk, check)) is not None:
        return Terms(no)
    opened = OpenedForm(
        reasons=desk.configuration.reasons_for(action),
        shop=shop,
        whom=check.customer,
        given_back=check.given_back,
    )
    # What leaves is judged by its review; here only where it can be foreseen.
    if snapshot is None or action not in FORESEEN or not snapshot.is_paid_known:
        return Terms(opened=opened)
    worth = worth_of(snapshot.left, snapshot.order.rate, shop.currency)
    verdict = checked_limits(desk, replace(check, worth=worth))
    will_ask = str(snapshot.left) if verdict.needs_approval else ""
    return Terms(verdict.refusal, opened.model_copy(update={"will_ask": will_ask}))


def form_terms(desk: Desk, draft: Draft) -> str:
    """Return what stands at the top of a form as mrkdwn, "" for nothing."""
    opened = OpenedForm.of(draft.context)
    if opened.shop is None:
        return ""
    check = LimitCheck(
        draft.team_id,
        draft.actor_id,
        draft.action,
        draft.order_id,
        Decimal(0),
        opened.shop.currency,
        customer=opened.whom,
        given_back=opened.given_back,
    )
    return " ".join(lines_for(desk, check, opened.will_ask))


async def terms_in_short(desk: Desk, person: Person, action: str) -> str:
    """Return from which amount on an action needs approval, as mrkdwn; "" for never."""
    configuration = desk.configuration.current()
    if configuration.approval_above is None and not configuration.rule(action).always_approve:
        return ""
    shop = await read_shop(desk)
    able = await desk.access.deciders(but=person.user_id, within_s=DECIDERS_S)
    return approval_line(configuration, action, shop.currency, person.user_id, able)


async def review_terms(desk: Desk, draft: Draft, verdict: Verdict) -> str:
    """Return that what is reviewed has to be asked for, as mrkdwn; "" where it need not."""
    if not verdict.needs_approval:
        return ""
    configuration = desk.configuration.current()
    able = await desk.access.deciders(but=draft.actor_id, within_s=DECIDERS_S)
    names = approver_names(configuration.approvers, but=draft.actor_id, able=able)
    hours = configuration.approval_hours
    if able == ():
        return f"*{verdict.why} It needs approval, and nobody can approve now.* {SET_THEM}"
    return (
        f"*{verdict.why} It needs approval by {names}.* They are asked in the thread and have "
        f"{hours} {'hour' if hours == 1 else 'hours'}; nothing is sent before."
    )


async def waits_for(desk: Desk, reference: str) -> str:
    """Return whom a request waits for and until when, as mrkdwn; "" where it does not wait."""
    entry = desk.log.find(reference)
    if entry is None or not entry.is_waiting or entry.held_until is None:
        return ""
    able = await desk.access.deciders(but=entry.actor_id, within_s=DECIDERS_S)
    until = date(entry.held_until, time=True)
    if able == ():
        return f"Waits for approval until {until}. Nobody can approve this now. {SET_THEM}"
    names = approver_names(desk.configuration.current().approvers, but=entry.actor_id, able=able)
    return f"Waits for approval by {names}, until {until}."


async def customer_lines(desk: Desk, order_id: int | None) -> list[str]:
    """Return what a second person should know of the customer; nothing when that takes long."""
    if order_id is None:
        return []
    try:
        async with asyncio.timeout(GLANCE_S):
            return past_refund_lines(
                await read_customer_summary(desk, await desk.store.orders.get(order_id))
            )
    except (BigCommerceError, TimeoutError) as error:
        logger.warning("customer not read", extra={"error": type(error).__name__})
        return []


def shown_to_approver(
    review: Review, chosen: MethodChoice | None, reason: str, customer: Sequence[str]
) -> dict[str, Any]:
    """Return what the second person is shown; the customer's name is on the root message."""
    facts = [[label, value] for label, value in review.facts if label not in {"Customer", "Reason"}]
    if chosen is not None:
        facts.append(["Paid back by", chosen.label])
    if reason:
        facts.append(["Reason", reason])
    if customer:
        facts.append(["Customer", " · ".join(customer)])
    return {"facts": facts, "warnings": list(review.warnings)}
