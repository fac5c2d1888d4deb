"""What was done is told, once, whatever Slack refuses, and stands in its thread in the end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.agent import Agent, wait_for, words
from tests.support.refund_form import fields, open_form, to_review
from tests.support.running import Running

PLAIN = 1042  # paid 154.10 USD, awaiting fulfillment
FERN = "25.98 USD"  # one piece of order 1042's first line, with its tax
DONE = f"Refunded {FERN} for order {PLAIN}"
SHIPPED = 2
CHIARA, MAKEGOOD = "U0CHIARAROSSI", "U0MAKEGOOD"
GOES_ON = "This order's thread goes on"


async def refund_a_fern(agent: Agent) -> None:
    view = await open_form(agent)
    await to_review(agent, {fields(view, "quantity_")[0]: "1", "reason_all": "Late or lost"})
    await agent.fill()


async def refuse(running: Running, method: str, code: str, **more: Any) -> None:
    await running.workspace.slack_fault(
        method=method, kind="error", error=code, **{"times": 999, **more}
    )


async def everything(running: Running) -> list[str]:
    """Return the texts of all that stands anywhere in the workspace, by its books."""
    channels = (await running.workspace.get("books"))["channels"]
    tops = [message for each in channels for message in each["messages"]]
    replies = [reply for top in tops for reply in top.get("replies", [])]
    orphans = [orphan for each in channels for orphan in each["orphans"]]
    return [str(message["text"]) for message in (*tops, *replies, *orphans)]


async def told(running: Running) -> int:
    """Return how often the refund is told in full."""
    return sum(DONE in text and "(Done" in text for text in await everything(running))


async def direct(running: Running, user: str) -> list[str]:
    channels = (await running.workspace.get("books"))["channels"]
    return [m["text"] for each in channels if each["user"] == user for m in each["messages"]]


async def try_again(running: Running) -> None:
    """Let Slack take everything again, and the time pass until what fell is tried again."""
    await running.workspace.slack_fault(clear=True)
    running.execute("UPDATE outbox SET next_try_at = made_at WHERE why IS NOT NULL")


# Corrections that are refused.


@pytest.mark.parametrize(
    "code", ["edit_window_closed", "is_inactive", "no_permission", "never_heard_of"]
)
async def test_money_that_has_moved_is_told_although_the_message_cannot_be_changed(
    running: Running, anna: Agent, code: str
) -> None:
    await running.workspace.post("store/settings", settlement_s=600)
    await refund_a_fern(anna)
    await anna.wait_for_reply(PLAIN, "(On its way")
    await running.told(PLAIN)
    await refuse(running, "chat.update", code)

    await running.workspace.post("store/settle")

    await anna.wait_for_reply(PLAIN, "(Done", DONE)
    entry = await running.told(PLAIN)
    assert entry.status == "succeeded"
    assert await told(running) == 1


# Posts that are refused.


@pytest.mark.parametrize(
    "code",
    [
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "ekm_access_denied",
        "access_denied",
        "no_permission",
        "never_heard_of",
    ],
)
async def test_where_the_channel_takes_nothing_the_one_who_asked_is_told(
    running: Running, anna: Agent, code: str
) -> None:
    await refuse(running, "chat.postMessage", code, channel=anna.log_channel)

    await refund_a_fern(anna)

    async def arrived() -> str | None:
        found = [text for text in await direct(running, anna.user) if "(Done" in text]
        return found[0] if found else None

    text = await wait_for(arrived, "a direct message")
    assert text.startswith(DONE)
    assert "comes to you directly" in text

    await try_again(running)
    await anna.wait_for_reply(PLAIN, "(Done", DONE)

    async def is_a_line() -> str | None:
        found = [
            text for text in await direct(running, anna.user) if "in the order's thread" in text
        ]
        return found[0] if found else None

    line = await wait_for(is_a_line, "one line with a link")
    assert "<http" in line
    assert await told(running) == 1


@pytest.mark.parametrize(
    "code", ["restricted_action_thread_locked", "cannot_reply_to_message", "thread_not_found"]
)
async def test_where_the_thread_takes_nothing_a_new_one_does(
    running: Running, anna: Agent, code: str
) -> None:
    await refuse(running, "chat.postMessage", code, times=1, contains=f"for order {PLAIN}")

    await refund_a_fern(anna)

    await running.told(PLAIN)
    await wait_for(lambda: _has_line(running, GOES_ON), "a line in the former root")
    roots = [text for text in await everything(running) if text.startswith(f"Order {PLAIN} ")]
    assert len(roots) == 1
    assert await told(running) == 1


async def _has_line(running: Running, said: str) -> bool | None:
    return True if any(said in text for text in await everything(running)) else None


# A root message that was deleted.


@pytest.mark.parametrize("dead_root", ["top_level", "threaded", "refused"])
@pytest.mark.parametrize("by", ["a person", "retention"])
async def test_a_deleted_root_is_replaced_before_anything_is_told_below_it(
    running: Running, anna: Agent, dead_root: str, by: str
) -> None:
    await refund_a_fern(anna)
    await anna.wait_for_reply(PLAIN, "(Done", DONE)
    await running.told(PLAIN)
    root = await anna.root(PLAIN)
    assert root is not None
    await running.workspace.post("rules", dead_root=dead_root)
    if by == "retention":
        await running.workspace.post("retention", older_than_s=0, channel=anna.log_channel)
    else:
        await running.workspace.post("delete", user=CHIARA, channel=anna.log_channel, ts=root["ts"])

    await refund_a_fern(anna)

    async def replaced() -> dict[str, Any] | None:
        now = await anna.root(PLAIN)
        return now if now is not None and now["ts"] != root["ts"] else None

    now = await wait_for(replaced, "a new root message")
    reply = await anna.wait_for_reply(PLAIN, "(Done", DONE)
    assert reply["thread_ts"] == now["ts"]
    await running.told(PLAIN)

    async def has_card() -> bool | None:
        shown = words((await anna.root(PLAIN) or {}).get("blocks", []))
        return True if "Refund" in shown and "51.96" in shown else None

    await wait_for(has_card, "a card with what both refunds came to")
    tops = [m["text"] for m in await anna.messages(anna.log_channel)]
    assert not any(text.startswith(DONE) for text in tops)


# A channel that is archived in the middle of a refund.


async def test_an_archived_channel_has_the_outcome_when_it_is_back(
    running: Running, anna: Agent
) -> None:
    await running.workspace.post("store/settings", settlement_s=600)
    await refund_a_fern(anna)
    await anna.wait_for_reply(PLAIN, "(On its way")
    await running.told(PLAIN)
    await running.workspace.post("channel", channel=anna.log_channel, archived=True)

    await running.workspace.post("store/settle")

    async def arrived() -> bool | None:
        return True if any("(Done" in text for text in await direct(running, anna.user)) else None

    await wait_for(arrived, "a direct message")
    assert (await running.told(PLAIN)).status == "succeeded"

    await running.workspace.post("channel", channel=anna.log_channel, archived=False)

    await anna.wait_for_reply(PLAIN, "(Done", DONE)
    await wait_for(lambda: _is_told_once(running), "the refund told in one place")
    assert not any("(On its way" in text for text in await everything(running))


async def _is_told_once(running: Running) -> bool | None:
    return True if await told(running) == 1 else None
