"""What the platforms hold when all is over, and what the bot's log says about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.sandbox.bigcommerce.control.outside import ANOTHER_APP
from storage.database import open_database
from storage.form_drafts import Drafts
from storage.log.action_log import ActionLog
from storage.log.entries import APPROVED, DECLINED, LAPSED, OVERTAKEN, Entry
from tests.chaos.envelopes import Confirmation, Decision, Envelopes
from tests.chaos.gate import Writes
from tests.support.agent import Agent, Workspace

if TYPE_CHECKING:
    from tests.chaos.calamities import Calamities

DATABASE = "makegood.sqlite"
DECISIONS = {APPROVED, DECLINED, LAPSED, OVERTAKEN}
EVERYTHING = 1_000_000
# Said in a line that leads to the end of a request.
WAS_ON_ITS_WAY = "It was on its way until now"
# How a message begins that says what was looked up on older data, or beside another bot.
SUMMARY = ("Makegood started on ", "Another Makegood works on ")


@dataclass(frozen=True, slots=True)
class Request:
    """A confirmed request: the promise, the log's entry and the statuses it went through.

    `was_rolled_back`: an older log was put back, which knew less of it or nothing.
    """

    confirmation: Confirmation | None
    reference: str
    entry: Entry | None
    told: tuple[str, ...]
    decided: tuple[str, ...] = ()
    was_rolled_back: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    """The store's books, every message of the bot's, and every request."""

    orders: dict[int, dict[str, Any]]
    coupons: list[dict[str, Any]]
    promotions: list[dict[str, Any]]
    stock_changes: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    requests: list[Request]
    writes: Writes
    decisions: list[Decision]

    def was_hidden(self, entry: Entry) -> bool:
        """Whether faults kept the bot from learning what became of the request's write.

        A claimed write that never came by was lost with the process that had claimed it.
        """
        if {entry.reference, entry.request.get("code")} & self.writes.hidden:
            return True
        if entry.action == "cancel_order":
            void = f"POST /v3/orders/{entry.order_id}/payment_actions/void"
            return void in self.writes.hidden or void not in self.writes.arrived
        return entry.reference not in self.writes.arrived

    def refunds_of(self, reference: str) -> list[dict[str, Any]]:
        """Return the store's refunds that carry the reference."""
        return [
            refund
            for order in self.orders.values()
            for refund in order["refunds"]
            if f"[{reference}]" in refund["reason"]
        ]

    def coupons_of(self, reference: str) -> list[dict[str, Any]]:
        """Return the store's coupons that carry the reference."""
        return [coupon for coupon in self.coupons if reference in coupon["name"]]

    def half_done_of(self, reference: str) -> list[dict[str, Any]]:
        """Return the store's promotions that carry the reference and have no code."""
        return [row for row in self.promotions if reference in row["name"] and not row["codes"]]

    def restockings_of(self, reference: str) -> list[dict[str, Any]]:
        """Return the changes of stock that carry the reference."""
        return [row for row in self.stock_changes if f"[{reference}]" in row["reason"]]

    def has_effect(self, reference: str) -> bool:
        """Tell whether the store holds anything that the request has done."""
        notes = (order["staff_notes"] or "" for order in self.orders.values())
        found = (self.refunds_of, self.coupons_of, self.half_done_of, self.restockings_of)
        return any(look(reference) for look in found) or any(reference in note for note in notes)

    def messages_of(self, reference: str) -> list[dict[str, Any]]:
        """Return what the bot told about the request, in whatever place."""
        others = [*self.lines_of(reference), *self.asked_of(reference)]
        return [
            message
            for message in self.messages
            if reference in message["text"]
            and not message["text"].startswith(SUMMARY)
            and message not in others
        ]

    def lines_of(self, reference: str) -> list[dict[str, Any]]:
        """Return the lines that lead to the end of what was on its way."""
        mark = f"{WAS_ON_ITS_WAY} ({reference})"
        return [message for message in self.messages if mark in message["text"]]

    def is_in_summary(self, reference: str) -> bool:
        """Tell whether it is among what was found after an older log was put back."""
        return any(
            reference in message["text"]
            for message in self.messages
            if message["text"].startswith(SUMMARY)
        )

    def asked_of(self, reference: str) -> list[dict[str, Any]]:
        """Return the messages that ask a second person about the request."""
        mark = f"Request {reference}."
        return [message for message in self.messages if mark in message["text"]]

    def roots_of(self, order_id: int) -> list[dict[str, Any]]:
        """Return the order's root messages."""
        return [
            message
            for message in self.messages
            if message["text"].startswith(f"Order {order_id} ") and _is_top(message)
        ]


async def read_messages(agent: Agent, people: list[Agent]) -> list[dict[str, Any]]:
    """Return all messages of the bot in the channel of record, its threads and its DMs."""
    workspace, found = agent.workspace, {}
    for message in await _top(workspace, agent.user, agent.log_channel):
        found[message["channel"], message["ts"]] = message
        if message.get("reply_count"):
            query = {"user": agent.user, "channel": agent.log_channel, "ts": message["ts"]}
            thread = await workspace.get("thread", **query)
            for reply in thread.get("messages", []):  # none for who was taken out meanwhile
                found[agent.log_channel, reply["ts"]] = {**reply, "channel": agent.log_channel}
    for person in people:
        channels = (await workspace.get("channels", user=person.user)).get("channels", [])
        for channel in (each["id"] for each in channels if each["is_im"]):
            for message in await _top(workspace, person.user, channel):
                found[channel, message["ts"]] = message
    return [m for m in found.values() if m["author"]["is_bot"] and not m.get("ephemeral")]


async def read_truth(
    agent: Agent,
    people: list[Agent],
    data: Path,
    envelopes: Envelopes,
    writes: Writes,
    calamities: Calamities,
) -> Truth:
    """Collect everything."""
    books = await agent.workspace.books()
    return Truth(
        orders={int(number): order for number, order in books["orders"].items()},
        coupons=books["coupons"],
        promotions=books["promotions"],
        stock_changes=books["stock_changes"],
        messages=await read_messages(agent, people),
        requests=read_requests(
            data, list(envelopes.confirmations.values()), calamities.drafts, calamities.rolled_back
        ),
        writes=writes,
        decisions=envelopes.decisions,
    )


def read_requests(
    data: Path,
    confirmations: list[Confirmation],
    former: Mapping[str, str],
    rolled_back: Collection[str],
) -> list[Request]:
    """Return every confirmed request, and whatever else the log holds.

    `former` are the references of drafts that a log knew which was replaced.
    """
    db = open_database(data / DATABASE)
    try:
        log, drafts = ActionLog(db), Drafts(db)
        entries = {entry.reference: entry for entry in log.recent(EVERYTHING)}
        promised = {}
        for each in confirmations:
            draft = drafts.find(each.draft_id)
            reference = draft.reference if draft else former.get(each.draft_id)
            promised[reference or f"lost draft {each.draft_id}"] = each
        return [
            Request(
                promised.get(reference),
                reference,
                entries.get(reference),
                tuple(str(e.detail["status"]) for e in log.events(reference) if e.event == "told"),
                tuple(e.event for e in log.events(reference) if e.event in DECISIONS),
                reference in rolled_back,
            )
            for reference in {**promised, **entries}
        ]
    finally:
        db.close()


def changed_elsewhere(order: dict[str, Any]) -> list[str]:
    """Return when another app changed the order, as ISO times."""
    return [str(change["at"]) for change in order["history"] if change["by"] == ANOTHER_APP]


def _is_top(message: dict[str, Any]) -> bool:
    return bool(message.get("thread_ts", message["ts"]) == message["ts"])


async def _top(workspace: Workspace, user: str, channel: str) -> list[dict[str, Any]]:
    answer = await workspace.get("messages", user=user, channel=channel)
    return [{**message, "channel": channel} for message in answer.get("messages", [])]
