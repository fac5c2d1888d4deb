"""What an error of the client means to the person who asked, when nothing has been changed."""

from __future__ import annotations

from bot.actions.action import RuleBroken
from bot.bigcommerce.http.errors import (
    BigCommerceError,
    Forbidden,
    MissingScope,
    NotAuthorised,
    NotSent,
    OrderNotFound,
    RateLimited,
    Refused,
    UnusableAnswer,
)
from bot.values.outcome import Outcome, Status

CHECK_ACCESS = "Ask an admin to check BIGCOMMERCE_ACCESS_TOKEN with “python -m bot check”."
WIDEN_ACCESS = "Ask an admin to give Makegood an access token with all its permissions."
LATER = "Try again in a minute."
# The parts of an order on which money depends, by the end of their path.
_PARTS = {
    "transactions": "transactions",
    "refunds": "refunds",
    "products": "lines",
    "shipping_addresses": "shipping",
    "fees": "fees",
}
LOOK_THEN_CHECK = "Look at the order in the BigCommerce control panel, then choose Check again."
GOES_ON = "Nothing to do now: Makegood keeps checking and updates the order's thread."


def nothing_changed(
    error: BigCommerceError, order_id: int | None = None, *, untouched: str = "Nothing was created"
) -> Outcome:
    """Return the outcome for an error before any write, or of a write that was not executed.

    `untouched` says so without a full stop; with an order it is the order that was not touched.
    """
    if order_id is not None:
        untouched = f"Order {order_id} was not touched"
    match error:
        case NotAuthorised():
            text = f"{untouched}: BigCommerce does not accept Makegood's access token."
            return Outcome(status=Status.FAILED, message=text, next_step=CHECK_ACCESS)
        case MissingScope():
            text = f"{untouched}: Makegood's access token lacks a permission for it."
            return Outcome(status=Status.FAILED, message=text, next_step=WIDEN_ACCESS)
        case OrderNotFound() if order_id is not None:
            return Outcome(
                status=Status.REJECTED,
                message=not_found(order_id),
                next_step="Check the number and ask again.",
            )
        case Forbidden():
            text = f"{untouched}: {heard(error)}"
            return Outcome(status=Status.FAILED, message=text, next_step=CHECK_ACCESS)
        case RateLimited():
            text = f"{untouched}: BigCommerce is too busy."
            return Outcome(status=Status.FAILED, message=text, next_step=LATER)
        case Refused():
            text = f"{untouched}: BigCommerce said no. {sentence(error.reason)}"
            return Outcome(status=Status.REJECTED, message=text)
    part = part_unread(error)
    text = f"{untouched}: {f'its {part} could not be read. ' if part else ''}{heard(error)}"
    return Outcome(status=Status.FAILED, message=text, next_step=LATER)


def rejected(broken: RuleBroken) -> Outcome:
    """Return the outcome for a rule that was broken at the moment of writing."""
    return Outcome(status=Status.REJECTED, message=f"{broken.text} Nothing was changed.")


def not_found(order_id: int) -> str:
    """Return the sentence for an order number that the store does not have."""
    return f"Order {order_id} was not found in this store."


def is_final(error: BigCommerceError) -> bool:
    """Whether trying again later cannot help: BigCommerce understood, and said no."""
    return isinstance(error, Refused) and not isinstance(error, RateLimited)


def heard(error: BigCommerceError | None) -> str:
    """Return as a sentence what came back of a call, and no more than is known of it.

    None: an earlier run sent it, or other data did, and what came back then is not in this log.
    """
    match error:
        case None:
            return "What BigCommerce answered is not in the log."
        case NotSent():
            return "BigCommerce could not be reached."
        case UnusableAnswer():
            return sentence(error.reason)
    if error.status_code is None:
        return "BigCommerce did not answer."
    said = sentence(error.reason)
    return said if said.startswith("BigCommerce") else f"BigCommerce answered: {said}"


def part_unread(error: BigCommerceError) -> str:
    """Return which part of an order could not be read, "" for any other failure."""
    method, _, path = error.call.partition(" ")
    is_of_order = method == "GET" and "/orders/" in path
    return _PARTS.get(path.rsplit("/", 1)[-1], "") if is_of_order else ""


def sentence(text: str) -> str:
    """Return someone else's words with a full stop at the end."""
    text = text.strip()
    return text if not text or text[-1] in ".!?" else f"{text}."
