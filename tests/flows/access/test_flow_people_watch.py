"""Who comes, goes, or may act now is told; a channel that is not the team's alone, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.agent import Agent, wait_for, words
from tests.support.approving import ANNA, BEN, CHIARA, set_approvers, set_rule
from tests.support.configuring import open_configuration, open_home
from tests.support.running import Running, SandboxOnly, configure, running_bot

DEV, EVE, LOG, ELSEWHERE = "U0DEVPATEL", "U0EVE", "C0ORDERLOG", "T0ELSEWHERE"
OFTEN = {"PEOPLE_EVERY": "0.2"}


async def known(running: Running, place: str, *users: str) -> None:
    """Wait until the bot has looked at a place and found these people there, fit to act."""

    async def look() -> bool | None:
        rows = running.rows("SELECT place, user_id FROM known_people WHERE may_act IS NOT NULL")
        found = {row["user_id"] for row in rows if row["place"] == place}
        return set(users) <= found or None

    await wait_for(look, f"{users} known in {place}")


async def only_known(running: Running, place: str, *users: str) -> None:
    async def look() -> bool | None:
        rows = running.rows("SELECT place, user_id FROM known_people")
        return set(users) == {row["user_id"] for row in rows if row["place"] == place} or None

    await wait_for(look, f"{users} known in {place}")


async def join(running: Running, user: str, **how: Any) -> None:
    await known(running, LOG, ANNA, BEN, CHIARA)
    await running.workspace.post("membership", channel=LOG, user=user, **how)


async def log_of(agent: Agent) -> list[str]:
    return [message["text"] for message in await agent.messages(LOG)]


async def test_who_joins_is_told_with_who_added_them_and_what_they_may_do(
    running: Running, anna: Agent
) -> None:
    await join(running, DEV, inviter=ANNA)

    said = await anna.wait_for_message(f"<@{DEV}> joined", channel=LOG)

    assert f"*<@{DEV}> joined <#{LOG}>*, added by <@{ANNA}>." in said["text"]
    assert "They may look up orders and do: Cancel order, Cancel &amp; refund, " in said["text"]
    assert "approve" not in said["text"]
    assert "admin" not in said["text"]


async def test_an_approver_and_admin_who_joins_is_told_as_that(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, DEV)
    await running.workspace.post("person", user=DEV, is_admin=True)
    await join(running, DEV)

    said = await anna.wait_for_message(f"<@{DEV}> joined", channel=LOG)

    assert f"joined <#{LOG}>*. They may look up" in said["text"]  # Slack names nobody who added him
    assert "They may approve what others ask for." in said["text"]
    assert "They are an admin of the workspace." in said["text"]


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ({"is_restricted": True}, "They may do nothing with Makegood, as a guest."),
        ({"is_bot": True}, "They may do nothing with Makegood, as an app."),
        (
            {"home": ELSEWHERE},
            "They may do nothing with Makegood, since this account belongs to another organisat",
        ),
    ],
)
async def test_who_may_do_nothing_is_told_as_that(
    running: Running, anna: Agent, who: dict[str, Any], said: str
) -> None:
    await running.workspace.post("person", user=EVE, real_name="Eve Guest", **who)
    await join(running, EVE)

    await anna.wait_for_message(f"<@{EVE}> joined", said, channel=LOG)


async def test_before_activation_it_says_that_nobody_may_act(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    configure(tmp_path, "activated", False)
    async with running_bot(sandbox_only.sandbox, tmp_path):
        running = Running(sandbox_only.sandbox, sandbox_only.session, tmp_path)
        anna = await running.agent("Anna")
        await join(running, DEV)
        await anna.wait_for_message("They may look up orders; more than that nobody", channel=LOG)
        running.close()


async def test_at_the_first_start_nobody_is_announced(running: Running, anna: Agent) -> None:
    await known(running, LOG, ANNA, BEN, CHIARA)

    await join(running, DEV)

    await anna.wait_for_message(f"<@{DEV}> joined", channel=LOG)
    assert len([text for text in await log_of(anna) if "joined" in text]) == 1


async def test_who_came_while_the_bot_was_away_is_told_once_at_the_start(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    async with running_bot(sandbox_only.sandbox, tmp_path):
        running = Running(sandbox_only.sandbox, sandbox_only.session, tmp_path)
        await known(running, LOG, ANNA, BEN, CHIARA)
    await sandbox_only.workspace.post("membership", channel=LOG, user=DEV, lost=True)
    anna = await running.agent("Anna")

    async with running_bot(sandbox_only.sandbox, tmp_path, **OFTEN):
        await anna.wait_for_message(f"<@{DEV}> joined", channel=LOG)
    async with running_bot(sandbox_only.sandbox, tmp_path, **OFTEN):
        await sandbox_only.workspace.post("membership", channel=LOG, user=DEV, member=False)
        await only_known(running, LOG, ANNA, BEN, CHIARA)
        await sandbox_only.workspace.post("membership", channel=LOG, user=DEV, inviter=BEN)
        await anna.wait_for_message(f"<@{DEV}> joined", f"<@{BEN}>", channel=LOG)
    running.close()

    assert len([text for text in await log_of(anna) if "joined" in text]) == 2


async def test_an_event_that_was_lost_is_made_up_for(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    async with running_bot(sandbox_only.sandbox, tmp_path, **OFTEN):
        running = Running(sandbox_only.sandbox, sandbox_only.session, tmp_path)
        anna = await running.agent("Anna")

        await join(running, DEV, lost=True)

        await anna.wait_for_message(f"<@{DEV}> joined", channel=LOG)
        running.close()


async def test_an_event_that_comes_twice_is_told_once(running: Running, anna: Agent) -> None:
    await running.workspace.slack_fault(
        kind="duplicate_delivery", type="member_joined_channel", times=1
    )
    await join(running, DEV, inviter=ANNA)
    await anna.wait_for_message(f"<@{DEV}> joined", channel=LOG)

    await running.workspace.post("person", user=EVE, real_name="Eve New")
    await running.workspace.post("membership", channel=LOG, user=EVE)

    await anna.wait_for_message(f"<@{EVE}> joined", channel=LOG)
    assert len([text for text in await log_of(anna) if f"<@{DEV}> joined" in text]) == 1


async def test_a_guest_who_becomes_a_full_member_is_told(running: Running, anna: Agent) -> None:
    await running.workspace.post("person", user=EVE, real_name="Eve Guest", is_restricted=True)
    await join(running, EVE)
    await anna.wait_for_message(f"<@{EVE}> joined", "as a guest", channel=LOG)

    await running.workspace.post("person", user=EVE, is_restricted=False)

    await anna.wait_for_message(f"*<@{EVE}> may act now*.", "look up orders and do", channel=LOG)


async def test_who_joins_a_user_group_that_counts_is_told(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, group_ids=["S0LEADS"])
    await running.workspace.post("person", user=ANNA)  # an event, so that it looks
    await only_known(running, "S0LEADS", BEN, CHIARA)

    await running.workspace.post("group", group="support-leads", user=ANNA)

    said = await anna.wait_for_message(
        f"*<@{ANNA}> joined the user group @support-leads*", channel=LOG
    )
    assert "They may approve what others ask for." in said["text"]


async def test_an_approver_who_leaves_is_told_with_who_still_can(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN, CHIARA)
    await known(running, LOG, ANNA, BEN, CHIARA)

    await running.workspace.post("membership", channel=LOG, user=BEN, member=False)
    await anna.wait_for_message(
        f"*<@{BEN}> left <#{LOG}>* and can no longer approve.",
        f"<@{CHIARA}> still can.",
        channel=LOG,
    )
    await running.workspace.post("person", user=CHIARA, deleted=True)

    await anna.wait_for_message(
        f"*<@{CHIARA}> is deactivated* and can no longer approve.",
        "Nobody is left who can approve",
        channel=LOG,
    )


async def test_a_shared_channel_is_told_and_told_again_when_it_ends(
    running: Running, anna: Agent, chiara: Agent
) -> None:
    await known(running, LOG, ANNA, BEN, CHIARA)

    await running.workspace.post("channel", channel=LOG, connected=[ELSEWHERE])

    await anna.wait_for_message(
        f"<#{LOG}> is shared with another organisation, so nobody can use Makegood", channel=LOG
    )
    await anna.command("/order 1042")
    await anna.wait_for_message("audit channel is shared with another organisation")
    page = await open_home(chiara, "It is shared with another organisation: nobody can use")
    assert "You are not in" not in words(page)
    await running.workspace.post("channel", channel=LOG, connected=[])
    await anna.wait_for_message(f"<#{LOG}> is the team's alone again", channel=LOG)
    await anna.command("/order 1042")
    await anna.wait_for_message("Maya Lindqvist")


@pytest.mark.parametrize("lost", [False, True])
async def test_an_archived_channel_is_told_to_the_leads_in_person(
    sandbox_only: SandboxOnly, tmp_path: Path, lost: bool
) -> None:
    async with running_bot(sandbox_only.sandbox, tmp_path, **(OFTEN if lost else {})):
        running = Running(sandbox_only.sandbox, sandbox_only.session, tmp_path)
        chiara = await running.agent("Chiara")
        await known(running, LOG, ANNA, BEN, CHIARA)

        await running.workspace.post("channel", channel=LOG, archived=True, lost=lost)

        await chiara.wait_for_message(
            f"<#{LOG}> is archived, so nobody can use Makegood now", channel="D0CHIARAROSSI"
        )

        await running.workspace.post("channel", channel=LOG, archived=False, lost=lost)

        await chiara.wait_for_message(
            f"*<#{LOG}> was archived, so nobody could use Makegood.* It can be used again.",
            channel="D0CHIARAROSSI",
        )
        await chiara.wait_for_message(
            f"*<#{LOG}> is open again*, so its members can use Makegood.", channel=LOG
        )
        alarms = [m for m in await chiara.messages("D0CHIARAROSSI") if LOG in m["text"]]
        assert len(alarms) == 1
        running.close()


async def test_a_channel_that_the_bot_was_removed_from_is_told_to_the_leads(
    running: Running, chiara: Agent, anna: Agent
) -> None:
    await known(running, LOG, ANNA, BEN, CHIARA)

    await running.workspace.post("membership", channel=LOG, user="U0MAKEGOOD", member=False)

    await chiara.wait_for_message(
        f"Makegood is not in <#{LOG}> any more, so nobody can use it", channel="D0CHIARAROSSI"
    )
    await anna.command("/order 1042")
    await anna.wait_for_message("Makegood is not in its audit channel any more")
    assert not [text for text in await log_of(anna) if "left" in text]

    await running.workspace.post("membership", channel=LOG, user="U0MAKEGOOD", member=True)

    await chiara.wait_for_message(
        f"*Makegood was not in <#{LOG}>, so nobody could use it.* It can be used again.",
        channel="D0CHIARAROSSI",
    )
    await anna.wait_for_message(
        f"*Makegood is in <#{LOG}> again*, so its members can use it.", channel=LOG
    )


async def test_an_alarm_is_over_when_another_channel_takes_its_place(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    async with running_bot(sandbox_only.sandbox, tmp_path, **OFTEN):
        running = Running(sandbox_only.sandbox, sandbox_only.session, tmp_path)
        chiara = await running.agent("Chiara")
        await known(running, LOG, ANNA, BEN, CHIARA)
        await running.workspace.post("channel", channel=LOG, archived=True)
        await chiara.wait_for_message(f"<#{LOG}> is archived", channel="D0CHIARAROSSI")

        configure(tmp_path, "audit_channel", "C0SUPPORT")

        await chiara.wait_for_message(
            f"*<#{LOG}> was archived, so nobody could use Makegood.* It can be used again.",
            channel="D0CHIARAROSSI",
        )
        running.close()


async def test_where_slack_cannot_be_read_the_next_look_finds_it(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    async with running_bot(sandbox_only.sandbox, tmp_path, **OFTEN):
        running = Running(sandbox_only.sandbox, sandbox_only.session, tmp_path)
        anna = await running.agent("Anna")
        await known(running, LOG, ANNA, BEN, CHIARA)
        await running.workspace.slack_fault(
            method="conversations.members", kind="error", error="fetch_members_failed", times=3
        )

        await running.workspace.post("membership", channel=LOG, user=DEV, inviter=CHIARA)

        await anna.wait_for_message(f"<@{DEV}> joined", f"added by <@{CHIARA}>", channel=LOG)
        running.close()


async def test_rules_that_narrow_show_in_what_somebody_may_do(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_rule(tmp_path, "refund_order", who={"user_ids": [ANNA]})
    await join(running, DEV)

    said = await anna.wait_for_message(f"<@{DEV}> joined", channel=LOG)

    assert "Partial refund" in said["text"]
    assert "Full refund" not in said["text"]


async def test_the_configuration_says_who_may_not_and_who_cannot_approve(
    running: Running, chiara: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN, DEV)
    await known(running, LOG, ANNA, BEN, CHIARA)
    await running.workspace.post("person", user=EVE, real_name="Eve Guest", is_restricted=True)
    await join(running, EVE)
    await chiara.wait_for_message(f"<@{EVE}> joined", channel=LOG)

    page = words(await open_configuration(chiara))

    assert f"3 of them may. May not: <@{EVE}> is a guest." in page
    assert f"Cannot approve now: <@{DEV}> is not in the channel." in page
    assert "Guests of the workspace may do nothing" in page
