"""What loosens the rules in a shop where nobody else could confirm it: it takes time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from tests.support.agent import Agent, wait_for, words
from tests.support.approving import ANNA, BEN, set_approvers
from tests.support.configuring import asked, confirm, edit, make_admin, now, saved
from tests.support.running import Running, SandboxOnly, configure, running_bot

LOOSER = "The rules are looser now"
PENDING = 7
DOWN = {"kind": "error", "error": "internal_error"}
# Its first page again and again.
ENDLESS = {"kind": "change", "set": {"response_metadata.next_cursor": "bmV4dDow"}}


@contextmanager
def later(**by: int) -> Iterator[None]:
    with freeze_time(datetime.now(UTC) + timedelta(**by), tick=True, real_asyncio=True):
        yield


async def ask(admin: Agent, key: str = "limits", **values: Any) -> None:
    await edit(admin, key)
    answer = await admin.fill(values)
    assert answer["errors"] is None, answer


async def alone(agent: Agent, *texts: str) -> dict[str, Any]:
    return await asked(agent, "No one else can confirm it now. So it takes effect", *texts)


def day_limits(running: Running, *people: Agent) -> list[Decimal | None]:
    return [running.configuration().current(each.user).day_limit for each in people]


async def looked_at(running: Running) -> None:
    """Wait until the bot has seen who could confirm what is open."""

    async def seen() -> bool | None:
        [proposal] = running.configuration().proposals.open()
        return proposal.told is not None or None

    await wait_for(seen, "a look at the proposal")


async def test_it_counts_for_others_after_an_hour_and_for_who_asked_after_a_day(
    running: Running, chiara: Agent, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "day_limit", "100.00")
    await ask(chiara, day_limit="500")
    await alone(anna, "100.00 USD → 500.00 USD")

    with later(minutes=55):
        assert day_limits(running, anna, chiara) == [Decimal(100), Decimal(100)]
    with later(minutes=62):
        told = await anna.wait_for_message(LOOSER, channel=anna.log_channel)
        assert "In effect: no one else could confirm it" in words(told)
        assert f"For <@{chiara.user}> it takes effect" in words(told)
        assert day_limits(running, anna, chiara) == [Decimal(500), Decimal(100)]
    with later(hours=23, minutes=55):
        assert day_limits(running, anna, chiara) == [Decimal(500), Decimal(100)]
    with later(hours=24, minutes=2):
        assert day_limits(running, anna, chiara) == [Decimal(500), Decimal(500)]


async def test_time_makes_nothing_count_for_who_is_no_admin_any_more(
    running: Running, chiara: Agent, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "day_limit", "100.00")
    await ask(chiara, day_limit="500")
    await alone(anna, "100.00 USD → 500.00 USD")
    await running.workspace.post(
        "person", user=chiara.user, is_admin=False, is_owner=False, lost=True
    )

    with later(minutes=62):
        await asked(anna, "A second person has to confirm it")
        assert day_limits(running, anna, chiara) == [Decimal(100), Decimal(100)]
        assert len(running.configuration().proposals.open()) == 1


async def test_who_switched_an_action_on_alone_may_not_use_it_yet(
    running: Running, chiara: Agent, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "rules.cancel_order", {"enabled": False})
    await ask(chiara, "rules.cancel_order", enabled="on")
    await alone(anna, "Switched: off → on")
    order_id = await running.workspace.order_in_status(PENDING)
    await anna.command(f"/cancel-order {order_id}")
    await anna.wait_for_modal("switched")

    with later(minutes=62):
        await anna.wait_for_message(LOOSER, channel=anna.log_channel)
        await anna.command(f"/cancel-order {order_id}")
        await anna.wait_for_modal("Reason")
        await chiara.command(f"/cancel-order {order_id}")
        await chiara.wait_for_modal("has to wait for 24 hours before using it. Nothing was sent.")
    with later(hours=24, minutes=2):
        await chiara.command(f"/cancel-order {order_id}")
        await chiara.wait_for_modal("Reason")


async def test_a_restart_in_between_forgets_nothing_and_shortens_nothing(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    sandbox, running = sandbox_only.sandbox, None
    async with running_bot(sandbox, tmp_path):
        running = Running(sandbox, sandbox_only.workspace._session, tmp_path)
        configure(tmp_path, "day_limit", "100.00")
        chiara, anna = await running.agent("Chiara"), await running.agent("Anna")
        await ask(chiara, day_limit="500")
        await alone(anna)
    with later(minutes=50):
        async with running_bot(sandbox, tmp_path):
            await ask(chiara, "restocking", restocking="on")
            await saved(chiara, "Offered to agents: on")
            assert day_limits(running, anna, chiara) == [Decimal(100), Decimal(100)]
    with later(minutes=62):
        async with running_bot(sandbox, tmp_path):
            await anna.wait_for_message(LOOSER, channel=anna.log_channel)
            assert day_limits(running, anna, chiara) == [Decimal(500), Decimal(100)]
    asked_once = [m for m in await anna.messages(anna.log_channel) if LOOSER in m["text"]]
    assert len(asked_once) == 1
    running.close()


async def test_whom_the_asker_has_just_removed_is_still_a_second_person(
    running: Running, chiara: Agent, ben: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "day_limit", "100.00")
    set_approvers(tmp_path, BEN)
    await ask(chiara, "approvals", who="nobody")
    await saved(chiara, "Who approves: nobody")

    await ask(chiara, day_limit="500")

    await asked(ben, f"A second person has to confirm it: <@{BEN}>, or another admin.")
    with later(minutes=62):
        await looked_at(running)
        await ask(chiara, "restocking", restocking="on")
        await saved(chiara, "Offered to agents: on")
        assert day_limits(running, ben, chiara) == [Decimal(100), Decimal(100)]
        await confirm(ben)
    assert day_limits(running, ben, chiara) == [Decimal(500), Decimal(500)]


async def test_an_approver_whom_one_has_added_alone_does_not_confirm_ones_next_change(
    running: Running, chiara: Agent, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "day_limit", "100.00")
    await ask(chiara, "approvals", who="some", users=[ANNA])
    await alone(anna)
    with later(minutes=62):
        await anna.wait_for_message(LOOSER, channel=anna.log_channel)
        assert now(running).approvers.user_ids == (ANNA,)
        await ask(chiara, day_limit="500")
        message = await alone(anna, "500.00 USD")
        await anna.press_in_message(message, "Confirm change")
        await anna.wait_for_message("Only another approver or an admin", channel=anna.log_channel)
        # Neither do they by being removed again.
        await ask(chiara, "approvals", who="nobody")
        await saved(chiara, "Who approves: nobody")
        await anna.press_in_message(message, "Confirm change")
        assert now(running).day_limit == Decimal("100.00")


async def test_tightening_and_undoing_does_not_shorten_the_day(
    running: Running, chiara: Agent, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "day_limit", "100.00")
    await ask(chiara, day_limit="500")
    await alone(anna)
    with later(minutes=62):
        await anna.wait_for_message(LOOSER, channel=anna.log_channel)
        await ask(chiara, day_limit="499")
        await saved(chiara, "Daily limit per person: 499.00 USD")
        assert day_limits(running, anna, chiara) == [Decimal(499), Decimal(100)]
        await ask(chiara, day_limit="500")
        await saved(chiara, "Daily limit per person: 500.00 USD")
        assert day_limits(running, anna, chiara) == [Decimal(500), Decimal(100)]


async def test_it_waits_for_a_second_admin_who_comes_in_the_hour(
    running: Running, chiara: Agent, ben: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "day_limit", "100.00")
    await ask(chiara, day_limit="500")
    await alone(ben)
    await make_admin(ben)

    with later(minutes=62):
        await asked(ben, "A second person has to confirm it")
        assert now(running).day_limit == Decimal("100.00")
        await confirm(ben)
    assert day_limits(running, chiara) == [Decimal(500)]


@pytest.mark.parametrize("fault", [DOWN, ENDLESS], ids=["down", "endless"])
async def test_while_slack_does_not_say_who_could_confirm_nothing_counts(
    running: Running, chiara: Agent, anna: Agent, tmp_path: Path, fault: dict[str, Any]
) -> None:
    configure(tmp_path, "day_limit", "100.00")
    await ask(chiara, day_limit="500")
    await alone(anna)
    await running.workspace.slack_fault(method="users.list", times=50, **fault)
    with later(minutes=62):

        async def read() -> bool | None:
            calls = (await running.workspace.get("calls", method="users.list"))["calls"]
            return len(calls) > 1 or None

        await wait_for(read, "a look at who could confirm it")
        assert now(running).day_limit == Decimal("100.00")
        await running.workspace.slack_fault(clear=True)
    with later(minutes=64):
        await anna.wait_for_message(LOOSER, channel=anna.log_channel)


async def test_what_nobody_confirms_expires(
    running: Running, chiara: Agent, ben: Agent, tmp_path: Path
) -> None:
    await make_admin(ben)
    configure(tmp_path, "day_limit", "100.00")
    await ask(chiara, day_limit="500")
    await asked(ben)

    with later(days=7, minutes=1):
        await ben.wait_for_message("Expired: not confirmed within 7 days", channel=ben.log_channel)
    assert now(running).day_limit == Decimal("100.00")
