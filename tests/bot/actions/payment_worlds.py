"""Orders whose refunds were paid, or not, in all sorts of ways: what is true, and what shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import strategies as st

from bot.bigcommerce.models import Transaction
from bot.bigcommerce.refunds import Refund, RefundedPayment
from tests.bot.actions.builders import NOON, refund, tender, transaction

SALE = "1"
_PROVIDERS = {
    "braintree": "credit_card",
    "storecredit": "store_credit",
    "custom": "custom",
    "cheque": "offline",
}


@dataclass
class PaymentWorld:
    """All refunds of an order as they show, and its transactions, each with the refund it paid.

    `moved` are the tenders (refund's id, place) whose money really moved, with the transaction.
    """

    refunds: list[Refund] = field(default_factory=list)
    noise: list[Transaction] = field(default_factory=list)
    moved: dict[tuple[int, int], Transaction] = field(default_factory=dict)

    @property
    def transactions(self) -> list[Transaction]:
        """Return everything that will ever show."""
        return [*self.noise, *self.moved.values()]


def _few(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


@st.composite
def payment_worlds(draw: st.DrawFn) -> PaymentWorld:
    """Build a world with refunds that are alike: few amounts, and a few seconds between them."""
    sale = transaction("154.10", int(SALE), event="purchase", method="credit_card")
    world = PaymentWorld(noise=[sale])
    created = NOON
    for refund_id in range(1, draw(st.integers(1, 4)) + 1):
        created += timedelta(seconds=draw(st.integers(0, 2)))
        places = range(draw(st.integers(1, 2)))
        payments = [draw(_tenders(world, refund_id, place, created)) for place in places]
        world.refunds.append(refund(*payments, id=refund_id, created=created))
    for number in range(draw(st.integers(0, 2))):
        world.noise.append(draw(_noise(500 + number)))
    return world


@st.composite
def _tenders(
    draw: st.DrawFn, world: PaymentWorld, refund_id: int, place: int, created: datetime
) -> RefundedPayment:
    amount, provider = draw(_few("10", "20")), draw(st.sampled_from(sorted(_PROVIDERS)))
    paid_by = transaction(
        draw(_few("", "-")) + amount,
        transaction_id=1000 + refund_id * 10 + place,
        event=draw(_few("refund", "void")),
        method=draw(_few("", _PROVIDERS[provider])),
        currency=draw(_few("", "USD")),
        gateway_transaction_id=f"gw-{refund_id}-{place}",
        reference_transaction_id=draw(st.sampled_from([None, 0, int(SALE)])),
        date_created=created + timedelta(seconds=draw(st.integers(0, 3))),
    )
    fate = draw(_few("moved", "moved", "on its way", "failed", "declined"))
    if fate == "moved":
        world.moved[refund_id, place] = paid_by
    elif fate == "failed":
        world.noise.append(paid_by.model_copy(update={"status": "error"}))
    ids = ("", SALE, str(paid_by.id), paid_by.gateway_transaction_id)
    return tender(
        amount,
        provider,
        offline=provider == "cheque",
        is_declined=fate == "declined",
        transaction_id=draw(_few(*ids)),
    )


@st.composite
def _noise(draw: st.DrawFn, transaction_id: int) -> Transaction:
    """Build a transaction that pays no refund although its amount would fit."""
    before, after = NOON - timedelta(seconds=1), NOON + timedelta(seconds=20)
    event, currency, status, date_created = draw(
        st.sampled_from(
            [
                ("void", "USD", "ok", before),
                ("refund", "EUR", "ok", after),
                ("refund", "USD", "error", after),
                ("pending", "USD", "ok", after),
                ("capture", "USD", "ok", after),
                ("chargeback", "USD", "ok", after),
            ]
        )
    )
    return transaction(
        draw(_few("10", "20")),
        transaction_id,
        event=event,
        currency=currency,
        status=status,
        date_created=date_created,
    )
