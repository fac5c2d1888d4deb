"""The table of evidence over orders with refunds that are hard to tell from each other."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.actions.refunds.settlement.settlement import (
    Judgement,
    Settlement,
    SettlementEvidence,
    TenderState,
    judge_settlement,
)
from bot.actions.refunds.tenders import is_recorded_only
from bot.bigcommerce.models import Order, Transaction
from tests.bot.actions.builders import order
from tests.bot.actions.payment_worlds import PaymentWorld, payment_worlds

PAYMENT_STATUSES = ("", "captured", "partially refunded", "refunded", "void", "pending")


def judge_all(
    world: PaymentWorld,
    shown: Sequence[Transaction] | None,
    told: Order | None = None,
    *,
    is_last_look: bool = False,
) -> dict[tuple[int, int], TenderState]:
    told = told or order()
    return {
        (refund.id, place): tender.state
        for refund in world.refunds
        for place, tender in enumerate(
            judge_settlement(refund, world.refunds, shown, told, is_last_look=is_last_look).tenders
        )
    }


def some_of(world: PaymentWorld) -> st.SearchStrategy[list[Transaction]]:
    return st.lists(st.sampled_from(world.transactions), unique_by=lambda row: row.id)


@given(payment_worlds(), st.data())
def test_what_transactions_settle_has_moved(world: PaymentWorld, data: st.DataObject) -> None:
    shown = data.draw(some_of(world))

    states = judge_all(world, shown)

    settled = {key for key, state in states.items() if state is TenderState.MOVED}
    assert settled <= {key for key, row in world.moved.items() if row in shown}


@given(payment_worlds())
def test_others_transactions_settle_nothing_while_the_own_one_has_not_come(
    world: PaymentWorld,
) -> None:
    for refund in world.refunds:
        theirs = [row for (owner, _), row in world.moved.items() if owner != refund.id]

        judged = judge_settlement(refund, world.refunds, [*world.noise, *theirs], order())

        assert judged.moved.amount == 0


@given(payment_worlds(), st.data())
def test_each_transaction_settles_one_tender(world: PaymentWorld, data: st.DataObject) -> None:
    shown = data.draw(some_of(world))

    states = list(judge_all(world, shown).values())

    paying = [row for row in shown if row in world.moved.values()]
    assert states.count(TenderState.MOVED) <= len(paying)


@given(payment_worlds(), st.data())
def test_neither_order_nor_doubling_changes_a_verdict(
    world: PaymentWorld, data: st.DataObject
) -> None:
    rows = world.transactions
    shuffled = data.draw(st.permutations([*rows, *data.draw(some_of(world))]))

    assert judge_all(world, shuffled) == judge_all(world, rows)


@given(payment_worlds())
def test_all_is_known_where_ids_tell(world: PaymentWorld) -> None:
    for place, refund in enumerate(world.refunds):
        payments = [
            payment.model_copy(
                update={"transaction_id": f"gw-{refund.id}-{index}"},
            )
            for index, payment in enumerate(refund.payments)
        ]
        world.refunds[place] = refund.model_copy(update={"payments": tuple(payments)})

    states = judge_all(world, world.transactions)

    on_line = {
        (refund.id, index)
        for refund in world.refunds
        for index, payment in enumerate(refund.payments)
        if not is_recorded_only(payment)
    }
    moved = {key for key, state in states.items() if state is TenderState.MOVED}
    assert moved == on_line & set(world.moved)


@given(
    payment_worlds(),
    st.data(),
    st.sampled_from(PAYMENT_STATUSES),
    st.integers(0, 14),
    st.sampled_from(["10", "20", "30", "40", "154.10"]),
)
def test_no_row_goes_before_a_decline_or_a_persons_task(
    world: PaymentWorld, data: st.DataObject, payment_status: str, status_id: int, total: str
) -> None:
    told = order(payment_status=payment_status, status_id=status_id, total_inc_tax=total)
    shown = data.draw(st.none() | some_of(world))

    for refund in world.refunds:
        judged = judge_settlement(refund, world.refunds, shown, told, is_last_look=True)

        for tender in judged.tenders:
            if is_recorded_only(tender.payment):
                assert tender.state is TenderState.TO_SEND
            elif tender.payment.is_declined:
                assert tender.state is TenderState.DECLINED
        assert (judged.settlement is Settlement.SETTLED) == _is_all_moved(judged)
        assert _sums(judged) == sum(payment.amount for payment in refund.payments)


@given(payment_worlds(), st.data(), st.integers(0, 14), st.booleans())
def test_the_status_changes_no_verdict(
    world: PaymentWorld, data: st.DataObject, status_id: int, is_last_look: bool
) -> None:
    shown = data.draw(st.none() | some_of(world))
    moved_on = order(status_id=status_id)

    assert judge_all(world, shown, moved_on, is_last_look=is_last_look) == judge_all(
        world, shown, order(), is_last_look=is_last_look
    )


@given(payment_worlds(), st.data())
def test_nothing_moves_without_a_row_that_decides(world: PaymentWorld, data: st.DataObject) -> None:
    shown = data.draw(st.none() | some_of(world))

    for refund in world.refunds:
        judged = judge_settlement(
            refund, world.refunds, shown, order(status_id=4), is_last_look=True
        )
        for tender in judged.tenders:
            if tender.state is TenderState.MOVED:
                assert set(tender.evidence) - {SettlementEvidence.ORDER_STATUS}


def _is_all_moved(judged: Judgement) -> bool:
    return all(tender.state is TenderState.MOVED for tender in judged.tenders)


def _sums(judged: Judgement) -> object:
    return (
        judged.moved.amount + judged.declined.amount + judged.to_send.amount + judged.pending.amount
    )
