"""What counts already when a request is judged, by the log: now, or again later."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from bot.actions.rules.customer import CustomerKeys
from bot.actions.rules.given_back import GivenBack
from bot.actions.rules.limits import CUSTOMER_TIME, DAY, HOUR, LimitCheck
from bot.actions.rules.sums import Sums, found_in_store, on_order, plus, total
from bot.actions.rules.worth import counted_in
from bot.config.configuration import Configuration
from storage.log.action_log import ActionLog
from storage.log.entries import Counted, Entry


def entry_check(
    entry: Entry, *, currency: str, given_back: GivenBack | None, is_approver: bool
) -> LimitCheck:
    """Return the check of a request that is in the log: only what came before it counts.

    `given_back` is the order's refunds as read anew, None where it has no order.
    """
    return LimitCheck(
        entry.team_id,
        entry.actor_id,
        entry.action,
        entry.order_id,
        counted_in(entry.counted, entry.counted_in, currency),
        currency,
        customer=CustomerKeys(id=entry.customer_id or 0, mail=entry.customer_mail or ""),
        given_back=given_back,
        is_approver=is_approver,
        reference=entry.reference,
        asked_at=entry.asked_again_at or entry.asked_at,
    )


def read_sums(log: ActionLog, configuration: Configuration, check: LimitCheck) -> Sums:
    """Return what counts already besides this request, by the log as it is."""
    now, but = check.asked_at or datetime.now(UTC), check.reference
    currency = check.currency
    by_person = log.asked_by(check.team_id, check.actor_id, now - DAY, but=but)
    mine = _not_after(by_person, check)
    found = found_in_store(mine)
    return Sums(
        order=_on_order(log, configuration, check),
        customer=_to_customer(log, configuration, check, now - CUSTOMER_TIME),
        person=_most_in_a_day(configuration, mine, now, currency),
        hour=total(configuration, _before(log.let_run(now - HOUR, but=but), check), currency),
        found=total(configuration, found, currency),
        found_until=max((row.at + DAY for row in found), default=None),
    )


def _on_order(
    log: ActionLog, configuration: Configuration, check: LimitCheck, since: datetime | None = None
) -> Decimal | None:
    if check.order_id is None:
        return plus([])
    if check.given_back is None:
        return None
    rows = log.asked_on(check.order_id, but=check.reference)
    before = _before(rows, check)
    later = {row.reference for row in rows} - {row.reference for row in before}
    return on_order(
        configuration,
        check.given_back,
        before,
        currency=check.currency,
        later=frozenset(later | {check.reference}),
        since=since,
    )


def _to_customer(
    log: ActionLog, configuration: Configuration, check: LimitCheck, since: datetime
) -> Decimal | None:
    """Return the customer's sum: on this order as the store lists it, on others by the log."""
    rows = log.given_to(
        check.customer.id,
        check.customer.mail,
        since,
        but=check.reference,
        but_order=check.order_id,
    )
    elsewhere = total(configuration, _before(rows, check), check.currency)
    return plus([elsewhere, _on_order(log, configuration, check, since)])


def _most_in_a_day(
    configuration: Configuration, rows: list[Counted], at: datetime, currency: str
) -> Decimal | None:
    """Return the most that came together in any 24 hours that hold the moment `at`."""
    ends = [at, *(row.at for row in rows if at < row.at < at + DAY)]
    days = ([row for row in rows if end - DAY <= row.at <= end] for end in ends)
    sums = [total(configuration, day, currency) for day in days]
    return None if None in sums else max(each for each in sums if each is not None)


def _before(rows: list[Counted], check: LimitCheck) -> list[Counted]:
    """Return what came before the request that is judged again: what came later had it in view."""
    if check.asked_at is None:
        return rows
    return [row for row in rows if row.at <= check.asked_at]


def _not_after(rows: list[Counted], check: LimitCheck) -> list[Counted]:
    """Return the same for a limit that nobody's yes lifts: what was let run meanwhile counts, too.

    The limit may have been lowered since that had this request in view.
    """
    if check.asked_at is None:
        return rows
    latest = check.asked_at + DAY  # what came later shares no 24 hours with it
    return [row for row in rows if row.at <= (check.asked_at if row.waits else latest)]
