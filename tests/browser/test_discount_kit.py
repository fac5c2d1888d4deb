"""The recovery kit by mouse: a preset, another code, the reply, its use, and switching it off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.workspace_page import WorkspacePage
from tests.support.running import Running, configure

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PLAIN = 1042


async def test_a_code_from_a_preset_to_its_end(running: Running, page: WorkspacePage) -> None:
    await page.command(f"/discount-code {PLAIN}")
    code = page.field("Discount code")
    await expect(code).to_have_value(re.compile("^SORRY-"))
    first = await code.input_value()
    await page.button("Another code").click()
    await expect(code).not_to_have_value(first)
    await page.choose(page.field("Fill in a preset …"), "10% for 7 days, single use")
    await expect(page.field("Value")).to_have_value("10")
    await page.shot("form")
    chosen = await code.input_value()
    await page.choose(page.field("Reason"), "Customer request")
    await page.shot("form-end")
    await page.submit()
    await page.see(chosen, "10% off", "once")
    await page.shot("review")
    await page.confirm()
    await page.see("Done")
    await page.close()

    await page.open_thread(PLAIN)
    told = page.reply(f"Created discount code {chosen}")
    await expect(told).to_contain_text("We are sorry for the trouble with your order 1042.")
    await page.page.set_viewport_size({"width": 1280, "height": 900})
    await told.scroll_into_view_if_needed()
    await page.shot("thread")
    await told.get_by_role("button", name="Was it used?").click()
    await expect(page.reply("has not been used yet")).to_be_visible()
    await told.get_by_role("button", name="Switch it off").click()
    await page.shot("sure")
    await page.page.get_by_role("dialog").get_by_role("button", name="Switch it off").click()
    await expect(page.reply("is switched off")).to_be_visible()
    await page.reply("is switched off").scroll_into_view_if_needed()
    await page.shot("off")
    over = page.reply(f"Discount code {chosen} no longer works")
    await expect(over).to_contain_text("Switched off by")
    await expect(over).not_to_contain_text("We are sorry for the trouble")
    await expect(over.get_by_role("button", name="Switch it off")).to_have_count(0)
    await over.scroll_into_view_if_needed()
    await page.shot("over")
    (coupon,) = (await running.workspace.books())["coupons"]
    assert (coupon["code"], coupon["enabled"]) == (chosen, False)


async def test_caps_are_said_and_products_told_apart(
    running: Running, page: WorkspacePage, tmp_path: Path
) -> None:
    caps = {"prefix": "SORRY", "most_percent": "20", "most_amount": "50", "most_days": 60}
    configure(tmp_path, "discount", caps)
    await running.workspace.post("store/settings", channels=["Fern and Fable", "Outlet"])
    await running.workspace.post("store/goods", products=[{"name": "Boston Fern"}] * 3)

    await page.command("/discount-code")
    await page.see("At most 20% or 50.00 USD, valid for at most 60 days.", "Works in")
    await page.field("Value").fill("25")
    products = page.field(re.compile("Or only these products"))
    await products.click()
    await products.press_sequentially("boston")
    options = page.page.get_by_role("option")
    await expect(options).to_have_count(4)
    await page.shot("products")
    texts = await options.all_inner_texts()
    assert len(set(texts)) == 4
    await options.nth(1).click()
    await products.press("Escape")
    await page.choose(page.field("Reason"), "Customer request")
    await page.submit()

    await expect(page.modal.get_by_role("alert")).to_have_text(
        re.compile("You may give at most 20%.")
    )
    await page.shot("cap")
    await page.page.mouse.wheel(0, 5000)
    await page.shot("end")
