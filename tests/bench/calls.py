"""Line 3: the API calls of each action, in the sandbox, against the least possible."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bot.sandbox.server import Sandbox
from bot.slack.app_manifest import manifest
from tests.bench.table import Line, Part
from tests.support.agent import Agent, Workspace
from tests.support.running import Running, running_bot

Way = Callable[[Agent], Awaitable[None]]
PLAIN = 1042  # paid, awaiting fulfillment
PENDING, SHIPPED = 1, 2
NOTES = [
    "from the command to the outcome in the thread and in the modal, on the sandbox; what is kept"
    " for some minutes (the store, the members) was read before, and an ack is no call",
    "least to show an order: order and refunds, with lines: one more; to refund more than lines:"
    " addresses and fees, too, and BigCommerce's quote; what a review shows is read anew, and what"
    " is written about is read once more right before the write, with a new quote",
    "least after a refund: a look at the refunds and one at the payments; after everything: order,"
    " lines and refunds for the card at the head of the thread; a review asks whether the"
    " customer is e-mailed",
    "least of Slack: a modal is opened once and changed for each step, the channel is searched so"
    " that no thread is opened twice, then head, reply and the link to it",
]


async def measure_calls(repeats: int, *, names: Sequence[str] = ()) -> Part:
    """Count the calls of each action; they are the same in every repeat, so there is one."""
    part = Part("calls", notes=list(NOTES))
    for name in names or WAYS:
        way, least_store, least_slack = WAYS[name]
        store, slack = await _count(way)
        part.lines.append(Line(f"{name}, BigCommerce", [_sum(store)], [least_store]))
        part.lines.append(Line(f"{name}, Slack", [_sum(slack)], [least_slack]))
        part.notes += [f"{name}, {_words(store)}", f"{name}, {_words(slack)}"]
    return part


async def _count(way: Way) -> tuple[Counter[str], Counter[str]]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        journal = folder / "journal.jsonl"
        sandbox = await stack.enter_async_context(
            Sandbox(manifest=manifest(), journal=journal, message_rate=None, tiers=False)
        )
        session = await stack.enter_async_context(aiohttp.ClientSession())
        settings = {"settlement_s": 0, "quota": 10_000}
        await Workspace(sandbox.url, session).post("store/settings", **settings)
        await stack.enter_async_context(running_bot(sandbox, folder / "bot"))
        running = Running(sandbox, session, folder / "bot")
        stack.callback(running.close)
        anna = await running.agent("Anna")
        await anna.command("/order 1001")  # what is kept for some minutes is read now
        await anna.wait_for_message("Order 1001")
        stored, called = len(_lines(journal)), await _slack_calls(running.workspace)
        await way(anna)
        now = await _slack_calls(running.workspace)
        return Counter(_name(line) for line in _lines(journal)[stored:]), now - called


async def _slack_calls(workspace: Workspace) -> Counter[str]:
    return Counter(str(call["method"]) for call in (await workspace.get("calls"))["calls"])


def _lines(journal: Path) -> list[Any]:
    return [json.loads(line) for line in journal.read_text().splitlines()]


def _name(line: Any) -> str:
    path = re.sub(r"/stores/\w+/|v\d/|orders/\d+/?|payment_actions/", "", line["path"])
    return f"{line['method']} {path or 'order'}"


def _sum(calls: Counter[str]) -> float:
    return float(sum(calls.values()))


def _words(calls: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(calls.items()))


async def _to_end(agent: Agent, values: dict[str, Any]) -> None:
    await agent.fill(values)
    await agent.wait_for_modal("Change something")
    await agent.fill()
    await agent.wait_for_modal("Done · MG-")


async def _cancel(agent: Agent) -> None:
    order_id = await agent.workspace.order_in_status(PENDING)
    await agent.command(f"/cancel-order {order_id}")
    await agent.wait_for_modal("Reason")
    await _to_end(agent, {"reason": "Damaged"})


async def _cancel_and_refund(agent: Agent) -> None:
    await agent.command(f"/cancel-order {PLAIN}")
    await agent.wait_for_modal("Reason")
    await _to_end(agent, {"reason": "Damaged"})


async def _refund(agent: Agent) -> None:
    order_id = await agent.workspace.order_in_status(SHIPPED, payment="captured")
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("Full refund")
    await agent.press("Full refund")
    await agent.wait_for_modal("Reason")
    await _to_end(agent, {"reason": "Damaged"})


async def _refund_items(agent: Agent) -> None:
    await agent.command(f"/refund-order {PLAIN}")
    await agent.wait_for_modal("Partial refund")
    await agent.press("Partial refund")
    view = await agent.wait_for_modal("Quantity of")
    fields = [b["block_id"].split("~")[0] for b in view["blocks"] if b["type"] == "input"]
    field = next(name for name in fields if name.startswith("quantity_"))
    line = field.removeprefix("quantity_")
    await _to_end(agent, {field: "1", f"reason_{line}": "Damaged"})


async def _discount_code(agent: Agent) -> None:
    await agent.command("/discount-code")
    await agent.wait_for_modal("Applies to")
    values = {"code": "BENCH-10", "type": "percentage", "value": "10", "expires": "30"}
    values |= {"reason": "Customer request"}
    await _to_end(agent, values)


# The least calls of BigCommerce, step by step, and of Slack.
WAYS: dict[str, tuple[Way, int, int]] = {
    "cancel": (_cancel, 2 + 3 + 2 + 3, 8),
    "cancel and refund": (_cancel_and_refund, 2 + 7 + 11 + 3, 8),
    "refund": (_refund, 2 + 2 + 7 + 9 + 3, 9),
    "refund items": (_refund_items, 2 + 5 + 5 + 7 + 3, 9),
    "discount code": (_discount_code, 1 + 2, 6),
}
