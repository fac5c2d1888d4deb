"""Which transaction of an order paid which tender of its refunds. Pure.

An id decides where there is one. Elsewhere only the event, the amount and the time are left, and
several refunds may fit: a tender counts as paid only when it is in every way in which the
transactions can be given out, one to a tender. What could have paid another refund proves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.actions.refunds.tenders import STORE_CREDIT, is_recorded_only
from bot.bigcommerce.models import Transaction
from bot.bigcommerce.refunds import Refund, RefundedPayment

# What the shopper paid, by the specification's events. Any other name that a tender's id points to
# is the gateway's name for giving the money back.
_PAID_IN = frozenset({"purchase", "authorization", "capture", "settled"})
_NOT_YET = frozenset({"pending", ""})
# Without an id only these are taken for a refund: `void` is how some gateways give back a sale that
# they have not settled yet. Other names may be a chargeback.
_GIVES_BACK = frozenset({"refund", "void"})
_RECORDED = frozenset({"offline", "custom"})
_CREDIT = "store_credit"


class Paid(Enum):
    """What the transactions say of a tender. NOT_YET: its own one is there, and did not pay."""

    BY_ID = auto()
    BY_EVENT = auto()
    NOT_YET = auto()
    UNTOLD = auto()


@dataclass(frozen=True, slots=True)
class PaidTender:
    """One payment of a refund. `provider_id` "": BigCommerce did not tell who pays it."""

    refund: Refund
    payment: RefundedPayment
    place: int

    @property
    def key(self) -> tuple[int, int]:
        """The refund's id and the place among its payments."""
        return self.refund.id, self.place


def tenders_of(refund: Refund) -> tuple[PaidTender, ...]:
    """Return the refund's tenders; one of its total when BigCommerce lists none."""
    payments = refund.payments or (_whole(refund),)
    return tuple(PaidTender(refund, payment, place) for place, payment in enumerate(payments))


def match_transactions(
    refunds: Iterable[Refund], transactions: Sequence[Transaction], currency: str
) -> dict[tuple[int, int], Paid]:
    """Return by `Tender.key` what the transactions say of all tenders of an order's refunds.

    `refunds` are all of the order's, for what paid one of them does not pay another.
    """
    rows = list({row.id: row for row in transactions if row.currency in ("", currency)}.values())
    tenders = [tender for refund in refunds for tender in tenders_of(refund)]
    open_tenders = [tender for tender in tenders if not tender.payment.is_declined]
    told, spent = _match_ids(tenders, rows)
    fits = {
        tender.key: {row.id for row in rows if row.id not in spent and _fits(tender, row, rows)}
        for tender in open_tenders
        if tender.key not in told
    }
    for tender in open_tenders:
        if tender.key in fits and _waits_for_no_id(tender, rows) and _is_needed(tender.key, fits):
            told[tender.key] = Paid.BY_EVENT
    return {tender.key: told.get(tender.key, Paid.UNTOLD) for tender in tenders}


def _match_ids(
    tenders: Sequence[PaidTender], rows: Sequence[Transaction]
) -> tuple[dict[tuple[int, int], Paid], set[int]]:
    """Return what ids tell, and the transactions that some tender's id names."""
    told: dict[tuple[int, int], Paid] = {}
    named = {tender.key: row for tender in tenders if (row := _named(tender, rows)) is not None}
    given_back = {key: row for key, row in named.items() if row.event not in _PAID_IN}
    spent = [row.id for row in given_back.values()]
    for tender in tenders:
        row = given_back.get(tender.key)
        if row is not None and spent.count(row.id) > 1:
            told[tender.key] = Paid.UNTOLD  # several name it: which of them it paid is not known
        elif row is not None:
            told[tender.key] = Paid.BY_ID if _paid(tender, row) else Paid.NOT_YET
    return told, set(spent)


def _named(tender: PaidTender, rows: Sequence[Transaction]) -> Transaction | None:
    """Return the transaction that the tender's id names, BigCommerce's ids before a gateway's."""
    wanted = tender.payment.transaction_id
    if not wanted:
        return None
    by_id = [row for row in rows if str(row.id) == wanted]
    by_gateway = [row for row in rows if row.gateway_transaction_id == wanted]
    # A gateway may use one id for a sale and for what gave it back.
    by_gateway.sort(key=lambda row: row.event in _PAID_IN)
    return next(iter((*by_id, *by_gateway)), None)


def _paid(tender: PaidTender, row: Transaction) -> bool:
    is_carried_out = row.status == "ok" and row.event not in _NOT_YET
    return is_carried_out and abs(row.amount) == tender.payment.amount


def _waits_for_no_id(tender: PaidTender, rows: Sequence[Transaction]) -> bool:
    # An id that is not among the transactions yet is waited for. One that names the purchase says
    # nothing of the refund; then the amount and the time must do.
    return not tender.payment.transaction_id or _named(tender, rows) is not None


def _fits(tender: PaidTender, row: Transaction, rows: Sequence[Transaction]) -> bool:
    """Whether the transaction may have paid the tender, as far as one can tell without an id."""
    if row.event not in _GIVES_BACK or not _paid(tender, row) or row.date_created is None:
        return False
    if row.date_created < tender.refund.created or not _fits_method(tender.payment, row.method):
        return False
    sale = _named(tender, rows)
    return sale is None or row.reference_transaction_id in (None, 0, sale.id)


def _fits_method(payment: RefundedPayment, method: str) -> bool:
    if not method:
        return True
    if is_recorded_only(payment):
        return method in _RECORDED
    if not payment.provider_id:
        return method not in _RECORDED
    return method not in _RECORDED and (method == _CREDIT) == (payment.provider_id == STORE_CREDIT)


def _is_needed(key: tuple[int, int], fits: Mapping[tuple[int, int], Collection[int]]) -> bool:
    """Whether the tender is in every way to give out as many of the transactions as possible."""
    others = {other: rows for other, rows in fits.items() if other != key}
    return _most_given_out(others) < _most_given_out(fits)


def _most_given_out(fits: Mapping[tuple[int, int], Collection[int]]) -> int:
    """Return how many tenders can have a transaction of their own at once (a maximum matching)."""
    owner: dict[int, tuple[int, int]] = {}

    def find(key: tuple[int, int], seen: set[int]) -> bool:
        for row in sorted(fits[key]):
            if row in seen:
                continue
            seen.add(row)
            if row not in owner or find(owner[row], seen):
                owner[row] = key
                return True
        return False

    return sum(find(key, set()) for key in fits)


def _whole(refund: Refund) -> RefundedPayment:
    return RefundedPayment(
        provider_id="", amount=refund.total_amount, offline=False, is_declined=False
    )
