"""What happens to the workspace itself, besides refused calls, and how it is put right again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.running import configure

if TYPE_CHECKING:
    from tests.telling.stage import Stage

Do = Callable[["Stage"], Awaitable[None]]
BOT, ADMIN = "U0MAKEGOOD", "U0CHIARAROSSI"
OTHER_CHANNEL = "C0OTHERLOG"
# What a state leaves as the right place while it lasts.
THREAD, CHANNEL, DIRECT, HOME, NOWHERE = "thread", "channel", "direct", "Home", "nowhere"


async def _nothing(stage: Stage) -> None:
    """It stays so."""


@dataclass(frozen=True, slots=True)
class State:
    """`begin` brings it about, `end` puts it right; `floor` is where things are told meanwhile.

    `is_alone`: it concerns the whole workspace. `loses`: what was told before is gone with it, and
    need not be told again. `can_edit`: what stands can be changed meanwhile.
    """

    begin: Do
    end: Do = _nothing
    floor: str = THREAD
    is_alone: bool = False
    loses: bool = False
    can_edit: bool = True


async def _delete(stage: Stage, ts: str) -> None:
    who = {"user": ADMIN, "channel": stage.world.channel}
    await stage.world.workspace.post("delete", **who, ts=ts)


async def _delete_root(stage: Stage) -> None:
    await _delete(stage, stage.thread_ts)


async def _delete_thread(stage: Stage) -> None:
    root = stage.thread_ts
    for message in reversed(stage.thread()):
        await _delete(stage, message["ts"])
    await _delete(stage, root)


async def _forget_all(stage: Stage) -> None:
    """Have the workspace keep nothing that is older than now."""
    await stage.world.workspace.post("retention", channel=stage.world.channel, older_than_s=0)


async def _forget_root(stage: Stage) -> None:
    """Have it keep the replies, which are a little younger than the root."""
    before = f"{float(stage.thread_ts) + 0.000001:.6f}"
    await stage.world.workspace.post("retention", channel=stage.world.channel, before=before)


def _deleted_root(dead_root: str) -> Do:
    async def delete(stage: Stage) -> None:
        await stage.world.workspace.post("rules", dead_root=dead_root)
        await _delete_root(stage)

    return delete


def _lock(is_locked: bool) -> Do:
    async def lock(stage: Stage) -> None:
        thread = {"channel": stage.world.channel, "ts": stage.facts["thread"]}
        await stage.world.workspace.post("lock", **thread, locked=is_locked)

    return lock


def _channel(**how: object) -> Do:
    async def change(stage: Stage) -> None:
        await stage.world.workspace.post("channel", channel=stage.world.channel, **how)

    return change


def _rules(**how: object) -> Do:
    async def change(stage: Stage) -> None:
        await stage.world.workspace.post("rules", **how)

    return change


def _bot(*, is_member: bool) -> Do:
    async def change(stage: Stage) -> None:
        where = {"channel": stage.world.channel, "user": BOT}
        await stage.world.workspace.post("membership", **where, member=is_member)

    return change


async def _choose_another(stage: Stage) -> None:
    stage.world.open_channel(OTHER_CHANNEL, "order-log-2")
    configure(stage.world.data, "audit_channel", OTHER_CHANNEL)
    stage.channel = OTHER_CHANNEL


async def _archive_and_shut(stage: Stage) -> None:
    """Archive the channel; the agent has no direct messages of apps either."""
    await stage.world.workspace.post("direct", user=stage.agent.user, error="messages_tab_disabled")
    await _channel(archived=True)(stage)


ALL = {
    "root_deleted": State(_delete_root),
    "root_deleted_threaded": State(
        _deleted_root("threaded"), _rules(dead_root="top_level"), is_alone=True
    ),
    "root_deleted_refused": State(
        _deleted_root("refused"), _rules(dead_root="top_level"), is_alone=True
    ),
    "thread_deleted": State(_delete_thread, loses=True),
    "all_forgotten": State(_forget_all, is_alone=True, loses=True),
    "root_forgotten": State(_forget_root, is_alone=True, loses=True),
    "locked": State(_lock(True), _lock(False)),
    "read_only": State(_channel(posting="read_only"), _channel(posting=""), DIRECT, is_alone=True),
    "non_threadable": State(
        _channel(posting="non_threadable"), _channel(posting=""), CHANNEL, is_alone=True
    ),
    "thread_only": State(_channel(posting="thread_only"), _channel(posting=""), is_alone=True),
    "edit_window": State(
        _rules(edit_window_s=0), _rules(edit_window_s=None), is_alone=True, can_edit=False
    ),
    "archived": State(
        _channel(archived=True), _channel(archived=False), DIRECT, is_alone=True, can_edit=False
    ),
    "archived_replaced": State(
        _channel(archived=True), _choose_another, DIRECT, is_alone=True, can_edit=False
    ),
    "archived_shut": State(
        _archive_and_shut, _channel(archived=False), HOME, is_alone=True, can_edit=False
    ),
    "bot_removed": State(
        _bot(is_member=False), _bot(is_member=True), DIRECT, is_alone=True, can_edit=False
    ),
    "token_revoked": State(
        _rules(token="token_revoked"), _rules(token=""), NOWHERE, is_alone=True, can_edit=False
    ),
}
STATES = tuple(ALL)
