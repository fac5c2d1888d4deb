"""What loosens the rules while the audit channel is out of order: nobody is alone by that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.flows.settings.test_flow_loosening_alone import later
from tests.support.agent import Agent, wait_for, words
from tests.support.approving import BEN, set_approvers
from tests.support.configuring import edit, home, now, open_home, press, saved
from tests.support.running import Running, configure

LOG, SUPPORT, BOT, DEV = "C0ORDERLOG", "C0SUPPORT", "U0MAKEGOOD", "U0DEVPATEL"
BROKEN = ["archived", "shared", "lost", "deleted"]
ALONE = "No one else can confirm it now"


async def break_channel(running: Running, how: str) -> None:
    post = running.workspace.post
    match how:
        case "shared":
            await post("channel", channel=LOG, connected=["T0ELSEWHERE"])
        case "lost":
            await post("membership", channel=LOG, user=BOT, member=False)
        case _:
            await post("channel", channel=LOG, **{how: True})


async def known(running: Running) -> None:
    """Wait until the bot has seen who is in the channel."""

    async def look() -> bool | None:
        return bool(running.query("SELECT 1 FROM known_people LIMIT 1")) or None

    await wait_for(look, "a look at the channel's members")


async def seen(running: Running, table: str, user: str, place: str) -> None:
    """Wait until the bot has noticed somebody there, or that they are not there any more."""

    async def look() -> bool | None:
        rows = running.query(f"SELECT place, user_id FROM {table}")  # noqa: S608 - our names
        return {"place": place, "user_id": user} in rows or None

    await wait_for(look, f"{user} in {table}")


async def alone(running: Running) -> None:
    """Wait until nobody else can confirm what is open."""

    async def look() -> bool | None:
        return any(each.alone_since for each in running.configuration().proposals.open()) or None

    await wait_for(look, "that nobody else can confirm it")


async def ask(admin: Agent, key: str, **values: Any) -> None:
    await edit(admin, key)
    answer = await admin.fill(values)
    assert answer["errors"] is None, answer


@pytest.mark.parametrize("how", BROKEN)
async def test_who_breaks_the_channel_is_not_alone_by_that(
    running: Running, chiara: Agent, ben: Agent, tmp_path: Path, how: str
) -> None:
    set_approvers(tmp_path, BEN)
    configure(tmp_path, "day_limit", "100.00")
    await known(running)
    await break_channel(running, how)

    await ask(chiara, "limits", day_limit="500")

    with later(minutes=62):
        await open_home(chiara)
        await press(chiara, "configuration")
        assert ALONE not in words(await home(chiara, "asks to loosen Makegood's rules"))
        await open_home(ben, "nobody can use Makegood", "asks to loosen", "100.00 USD → 500.00 USD")
        assert now(running).day_limit == 100
        await press(ben, "confirm_change")

        async def confirmed() -> bool | None:
            return now(running).day_limit == 500 or None

        await wait_for(confirmed, "the other limit")


@pytest.mark.parametrize("how", ["archived", "lost", "deleted"])
async def test_who_can_confirm_is_told_in_person_where_the_channel_cannot_be(
    running: Running, chiara: Agent, ben: Agent, tmp_path: Path, how: str
) -> None:
    set_approvers(tmp_path, BEN)
    await known(running)
    await break_channel(running, how)

    await ask(chiara, "guests", guests="on")

    direct = await running.workspace.channel("Makegood", BEN)
    told = await ben.wait_for_message("the audit channel cannot be told", channel=direct)
    assert "You can confirm or refuse it in the Home tab of Makegood." in words(told)


@pytest.mark.parametrize("how", ["archived", "lost", "deleted"])
async def test_an_only_admin_gets_a_broken_channel_replaced(
    running: Running, chiara: Agent, tmp_path: Path, how: str
) -> None:
    await known(running)
    await break_channel(running, how)
    await running.workspace.post("membership", channel=SUPPORT, user=BOT, member=True)
    await edit(chiara, "channel")
    await chiara.fill({"audit_channel": SUPPORT})
    await chiara.wait_for_modal("Save again")
    await chiara.fill({"audit_channel": SUPPORT})

    await alone(running)

    with later(minutes=62):

        async def replaced() -> bool | None:
            return now(running).audit_channel == SUPPORT or None

        await wait_for(replaced, "the other channel")


@pytest.mark.parametrize("by_group", [False, True])
async def test_who_takes_the_approver_out_is_alone_a_day_later(
    running: Running, chiara: Agent, ben: Agent, anna: Agent, tmp_path: Path, by_group: bool
) -> None:
    post, group = running.workspace.post, (await running.workspace.get("people"))["groups"][0]["id"]
    await post("group", group=group, users=[BEN])
    people = {"group_ids": [group]} if by_group else {"user_ids": [BEN]}
    configure(tmp_path, "approvers", people)
    configure(tmp_path, "day_limit", "100.00")
    # Somebody joins, so that both places are looked at.
    await post("membership", channel=LOG, user=DEV, member=True)
    await seen(running, "known_people", BEN, group if by_group else LOG)
    if by_group:
        await post("group", group=group, users=[])
    else:
        await post("membership", channel=LOG, user=BEN, member=False)
    await seen(running, "gone_people", BEN, group if by_group else LOG)

    await ask(chiara, "limits", day_limit="500")

    await anna.wait_for_message("asks to loosen", channel=LOG)
    with later(minutes=62):
        await ask(chiara, "restocking", restocking="on")
        await saved(chiara, "Offered to agents: on")
        [proposal] = running.configuration().proposals.open()
        assert proposal.alone_since is None
    with later(hours=25):
        await alone(running)
        assert now(running).day_limit == 100
    with later(hours=26, minutes=2):
        await anna.wait_for_message("The rules are looser now", channel=LOG)
        assert now(running).day_limit == 500
