"""What an action is: a request, and a function that carries it out against the store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum, auto
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from bot.actions.rules.customer import NOBODY, CustomerKeys
from bot.actions.rules.given_back import GivenBack
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.refunds import Refund, RefundItem, RefundPayment
from bot.values.money import Money
from bot.values.outcome import Outcome

# How many of the waits are for what BigCommerce does of its own soon after it has accepted a write.
SHOWN_SOON = 3


class ActionRequest(BaseModel):
    """The validated input of one action. It says what to do, never who asked.

    `order_id` is None only where an action needs no order. `reason` is the agent's, plain text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    order_id: int | None = None
    reason: str = ""


R = TypeVar("R", bound=ActionRequest)


class RuleBroken(Exception):
    """What was asked for cannot be done as it stands; nothing was changed.

    `text` is a plain sentence for the agent. `field` is the request's field that it belongs to
    (`quantity_<line id>` for a line's quantity), "" when it is about the whole form.
    """

    def __init__(self, field: str, text: str) -> None:
        """Keep the field's name and the sentence."""
        super().__init__(text)
        self.field = field
        self.text = text


class MethodChoice(BaseModel, frozen=True):
    """One complete way to pay a refund, in words.

    `key`, 150 characters at most, is the same whenever BigCommerce quotes the same method.
    `moves_money` is False when BigCommerce only records the refund and a person has to send the
    money. `is_unasked_credit`: it gives store credit on an order that was not paid with it.
    """

    key: str
    label: str
    description: str
    payments: tuple[RefundPayment, ...]
    amount: Money
    moves_money: bool
    is_unasked_credit: bool = False


class Review(BaseModel, frozen=True):
    """What an agent confirms, in plain text without markup.

    `effect` is the sentence that stands first: what becomes of the order or the customer.
    `methods` and `items`, what is refunded, are filled for refunds only, the best method first.
    `status` is the order's state as people see it. `confirm_label` has at most 24 characters; it
    names the best method's figure when there are several. `worth` is what counts against limits
    where there are no methods, None for nothing unless `is_worth_unknown`; `rate` is what one unit
    of the store's default currency was in the order's, None when BigCommerce does not tell.
    `customer` is whom it goes to, `given_back` what the order's refunds are so far; None: there is
    no order, or no money of it moves. `must_confirm` is what has to
    be agreed to in so many words before anything is sent ("Refund 140.73 USD and leave 13.37 USD"),
    "" for nothing; `left_out` is the figure that stays with the store then.
    """

    effect: str = ""
    facts: tuple[tuple[str, str], ...]
    notices: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    methods: tuple[MethodChoice, ...] = ()
    items: tuple[RefundItem, ...] = ()
    status: str = ""
    confirm_label: str
    worth: Money | None = None
    is_worth_unknown: bool = False
    rate: Decimal | None = None
    customer: CustomerKeys = NOBODY
    given_back: GivenBack | None = None
    left_out: Money | None = None
    must_confirm: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the runner lends an action for one run.

    `claim()` writes `sent_at` into the log and returns True, once for a reference; ever after it
    returns False, in any process. Call it right before the first write that would hurt twice, and
    never send that write when it returns False: read back instead. `claimed` tells whether it has
    been called in an earlier run.

    `refusal()` tells why nothing may be sent as of now, None when it may: who wants it, may they,
    is it on, is it within the rules. It is asked before every sending.

    `settle_waits` are the pauses, in seconds, between the readings that look for a write whose
    answer was lost. What BigCommerce has accepted is looked at by `accepted_waits` alone: then the
    run ends `pending`, so that it is told, and a later one goes on. `accepted` tells that an
    earlier run ended so: BigCommerce has the write, so a reading that fails now leaves the request
    pending and does not make it unknown. `sent_at`: when an earlier run sent it. `refund_id` is
    BigCommerce's number of the refund, where an earlier run saw it; `is_taken`: where a person has
    said that it is this request's. `approved`: a second person has agreed to what was confirmed.
    `note_release()` keeps in the log that the release of the order's payment is about to be sent,
    `released` that an earlier run has done so. `unsettled` are the references of the order's other
    requests whose money is not known to have come to its end: pending, unknown, or to be sent by
    hand.
    """

    reference: str
    store: BigCommerceClient
    claim: Callable[[], bool]
    claimed: bool
    refusal: Callable[[], Awaitable[Outcome | None]]
    settle_waits: Sequence[float] = field(default=(0, 1, 3, 6, 10, 20, 30))
    accepted: bool = False
    sent_at: datetime | None = None
    refund_id: int | None = None
    is_taken: bool = False
    approved: bool = False
    note_release: Callable[[], None] = lambda: None
    released: bool = False
    unsettled: tuple[str, ...] = ()

    @property
    def accepted_waits(self) -> Sequence[float]:
        """The pauses, some four seconds in all, for what usually shows right after a write."""
        return self.settle_waits[:SHOWN_SOON]

    @property
    def completing(self) -> Attempt:
        """The same for the writes that complete what has moved money: they are not asked about.

        A customer who has the money back and whose order is still to be shipped helps nobody. What
        a person says that has moved the money proves no more than that it did.
        """
        return self if self.is_taken else replace(self, refusal=_nothing_against)


async def _nothing_against() -> Outcome | None:
    return None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is to be carried out next, as a request of its own."""

    action: str
    request: ActionRequest


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a fresh reading shows of a request whose end is unknown.

    `refunds` are those of the order that may be taken for it; `is_refund` tells that one must be.
    `made` is how the request ends when a person says that it was made, None when the reading shows
    nothing of it. `against` is a sentence on what speaks against "not made", "" when nothing does.
    """

    made: Outcome | None = None
    against: str = ""
    refunds: tuple[Refund, ...] = ()
    is_refund: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for in the store of a request that was asked for at that time.

    `refund_id` is the refund that the bot found for it, `held` whose the order's other refunds are.
    """

    reference: str
    asked_at: datetime
    refund_id: int | None
    held: Mapping[int, str]


class Moves(Enum):
    """What becomes of money, by which an action is allowed, limited and warned about."""

    NOTHING = auto()
    """It has nothing to do with money."""
    NOTHING_KEPT = auto()
    """It moves none, and is refused while the store keeps the customer's."""
    BACK = auto()
    """It gives money back, and is refused where there is none to give back."""
    WHAT_THERE_IS = auto()
    """It gives back what there is, which may be nothing."""
    AWAY = auto()
    """It gives something away that is worth money, as a discount code is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runnable(Generic[R]):
    """What the runner carries out, and what the rest of the bot asks about it. Nothing is optional.

    `name` stands in the log for ever, `title` is its name for people. `run` may be called again for
    the same reference after a crash, by the sweep that follows a pending payment, or by a person's
    Check again: it must then find out where things stand and go on from there. `follow_up` tells
    what is to be carried out once the request has succeeded, None for nothing.

    Of a request as the log keeps it, by whatever release it was written, `subject` returns what
    names it besides the order, "" for nothing; and `sets` the status that it sets itself, with its
    mark in the order's staff note, None for none.

    `is_there` tells whether the store shows such a request as carried out, in whole or in part, by
    the mark of this reference; None: it leaves none, so that a lost answer is never settled by
    looking. `evidence` reads what the store shows of a request that a person wants to end. Both
    raise BigCommerceError when it cannot be read.
    """

    name: str
    title: str
    request_type: type[R]
    run: Callable[[R, Attempt], Awaitable[Outcome]]
    follow_up: Callable[[R], FollowUp | None]
    moves: Moves
    sets: Callable[[Mapping[str, Any]], int | None]
    subject: Callable[[Mapping[str, Any]], str]
    is_there: Callable[[BigCommerceClient, str, Mapping[str, Any]], Awaitable[bool]] | None
    evidence: Callable[[R, BigCommerceClient, Sought], Awaitable[Evidence]]

    @property
    def gives_back(self) -> bool:
        """Whether an order's money may go back to the customer."""
        return self.moves in {Moves.BACK, Moves.WHAT_THERE_IS}

    @property
    def moves_money(self) -> bool:
        """Whether anything leaves that is worth money: then limits and approvals ask about it."""
        return self.gives_back or self.moves is Moves.AWAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Runnable[R]):
    """An action that people can ask for.

    `review` reads the store and tells what would happen; it changes nothing, raises RuleBroken for
    what cannot be done and BigCommerceError for what could not be read.

    It is allowed for orders in `statuses` (BigCommerce's numbers), as far as `moves` allows it;
    with `needs_order` False always. `cannot` completes "the order has shipped, so it cannot …".
    `overtaken` reads the store and returns why a request that waits for a second person cannot be
    carried out any more, a sentence; None while it can.

    `takes_whole`: it is for all that is left of the order, so two of that kind cannot both be
    carried out. `is_warned_about`: while one has its form open, others are told on the order.
    `commands` are the slash commands that lead to it, its own first.
    """

    review: Callable[[R, BigCommerceClient], Awaitable[Review]]
    overtaken: Callable[[R, BigCommerceClient], Awaitable[str | None]]
    statuses: frozenset[int]
    needs_order: bool
    cannot: str
    takes_whole: bool
    is_warned_about: bool
    commands: tuple[str, ...]

    def typed(self, order_id: int) -> str:
        """Return what is typed to ask for it."""
        return f"{self.commands[0]} {order_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftercare(Runnable[R]):
    """What is carried out besides, and nobody asks for by itself.

    `under` is the action whose rules go for it: who may do that may do this. None: those of what it
    follows.
    """

    under: Action[Any] | None


def nothing_follows(_request: ActionRequest) -> None:
    """Return that nothing is to be carried out afterwards."""
    return


def sets_nothing(_request: Mapping[str, Any]) -> None:
    """Return that the request sets no status of an order."""
    return


def named_by_code(request: Mapping[str, Any]) -> str:
    """Return the discount code that the request is about."""
    return str(request.get("code") or "")


def named_by_order(_request: Mapping[str, Any]) -> str:
    """Return that nothing but the order names the request."""
    return ""
