"""What counts against limits: the requests of a person, a customer, an order, everybody's hour.

What waits, is under way or has an end that is not known counts in full; what was refused or failed
does not, unless a part of the money has moved. A request that was asked again counts from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from storage.log.entries import Counted
from storage.log.queries import LogQueries
from storage.values import time_text

_COLUMNS = (
    "SELECT reference, action, order_id, counted, counted_in,"
    " coalesce(asked_again_at, asked_at) AS at,"
    " held_until IS NOT NULL AND decision IS NULL AS waits,"
    " json_extract(outcome, '$.refund_id') AS refund_id, taken_refund_id FROM action_log WHERE "
)
_COUNTS = (
    " AND (status IS NULL OR status NOT IN ('rejected', 'failed')"
    " OR json_extract(outcome, '$.amount') IS NOT NULL)"
)


_BY_KEY = (
    "((customer_id = :id AND customer_id > 0) OR (customer_mail = :mail AND customer_mail <> ''))"
)
_WITH_KEY = " FROM action_log WHERE " + _BY_KEY + " AND "
_THEIRS = (
    "(" + _BY_KEY + " OR customer_id IN (SELECT customer_id" + _WITH_KEY + "customer_id > 0)"
    " OR customer_mail IN (SELECT customer_mail" + _WITH_KEY + "customer_mail <> ''))"
)


class LogSums(LogQueries):
    """The sums' parts, read only; `but` is a request that is left out."""

    def asked_by(
        self, team_id: str, actor_id: str, since: datetime, *, but: str = ""
    ) -> list[Counted]:
        """Return what a person has asked for since then."""
        # Who asked for what was found in the store is not known: it may have been this person.
        return self._counted(
            "team_id = :team_id AND actor_id IN (:actor_id, '')"
            " AND coalesce(asked_again_at, asked_at) >= :since",
            {"team_id": team_id, "actor_id": actor_id, "since": time_text(since), "but": but},
        )

    def let_run(self, since: datetime, *, but: str = "") -> list[Counted]:
        """Return what was let run since then, of everybody's: what waited from its approval on."""
        return self._counted(
            "((asked_at >= :since AND held_until IS NULL) OR asked_again_at >= :since"
            " OR (decided_at >= :since AND decision = 'approved'))",
            {"since": time_text(since), "but": but},
        )

    def given_to(
        self,
        customer_id: int,
        customer_mail: str,
        since: datetime,
        *,
        but: str = "",
        but_order: int | None = None,
    ) -> list[Counted]:
        """Return what was asked for a customer since then, on all orders but one.

        A match of either key counts, and of any other that the log has together with one of them:
        a customer's orders bear several addresses. Number 0 and no address are nobody's.
        """
        return self._counted(
            _THEIRS + " AND coalesce(asked_again_at, asked_at) >= :since"
            " AND order_id IS NOT :order_id",
            {
                "id": customer_id,
                "mail": customer_mail,
                "since": time_text(since),
                "order_id": but_order,
                "but": but,
            },
        )

    def asked_on(self, order_id: int, *, but: str = "") -> list[Counted]:
        """Return what was ever asked for on an order."""
        return self._counted("order_id = :order_id", {"order_id": order_id, "but": but})

    def counted_in_other(self, currency: str, since: datetime) -> str | None:
        """Return another currency in which something was counted since then, the latest one."""
        sql = (
            "SELECT counted_in FROM action_log WHERE counted_in <> ? AND asked_at >= ?"
            " ORDER BY asked_at DESC LIMIT 1"
        )
        found = self._db.execute(sql, [currency, time_text(since)]).fetchone()
        return None if found is None else str(found[0])

    def _counted(self, where: str, values: Mapping[str, Any]) -> list[Counted]:
        sql = f"{_COLUMNS}{where} AND reference <> :but{_COUNTS}"  # our words, no values
        return [_to_counted(row) for row in self._db.execute(sql, dict(values))]


def _to_counted(row: tuple[Any, ...]) -> Counted:
    reference, action, order_id, counted, currency, at, waits, *refund_ids = row
    return Counted(
        reference=reference,
        action=action,
        order_id=order_id,
        worth=None if counted is None else Decimal(counted),
        at=datetime.fromisoformat(at),
        waits=bool(waits),
        currency=currency,
        refund_ids=frozenset(int(each) for each in refund_ids if each is not None),
    )
