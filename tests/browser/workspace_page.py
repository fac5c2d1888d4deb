"""The sandbox's page as a person uses it: what is where, by its visible name."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

from tests.browser.shots import Shots


class WorkspacePage:
    """One person's tab. Everything is found as a person finds it: by role and name."""

    shots: Shots

    def __init__(self, page: Page) -> None:
        self.page = page
        self.modal = page.get_by_role("dialog")
        self.channel = page.get_by_role("log", name=re.compile("^Messages"))
        self.thread = page.get_by_role("complementary", name="Thread")
        self.composer = page.get_by_label(re.compile("^Message #"))
        self.sidebar = page.get_by_role("navigation", name="Channels and direct messages")

    async def shot(self, what: str) -> None:
        await self.shots.take(self.page, what)

    async def go_to(self, channel: str) -> None:
        await self.sidebar.get_by_role("button", name=re.compile(f"^{channel}\\b")).click()
        await expect(self.page.get_by_role("main", name=f"Channel {channel}")).to_be_visible()

    async def command(self, text: str) -> None:
        """Type a command into the channel's composer and send it."""
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def become(self, name: str) -> None:
        """Use this tab as somebody else."""
        await self.page.get_by_role("button", name="Switch person").click()
        await self.page.get_by_role("menuitemradio", name=name).click()

    def message(self, text: str | re.Pattern[str]) -> Locator:
        """Return the newest message of the channel that shows this text."""
        return self.channel.get_by_role("article").filter(has_text=text).last

    def reply(self, text: str | re.Pattern[str]) -> Locator:
        """Return the newest reply in the open thread that shows this text."""
        return self.thread.get_by_role("article").filter(has_text=text).last

    async def open_thread(self, order_id: int) -> None:
        """Go to the audit channel and open an order's thread."""
        await self.go_to("order-log")
        root = self.message(f"Order {order_id}")
        await root.get_by_role("button", name="view thread").click()
        await expect(self.thread).to_be_visible()

    # --- the modal on top

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.modal.get_by_role("button", name=name)

    def field(self, name: str | re.Pattern[str]) -> Locator:
        return self.modal.get_by_label(name)

    async def choose(self, field: Locator, option: str) -> None:
        """Choose in a select by mouse."""
        await field.click()
        await self.page.get_by_role("option", name=option).click()
        await expect(self.page.get_by_role("listbox")).to_have_count(0)

    async def see(self, *texts: str) -> None:
        """Wait until the modal shows all of these."""
        for text in texts:
            await expect(self.modal).to_contain_text(text)

    async def submit(self, name: str | re.Pattern[str] = "Review") -> None:
        await self.button(name).click()

    async def confirm(self) -> str:
        """Press the button of the review and return its words."""
        button = self.modal.locator("footer").get_by_role("button").last
        label = (await button.inner_text()).strip()
        await button.click()
        return label

    async def close(self) -> None:
        await self.modal.locator("footer").get_by_role("button", name=re.compile("Close")).click()
        await expect(self.modal).to_have_count(0)
