"""An admin sets Makegood up in its Home tab, as a person does it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.workspace_page import WorkspacePage
from tests.support.running import Running, configure

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FORMS = (
    ("Change Full refund", "rule"),
    ("Change Audit channel", "channel"),
    ("Change Approvals", "approvals"),
    ("Change Limits", "limits"),
    ("Change E-mail to customers", "email"),
    ("Change Restocking", "restocking"),
    ("Change Discount codes", "discount"),
)


async def _home(page: WorkspacePage) -> None:
    await page.page.set_viewport_size({"width": 1280, "height": 1400})
    await page.sidebar.get_by_role("button", name="Makegood app").click()


@pytest.mark.parametrize("is_new_shop", [True])
async def test_an_admin_activates_the_actions_and_sets_limits(
    open_page: OpenPage, running: Running
) -> None:
    page = await open_page("Chiara")
    home = page.page.get_by_role("tabpanel")
    await _home(page)
    await expect(home).to_contain_text("Actions are not activated: nobody can do anything yet")
    await page.shot("not-activated")

    await home.get_by_role("button", name="Activate actions").click()
    await page.see("can give back up to")
    await page.shot("amounts")
    await page.modal.get_by_text("Everyone in the audit channel").click()
    await page.submit("Activate actions")
    await expect(home).to_contain_text("Actions are activated. Each member of")

    await home.get_by_role("button", name="Change Limits").click()
    await page.field(re.compile("Limit per request")).fill("x")
    await page.submit("Save")
    await page.see("Write it as a plain number")
    await page.shot("wrong-amount")
    await page.field(re.compile("Limit per request")).fill("90000")
    await page.submit("Save")
    await expect(home).to_contain_text("Limit per request: 90,000.00 USD")
    await page.page.set_viewport_size({"width": 1100, "height": 900})
    await page.page.mouse.move(5, 400)
    await page.shot("configured")


async def test_each_form_of_the_configuration(open_page: OpenPage, running: Running) -> None:
    page = await open_page("Chiara")
    home = page.page.get_by_role("tabpanel")
    await _home(page)
    await home.get_by_role("button", name="Configuration").click()
    await expect(home).to_contain_text("Latest changes")
    for label, what in FORMS:
        await home.get_by_role("button", name=label).click()
        await expect(page.button("Save")).to_be_visible()
        await page.shot(what)
        await page.page.keyboard.press("Escape")
        await expect(page.modal).to_have_count(0)
    await home.get_by_role("button", name="Change Discount presets").click()
    await expect(page.button("Add a preset")).to_be_visible()
    await page.shot("presets")
    await page.button("Add a preset").click()
    await expect(page.field("Name")).to_be_visible()
    await page.shot("preset")
    await page.page.keyboard.press("Escape")
    await home.get_by_role("button", name="Check the connections").click()
    await page.see("Nothing to fix, 1 to note.")
    await page.shot("connections")


async def test_an_agents_home(page: WorkspacePage, running: Running, tmp_path: Path) -> None:
    ben = await running.workspace.person("Ben")
    configure(tmp_path, "limit", "200.00")
    configure(tmp_path, "approval_above", "30.00")
    configure(tmp_path, "rules.cancel_order", {"enabled": False})
    configure(tmp_path, "day_limit", "300.00")
    configure(tmp_path, "approvers", {"user_ids": [ben]})
    await _refund(page, 1042, "Partial refund")
    await page.see("Done")
    await page.close()
    above = 1014  # 82.81 USD
    await _refund(page, above, "Full refund")
    await page.see("approval")
    await page.close()
    await page.go_to("order-log")
    await expect(page.message(f"Order {above}")).to_contain_text("1 reply")

    await page.page.set_viewport_size({"width": 1100, "height": 900})
    await page.sidebar.get_by_role("button", name="Makegood app").click()
    home = page.page.get_by_role("tabpanel")
    await expect(home).to_contain_text("What waits for somebody")
    await expect(home.get_by_role("link", name=re.compile("^Open"))).to_have_count(2)
    await page.page.mouse.move(5, 400)
    await page.shot("agent")


async def _refund(page: WorkspacePage, order_id: int, how: str) -> None:
    await page.command(f"/refund-order {order_id}")
    await page.button(how).click()
    if how == "Partial refund":
        await page.field(re.compile("Quantity of")).first.fill("1")
    await page.choose(page.field(re.compile("Reason")).first, "Damaged")
    await page.submit()
    await page.see("Change something")
    await page.confirm()
