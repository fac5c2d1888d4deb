"""The e-mail to the customer by mouse and keyboard: the box, the letter in the review, the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.workspace_page import WorkspacePage
from tests.support.mailbox import running_mailbox
from tests.support.running import Running, running_bot, running_sandbox

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PLAIN = 1042


@pytest_asyncio.fixture(loop_scope="session")
async def running(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Running]:
    """The sandbox and a bot that e-mails customers itself."""
    async with AsyncExitStack() as started:
        mailbox = await started.enter_async_context(running_mailbox())
        sandbox, session = await started.enter_async_context(running_sandbox(request.node.name))
        await started.enter_async_context(running_bot(sandbox, tmp_path, **mailbox.settings()))
        the_bot = Running(sandbox, session, tmp_path)
        started.callback(the_bot.close)
        yield the_bot


async def test_the_box_is_ticked_and_the_letter_is_read_before_it_is_sent(
    running: Running, page: WorkspacePage
) -> None:
    await page.command(f"/cancel-order {PLAIN}")
    await page.see("Everything that is left is refunded")
    await page.choose(page.field("Reason"), "Damaged")
    box = page.modal.get_by_role("checkbox", name="E-mail the customer")
    await expect(box).not_to_be_checked()
    await box.focus()
    await box.press("Space")
    await expect(box).to_be_checked()
    await page.shot("form")
    await page.submit()

    await page.see("once the money has moved", "we have cancelled your order 1042", "Fern & Fable")
    await page.shot("review")
    await page.button("Refund 154.10 USD").click()

    await page.see("E-mailed the customer (c…@mail.example).")
    await page.page.keyboard.press("Escape")
    await page.open_thread(PLAIN)
    await expect(page.reply("E-mailed the customer (c…@mail.example).")).to_be_visible()
    await page.shot("thread")
