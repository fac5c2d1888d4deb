"""A backup by the command, put back by the command: the customer is not written to twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.command_line import main
from tests.support.agent import wait_for
from tests.support.mailbox import Mailbox
from tests.support.restoring import outcomes, queued, refund_totals, said_of_data
from tests.support.running import Running, running_bot, running_sandbox

ORDER = 1042


async def test_what_is_found_after_a_restore_is_not_mailed_again(
    request: pytest.FixtureRequest,
    mailbox: Mailbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data, backup = tmp_path / "data", tmp_path / "b.tar"
    data.mkdir()
    monkeypatch.chdir(tmp_path)  # where no .env is
    async with running_sandbox(request.node.name) as (sandbox, session):
        running = Running(sandbox, session, data)
        anna = await running.agent("Anna")
        async with running_bot(sandbox, data, **mailbox.settings()):
            await anna.command(f"/cancel-order {ORDER}")
            await anna.wait_for_modal("Everything that is left is refunded")
            await anna.fill({"reason": "Damaged", "notify_customer": ["yes"]})
            await anna.wait_for_modal("Change something")
            await running.workspace.store_fault(
                match="GET orders/*/payment*", kind="delay", delay_s=1.5
            )
            await anna.fill()
            entry = await queued(running, ORDER)
            assert main(["backup", str(backup), "--data", str(data)]) == 0
            await anna.wait_for_reply(ORDER, "(Done", "E-mailed the customer (c…@mail.example).")
            await running.told(ORDER)
            # The folder is held: a restore under a running bot is refused.
            assert main(["restore", str(backup), "--data", str(data)]) == 1
        running.close()
        assert main(["restore", str(backup), "--data", str(data)]) == 0
        running.reopen()
        assert running.log.get(entry.reference).status is None

        async with running_bot(sandbox, data, **mailbox.settings()):

            async def told() -> bool | None:
                return running.log.get(entry.reference).is_told or None

            await wait_for(told, "the end of the request")
            said = await said_of_data(anna)

        assert said.startswith("Makegood started on a restored backup. 1 open request was done")
        assert running.log.get(entry.reference).mail_result == "unsure"
        assert len(mailbox.messages) == 1
        assert len(await refund_totals(running, ORDER)) == 1
        told_once = await outcomes(anna, ORDER, entry.reference)
        assert len(told_once) == 1
        assert "may have been sent before Makegood's data was restored" in told_once[0]
        running.close()


async def test_what_was_on_its_way_in_the_backup_is_not_mailed_again(
    request: pytest.FixtureRequest,
    mailbox: Mailbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data, backup = tmp_path / "data", tmp_path / "b.tar"
    data.mkdir()
    monkeypatch.chdir(tmp_path)  # where no .env is
    async with running_sandbox(request.node.name) as (sandbox, session):
        running = Running(sandbox, session, data)
        anna = await running.agent("Anna")
        async with running_bot(sandbox, data, **mailbox.settings()):
            await running.workspace.store_fault(
                match="POST refunds", kind="slow_settlement", delay_s=600
            )
            await anna.command(f"/cancel-order {ORDER}")
            await anna.wait_for_modal("Everything that is left is refunded")
            await anna.fill({"reason": "Damaged", "notify_customer": ["yes"]})
            await anna.wait_for_modal("Change something")
            await anna.fill()
            await anna.wait_for_reply(ORDER, "(On its way")
            await running.told(ORDER)
            assert main(["backup", str(backup), "--data", str(data)]) == 0
            await running.workspace.post("store/settle")
            await anna.wait_for_reply(ORDER, "(Done", "E-mailed the customer (c…@mail.example).")
        running.close()
        assert main(["restore", str(backup), "--data", str(data)]) == 0
        running.reopen()
        assert running.entries(ORDER)[0].status == "pending"

        async with running_bot(sandbox, data, **mailbox.settings()):
            said = "may have been sent before Makegood's data was restored"
            await anna.wait_for_reply(ORDER, "(Done", said)

        entry = running.entries(ORDER)[0]
        assert (entry.status, entry.mail_result) == ("succeeded", "unsure")
        assert len(mailbox.messages) == 1
        assert len(await refund_totals(running, ORDER)) == 1
        assert len(await outcomes(anna, ORDER, entry.reference)) == 1
        running.close()
