"""The customer at a glance, for agents' eyes only: what they bought, got back, and asked before.

`read_customer_summary` reads it, `summary_lines` puts it into words; both serve any message or
modal.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions.registry import RUNNABLE
from bot.bigcommerce.customers import Customer
from bot.bigcommerce.models import Order
from bot.lookup.customer_summary import (
    MOST_ORDERS,
    CustomerSummary,
    Turnover,
    load_customer_summary,
)
from bot.values.outcome import Status
from handlers.block_kit.builders import Block, section
from handlers.block_kit.mrkdwn import date, inert, mention, typed
from handlers.desk import Desk
from handlers.timeline.outcomes.outcome_message import SIGNS
from storage.log.entries import Entry

SHOWN_OUTCOMES = 4


@dataclass(frozen=True, slots=True)
class ShownSummary:
    """The store's figures, and the last requests on the customer's orders, newest first."""

    figures: CustomerSummary
    requests: tuple[Entry, ...]


async def read_customer_summary(desk: Desk, who: Order | Customer) -> ShownSummary:
    """Read it anew, in a bounded number of calls; raises BigCommerceError when that fails.

    An order stands for its customer, or for the guest of its e-mail address.
    """
    store = await desk.catalogue.store()
    figures = await load_customer_summary(
        desk.store,
        who,
        default_currency=store.default_currency,
        sent_by_hand=desk.log.sent_by_hand,
    )
    return ShownSummary(figures, tuple(desk.log.of_orders(figures.order_ids, SHOWN_OUTCOMES)))


def summary_blocks(glance: ShownSummary) -> list[Block]:
    """Return it as one paragraph."""
    return [section("\n".join(summary_lines(glance)))]


def summary_lines(glance: ShownSummary) -> list[str]:
    """Return it as lines of mrkdwn; the first names the customer."""
    figures = glance.figures
    who = f"*{typed(figures.name, limit=120)}*{' · guest' if figures.is_guest else ''}"
    lines = [f"{who} · {_orders(figures)}", *map(_turnover, figures.turnovers[:5])]
    if figures.store_credit is not None:
        lines.append(f"Store credit {figures.store_credit}")
    return [*lines, *map(_request, glance.requests)]


def past_refund_lines(glance: ShownSummary) -> list[str]:
    """Return what the customer spent and got back lately, with the rate, without their name."""
    return [f"{_orders(glance.figures)}", *map(_turnover, glance.figures.turnovers[:3])]


def _orders(figures: CustomerSummary) -> str:
    count = len(figures.order_ids)
    if figures.is_cut:
        return (
            f"more than {MOST_ORDERS} orders; of the newest {count}, {figures.recent} in the last "
            "365 days"
        )
    noun = "order" if count == 1 else "orders"
    return f"{count} {noun}, {figures.recent} in the last 365 days"


def _turnover(turnover: Turnover) -> str:
    rate = "" if turnover.rate is None else f" ({turnover.rate:.1f}%)"
    return f"Paid orders of {turnover.spent} in that time, refunds {turnover.refunded}{rate}"


def _request(entry: Entry) -> str:
    action = RUNNABLE.get(entry.action)
    title = inert(action.title if action else entry.action)
    word = SIGNS[Status(entry.status)][1] if entry.status else "Under way"
    asked = f"{date(entry.asked_at)} by {mention(entry.actor_id)}"
    return f"• {title} on order {entry.order_id}: {word} · {asked}"
