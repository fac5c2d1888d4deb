"""What happens to the workspace itself, besides refused calls, and how it is put right again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.running import configure

if TYPE_CHECKING:
    from tests.telling.stage import Stage

Do = Callable[["Stage"], Awaitable[None]]
BOT = "U0MAKEGOOD"
OTHER_CHANNEL = "C0OTHERLOG"
# What a state leaves as the right place while it lasts.
THREAD, DIRECT, HOME = "thread", "direct", "Home"


async def _nothing(stage: Stage) -> None:
    """It stays so."""


@dataclass(frozen=True, slots=True)
class State:
    """`begin` brings it about, `end` puts it right; `floor` is where things are told meanwhile.

    `is_alone`: it concerns the whole workspace.
    """

    begin: Do
    end: Do = _nothing
    floor: str = THREAD
    is_alone: bool = False


async def _delete(stage: Stage, ts: str) -> None:
    await stage.world.call("chat.delete", channel=stage.world.channel, ts=ts)


async def _delete_root(stage: Stage) -> None:
    await _delete(stage, stage.thread_ts)


async def _delete_all(stage: Stage) -> None:
    root = stage.thread_ts
    for message in reversed(stage.thread()):
        await _delete(stage, message["ts"])
    await _delete(stage, root)


async def _forget_thread(stage: Stage) -> None:
    """Remove what is older than the workspace keeps."""
    gone = {stage.thread_ts, *(message["ts"] for message in stage.thread())}
    messages = stage.world.slack.messages[stage.world.channel]
    messages[:] = [message for message in messages if message["ts"] not in gone]


async def _forget_root(stage: Stage) -> None:
    """Remove the root, which is a little too old; its replies are not yet."""
    messages = stage.world.slack.messages[stage.world.channel]
    root = stage.thread_ts
    messages[:] = [message for message in messages if message["ts"] != root]


async def _archive(stage: Stage) -> None:
    await stage.world.workspace.post("channel", channel=stage.world.channel, archived=True)


async def _unarchive(stage: Stage) -> None:
    await stage.world.workspace.post("channel", channel=stage.world.channel, archived=False)


async def _choose_another(stage: Stage) -> None:
    stage.world.open_channel(OTHER_CHANNEL, "order-log-2")
    configure(stage.world.data, "audit_channel", OTHER_CHANNEL)
    stage.channel = OTHER_CHANNEL


async def _remove_bot(stage: Stage) -> None:
    where = {"channel": stage.world.channel, "user": BOT}
    await stage.world.workspace.post("membership", **where, member=False)


async def _invite_bot(stage: Stage) -> None:
    where = {"channel": stage.world.channel, "user": BOT}
    await stage.world.workspace.post("membership", **where, member=True)


async def _revoke(stage: Stage) -> None:
    stage.world.gate.refuses_all = "token_revoked"


async def _give_back(stage: Stage) -> None:
    stage.world.gate.refuses_all = ""


ALL = {
    "root_deleted": State(_delete_root),
    "thread_deleted": State(_delete_all),
    "thread_forgotten": State(_forget_thread),
    "root_forgotten": State(_forget_root),
    "archived": State(_archive, _unarchive, DIRECT, is_alone=True),
    "archived_replaced": State(_archive, _choose_another, DIRECT, is_alone=True),
    "bot_removed": State(_remove_bot, _invite_bot, DIRECT, is_alone=True),
    "token_revoked": State(_revoke, _give_back, HOME, is_alone=True),
}
STATES = tuple(ALL)
