"""A person at the sandbox's workspace: types commands, fills in modals, presses buttons, reads.

Everything goes through the sandbox's control API, so a test does what a person can do and sees what
a person would see. Waiting is polling for what should appear, never a fixed pause.
"""

from __future__ import annotations

from typing import Any

import aiohttp

from tests.support.looking import (
    View,
    button_labels,
    find_button,
    find_field,
    find_in_menu,
    in_blocks,
    shows,
    wait_for,
    words,
)

__all__ = [
    "Agent",
    "View",
    "Workspace",
    "button_labels",
    "find_button",
    "shows",
    "wait_for",
    "words",
]


class Workspace:
    """The control API of a running sandbox."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url.rstrip("/")
        self._session = session

    async def get(self, path: str, **query: str) -> Any:
        async with self._session.get(f"{self.url}/control/{path}", params=query) as answer:
            return await answer.json()

    async def post(self, path: str, **body: Any) -> Any:
        async with self._session.post(f"{self.url}/control/{path}", json=body) as answer:
            return await answer.json()

    async def person(self, name: str) -> str:
        people = (await self.get("people"))["people"]
        return next(str(p["id"]) for p in people if p["real_name"].startswith(name))

    async def channel(self, name: str, user: str) -> str:
        channels = (await self.get("channels", user=user))["channels"]
        return next(str(c["id"]) for c in channels if c["name"] == name)

    async def books(self) -> Any:
        return await self.get("store/books")

    async def book(self, order_id: int) -> Any:
        return (await self.books())["orders"][str(order_id)]

    async def store_fault(self, **fault: Any) -> None:
        await self.post("store/faults", **fault)

    async def slack_fault(self, **fault: Any) -> None:
        await self.post("faults", **fault)

    async def order_tagged(self, tag: str) -> int:
        orders = await self.get("store/orders")
        return next(int(order["id"]) for order in orders if tag in order["tags"])

    async def order_in_status(self, status_id: int, *, payment: str | None = None) -> int:
        orders = await self.get("store/orders")
        return next(
            int(order["id"])
            for order in orders
            if order["status_id"] == status_id
            and (payment is None or order["payment_status"] == payment)
            and "archived" not in order["tags"]
        )


class Agent:
    """One person, acting in one channel."""

    def __init__(self, workspace: Workspace, user: str, channel: str, log_channel: str) -> None:
        self.workspace = workspace
        self.user = user
        self.channel = channel
        self.log_channel = log_channel

    async def command(self, text: str, **extra: str) -> Any:
        body = {"user": self.user, "channel": self.channel, "text": text, **extra}
        return await self.workspace.post("command", **body)

    async def say(self, text: str, thread_ts: str = "") -> dict[str, Any]:
        """Write a message, in the channel or a thread of it, and return it as the channel does."""
        place = {"user": self.user, "channel": self.channel}
        written = await self.workspace.post("message", **place, text=text, thread_ts=thread_ts)
        thread = await self.workspace.get("thread", **place, ts=written["ts"])
        found = next(m for m in thread["messages"] if m["ts"] == written["ts"])
        return {**found, "channel": self.channel}

    async def shortcut(self, message: dict[str, Any], callback_id: str) -> Any:
        """Use a message's shortcut, in a channel or in a thread."""
        return await self.workspace.post(
            "shortcut",
            user=self.user,
            channel=message.get("channel", self.channel),
            ts=message["ts"],
            callback_id=callback_id,
        )

    async def modal(self) -> View | None:
        # who is deactivated sees nothing
        views = (await self.workspace.get("modals", user=self.user)).get("views")
        return views[-1] if views else None

    async def wait_for_modal(self, *texts: str) -> View:
        """Return the modal on top once it shows all these texts."""

        async def look() -> View | None:
            view = await self.modal()
            shown = words(view) if view else ""
            return view if view and all(text in shown for text in texts) else None

        return await wait_for(look, f"a modal showing {texts}", self._seen)

    async def fill(self, values: dict[str, Any] | None = None) -> Any:
        """Submit the modal on top; values by field name."""
        view = await self.modal()
        assert view is not None, "no modal is open"
        return await self.submit(view, values)

    async def submit(self, view: View, values: dict[str, Any] | None = None) -> Any:
        body = {"user": self.user, "view_id": view["id"], "values": in_blocks(view, values or {})}
        return await self.workspace.post("submit", **body)

    async def press(self, label: str, values: dict[str, Any] | None = None) -> Any:
        """Press a button of the modal on top."""
        view = await self.modal()
        assert view is not None, "no modal is open"
        return await self.press_in(view, label, values)

    async def choose(self, field: str, value: Any) -> Any:
        """Choose in a field of the modal that answers at once."""
        view = await self.modal()
        assert view is not None, "no modal is open"
        return await self.choose_in(view, field, value)

    async def home(self) -> View:
        """Open the app's Home tab and return it once it is published."""
        await self.workspace.post("home", user=self.user)

        async def look() -> View | None:
            view: View | None = (await self.workspace.get("home", user=self.user))["view"]
            return view

        return await wait_for(look, "a Home tab", self._seen)

    async def press_in(self, view: View, label: str, values: dict[str, Any] | None = None) -> Any:
        """Press a button of this view, a modal or the Home tab."""
        block, element = find_button(view["blocks"], label)
        return await self._use(
            {"view_id": view["id"]},
            block,
            element,
            value=element.get("value"),
            values=in_blocks(view, values or {}),
        )

    async def pick(self, shown: dict[str, Any], label: str, *, beside: str = "") -> Any:
        """Choose in an overflow menu of a view or a message; `beside` tells which of several."""
        block, element, value = find_in_menu(shown["blocks"], label, beside)
        return await self._use(self._place(shown), block, element, value=value)

    async def choose_in(self, shown: dict[str, Any], field: str, value: Any) -> Any:
        """Choose in a select, by its block's id, of a view or a message that answers at once."""
        block, element = find_field(shown["blocks"], field)
        return await self._use(self._place(shown), block, element, value=value)

    def _place(self, shown: dict[str, Any]) -> dict[str, Any]:
        if "ts" in shown:
            return {"channel": shown.get("channel", self.channel), "ts": shown["ts"]}
        return {"view_id": shown["id"]}

    async def _use(self, place: dict[str, Any], block: Any, element: Any, **what: Any) -> Any:
        ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
        return await self.workspace.post("action", user=self.user, **place, **ids, **what)

    async def close(self) -> Any:
        view = await self.modal()
        assert view is not None, "no modal is open"
        return await self.workspace.post("close", user=self.user, view_id=view["id"])

    async def press_in_message(self, message: dict[str, Any], label: str) -> Any:
        """Press a button; where the message was drawn anew meanwhile, the same button of now."""
        answer = await self._press_as_seen(message, label)
        if isinstance(answer, dict) and answer.get("error") == "element_not_found":
            root_ts = message.get("thread_ts", message["ts"])
            place = {"user": self.user, "channel": message["channel"], "ts": root_ts}
            thread = (await self.workspace.get("thread", **place)).get("messages", [])
            for standing in thread:
                labels = button_labels({"blocks": standing.get("blocks", [])})
                is_it = standing["ts"] == message["ts"]
                if is_it and any(each.startswith(label) for each in labels):
                    return await self._press_as_seen({**message, **standing}, label)
        return answer

    async def _press_as_seen(self, message: dict[str, Any], label: str) -> Any:
        block, element = find_button(message["blocks"], label)
        place = self._place(message)
        return await self._use(place, block, element, value=element.get("value"))

    async def messages(self, channel: str | None = None) -> list[dict[str, Any]]:
        asked = channel or self.channel
        answer = await self.workspace.get("messages", user=self.user, channel=asked)
        # who is not a member sees nothing
        return [{**message, "channel": asked} for message in answer.get("messages", [])]

    async def wait_for_message(self, *texts: str, channel: str | None = None) -> dict[str, Any]:
        """Return the newest message that shows all these texts.

        Only what answers this person alone may stand in a thread.
        """

        async def look() -> dict[str, Any] | None:
            found = [m for m in await self.messages(channel) if shows(m, texts)]
            found = found or [m for m in await self._in_threads(channel) if shows(m, texts)]
            return found[-1] if found else None

        return await wait_for(look, f"a message showing {texts}", self._seen)

    async def _in_threads(self, channel: str | None) -> list[dict[str, Any]]:
        """Return what was answered to this person alone in the threads of a channel."""
        found = []
        for root in await self.messages(channel):
            if "reply_count" in root:
                place = {"user": self.user, "channel": root["channel"], "ts": root["ts"]}
                found += (await self.workspace.get("thread", **place))["messages"][1:]
        return [message for message in found if message.get("ephemeral")]

    async def root(self, order_id: int) -> dict[str, Any] | None:
        """Return the root message of an order's thread."""
        for message in await self.messages(self.log_channel):
            if message["text"].startswith(f"Order {order_id} "):
                return message
        return None

    async def thread(self, order_id: int) -> list[dict[str, Any]]:
        """Return the replies of an order's thread."""
        root = await self.root(order_id)
        if root is None:
            return []
        query = {"user": self.user, "channel": self.log_channel, "ts": root["ts"]}
        found = (await self.workspace.get("thread", **query))["messages"][1:]
        return [{**message, "channel": self.log_channel} for message in found]

    async def wait_for_reply(self, order_id: int, *texts: str) -> dict[str, Any]:
        """Return the reply in an order's thread that shows all these texts."""

        async def look() -> dict[str, Any] | None:
            found = [m for m in await self.thread(order_id) if shows(m, texts)]
            return found[-1] if found else None

        return await wait_for(look, f"a reply on {order_id} showing {texts}", self._seen)

    async def _seen(self) -> str:
        view = await self.modal()
        texts = [m["text"] for m in await self.messages()]
        logged = [m["text"] for m in await self.messages(self.log_channel)]
        return f"modal: {words(view) if view else None}\nmessages: {texts}\nlog: {logged}"
