"""The one way of every write, against a store that is told what to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bot.actions.action import Attempt
from bot.actions.writing import End, Write, Written, write_once
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError, NoAnswer, NotSent, RateLimited, Refused
from bot.values.outcome import Outcome, Status
from tests.bot.actions.world import World

LOST = NoAnswer("POST it", "BigCommerce gave no answer.")
NO = Refused("POST it", "Not like this.", 422)
BUSY = RateLimited("POST it", "Too busy.", 429)
CUT = NotSent("POST it", "BigCommerce could not be reached.")
REJECTED = Outcome(status=Status.REJECTED, message="Not any more.")


@dataclass
class Shelf:
    """A place that one thing is put on. `answers` are those of the sendings, "" for the truth."""

    answers: list[str | BigCommerceError] = field(default_factory=list)
    puts: bool = True
    there: str | None = None
    looks: list[BigCommerceError] = field(default_factory=list)
    sent: int = 0
    instead: list[Outcome | None] = field(default_factory=list)

    def write(self, *, is_repeatable: bool) -> Write[str]:
        return Write(
            look=self.look,
            send=self.send,
            prepare=self.prepare,
            differs=lambda each: "" if each == "asked" else each,
            is_repeatable=is_repeatable,
        )

    async def look(self) -> str | None:
        if self.looks:
            raise self.looks.pop(0)
        return self.there

    async def prepare(self) -> Outcome | None:
        return self.instead.pop(0) if self.instead else None

    async def send(self) -> str:
        self.sent += 1
        answer = self.answers.pop(0) if self.answers else ""
        if self.puts and not isinstance(answer, NotSent):
            self.there = self.there or "asked"
        if isinstance(answer, BigCommerceError):
            raise answer
        return answer or self.there or "asked"


def attempt(
    store: BigCommerceClient,
    *,
    claimed: bool = False,
    grants: bool = True,
    refusals: Sequence[Outcome | None] = (),
) -> Attempt:
    grant, answers = [grants and not claimed], list(refusals)

    def claim() -> bool:
        return grant.pop() if grant else False

    async def refusal() -> Outcome | None:
        return answers.pop(0) if answers else None

    return Attempt("MG-7F3K-2Q9D", store, claim, claimed, refusal, settle_waits=(0, 0, 0, 0))


async def end_of(shelf: Shelf, given: Attempt, *, is_repeatable: bool = False) -> Written[str]:
    written = await write_once(shelf.write(is_repeatable=is_repeatable), given)
    assert isinstance(written, Written)
    return written


async def test_what_is_not_there_is_sent_once(world: World) -> None:
    shelf = Shelf()

    written = await end_of(shelf, attempt(world.store))

    assert (written.end, written.value, written.was_there, shelf.sent) == (
        *(End.DONE, "asked", False, 1),
    )


async def test_what_is_there_is_not_sent(world: World) -> None:
    shelf = Shelf(there="asked")

    written = await end_of(shelf, attempt(world.store))

    assert (written.end, written.was_there, shelf.sent) == (End.DONE, True, 0)


async def test_whoever_cannot_look_does_not_send(world: World) -> None:
    shelf = Shelf(looks=[LOST])

    written = await end_of(shelf, attempt(world.store))

    assert (written.end, written.error, shelf.sent) == (End.NOTHING, LOST, 0)


@pytest.mark.parametrize("answer", [LOST, NO, BUSY])
@pytest.mark.parametrize("is_repeatable", [False, True])
async def test_no_answer_is_believed_when_the_store_has_it(
    world: World, answer: BigCommerceError, is_repeatable: bool
) -> None:
    shelf = Shelf([answer])

    written = await end_of(shelf, attempt(world.store), is_repeatable=is_repeatable)

    assert (written.end, written.was_there, shelf.sent) == (End.DONE, False, 1)


@pytest.mark.parametrize(
    ("answers", "is_repeatable", "end", "sent"),
    [
        ([LOST], False, End.UNKNOWN, 1),
        ([LOST, LOST], True, End.UNKNOWN, 2),
        ([LOST, NO], True, End.UNKNOWN, 2),
        ([LOST, CUT], True, End.UNKNOWN, 2),
        ([NO], False, End.NOTHING, 1),
        ([NO], True, End.NOTHING, 1),
        ([CUT], False, End.NOTHING, 1),
        ([BUSY, BUSY, BUSY], False, End.NOTHING, 3),
        ([BUSY, LOST], False, End.UNKNOWN, 2),
    ],
)
async def test_what_the_store_does_not_have_ends_as_far_as_it_is_known(
    world: World,
    answers: list[str | BigCommerceError],
    is_repeatable: bool,
    end: End,
    sent: int,
) -> None:
    shelf = Shelf(answers, puts=False)

    written = await end_of(shelf, attempt(world.store), is_repeatable=is_repeatable)

    assert (written.end, shelf.sent) == (end, sent)


@pytest.mark.parametrize("answer", [LOST, NO, BUSY])
async def test_a_no_proves_nothing_while_the_store_cannot_be_read(
    world: World, answer: BigCommerceError
) -> None:
    class Blind(Shelf):
        async def look(self) -> str | None:
            if self.sent:
                raise LOST
            return None

    written = await end_of(Blind([answer], puts=False), attempt(world.store))

    assert (written.end, written.was_read) == (End.UNKNOWN, False)


async def test_what_is_claimed_is_only_looked_for(world: World) -> None:
    nothing, something = Shelf(), Shelf(there="asked")

    lost = await end_of(nothing, attempt(world.store, claimed=True))
    found = await end_of(something, attempt(world.store, claimed=True))

    assert (lost.end, nothing.sent) == (End.UNKNOWN, 0)
    assert (found.end, found.was_there, something.sent) == (End.DONE, False, 0)


async def test_what_is_claimed_and_hurts_nobody_is_sent_again(world: World) -> None:
    shelf = Shelf()

    written = await end_of(shelf, attempt(world.store, claimed=True), is_repeatable=True)

    assert (written.end, shelf.sent) == (End.DONE, 1)


async def test_a_claim_that_another_process_has_means_looking(world: World) -> None:
    shelf = Shelf()

    written = await end_of(shelf, attempt(world.store, grants=False))

    assert (written.end, shelf.sent) == (End.UNKNOWN, 0)


async def test_an_answer_that_is_not_what_was_asked_is_held_against_the_store(
    world: World,
) -> None:
    damaged, different = Shelf(["another"]), Shelf(["another"], there=None)
    different.puts = False

    read_back = await end_of(damaged, attempt(world.store))
    kept = await end_of(different, attempt(world.store))

    assert (read_back.end, read_back.value) == (End.DONE, "asked")
    assert (kept.end, kept.value, kept.difference) == (End.DIFFERENT, "another", "another")


async def test_what_must_not_be_sent_any_more_is_not(world: World) -> None:
    shelf = Shelf(instead=[REJECTED])

    assert await write_once(shelf.write(is_repeatable=True), attempt(world.store)) is REJECTED
    assert shelf.sent == 0


async def test_what_must_not_be_repeated_may_still_have_happened(world: World) -> None:
    shelf = Shelf([LOST], puts=False, instead=[None, REJECTED])

    written = await end_of(shelf, attempt(world.store), is_repeatable=True)

    assert (written.end, written.instead, shelf.sent) == (End.UNKNOWN, REJECTED, 1)


async def test_what_is_not_permitted_is_not_sent(world: World) -> None:
    shelf = Shelf()
    given = attempt(world.store, refusals=[REJECTED])

    assert await write_once(shelf.write(is_repeatable=False), given) is REJECTED
    assert shelf.sent == 0
    assert given.claim()  # the right to send is still there


async def test_each_sending_is_asked_about(world: World) -> None:
    shelf = Shelf([LOST, LOST], puts=False)
    given = attempt(world.store, refusals=[None, REJECTED])

    written = await end_of(shelf, given, is_repeatable=True)

    # Nothing is sent a second time, and the first one may still be carried out.
    assert (written.end, written.error, written.instead, shelf.sent) == (
        *(End.UNKNOWN, LOST, None, 1),
    )


async def test_what_an_earlier_run_may_have_sent_stays_unknown_when_it_is_refused(
    world: World,
) -> None:
    shelf = Shelf()
    given = attempt(world.store, claimed=True, refusals=[REJECTED])

    written = await end_of(shelf, given, is_repeatable=True)

    assert (written.end, shelf.sent) == (End.UNKNOWN, 0)


async def test_what_the_store_has_need_not_be_permitted(world: World) -> None:
    shelf = Shelf(there="asked")
    given = attempt(world.store, claimed=True, refusals=[REJECTED])

    assert (await end_of(shelf, given)).end is End.DONE


async def test_what_completes_moved_money_is_not_asked_about(world: World) -> None:
    shelf = Shelf()
    given = attempt(world.store, refusals=[REJECTED, REJECTED]).completing

    assert ((await end_of(shelf, given)).end, shelf.sent) == (End.DONE, 1)
