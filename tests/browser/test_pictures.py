"""Two of the pictures of the README, taken anew in build/screenshots by each run."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.workspace_page import WorkspacePage
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PLAIN, WRAPPED = 1042, 1007
ASIDE = (5, 400)  # where the mouse points at nothing


async def test_the_pictures_of_a_review_and_of_a_thread(
    running: Running, page: WorkspacePage
) -> None:
    await page.page.set_viewport_size({"width": 1200, "height": 760})
    await page.command(f"/refund-order {WRAPPED}")
    await page.button("Full refund").click()
    await page.choose(page.field("Reason"), "Damaged")
    await page.submit()
    await expect(page.button("Refund 73.50 USD")).to_be_visible()
    await page.page.mouse.move(*ASIDE)
    await page.shot("review")
    await page.page.keyboard.press("Escape")
    await page.page.set_viewport_size({"width": 1280, "height": 840})

    await page.command(f"/refund-order {PLAIN}")
    await page.button("Partial refund").click()
    await page.field(re.compile("Quantity of")).first.fill("1")
    await page.choose(page.field(re.compile("Reason")).first, "Damaged")
    await page.submit()
    await page.see("Change something")
    await page.confirm()
    await page.see("Done")
    await page.close()

    await page.command(f"/discount-code {PLAIN}")
    await page.field("Discount code").fill("FERN-10")
    await page.field("Value").fill("10")
    await page.choose(page.field("Reason"), "Customer request")
    await page.submit()
    await page.see("Change something")
    await page.confirm()
    await page.see("Done")
    await page.close()

    await page.become("Ben Osei")
    await page.open_thread(PLAIN)
    await page.thread.get_by_role("button", name="Full refund").click()
    await page.choose(page.field("Reason"), "Customer request")
    await page.submit()
    await page.see("Change something")
    await page.confirm()
    await page.see("Done")
    await page.close()
    await expect(page.thread.get_by_role("article")).to_have_count(4)
    await expect(page.message(f"Order {PLAIN}")).to_contain_text("3 replies")
    await page.thread.hover()
    await page.page.mouse.wheel(0, 5000)
    await expect(page.reply("Refunded 128.12 USD")).to_be_in_viewport(ratio=1)
    await page.page.mouse.move(*ASIDE)
    await page.shot("thread")
