"""What an error of the client means to the person who asked, when nothing was changed."""

from __future__ import annotations

import pytest

from bot.actions.action import RuleBroken
from bot.actions.failures import (
    heard,
    is_final,
    nothing_changed,
    part_unread,
    rejected,
    sentence,
)
from bot.bigcommerce.http import errors
from bot.values.outcome import Status

CALL = "GET /v2/orders/1042"


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (
            errors.NotAuthorised(CALL, "No.", 401),
            Status.FAILED,
            "Order 1042 was not touched: BigCommerce does not accept Makegood's access token.",
        ),
        (
            errors.MissingScope(CALL, "No.", 403),
            Status.FAILED,
            "Order 1042 was not touched: Makegood's access token lacks a permission for it.",
        ),
        (
            errors.OrderNotFound(CALL, "No.", 404),
            Status.REJECTED,
            "Order 1042 was not found in this store.",
        ),
        (
            errors.Forbidden(CALL, "Not from here.", 403),
            Status.FAILED,
            "Order 1042 was not touched: BigCommerce answered: Not from here.",
        ),
        (
            errors.RateLimited(CALL, "Slow down.", 429),
            Status.FAILED,
            "Order 1042 was not touched: BigCommerce is too busy.",
        ),
        (
            errors.Refused(CALL, "Amount is too high", 422),
            Status.REJECTED,
            "Order 1042 was not touched: BigCommerce said no. Amount is too high.",
        ),
        (
            errors.NotSent(CALL, "x"),
            Status.FAILED,
            "Order 1042 was not touched: BigCommerce could not be reached.",
        ),
        (
            errors.ServerError("GET /v3/orders/1042/transactions", "Gone away.", 503),
            Status.FAILED,
            "Order 1042 was not touched: its transactions could not be read. "
            "BigCommerce answered: Gone away.",
        ),
    ],
)
def test_each_error_says_what_it_means_to_the_order(
    error: errors.BigCommerceError, status: Status, message: str
) -> None:
    outcome = nothing_changed(error, 1042)

    assert (outcome.status, outcome.message) == (status, message)


def test_without_an_order_nothing_was_created() -> None:
    outcome = nothing_changed(errors.NotSent("POST /v2/coupons", "x"))

    assert outcome.message == "Nothing was created: BigCommerce could not be reached."
    assert outcome.next_step == "Try again in a minute."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (None, "What BigCommerce answered is not in the log."),
        (errors.NoAnswer(CALL, "x"), "BigCommerce did not answer."),
        (errors.UnusableAnswer(CALL, "No usable total", 200), "No usable total."),
        (errors.ServerError(CALL, "BigCommerce has a problem.", 500), "BigCommerce has a problem."),
        (
            errors.ServerError(CALL, "Tax service gone", 500),
            "BigCommerce answered: Tax service gone.",
        ),
    ],
)
def test_no_more_is_heard_than_came_back(error: errors.BigCommerceError | None, said: str) -> None:
    assert heard(error) == said


@pytest.mark.parametrize(
    ("call", "part"),
    [
        ("GET /v2/orders/1042/products", "lines"),
        ("GET /v2/orders/1042/shipping_addresses", "shipping"),
        ("GET /v3/orders/1042/payment_actions/refunds", "refunds"),
        ("GET /v2/orders/1042", ""),
        ("POST /v3/orders/1042/payment_actions/refunds", ""),
        ("GET /v3/catalog/products", ""),
    ],
)
def test_a_part_of_an_order_is_called_by_its_name(call: str, part: str) -> None:
    assert part_unread(errors.NoAnswer(call, "x")) == part


def test_only_a_no_is_final() -> None:
    assert is_final(errors.Refused(CALL, "No.", 422))
    assert not is_final(errors.RateLimited(CALL, "Slow down.", 429))
    assert not is_final(errors.NoAnswer(CALL, "x"))


def test_a_rule_that_was_broken_changed_nothing() -> None:
    outcome = rejected(RuleBroken("", "The order was cancelled meanwhile."))

    assert outcome.status is Status.REJECTED
    assert outcome.message == "The order was cancelled meanwhile. Nothing was changed."


def test_somebody_elses_words_become_a_sentence() -> None:
    assert [sentence(each) for each in (" No ", "No.", "Why?", "")] == ["No.", "No.", "Why?", ""]
