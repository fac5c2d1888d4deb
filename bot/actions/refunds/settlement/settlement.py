"""What counts as settled: whether the money of a refund has moved, by a table of evidence. Pure.

BigCommerce accepts a refund first and pays it afterwards, and no single signal of that is there in
every shop: a gateway may name its transaction otherwise, and a token may not read transactions.
`SettlementEvidence` is the table; `judge_settlement` asks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum, auto

from bot.actions.orders.snapshot import OrderSnapshot, given_back
from bot.actions.refunds.settlement.paying_transactions import (
    Paid,
    PaidTender,
    match_transactions,
    tenders_of,
)
from bot.actions.refunds.tenders import STORE_CREDIT, is_recorded_only
from bot.bigcommerce.models import Order, Transaction
from bot.bigcommerce.refunds import Refund, RefundedPayment, RefundPayment
from bot.values.money import Money

_REFUNDED_STATUSES = frozenset({4, 14})


class Settlement(Enum):
    """How far a refund is, as a whole.

    PENDING: some of it may still move. TO_SEND: nothing is on its way, and a person has to send
    some of it or all. PARTLY_DECLINED: some will never move. DECLINED: none has moved or ever will.
    """

    PENDING = auto()
    SETTLED = auto()
    TO_SEND = auto()
    PARTLY_DECLINED = auto()
    DECLINED = auto()


class TenderState(Enum):
    """How far one tender is. TO_SEND: BigCommerce only records it, a person sends the money."""

    PENDING = auto()
    MOVED = auto()
    TO_SEND = auto()
    DECLINED = auto()


class Certainty(StrEnum):
    """How much a row is worth.

    LIKELY rows are asked at the last look only, so that a surer one, or a decline, has had the time
    to show. A SUPPORTING row decides nothing.
    """

    CERTAIN = "certain"
    STRONG = "strong"
    LIKELY = "likely"
    SUPPORTING = "supporting"


class SettlementEvidence(Enum):
    """The rows of the table in the order in which they are asked: certainty, where it is from."""

    # No money moves, a person sends it: whatever the other rows say is of the record alone.
    RECORDED_ONLY = (Certainty.CERTAIN, "refund: payments[].offline, or the provider `custom`")
    DECLINED = (Certainty.CERTAIN, "refund: payments[].is_declined")
    TRANSACTION_BY_ID = (Certainty.CERTAIN, "refund: payments[].transaction_id, transactions: id")
    # Its own transaction failed, or is of another amount: no weaker row is believed against it.
    TRANSACTION_NOT_PAID = (Certainty.CERTAIN, "transactions: status, event and amount of that id")
    TRANSACTION_BY_EVENT = (Certainty.STRONG, "transactions: event refund or void, amount and time")
    # Whether BigCommerce writes it at the 201 or after the gateway's answer is not documented.
    PAYMENT_STATUS = (Certainty.LIKELY, "order: payment_status")
    # BigCommerce keeps credit itself, and no transaction is documented for giving it.
    STORE_CREDIT = (Certainty.LIKELY, "refund: the provider `storecredit`, not declined")
    # People and recorded-only refunds set it, too.
    ORDER_STATUS = (Certainty.SUPPORTING, "order: status_id 4 or 14")

    def __init__(self, certainty: Certainty, source: str) -> None:
        """Keep the row's columns."""
        self.certainty = certainty
        self.source = source


@dataclass(frozen=True, slots=True)
class JudgedTender:
    """One payment of a refund, how far it is, and the rows that say so."""

    payment: RefundedPayment
    state: TenderState
    evidence: tuple[SettlementEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """How far a refund is, tender by tender; sums in the order's transactional currency.

    `inconsistency` is a sentence when the tenders do not add up to the refund's total, or one is
    called declined and paid at once, else "". Such a refund is never settled: it is not known what
    it pays.
    """

    settlement: Settlement
    tenders: tuple[JudgedTender, ...]
    currency: str
    inconsistency: str = ""

    @property
    def moved(self) -> Money:
        """What the customer has got."""
        return self._sum(TenderState.MOVED)

    @property
    def declined(self) -> Money:
        """What was declined and stays with the shop."""
        return self._sum(TenderState.DECLINED)

    @property
    def to_send(self) -> Money:
        """What a person has to send."""
        return self._sum(TenderState.TO_SEND)

    @property
    def pending(self) -> Money:
        """What may be on its way."""
        return self._sum(TenderState.PENDING)

    @property
    def evidence(self) -> tuple[SettlementEvidence, ...]:
        """Return the rows that were used, the surest first."""
        used = {row for tender in self.tenders for row in tender.evidence}
        return tuple(row for row in SettlementEvidence if row in used)

    def describe_evidence(self) -> str:
        """Return the rows for the log: "transaction_by_id (certain), order_status (supporting)"."""
        return ", ".join(f"{row.name.lower()} ({row.certainty})" for row in self.evidence)

    def _sum(self, state: TenderState) -> Money:
        amounts = (each.payment.amount for each in self.tenders if each.state is state)
        return Money(amount=sum(amounts, Decimal(0)), currency=self.currency)


def judge_settlement(
    refund: Refund,
    refunds: Sequence[Refund],
    transactions: Sequence[Transaction] | None,
    order: Order,
    *,
    is_last_look: bool = False,
) -> Judgement:
    """Return how far `refund` is, by all that the store shows of it at one moment.

    `refunds` are all of the order's, those that other people and apps made, too. `transactions` are
    None when they could not be read, which is not the same as none. Read them before the refunds:
    then none of them is of a refund that is not in the list.
    """
    others = [each for each in refunds if each.id != refund.id]
    rows = transactions or ()
    paid = match_transactions((*others, refund), rows, order.currency)
    tenders = tenders_of(refund)
    by_status = is_last_look and _is_told_by_payment_status(refund, others, rows, order)
    judged = tuple(
        _judge_tender(tender, paid[tender.key], order, by_status, is_last_look)
        for tender in tenders
    )
    inconsistency = _inconsistency(refund, order.currency) or _contradiction(refund, rows)
    settlement = Settlement.PENDING if inconsistency else _sum_up(judged)
    return Judgement(settlement, judged, order.currency, inconsistency)


def as_confirmed(refund: Refund, payments: Sequence[RefundPayment]) -> Refund:
    """Return the refund with what was confirmed of its tenders where BigCommerce does not tell it.

    Whatever an answer says or leaves out, a tender that was confirmed as only recorded moves no
    money by itself.
    """
    if not refund.payments and sum(each.amount for each in payments) == refund.total_amount:
        told = tuple(map(_untold, payments))
    else:
        told = tuple(_as_confirmed(each, payments) for each in refund.payments)
    return refund.model_copy(update={"payments": told})


def _untold(confirmed: RefundPayment) -> RefundedPayment:
    # Without its provider no weak row is believed: whether it was declined is not told either.
    provider = confirmed.provider_id if is_recorded_only(confirmed) else ""
    return RefundedPayment(
        provider_id=provider,
        amount=confirmed.amount,
        offline=confirmed.offline,
        is_declined=False,
    )


def _as_confirmed(told: RefundedPayment, payments: Sequence[RefundPayment]) -> RefundedPayment:
    for each in payments:
        if told.provider_id in ("", each.provider_id) and told.amount == each.amount:
            offline = told.offline or each.offline
            return told.model_copy(update={"provider_id": each.provider_id, "offline": offline})
    return told


def _judge_tender(
    tender: PaidTender, paid: Paid, order: Order, by_status: bool, is_last_look: bool
) -> JudgedTender:
    payment = tender.payment
    if is_recorded_only(payment):
        return JudgedTender(payment, TenderState.TO_SEND, (SettlementEvidence.RECORDED_ONLY,))
    if payment.is_declined:
        return JudgedTender(payment, TenderState.DECLINED, (SettlementEvidence.DECLINED,))
    if paid is Paid.NOT_YET:
        return JudgedTender(
            payment, TenderState.PENDING, (SettlementEvidence.TRANSACTION_NOT_PAID,)
        )
    is_credit = payment.provider_id == STORE_CREDIT
    found = {
        SettlementEvidence.TRANSACTION_BY_ID: paid is Paid.BY_ID,
        SettlementEvidence.TRANSACTION_BY_EVENT: paid is Paid.BY_EVENT,
        SettlementEvidence.PAYMENT_STATUS: by_status,
        SettlementEvidence.STORE_CREDIT: is_last_look and is_credit,
    }
    rows = tuple(row for row in SettlementEvidence if found.get(row))
    if not rows:
        return JudgedTender(payment, TenderState.PENDING)
    if order.status_id in _REFUNDED_STATUSES:
        rows = (*rows, SettlementEvidence.ORDER_STATUS)
    return JudgedTender(payment, TenderState.MOVED, rows)


def _sum_up(tenders: Sequence[JudgedTender]) -> Settlement:
    states = {tender.state for tender in tenders}
    if TenderState.PENDING in states:
        return Settlement.PENDING
    if states == {TenderState.DECLINED}:
        return Settlement.DECLINED
    if TenderState.DECLINED in states:
        return Settlement.PARTLY_DECLINED
    return Settlement.TO_SEND if TenderState.TO_SEND in states else Settlement.SETTLED


def _is_told_by_payment_status(
    refund: Refund, others: Sequence[Refund], transactions: Sequence[Transaction], order: Order
) -> bool:
    """Whether the order's payment status can have come from this refund alone.

    It is of the order as a whole: it must be this refund that made it what it is, and a tender
    that is only recorded, or of which nothing is told, may have done so without any money.
    """
    tenders = tenders_of(refund)
    if any(is_recorded_only(each.payment) or not each.payment.provider_id for each in tenders):
        return False
    given = given_back(refund)
    taken = _taken(order, transactions)
    match order.payment_status.strip().lower():
        case "refunded" | "void":  # an unsettled sale that was given back may be told as voided
            earlier = [each for each in others if each.id < refund.id]
            is_newest = all(given_back(each) == 0 for each in others if each.id > refund.id)
            return is_newest and sum(map(given_back, earlier), given) in taken
        case "partially refunded":
            return not others and given < max(taken)
    return False


def _taken(order: Order, transactions: Sequence[Transaction]) -> frozenset[Decimal]:
    """Return what the shop may have taken: the order's total, and what transactions tell.

    The two differ for an order that was edited after it was paid.
    """
    shown = OrderSnapshot(order=order, transactions=tuple(transactions))
    return frozenset({shown.total.amount, shown.paid.amount})


def _contradiction(refund: Refund, transactions: Sequence[Transaction]) -> str:
    """Return that a payment is called declined while its own transaction has paid it."""
    declined = {each.transaction_id for each in refund.payments if each.is_declined} - {""}
    paid = {str(row.id) for row in transactions if row.event == "refund" and row.status == "ok"}
    if declined.isdisjoint(paid):
        return ""
    return (
        f"BigCommerce calls a payment of refund {refund.id} declined, and shows its transaction as "
        "paid."
    )


def _inconsistency(refund: Refund, currency: str) -> str:
    paid = sum((each.payment.amount for each in tenders_of(refund)), Decimal(0))
    if paid == refund.total_amount:
        return ""
    total = Money(amount=refund.total_amount, currency=currency)
    return (
        f"BigCommerce shows a total of {total} for refund {refund.id}, but payments of "
        f"{Money(amount=paid, currency=currency)}."
    )
