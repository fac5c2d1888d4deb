from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.actions.rules.given_back import Given, GivenBack
from bot.actions.rules.sums import on_order, plus, total
from bot.config.configuration import Configuration
from storage.log.entries import Counted

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
PLAIN = Configuration(audit_channel="C1")
SAID = Configuration.model_validate(
    {"audit_channel": "C1", "discount": {"unknown_counts_as": "25.00"}}
)


def row(reference: str, worth: str | None, **changes: object) -> Counted:
    known = None if worth is None else Decimal(worth)
    fields: dict[str, object] = {"action": "refund_order", "order_id": 1042, "at": NOW}
    return Counted(reference=reference, worth=known, **(fields | changes))  # type: ignore[arg-type]


def back(*refunds: tuple[int, str | None, str], rate: str | None = None) -> GivenBack:
    return GivenBack(
        currency="USD" if rate is None else "EUR",
        rate=None if rate is None else Decimal(rate),
        refunds=tuple(
            Given(refund_id=each, reference=mark, amount=Decimal(amount), created=NOW)
            for each, mark, amount in refunds
        ),
    )


def test_each_request_counts_once_on_its_order() -> None:
    listed = back((1, "MG-A", "51.96"), (2, None, "20.00"), (3, None, "5.00"))
    rows = [
        row("MG-A", "51.96"),  # listed, by its mark
        row("MG-B", "5.00", refund_ids=frozenset({3})),  # listed, by its number
        row("MG-C", "59.00"),  # waits, or runs
    ]
    assert on_order(PLAIN, listed, rows, currency="USD") == Decimal("135.96")


def test_what_came_later_does_not_count_when_a_request_is_judged_again() -> None:
    listed = back((1, "MG-A", "51.96"), (2, "MG-B", "59.00"))
    found = on_order(PLAIN, listed, [], currency="USD", later=frozenset({"MG-B"}))
    assert found == Decimal("51.96")


def test_only_what_is_recent_counts_for_the_customer() -> None:
    old = back((1, "MG-A", "51.96"))
    rows = [row("MG-A", "51.96"), row("MG-C", "59.00", at=NOW - timedelta(days=31))]
    since = NOW - timedelta(days=30)
    assert on_order(PLAIN, old, rows, currency="USD", since=since) == Decimal("51.96")
    assert on_order(PLAIN, old, rows, currency="USD", since=NOW + timedelta(seconds=1)) == 0


def test_another_currency_counts_with_the_orders_rate_or_is_not_known() -> None:
    assert on_order(PLAIN, back((1, None, "9.20"), rate="0.92"), [], currency="USD") == 10
    assert on_order(PLAIN, back((1, None, "9.20"), rate="0"), [], currency="USD") is None
    assert on_order(PLAIN, back(rate="0"), [], currency="USD") == 0


def test_one_that_is_not_known_makes_the_sum_unknown_unless_it_is_a_code_with_a_say() -> None:
    code = row("MG-A", None, action="create_discount_code", order_id=None)
    found = row("MG-B", None, action="found_in_store", order_id=None)
    refund = row("MG-C", None)
    assert total(PLAIN, [code], "USD") is None
    assert total(SAID, [code, found], "USD") == 50
    assert total(SAID, [code, refund], "USD") is None
    assert plus([]) == 0
