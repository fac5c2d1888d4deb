"""The terms of a form: what limits it, said before it is filled in, in the review and after it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bot.actions import CANCEL_AND_REFUND, REFUND_ORDER, MethodChoice, Review
from bot.actions.allowance import needs_approval, worth_of, worth_of_review
from bot.actions.snapshot import OrderSnapshot
from bot.bigcommerce import BigCommerceError
from bot.money import Money
from handlers.approval_words import approval_line, approver_names
from handlers.desk import Desk
from handlers.glance import customer_glance, refund_lines
from handlers.limits import Wish, is_exempt, judged, lines_for, nothing_left, read_shop
from handlers.person import Person
from handlers.text import date
from storage.drafts import Draft

logger = logging.getLogger(__name__)

# What is known of the customer is a help and holds nobody up.
GLANCE_S = 3.0
# What they come to is known before the form is filled in.
WHOLE = {REFUND_ORDER.name, CANCEL_AND_REFUND.name}


@dataclass(frozen=True, slots=True)
class Terms:
    """Why the form need not be filled in (None: it may), and what its draft has to know."""

    refusal: str | None = None
    context: dict[str, Any] = field(default_factory=dict)


async def read_terms(
    desk: Desk, person: Person, action: str, snapshot: OrderSnapshot | None
) -> Terms:
    """Return the terms of a form to be opened; BigCommerceError when they cannot be read."""
    shop = await read_shop(desk, action)
    if not shop:
        return Terms()
    order_id = snapshot.order.id if snapshot else None
    exempt = await is_exempt(desk, person)
    wish = Wish(person, action, order_id, Decimal(0), shop, is_approver=exempt)
    if (no := nothing_left(desk, wish)) is not None:
        return Terms(no)
    # What leaves is judged by its review; here only where it can be foreseen.
    if snapshot is None or action not in WHOLE or not snapshot.is_paid_known:
        return Terms(context={"shop": shop})
    worth = worth_of(snapshot.left, snapshot.order.rate, shop["currency"])
    verdict = judged(desk, Wish(person, action, order_id, worth, shop, is_approver=exempt))
    will_ask = str(snapshot.left) if verdict.needs_approval else ""
    return Terms(verdict.refusal, {"shop": shop, "will_ask": will_ask})


def form_terms(desk: Desk, draft: Draft) -> str:
    """Return what stands at the top of a form as mrkdwn, "" for nothing."""
    lines = lines_for(
        desk, Person(draft.team_id, draft.actor_id), draft.action, draft.context.get("shop") or {}
    )
    if will_ask := draft.context.get("will_ask"):
        lines.insert(0, f"*This comes to {will_ask}, so it will need approval.*")
    return " ".join(lines)


async def terms_in_short(desk: Desk, person: Person, action: str) -> str:
    """Return from which amount on an action needs approval, as mrkdwn; "" for never."""
    configuration = desk.configuration.current()
    if configuration.approval_above is None and not configuration.rule(action).always_approve:
        return ""
    shop = await read_shop(desk, action)
    return approval_line(configuration, action, shop["currency"], person.user_id)


def review_terms(desk: Desk, draft: Draft, worth: Decimal | None, currency: str) -> str:
    """Return that what is reviewed has to be asked for, as mrkdwn; "" where it need not."""
    configuration = desk.configuration.current()
    if not needs_approval(configuration, draft.action, worth):
        return ""
    above = configuration.approval_above
    names = approver_names(configuration.approvers, but=draft.actor_id)
    is_above = above is not None and worth is not None and worth > above
    why = f"This is above {Money(amount=above, currency=currency)}. " if above and is_above else ""
    if worth is None and above is not None:
        why = f"BigCommerce does not tell what this is in {currency}. "
    hours = configuration.approval_hours
    return (
        f"*{why}It needs approval by {names}.* They are asked in the thread and have {hours} "
        f"{'hour' if hours == 1 else 'hours'}; nothing is sent before."
    )


def waits_for(desk: Desk, reference: str) -> str:
    """Return whom a request waits for and until when, as mrkdwn; "" where it does not wait."""
    entry = desk.log.find(reference)
    if entry is None or not entry.is_waiting or entry.held_until is None:
        return ""
    names = approver_names(desk.configuration.current().approvers, but=entry.actor_id)
    return f"Waits for approval by {names}, until {date(entry.held_until, time=True)}."


def worth_in(review: Review, chosen: MethodChoice | None, shop: dict[str, str]) -> Decimal | None:
    """Return what a reviewed request counts in the store's default currency."""
    if not shop:
        return Decimal(0)
    return worth_of_review(review, chosen, shop["currency"])


async def customer_lines(desk: Desk, order_id: int | None) -> list[str]:
    """Return what a second person should know of the customer; nothing when that takes long."""
    if order_id is None:
        return []
    try:
        async with asyncio.timeout(GLANCE_S):
            return refund_lines(await customer_glance(desk, await desk.store.get_order(order_id)))
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
