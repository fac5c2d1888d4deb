"""What loosens the rules needs a second person; what tightens them counts at once."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.actions.registry import ACTIONS
from handlers.block_kit.mrkdwn import inert
from tests.support.agent import Agent, wait_for, words
from tests.support.approving import ANNA, BEN, set_approvers
from tests.support.configuring import (
    asked,
    confirm,
    edit,
    home,
    make_admin,
    now,
    open_configuration,
    open_home,
    saved,
)
from tests.support.looking import button_labels, find_button
from tests.support.running import Running, configure

LOOSER = "The rules are looser now"


@pytest.fixture
async def second(running: Running, ben: Agent, tmp_path: Path) -> Agent:
    """Ben is another admin, and one person gives 100.00 a day at most."""
    await make_admin(ben)
    configure(tmp_path, "day_limit", "100.00")
    return ben


async def ask(admin: Agent, key: str = "limits", **values: Any) -> None:
    await edit(admin, key)
    answer = await admin.fill(values)
    assert answer["errors"] is None, answer


async def click(running: Running, by: Agent, message: dict[str, Any], label: str) -> Any:
    """Send the bot the click of somebody whom Slack would not even show the button."""
    block, element = find_button(message["blocks"], label)
    payload = {
        "type": "block_actions",
        "team": {"id": "T0FERNFABLE"},
        "user": {"id": by.user, "team_id": "T0FERNFABLE"},
        "channel": {"id": by.log_channel},
        "container": {"type": "message", "message_ts": message["ts"]},
        "message": message,
        "trigger_id": "1.2.forged",
        "response_url": f"{running.workspace.url}/nowhere",
        "actions": [{"block_id": block["block_id"], "type": "button", **element}],
    }
    return await running.deliver(copy.deepcopy(payload))


async def over(agent: Agent, how: str) -> dict[str, Any]:
    """Return the message once it says how it ended; then it has no button any more."""
    message = await agent.wait_for_message(
        "asked to loosen Makegood's rules", how, channel=agent.log_channel
    )
    assert button_labels(message) == []
    return message


async def test_a_limit_is_raised_when_another_admin_has_confirmed_it(
    running: Running, chiara: Agent, second: Agent
) -> None:
    await ask(chiara, day_limit="500")

    message = await asked(second, "Daily limit per person: 100.00 USD → 500.00 USD")
    assert f"<@{chiara.user}>" in message["text"]
    assert "A second person has to confirm it: another admin." in message["text"]
    assert button_labels(message) == ["Confirm change", "Refuse", "Withdraw"]
    assert now(running).day_limit == Decimal("100.00")

    await second.press_in_message(message, "Confirm change")
    told = await second.wait_for_message(LOOSER, channel=second.log_channel)
    assert "100.00 USD → 500.00 USD" in words(told)
    assert f"Confirmed by <@{second.user}>" in words(told)
    await over(second, f"Confirmed by <@{second.user}>")
    assert now(running).day_limit == now_for(running, chiara) == Decimal("500.00")
    view = await open_configuration(chiara)
    assert f"confirmed by <@{second.user}>" in words(view)


def now_for(running: Running, agent: Agent) -> Decimal | None:
    return running.configuration().current(agent.user).day_limit


async def test_who_asked_and_who_is_no_lead_confirm_nothing_whatever_they_send(
    running: Running, chiara: Agent, second: Agent, anna: Agent, dev: Agent
) -> None:
    await ask(chiara, day_limit="500")
    message = await asked(second)

    for person in (chiara, anna, dev):
        await click(running, person, message, "Confirm change")
        await click(running, person, message, "Refuse")
    for person in (second, anna, dev):
        await click(running, person, message, "Withdraw")
    await chiara.press_in_message(message, "Confirm change")
    await chiara.wait_for_message("You asked for this yourself", channel=chiara.log_channel)

    assert now(running).day_limit == Decimal("100.00")
    [proposal] = running.configuration().proposals.open()
    assert proposal.is_open
    await confirm(second)  # still there, and still as it was
    assert now(running).day_limit == Decimal("500.00")


async def test_a_button_of_what_is_over_changes_nothing(
    running: Running, chiara: Agent, second: Agent
) -> None:
    await ask(chiara, day_limit="500")
    message = await asked(second)
    await chiara.press_in_message(message, "Withdraw")
    await over(second, "Withdrawn: nothing was changed.")

    await click(running, second, message, "Confirm change")
    for number in ("99", "-1", "1; DROP", "٣"):
        forged = copy.deepcopy(message)
        find_button(forged["blocks"], "Confirm change")[1]["value"] = number
        await click(running, second, forged, "Confirm change")
    await ask(chiara, hour_limit="900")  # tightens, so it is there at once
    await saved(chiara, "Hourly limit for the team: 900.00 USD")
    assert now(running).day_limit == Decimal("100.00")

    await ask(chiara, day_limit="700")
    await second.press_in_message(await asked(second, "700.00 USD"), "Refuse")
    await over(second, f"Refused by <@{second.user}>: nothing was changed.")
    assert now(running).day_limit == Decimal("100.00")


async def test_confirming_twice_counts_once(running: Running, chiara: Agent, second: Agent) -> None:
    await ask(chiara, day_limit="500")
    message = await asked(second)
    await confirm(second)
    await ask(chiara, day_limit="50")
    await saved(chiara, "Daily limit per person: 50.00 USD")

    await click(running, second, message, "Confirm change")

    assert now(running).day_limit == Decimal("50.00")
    sections = [each.section for each in running.configuration().history()]
    assert sections.count("day_limit") == 3


async def test_a_part_that_tightens_does_not_wait_for_the_part_that_loosens(
    running: Running, chiara: Agent, second: Agent
) -> None:
    await ask(chiara, day_limit="500", hour_limit="900", limit="70")

    message = await asked(second, "100.00 USD → 500.00 USD")
    assert "900.00" not in words(message)
    assert (now(running).hour_limit, now(running).limit) == (Decimal("900.00"), Decimal("70.00"))
    assert now(running).day_limit == Decimal("100.00")
    await chiara.wait_for_message(
        "Hourly limit for the team: no limit → 900.00 USD", channel=chiara.log_channel
    )


async def test_people_who_are_exchanged_lose_at_once_what_others_get_later(
    running: Running, chiara: Agent, second: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN, ANNA)

    await ask(chiara, "approvals", who="some", users=[ANNA, chiara.user])

    await asked(second, f"Who approves: <@{ANNA}> → <@{ANNA}>, <@{chiara.user}>")
    assert now(running).approvers.user_ids == (ANNA,)


async def test_what_another_change_has_overtaken_cannot_be_confirmed(
    running: Running, chiara: Agent, second: Agent
) -> None:
    await ask(chiara, day_limit="500")
    message = await asked(second)
    await ask(second, day_limit="40")

    await over(second, "No longer possible: one of these settings was changed meanwhile.")
    await click(running, second, message, "Confirm change")
    await open_home(second)
    assert now(running).day_limit == Decimal("40.00")


async def test_quick_changes_of_mind_are_one_change_and_only_what_is_shown_is_confirmed(
    running: Running, chiara: Agent, second: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "hour_limit", "900.00")
    await ask(chiara, day_limit="101")
    first = await asked(second, "101.00 USD")
    await ask(chiara, hour_limit="5000")
    await asked(second, "100.00 USD → 101.00 USD", "900.00 USD → 5,000.00 USD")
    await ask(chiara, day_limit="9999")

    await asked(second, "100.00 USD → 9,999.00 USD", "900.00 USD → 5,000.00 USD")
    await over(second, "Replaced by a later one.")
    assert len(running.configuration().proposals.open()) == 1
    await click(running, second, first, "Confirm change")
    await open_home(second)
    assert now(running).day_limit == Decimal("100.00")

    await confirm(second, "9,999.00 USD")
    assert now(running).day_limit == Decimal("9999.00")
    assert now(running).hour_limit == Decimal("5000.00")


async def test_tightening_in_small_steps_is_told_as_what_it_adds_up_to(
    running: Running, chiara: Agent, second: Agent
) -> None:
    for amount in ("90", "80"):
        await ask(chiara, day_limit=amount)
        await saved(chiara, f"Daily limit per person: {amount}.00 USD")

    told = await chiara.wait_for_message("100.00 USD → 80.00 USD", channel=chiara.log_channel)
    await ask(chiara, day_limit="100")
    undone = await chiara.wait_for_message("It is as it was again.", channel=chiara.log_channel)
    assert undone["ts"] == told["ts"]
    assert now(running).day_limit == Decimal("100.00")
    assert running.configuration().proposals.open() == []


async def test_what_somebody_else_has_tightened_is_not_undone_alone(
    running: Running, chiara: Agent, second: Agent
) -> None:
    await ask(chiara, day_limit="90")
    await saved(chiara, "Daily limit per person: 90.00 USD")
    await ask(second, day_limit="80")
    await saved(second, "Daily limit per person: 80.00 USD")

    await ask(chiara, day_limit="100")

    await asked(second, "80.00 USD → 100.00 USD")
    assert now(running).day_limit == Decimal("80.00")


async def test_an_approver_who_is_no_admin_confirms_on_their_home_tab(
    running: Running, chiara: Agent, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "day_limit", "100.00")
    set_approvers(tmp_path, ANNA)
    await ask(chiara, day_limit="500")
    await asked(anna, f"A second person has to confirm it: <@{ANNA}>, or another admin.")

    mine = await home(chiara, "asks to loosen Makegood's rules")
    assert {"Confirm change", "Refuse", "Withdraw"} & {*button_labels(mine)} == {"Withdraw"}
    view = await open_home(anna, "asks to loosen Makegood's rules", "100.00 USD → 500.00 USD")
    assert {"Confirm change", "Refuse", "Withdraw"} - {*button_labels(view)} == {"Withdraw"}
    await anna.press_in(view, "Confirm change")

    await anna.wait_for_message(LOOSER, channel=anna.log_channel)
    assert now(running).day_limit == Decimal("500.00")


@pytest.mark.parametrize(
    "state", [{"is_restricted": True}, {"deleted": True}, {"home": "T0ELSEWHERE"}]
)
async def test_an_approver_who_is_no_full_member_any_more_confirms_nothing(
    running: Running, chiara: Agent, anna: Agent, ben: Agent, tmp_path: Path, state: dict[str, Any]
) -> None:
    configure(tmp_path, "day_limit", "100.00")
    set_approvers(tmp_path, ANNA, BEN)
    await ask(chiara, day_limit="500")
    message = await asked(ben)
    await running.workspace.post("person", user=ANNA, **state)

    await click(running, anna, message, "Confirm change")
    await click(running, anna, message, "Refuse")

    [proposal] = running.configuration().proposals.open()
    assert now(running).day_limit == Decimal("100.00")
    await ben.press_in_message(message, "Confirm change")
    await over(ben, f"Confirmed by <@{BEN}>")
    ended = running.configuration().proposals.find(proposal.id)
    assert ended is not None
    assert ended.ended_by == BEN


async def test_an_approver_who_left_the_channel_confirms_nothing(
    running: Running, chiara: Agent, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "day_limit", "100.00")
    set_approvers(tmp_path, ANNA, BEN)
    await ask(chiara, day_limit="500")
    message = await asked(ben)
    await running.workspace.post("membership", channel=anna.log_channel, user=ANNA, member=False)

    await click(running, anna, message, "Confirm change")

    await ben.press_in_message(message, "Refuse")
    await over(ben, f"Refused by <@{BEN}>: nothing was changed.")
    assert now(running).day_limit == Decimal("100.00")


async def test_switching_the_bot_on_again_is_a_loosening_too(
    running: Running, chiara: Agent, second: Agent
) -> None:
    configuration = running.configuration()
    configuration.change("activated", False, team_id="T0FERNFABLE", actor_id=second.user)

    view = await open_configuration(chiara)
    await chiara.press_in(view, "Activate actions")

    await asked(second, "not activated → activated")
    assert not now(running).activated
    await confirm(second)
    assert now(running).activated
    await home(chiara)


async def test_nobody_is_left_out_when_the_message_was_never_posted(
    running: Running, chiara: Agent, second: Agent
) -> None:
    await running.workspace.slack_fault(
        method="chat.postMessage", kind="error", times=2, error="internal_error"
    )
    await ask(chiara, day_limit="500")

    await asked(second, "100.00 USD → 500.00 USD")

    async def only_one() -> bool | None:
        told = [m for m in await second.messages(second.log_channel) if "asks to" in m["text"]]
        return len(told) == 1 or None

    await wait_for(only_one, "one message")


async def test_the_largest_change_fits_into_its_message_and_the_home_tab(
    running: Running, chiara: Agent, second: Agent, tmp_path: Path
) -> None:
    many = {
        "user_ids": [f"U{number:08}" for number in range(50)],
        "group_ids": [f"S{number:08}" for number in range(20)],
    }
    rule = {"enabled": False, "who": {"user_ids": ["U1"]}, "always_approve": True}
    for action in ACTIONS:
        configure(tmp_path, f"rules.{action}", rule)
    looser = {f"rules.{action}": {"who": many} for action in ACTIONS}
    people = {"approvers": many, "recorded_only": many, "guests": True, "day_limit": None}
    running.configuration().change_all(
        {**looser, **people}, team_id="T0FERNFABLE", actor_id=chiara.user
    )

    message = await asked(second, "*Cancel order* · Switched: off → on")
    shown = words(message["blocks"])
    assert all(f"<@{user_id}>" in shown for user_id in many["user_ids"])
    assert all(f"*{inert(each.title)}* · also" in shown for each in ACTIONS.values())
    assert "Daily limit per person: 100.00 USD → no limit" in shown
    assert "more" not in shown
    assert "Confirm change" in button_labels(message)
    page = await open_configuration(chiara)
    assert len(page["blocks"]) <= 100
    assert "asks to loosen Makegood's rules" in words(page)
    await confirm(second)
    assert now(running).rule("cancel_order").enabled
