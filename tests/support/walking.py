"""Every way to a write: requests in each state that a press leads on from, and forged presses."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from bot.actions.action import Action, ActionRequest, Attempt, Review
from bot.actions.cancellations.cancel_and_refund import CancelAndRefund
from bot.actions.cancellations.cancel_order import CancelOrder
from bot.actions.discounts.request import CreateDiscountCode
from bot.actions.refunds.choice import LineRefund
from bot.actions.refunds.refund_items import RefundItems
from bot.actions.refunds.refund_order import RefundOrder
from bot.actions.refunds.request import ConfirmedRefund, RefundRequest
from bot.actions.registry import ACTIONS
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.coupons import CouponType
from bot.sandbox.server import Sandbox
from bot.values.money import Money
from bot.values.outcome import Outcome, Status
from handlers.block_actions import CLICKS
from handlers.flow.review import metadata
from handlers.forms import COMMANDS, FORMS
from handlers.listeners import OPTIONS
from handlers.orders.message_shortcut import NAME as SHORTCUT
from handlers.submissions import SUBMISSIONS
from storage.database import open_database
from storage.form_drafts import Drafts
from storage.log.action_log import ActionLog
from storage.log.entries import MAIL_FAILED, NOT_MADE, Hold
from storage.log.references import new_reference
from tests.bot.actions.world import permitted
from tests.support.agent import wait_for
from tests.support.approving import ANNA
from tests.support.running import JOURNALS, Running

TEAM = "T0FERNFABLE"
REASON = "Damaged"
SHIPPED, PENDING_ORDER, READY, UNPAID, PLAIN = (1014, 1033), (1019, 1058), 1001, 1023, 1042
# What the handlers do after the ack runs in tasks of these names.
PRESSES = {"block action", "command", "shortcut", "submission", "home", "e-mail"}


def client_of(sandbox: Sandbox) -> BigCommerceClient:
    settings = sandbox.environment()
    return BigCommerceClient(
        store_hash=settings["BIGCOMMERCE_STORE_HASH"],
        access_token=settings["BIGCOMMERCE_ACCESS_TOKEN"],
        api_url=settings["BIGCOMMERCE_API_URL"],
    )


def writes(name: str) -> list[str]:
    """Return every write that the store of this test has carried out."""
    stem = re.sub(r"[^a-zA-Z0-9]+", "_", name)[:80]
    file = max(JOURNALS.glob(f"{stem}_*.jsonl"), key=lambda path: path.name)
    calls = [json.loads(line) for line in file.read_text().splitlines()]
    return [
        f"{call['method']} {call['path'].partition('/v')[2]}"
        for call in calls
        if call["method"] != "GET"
        and call["status"] < 400  # an admin's look at the token's scopes tries what is refused
        and not call["path"].endswith("/refund_quotes")
    ]


@dataclass
class Put:
    """Puts requests into a log, as an agent has confirmed them."""

    store: BigCommerceClient
    log: ActionLog
    drafts: Drafts
    references: dict[str, str] = field(default_factory=dict)
    refund_id: int = 0

    async def confirmed(self, action: Action[Any], request: Any) -> tuple[Any, Review]:
        """Return the request with BigCommerce's best figure, and its review."""
        review = await action.review(request, self.store)
        if not isinstance(request, RefundRequest) or not review.methods:
            return request, review
        best = review.methods[0]
        confirmed = ConfirmedRefund(
            total=best.amount,
            method=best.key,
            payments=best.payments,
            left_out=review.left_out,
            items=review.items,
            status=review.status,
            is_unasked_credit=best.is_unasked_credit,
        )
        return request.model_copy(update={"confirmed": confirmed}), review

    async def ask(
        self, name: str, action: str, request: ActionRequest, *, actor: str = ANNA, **held: Any
    ) -> str:
        """Write the request down as asked for, and return its reference."""
        ready, review = await self.confirmed(ACTIONS[action], request)
        hold = Hold(datetime.now(UTC) + timedelta(hours=5), {"facts": [], "warnings": []})
        worth = review.methods[0].amount.amount if review.methods else Decimal(0)
        reference = new_reference()
        self.log.ask(
            reference,
            action=action,
            order_id=ready.order_id,
            team_id=TEAM,
            actor_id=actor,
            request=ready.model_dump(mode="json"),
            counted=worth,
            hold=hold if held.get("is_held") else None,
        )
        self.references[name] = reference
        return reference

    def finish(self, reference: str, status: Status, **outcome: Any) -> None:
        """End its run."""
        found = Outcome(status=status, message="As it was left.", **outcome)
        self.log.finish(reference, status=status, outcome=found.model_dump(mode="json"))

    async def draft(self, name: str, action: str, request: ActionRequest, actor: str) -> None:
        """Leave a form of this person's at its review; its name is what the view carries."""
        ready, review = request, await ACTIONS[action].review(request, self.store)
        draft = self.drafts.create(
            reference=new_reference(),
            team_id=TEAM,
            actor_id=actor,
            action=action,
            order_id=request.order_id,
        )
        draft = replace(
            draft,
            step="review",
            request=ready.model_dump(mode="json"),
            review=review.model_dump(mode="json"),
            context={"shop": {"currency": "USD"}},
        )
        self.drafts.save(draft)
        self.references[name] = metadata(draft)


@asynccontextmanager
async def putting(sandbox: Sandbox, data: Path) -> Any:
    """Open the log of a bot, running or not."""
    db = open_database(data / "makegood.sqlite")
    store = client_of(sandbox)
    try:
        yield Put(store, ActionLog(db), Drafts(db))
    finally:
        await store.close()
        db.close()


def a_code(code: str = "SORRY-WALK") -> CreateDiscountCode:
    return CreateDiscountCode(
        code=code, type=CouponType.FIXED_AMOUNT, value=5, max_uses=1, currency="USD", reason=REASON
    )


async def plant(put: Put, running: Any, drafting: Sequence[str]) -> None:
    """Put in a request for each state from which a press leads to a write; Anna asked for all."""
    await put.ask("held", "refund_order", _refund(SHIPPED[0]), is_held=True)
    lost = await put.ask("lost", "cancel_order", _cancel(PENDING_ORDER[0]))
    put.log.claim(lost)
    put.finish(lost, Status.UNKNOWN)
    not_made = await put.ask("not made", "refund_order", _refund(SHIPPED[1]))
    put.log.claim(not_made)
    put.finish(not_made, Status.UNKNOWN)
    failed = Outcome(status=Status.FAILED, message="Not made.").model_dump(mode="json")
    put.log.end_unknown(
        not_made, NOT_MADE, actor_id=ANNA, reason="-", status="failed", outcome=failed
    )
    await _plant_refund_elsewhere(put, running)
    await _plant_tasks(put)
    await _plant_unsent_mail(put)
    await plant_code(put)
    for actor in drafting:
        await put.draft(f"draft of {actor}", "cancel_order", _cancel(PENDING_ORDER[1]), actor)


async def _plant_refund_elsewhere(put: Put, running: Any) -> None:
    """A lost cancellation with refund; somebody has refunded that by telephone meanwhile."""
    request = CancelAndRefund(order_id=READY, reason=REASON)
    reference = await put.ask("made elsewhere", "cancel_and_refund", request)
    put.log.claim(reference)
    put.finish(reference, Status.UNKNOWN)
    total = put.log.get(reference).request["confirmed"]["total"]["amount"]
    await running.workspace.post(
        "store/order", order_id=READY, refund_amount=str(total), refund_reason="By telephone"
    )
    put.refund_id = (await running.workspace.book(READY))["refunds"][-1]["id"]


async def _plant_tasks(put: Put) -> None:
    """Two recorded refunds whose money a person has to send, one of them said to be sent."""
    for name, order_id in (("to send", 1013), ("sent", 1055)):
        reference = await put.ask(name, "refund_order", _refund(order_id))
        put.log.claim(reference)
        money = Money(amount=1, currency="USD")
        put.finish(reference, Status.TO_DO, amount=money, to_send=money)
        if name == "sent":
            done = Outcome(status=Status.SUCCEEDED, message="Sent.").model_dump(mode="json")
            put.log.mark_sent(reference, actor_id=ANNA, note="TX", status="succeeded", outcome=done)


async def _plant_unsent_mail(put: Put) -> None:
    """A refund that is made, whose e-mail to the customer was certainly not sent."""
    money = Money(amount=1, currency="USD")
    request = CancelAndRefund(order_id=PLAIN, reason=REASON, notify_customer=True)
    reference = await put.ask("unsent", "cancel_and_refund", request)
    put.log.claim(reference)
    put.finish(reference, Status.SUCCEEDED, amount=money, paid_back="as store credit")
    put.log.expect_mail(reference)
    put.log.finish_mail(reference, MAIL_FAILED, reason="the mail server cannot be reached")


async def plant_code(put: Put) -> CreateDiscountCode:
    """Have a code made, and its request ended as it was."""
    reference = await put.ask("code", "create_discount_code", a_code())
    attempt = Attempt(reference, put.store, lambda: True, claimed=False, refusal=permitted)
    made = await ACTIONS["create_discount_code"].run(a_code(), attempt)
    assert made.status is Status.SUCCEEDED, made
    put.log.claim(reference)
    put.finish(reference, Status.SUCCEEDED)
    return a_code()


def _refund(order_id: int) -> RefundOrder:
    return RefundOrder(order_id=order_id, reason=REASON)


def _cancel(order_id: int) -> CancelOrder:
    return CancelOrder(order_id=order_id, reason=REASON)


async def one_line(store: BigCommerceClient, order_id: int) -> RefundItems:
    """Return a partial refund of one piece."""
    line = (await store.orders.lines(order_id))[0]
    chosen = LineRefund(order_product_id=line.id, quantity=1, reason=REASON, name=line.name)
    return RefundItems(order_id=order_id, lines=(chosen,), reason=REASON)


@dataclass(frozen=True)
class Presser:
    """Who forged presses come from, by Slack's word."""

    user: str
    team: str = TEAM


class Forger:
    """Sends the bot what the workspace itself would not send."""

    def __init__(self, running: Running, presser: Presser) -> None:
        self._running = running
        self._presser = presser
        # A trigger and an answer's address are Slack's own, whoever uses them.
        self._slack = running.sandbox.workspace._workspace

    async def click(
        self, name: str, value: str, *, detail: str = "", in_modal: bool = False
    ) -> None:
        """Press a button, in a message or in a modal."""
        action_id = f"{name}:{detail}" if detail else name
        place: dict[str, Any] = {"view": self._view("notice", "")} if in_modal else {}
        await self._deliver(
            "interactive",
            "block_actions",
            actions=[{"type": "button", "action_id": action_id, "block_id": "b", "value": value}],
            container={"type": "message"},
            response_url=self._slack.url
            + self._slack.hooks.make(self._running.sandbox.workspace.audit_channel, ANNA),
            **place,
        )

    async def submit(self, callback_id: str, metadata: str, values: Mapping[str, Any]) -> None:
        """Submit a modal."""
        await self._deliver(
            "interactive", "view_submission", view=self._view(callback_id, metadata, values)
        )

    async def command(self, command: str, text: str) -> None:
        """Type a command."""
        payload = {
            "command": command,
            "text": text,
            "user_id": self._presser.user,
            "team_id": self._presser.team,
            "channel_id": "C0SUPPORT",
            "trigger_id": self._slack.triggers.make(ANNA),
            "response_url": self._slack.url + self._slack.hooks.make("C0SUPPORT", ANNA),
            "api_app_id": self._slack.world.app_id,
        }
        await self._running.sandbox.workspace.deliver("slash_commands", payload)

    async def shortcut(self, callback_id: str) -> None:
        """Choose a message's shortcut."""
        channel = self._running.sandbox.workspace.audit_channel
        await self._deliver(
            "interactive",
            "message_action",
            callback_id=callback_id,
            channel={"id": channel},
            message={"ts": "1.1", "text": f"Order {PENDING_ORDER[0]}"},
            message_ts="1.1",
            response_url=self._slack.url + self._slack.hooks.make(channel, ANNA),
        )

    async def look_for(self, action_id: str) -> None:
        """Type into a field that offers what fits."""
        await self._deliver("interactive", "block_suggestion", action_id=action_id, value="a")

    async def close(self, metadata: str) -> None:
        """Close a modal."""
        await self._deliver("interactive", "view_closed", view=self._view("form", metadata))

    def _view(
        self, callback_id: str, metadata: str, values: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        state = {name: {name: element} for name, element in (values or {}).items()}
        return {
            "id": "V0FORGED",
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": metadata,
            "hash": "",
            "state": {"values": state},
            "title": {"type": "plain_text", "text": "Forged"},
        }

    async def _deliver(self, kind: str, type_: str, **content: Any) -> None:
        presser = self._presser
        payload = {
            "type": type_,
            "team": {"id": presser.team, "domain": "x"},
            "user": {"id": presser.user, "team_id": presser.team, "name": "x"},
            "api_app_id": self._slack.world.app_id,
            "trigger_id": self._slack.triggers.make(ANNA),
            **content,
        }
        await self._running.sandbox.workspace.deliver(kind, payload)


def typed(value: str) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": value}


async def press_everything(running: Running, presser: Presser, put: Put) -> int:
    """Forge every press that there is, on everything that there is; return how many."""
    forger = Forger(running, presser)
    presses = [*_clicks(forger, put), *_submissions(forger, put), *_others(forger, put)]
    gate = asyncio.Semaphore(8)

    async def one(press: Callable[[], Awaitable[None]]) -> None:
        async with gate:
            await press()

    await asyncio.gather(*(one(press) for press in presses))
    await at_rest(running)
    return len(presses)


async def at_rest(running: Running) -> None:
    """Wait until nothing that was set off runs any more."""

    async def look() -> bool | None:
        busy = {task.get_name() for task in asyncio.all_tasks()} & PRESSES
        return None if busy or running.log.unfinished() else True

    async def seen() -> str:
        tasks = [task for task in asyncio.all_tasks() if task.get_name() in PRESSES]
        return f"{[str(task.get_stack()) for task in tasks]} {running.log.unfinished()}"

    await wait_for(look, "presses at rest", seen)


def _clicks(forger: Forger, put: Put) -> Iterator[Callable[[], Awaitable[None]]]:
    orders = [str(order_id) for order_id in (SHIPPED[0], PENDING_ORDER[0])]
    details = {"open": [*FORMS], "code": ["off", "use"], "form": ["more"]}
    for name in CLICKS:
        for detail in details.get(name, [""]):
            for value in (*put.references.values(), *orders):
                yield partial(forger.click, name, value, detail=detail)


def _submissions(forger: Forger, put: Put) -> Iterator[Callable[[], Awaitable[None]]]:
    values = {
        "reason": typed("Because"),
        "note": typed("TX-1"),
        "order_id": typed(str(PENDING_ORDER[0])),
        "wanted": typed(str(PENDING_ORDER[0])),
        "refund": typed(str(put.refund_id)),
    }
    for callback_id in SUBMISSIONS:
        for carried in (*put.references.values(), " ".join(FORMS)):
            yield partial(forger.submit, callback_id, carried, values)


def _others(forger: Forger, put: Put) -> Iterator[Callable[[], Awaitable[None]]]:
    for command in COMMANDS:
        for text in ("", str(PENDING_ORDER[0])):
            yield partial(forger.command, command, text)
    yield partial(forger.shortcut, SHORTCUT)
    yield from (partial(forger.look_for, name) for name in OPTIONS)
    yield from (partial(forger.close, carried) for carried in put.references.values())
