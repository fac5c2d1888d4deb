"""What an action is: a request, and a function that carries it out against the store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from bot.bigcommerce import BigCommerceClient
from bot.outcome import Outcome


class ActionRequest(BaseModel):
    """The validated input of one action. It says what to do, never who asked.

    `order_id` is None only where an action needs no order. `reason` is the agent's, plain text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    order_id: int | None = None
    reason: str = ""


R = TypeVar("R", bound=ActionRequest)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the runner lends an action for one run.

    `claim()` writes `sent_at` into the log and returns True, once for a reference; ever after it
    returns False, in any process. Call it right before the first write that would hurt twice, and
    never send that write when it returns False: read back instead. `claimed` tells whether it has
    been called in an earlier run. `settle_waits` are the pauses, in seconds, between the readings
    that look for a write whose answer was lost or whose payment is on its way.
    """

    reference: str
    store: BigCommerceClient
    claim: Callable[[], bool]
    claimed: bool
    settle_waits: Sequence[float] = field(default=(0, 1, 3, 6, 10, 20, 30))


@dataclass(frozen=True, slots=True)
class Action(Generic[R]):
    """An action: its name in the log, its words for people, its request and what it does.

    `run` may be called again for the same reference after a crash, by the sweep that follows a
    pending payment, or by a person's Check again: it must then find out where things stand and go
    on from there.
    """

    name: str
    title: str
    request_type: type[R]
    run: Callable[[R, Attempt], Awaitable[Outcome]]
